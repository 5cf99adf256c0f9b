/**
 * Handing over: the fields a procedure needs, or the whole paper. What permits it is decided once, in the transaction of
 * the answer, under the locks of the paper and of the consent; a withdrawal or revocation that was acknowledged before
 * finds no answer after it, and every answer leaves its reliance before the first byte.
 */
import type { ByteRange } from '../../storage/index.ts';
import type { CatalogueService } from '../catalogue/index.ts';
import { calendarDateAt, type Labels } from '../catalogue/index.ts';
import { GRANT_STANDS, latestGrant, markUsed, useOf } from '../consent/index.ts';
import {
  type DocumentFacts,
  findDocument,
  type RetrievalService,
  type Retrieved,
} from '../documents/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { publish } from '../platform/outbox.ts';
import type { Assessor } from './assessment.ts';
import { minimumFields } from './minimum-view.ts';
import { recordReliance } from './reliance.ts';
import { type Admitted, aboutOf, type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import * as refusals from './reuse-refusals.ts';
import { answeredDocument } from './reuse-repository.ts';

export interface RetrievalOrder extends Caller {
  readonly reuseRequestId: string;
  readonly componentKey: string;
}

export interface MinimumView {
  readonly documentId: string;
  readonly documentType: string;
  readonly typeNames: Labels;
  readonly issuerId: string | null;
  readonly symbol: string | null;
  readonly issuedOn: string | null;
  readonly sha256: string;
  readonly fields: readonly { readonly name: string; readonly labels: Labels; readonly value: unknown }[];
  readonly eventId: string;
  readonly at: Date;
}

interface Permitted {
  readonly grantId: string | null;
  readonly paper: DocumentFacts;
  readonly detail: Readonly<Record<string, string | boolean | null>>;
}

export class ReuseRetrieval {
  readonly #parts: {
    database: Database;
    clock: Clock;
    catalogue: CatalogueService;
    gate: ReuseGate;
    assessor: Assessor;
    retrieval: RetrievalService;
  };

  constructor(parts: {
    database: Database;
    clock: Clock;
    catalogue: CatalogueService;
    gate: ReuseGate;
    assessor: Assessor;
    retrieval: RetrievalService;
  }) {
    this.#parts = parts;
  }

  /** The fields that the procedure needs, from the paper's structured data. */
  async minimum(order: RetrievalOrder): Promise<MinimumView> {
    const { gate, catalogue } = this.#parts;
    return gate.run(order, 'retrieve-fields', async (sql, at) => {
      const found = await this.#locate(sql, order);
      if (found instanceof Refused) return found;
      const permitted = await this.#permit(sql, order, { ...found, at, view: 'minimum' });
      if (permitted instanceof Failure) return new Refused(permitted, this.#about(found, order));
      const { paper } = permitted;
      const snapshot = await catalogue.snapshot(sql);
      const today = calendarDateAt(at);
      const type = snapshot.documentType(paper.typeCode, today);
      const component = snapshot
        .procedure(found.request.procedureCode, today)
        ?.components.find(({ key }) => key === order.componentKey);
      const names = type && component ? minimumFields(type, component) : [];
      const eventId = await gate.tell(sql, order, {
        type: 'reuse.retrieved',
        at,
        request: found.request,
        documentId: paper.id,
        ownerIds: paper.owners.map(({ id }) => id),
        detail: { ...permitted.detail, sha256: paper.version.sha256 },
      });
      return {
        documentId: paper.id,
        documentType: paper.typeCode,
        typeNames: type?.names ?? { vi: paper.typeCode, en: paper.typeCode },
        issuerId: paper.issuerId,
        symbol: paper.symbol,
        issuedOn: paper.issuedOn,
        sha256: paper.version.sha256,
        fields: (type?.fields ?? [])
          .filter(({ name }) => names.includes(name))
          .map(({ name, labels }) => ({ name, labels, value: paper.metadata[name] ?? null })),
        eventId,
        at,
      };
    });
  }

  /** The sealed file. A running answer asks again every 256 KiB whether its consent stands. */
  async content(order: RetrievalOrder & { range?: ByteRange; signal: AbortSignal }): Promise<Retrieved> {
    const { database, clock, retrieval, gate } = this.#parts;
    const found = await gate.run(order, 'retrieve', async (sql) => {
      const located = await this.#locate(sql, order);
      if (located instanceof Refused) return located;
      return located.request.view === 'minimum'
        ? new Refused(refusals.minimumOnly(), this.#about(located, order))
        : located;
    });
    let grantId: string | null = null;
    return retrieval.open({
      actor: order.actor,
      documentId: found.documentId,
      kind: 'handed-out',
      ...(order.range ? { range: order.range } : {}),
      requestId: order.requestId,
      signal: order.signal,
      permit: async (sql) => {
        const permitted = await this.#permit(sql, order, { ...found, at: clock.now(), view: 'full' });
        if (permitted instanceof Failure) {
          return { allowed: false, reason: permitted.code ?? permitted.kind, failure: permitted };
        }
        grantId = permitted.grantId;
        return {
          allowed: true,
          event: 'reuse.retrieved',
          agencyId: found.request.agencyId,
          dossierId: found.dossier.id,
          detail: permitted.detail,
        };
      },
      stillPermitted: async () =>
        grantId === null || (await database.read(GRANT_STANDS, [grantId, clock.now()])).length === 1,
    });
  }

  async #locate(sql: Sql, order: RetrievalOrder): Promise<(Admitted & { documentId: string }) | Refused> {
    const found = await this.#parts.gate.admit(sql, order, order.reuseRequestId, 'reuse:retrieve');
    if (found instanceof Refused) return found;
    const answered = await answeredDocument(sql, {
      requestId: order.reuseRequestId,
      componentKey: order.componentKey,
    });
    if (answered?.documentId) return { ...found, documentId: answered.documentId };
    return new Refused(refusals.notAvailable(answered?.outcome ?? 'not_found'), this.#about(found, order));
  }

  /** The one decision. What it writes stands or falls with the answer. */
  async #permit(
    sql: Sql,
    order: RetrievalOrder,
    about: Admitted & { documentId: string; at: Date; view: 'minimum' | 'full' },
  ): Promise<Permitted | Failure> {
    const { request, dossier, documentId, at, session } = about;
    // The lock of the paper first: a revocation waits for this answer, or this answer sees the revocation.
    await sql.query('SELECT 1 AS one FROM document WHERE id = $1::uuid FOR SHARE', [documentId]);
    const paper = await findDocument(sql, documentId);
    const key = { requestId: request.id, componentKey: order.componentKey };
    const grant = await latestGrant(sql, key, { lock: true });
    const outcome =
      paper &&
      (await this.#parts.assessor.judgePaper(sql, request, {
        componentKey: order.componentKey,
        paper,
        grant,
        at,
      }));
    if (!paper || paper.erasedAt !== null || outcome?.kind !== 'available')
      return refusals.notAvailable(outcome?.kind ?? 'not_found');
    const use = { agencyId: request.agencyId, dossierId: dossier.id, documentId };
    let grantId: string | null = null;
    if (grant && useOf(grant, use, at).usable) {
      if (grant.view === 'minimum' && about.view === 'full') return refusals.minimumOnly();
      await markUsed(sql, grant, at);
      grantId = grant.id;
    }
    await recordReliance(sql, {
      ...use,
      componentKey: order.componentKey,
      versionId: paper.version.id,
      grantId,
      at,
    });
    for (const owner of paper.owners) {
      if (owner.kind !== 'person') continue;
      await publish(sql, {
        type: 'document.read.v1',
        at,
        subject: documentId,
        person: owner.id,
        data: { agency: request.agencyId, dossier: dossier.id },
      });
    }
    return {
      grantId,
      paper,
      detail: {
        reuse: request.id,
        component: order.componentKey,
        consent: grantId,
        basis: request.basis,
        article: request.article,
        view: about.view,
        ...(session ? { assisted: true, session: session.id } : {}),
      },
    };
  }

  #about(found: Admitted & { documentId?: string }, order: RetrievalOrder): Refused['about'] {
    return {
      ...aboutOf(found),
      ...(found.documentId ? { documentId: found.documentId } : {}),
      detail: { component: order.componentKey },
    };
  }
}
