/** Looking at scans: lists, one with all its parts, its pictures. Who looks at what under way is told to the log. */

import { nothingHere } from '../documents/index.ts';
import type { Actor } from '../identity/index.ts';
import { agenciesOf } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import { canSee, SCAN_ROLES } from './digitisation-policy.ts';
import { SCAN_STATES, type Scan, type ScanFile, type ScanPage, type ScanState } from './scan.ts';
import type { ScanDesk, ScanOrder } from './scan-desk.ts';
import { filesOf, listScans, pagesOf, type ScanStep, stepsOf } from './scan-repository.ts';

export interface ScanParts {
  readonly scan: Scan;
  readonly files: readonly ScanFile[];
  readonly pages: readonly ScanPage[];
  readonly steps: readonly ScanStep[];
}

/** What is under way: neither kept nor turned away. */
export const UNDER_WAY: readonly ScanState[] = SCAN_STATES.filter(
  (state) => state !== 'accessioned' && state !== 'rejected',
);

export class ScanView {
  readonly #desk: ScanDesk;

  constructor(desk: ScanDesk) {
    this.#desk = desk;
  }

  /** The papers of the actor's agencies, newest first. */
  list(
    actor: Actor,
    filter: { readonly states?: readonly ScanState[]; readonly dossierCode?: string; readonly limit: number },
  ): Promise<Scan[]> {
    const agencyIds = agenciesOf(actor, [...SCAN_ROLES, 'head', 'manager']);
    return this.#desk.parts.database.transactSql((sql) =>
      listScans(sql, { ...filter, agencyIds, states: filter.states ?? UNDER_WAY }),
    );
  }

  async show(order: ScanOrder): Promise<ScanParts> {
    const scan = await this.#desk.open(order, 'show-scan', (found) => canSee(order.actor, found));
    return this.#desk.parts.database.transactSql(async (sql) => ({
      scan,
      files: await filesOf(sql, scan.id),
      pages: await pagesOf(sql, scan.id),
      steps: await stepsOf(sql, scan.id),
    }));
  }

  /** The access picture or thumbnail of a page. The event stands before the first byte. */
  async picture(
    order: ScanOrder & { readonly page: number; readonly kind: 'access' | 'thumbnail' },
  ): Promise<Buffer> {
    const { scan, pages } = await this.show(order);
    const page = pages.find(({ number }) => number === order.page);
    const objectId = order.kind === 'access' ? page?.accessObjectId : page?.thumbnailObjectId;
    if (!objectId || scan.state === 'quarantined') throw nothingHere();
    if (scan.state === 'accessioned' && order.kind === 'access') {
      // A kept paper is read by its policies; the desk sees only what it has under way.
      throw nothingHere();
    }
    return this.#desk.read(scan.id, order.kind, objectId);
  }

  /** The statement (position 0) or its signature (1) of a scan whose attestation is closed. */
  async statement(order: ScanOrder & { readonly part: 'statement' | 'signature' }): Promise<Buffer> {
    const scan = await this.#desk.open(order, 'read-statement', (found) => canSee(order.actor, found));
    const objectId = order.part === 'statement' ? scan.statementObjectId : scan.statementSignatureObjectId;
    if (objectId === null) throw nothingHere();
    const bytes = await this.#desk.read(scan.id, 'statement', objectId);
    await this.#desk.parts.database.transactSql((sql) =>
      appendEvent(sql, {
        type: 'document.read',
        at: this.#desk.now(),
        actor: order.actor,
        outcome: 'permitted',
        agencyId: scan.agencyId,
        documentId: scan.id,
        ownerIds: scan.owners.map(({ id }) => id),
        requestId: order.requestId,
        detail: { rendition: 'statement', operation: 'read-statement' },
      }),
    );
    return bytes;
  }
}
