/** Dossiers as the procedure system tells of them: an idempotent record, its papers, its manifest. */
import { type CatalogueService, calendarDateAt, parseDossierCode } from '../catalogue/index.ts';
import { type Actor, recordRefusal } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { DocumentFacts } from './document.ts';
import { findDocument } from './document-repository.ts';
import {
  type Dossier,
  type DossierPage,
  type DossierPaper,
  type DossierState,
  findDossier,
  listDossiers,
  papersOf,
  upsertDossier,
} from './dossier-repository.ts';
import { canListDossiers, canRecordDossier } from './dossiers-policy.ts';
import { type OwnerClaim, resolveOwners } from './owner-claims.ts';
import { nothingHere } from './retrieval-service.ts';

export interface DossierOrder {
  readonly actor: Actor;
  readonly agencyId: string;
  readonly code: string;
  readonly procedureCode: string;
  readonly owner: OwnerClaim;
  readonly state: DossierState;
  readonly receivedAt: Date;
  readonly dueAt: Date | null;
  readonly finishedAt: Date | null;
  readonly requestId: string;
}

export interface DossierView {
  readonly dossier: Dossier;
  readonly papers: readonly { readonly paper: DossierPaper; readonly document: DocumentFacts }[];
}

export class DossierService {
  readonly #parts: {
    database: Database;
    clock: Clock;
    catalogue: CatalogueService;
    acceptInventedNumbers: boolean;
  };

  constructor(parts: {
    database: Database;
    clock: Clock;
    catalogue: CatalogueService;
    acceptInventedNumbers: boolean;
  }) {
    this.#parts = parts;
  }

  /** Saying the same again changes nothing; saying it of another owner or procedure is a conflict. */
  async record(order: DossierOrder): Promise<Dossier> {
    const verdict = canRecordDossier(order.actor, order.agencyId);
    if (!verdict.allowed) throw await this.#refuse(order, 'record-dossier', verdict.reason);
    this.check(order);
    return this.#parts.database.transactSql((sql) => this.recordIn(sql, order));
  }

  /** @throws Failure `invalid` for a malformed code */
  check(order: Pick<DossierOrder, 'code'>): void {
    const parsed = parseDossierCode(order.code);
    if (!parsed.ok) throw badCode(parsed.problem);
  }

  /** The same inside a transaction of the caller, who has asked the policy. A failure rolls all of it back. */
  async recordIn(sql: Sql, order: DossierOrder): Promise<Dossier> {
    const { clock, catalogue, acceptInventedNumbers } = this.#parts;
    const at = clock.now();
    const snapshot = await catalogue.snapshot(sql);
    if (!snapshot.procedure(order.procedureCode, calendarDateAt(at))) throw unknownProcedure();
    const [owner] = await resolveOwners(sql, [order.owner], {
      now: at,
      acceptInvented: acceptInventedNumbers,
      pointer: () => '/body/owner',
    });
    if (!owner) throw new Error('an owner was resolved to nobody');
    const recorded = await upsertDossier(sql, {
      id: newId(),
      code: order.code,
      agencyId: order.agencyId,
      procedureCode: order.procedureCode,
      owner,
      state: order.state,
      receivedAt: order.receivedAt,
      dueAt: order.dueAt,
      finishedAt: order.finishedAt,
    });
    if (!recorded) throw otherDossier();
    if (recorded.changed) {
      await appendEvent(sql, {
        type: 'dossier.recorded',
        at,
        actor: order.actor,
        outcome: 'done',
        agencyId: order.agencyId,
        dossierId: recorded.dossier.id,
        ownerIds: [owner.id],
        requestId: order.requestId,
        detail: { procedure: order.procedureCode, state: order.state },
      });
    }
    return recorded.dossier;
  }

  /** The dossier with its papers, for its own agency; an event in the same transaction. */
  async view(order: {
    actor: Actor;
    agencyId: string;
    code: string;
    requestId: string;
  }): Promise<DossierView> {
    const { database, clock } = this.#parts;
    const verdict = canListDossiers(order.actor, order.agencyId);
    if (!verdict.allowed) throw await this.#refuse(order, 'view-dossier', verdict.reason);
    const outcome = await database.transactSql(async (sql) => {
      const dossier = await findDossier(sql, order.code);
      if (!dossier || dossier.agencyId !== order.agencyId) return undefined;
      const papers: { paper: DossierPaper; document: DocumentFacts }[] = [];
      for (const paper of await papersOf(sql, dossier.id)) {
        const document = await findDocument(sql, paper.documentId);
        if (document) papers.push({ paper, document });
      }
      await appendEvent(sql, {
        type: 'dossier.exported',
        at: clock.now(),
        actor: order.actor,
        outcome: 'permitted',
        agencyId: order.agencyId,
        dossierId: dossier.id,
        ownerIds: [dossier.owner.id],
        requestId: order.requestId,
        detail: { papers: papers.length },
      });
      return { dossier, papers };
    });
    if (!outcome) throw await this.#refuse(order, 'view-dossier', 'no-such-dossier');
    return outcome;
  }

  /** The dossiers of an agency, a page at a time. Which there are is no content, but whose they are is: one event a page. */
  async list(order: DossierPage & { readonly actor: Actor; readonly requestId: string }): Promise<Dossier[]> {
    const { database, clock } = this.#parts;
    const verdict = canListDossiers(order.actor, order.agencyId);
    if (!verdict.allowed) throw await this.#refuse(order, 'list-dossiers', verdict.reason);
    return database.transactSql(async (sql) => {
      const page = await listDossiers(sql, order);
      await appendEvent(sql, {
        type: 'dossier.listed',
        at: clock.now(),
        actor: order.actor,
        outcome: 'permitted',
        agencyId: order.agencyId,
        requestId: order.requestId,
        detail: { count: page.length },
      });
      return page;
    });
  }

  async #refuse(
    { actor, requestId, agencyId }: { actor: Actor; requestId: string; agencyId: string },
    operation: string,
    because: string,
  ): Promise<Failure> {
    const { database, clock } = this.#parts;
    await recordRefusal(database, clock, { actor, operation, because, requestId, agencyId });
    return nothingHere();
  }
}

const badCode = (problem: { en: string; vi: string }): Failure =>
  new Failure('invalid', problem, {
    code: 'dossier-code',
    faults: [{ pointer: '/path/code', detail: problem.en }],
  });

const unknownProcedure = (): Failure =>
  new Failure(
    'invalid',
    { en: 'No procedure of this code is in force today.', vi: 'Hôm nay không có thủ tục nào mang mã này.' },
    {
      code: 'unknown-procedure',
      faults: [{ pointer: '/body/procedure', detail: 'Unknown or no longer in force.' }],
    },
  );

const otherDossier = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'This dossier code belongs to another agency, procedure or person.',
      vi: 'Mã hồ sơ này đã thuộc cơ quan, thủ tục hoặc người khác.',
    },
    { code: 'dossier-code-taken' },
  );
