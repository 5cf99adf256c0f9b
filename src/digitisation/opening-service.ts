/**
 * The place of a paper is opened before it is scanned: what is not to be digitised is refused with its reason, and “do
 * we have it already?” is asked first. Only then a page is captured.
 */
import { calendarDateAt } from '../catalogue/index.ts';
import {
  type DocumentFacts,
  findDossier,
  listOwned,
  type OwnerClaim,
  resolveOwners,
  validityOf,
} from '../documents/index.ts';
import { type Actor, recordRefusal } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import { Failure, type Fault } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { canScan } from './digitisation-policy.ts';
import { alreadyInVault, refuse } from './refusal.ts';
import type { PaperForm, Scan, ScanGroup } from './scan.ts';
import type { ScanDesk } from './scan-desk.ts';
import { appendStep, insertScan } from './scan-repository.ts';

export interface OpeningOrder {
  readonly actor: Actor;
  readonly requestId: string;
  readonly agencyId: string;
  readonly typeCode: string;
  readonly form: PaperForm;
  readonly owners: readonly OwnerClaim[];
  readonly dossierCode: string | null;
  readonly group: ScanGroup;
  readonly componentKey: string | null;
  /** Sheets in the hand, counted by the person who scans. */
  readonly declaredSheets: number | null;
  /** Why it is digitised although the vault has one. */
  readonly againBecause: string | null;
  readonly station: string | null;
  readonly campaignId?: string;
  /** Given by an import, so that the same row is the same scan at every attempt. */
  readonly id?: string;
}

export type Opening =
  | { readonly kind: 'opened'; readonly scan: Scan }
  /** Valid today and of these owners: to be used instead. */
  | { readonly kind: 'in-vault'; readonly documents: readonly DocumentFacts[] };

export class OpeningService {
  readonly #desk: ScanDesk;
  readonly #acceptInvented: boolean;

  constructor(desk: ScanDesk, options: { readonly acceptInventedNumbers: boolean }) {
    this.#desk = desk;
    this.#acceptInvented = options.acceptInventedNumbers;
  }

  /** @throws Failure `forbidden`, `invalid` (all faults at once), `conflict` for what is not to be digitised */
  async open(order: OpeningOrder): Promise<Opening> {
    const { database, clock } = this.#desk.parts;
    const verdict = canScan(order.actor, order.agencyId);
    if (!verdict.allowed || order.actor.kind !== 'person') {
      await recordRefusal(database, clock, {
        actor: order.actor,
        operation: 'digitise',
        because: verdict.allowed ? 'not-a-person' : verdict.reason,
        agencyId: order.agencyId,
        requestId: order.requestId,
      });
      throw notForAgency();
    }
    const catalogue = await this.#desk.catalogue();
    const now = clock.now();
    const type = catalogue.documentType(order.typeCode, calendarDateAt(now));
    const faults = await this.#faults(order, type);
    if (faults.length > 0 || !type) throw openingFaults(faults);
    if (order.form !== 'original') {
      await this.#recordRefused(order, order.form);
      throw refuse(order.form);
    }
    const operatorId = order.actor.personId;
    return database.transactSql(async (sql) => {
      const owners = await resolveOwners(sql, order.owners, { now, acceptInvented: this.#acceptInvented });
      if (!order.againBecause) {
        const held: DocumentFacts[] = [];
        for (const owner of owners) {
          const found = await listOwned(sql, { ownerId: owner.id, typeCodes: [order.typeCode], limit: 20 });
          held.push(
            ...found.filter(
              (document) =>
                document.status.status === 'active' &&
                document.provenance !== 'self-upload' &&
                validityOf(document, catalogue, now).state === 'valid',
            ),
          );
        }
        // Papers of which one owner holds several are looked at by the clerk, who says which one this is.
        if (held.length > 0) {
          await appendEvent(sql, {
            type: 'digitisation.refused',
            at: now,
            actor: order.actor,
            outcome: 'denied',
            agencyId: order.agencyId,
            documentId: held[0]?.id ?? null,
            ownerIds: owners.map(({ id }) => id),
            requestId: order.requestId,
            detail: { documentType: order.typeCode, because: 'already-in-vault' },
          });
          return { kind: 'in-vault', documents: held };
        }
      }
      const scan: Scan = {
        id: order.id ?? newId(),
        agencyId: order.agencyId,
        state: 'opened',
        revision: 0,
        operatorId,
        station: order.station,
        device: null,
        typeCode: type.code,
        sensitive: type.sensitive,
        owners,
        dossierCode: order.dossierCode,
        group: order.group,
        componentKey: order.componentKey,
        declaredSheets: order.declaredSheets,
        againBecause: order.againBecause,
        examination: null,
        values: null,
        signing: [],
        attestations: [],
        resultCode: null,
        reason: null,
        campaignId: order.campaignId ?? null,
        signedObjectId: null,
        sealedObjectId: null,
        statementObjectId: null,
        statementSignatureObjectId: null,
        createdAt: now,
        updatedAt: now,
      };
      await insertScan(sql, scan);
      await appendStep(sql, scan.id, { state: 'opened', at: now, actor: order.actor });
      await appendEvent(sql, {
        type: 'digitisation.opened',
        at: now,
        actor: order.actor,
        outcome: 'done',
        agencyId: order.agencyId,
        documentId: scan.id,
        ownerIds: owners.map(({ id }) => id),
        requestId: order.requestId,
        detail: { documentType: type.code, again: order.againBecause !== null },
      });
      return { kind: 'opened', scan };
    });
  }

  async #faults(order: OpeningOrder, type: object | undefined): Promise<Fault[]> {
    const faults: Fault[] = [];
    if (!type)
      faults.push({
        pointer: '/body/type',
        detail: 'No document type of this code is in the catalogue today.',
      });
    if (order.owners.length === 0)
      faults.push({ pointer: '/body/owners', detail: 'Name the owner of the paper.' });
    const code = order.dossierCode;
    if (code !== null) {
      const dossier = await this.#desk.parts.database.transactSql((sql) => findDossier(sql, code));
      if (dossier?.agencyId !== order.agencyId) {
        faults.push({
          pointer: '/body/dossier/code',
          detail: 'This agency has no dossier of this code. Record it first.',
        });
      }
    }
    return faults;
  }

  async #recordRefused(order: OpeningOrder, form: PaperForm): Promise<void> {
    const { database, clock } = this.#desk.parts;
    await database.transactSql((sql) =>
      appendEvent(sql, {
        type: 'digitisation.refused',
        at: clock.now(),
        actor: order.actor,
        outcome: 'denied',
        agencyId: order.agencyId,
        requestId: order.requestId,
        detail: { documentType: order.typeCode, because: form },
      }),
    );
  }
}

/** For callers that have no page to show what the vault holds. */
export function openedOrThrow(opening: Opening): Scan {
  if (opening.kind === 'in-vault') throw alreadyInVault();
  return opening.scan;
}

const notForAgency = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'You do not digitise for this agency. Its manager grants the role.',
      vi: 'Ông (bà) không được số hóa cho cơ quan này. Lãnh đạo quản lý của cơ quan là người giao vai trò.',
    },
    { code: 'not-for-this-agency' },
  );

const openingFaults = (faults: readonly Fault[]): Failure =>
  new Failure(
    'invalid',
    {
      en: 'Some of what was told of the paper needs mending; see "errors".',
      vi: 'Thông tin về giấy có chỗ cần sửa; xem "errors".',
    },
    { code: 'opening', faults },
  );
