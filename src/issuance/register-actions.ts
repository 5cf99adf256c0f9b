/**
 * Actions on what was issued: prepare (a dry run over every entry), approve (another person, a head), carry out.
 *
 * Carrying out goes entry by entry, each in one transaction: annotation, status of the paper and of every copy made
 * from it, events, outcome. A process that dies between two entries is followed by one that goes on with those that have
 * no outcome; none is annotated twice, because the outcome commits with the annotation.
 */
import { type CatalogueService, calendarDateAt, metadataSchema } from '../catalogue/index.ts';
import {
  applyStatus,
  findDocument,
  mayBecome,
  type OnStanding,
  type StatusChange,
} from '../documents/index.ts';
import type { AnyActor, PersonActor } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { insertBatch, insertReissues } from './batch-repository.ts';
import { allow } from './batch-service.ts';
import { assignedFields } from './batch-sheet.ts';
import { annotationOf, mayAct, type RegisterAction } from './register-action.ts';
import * as rows from './register-action-repository.ts';
import { copiesOf, findBook, findEntries } from './register-repository.ts';
import type { EntryAsItStands, RegisterService } from './register-service.ts';
import { reissueBatch } from './reissue.ts';

export interface ActionOrder {
  readonly agencyId: string;
  readonly kind: RegisterAction['kind'];
  readonly entryIds: readonly string[];
  readonly decisionNumber: string;
  readonly decisionDate: string;
  readonly authority: string;
  readonly reason: string;
  readonly changes?: RegisterAction['changes'];
  /** Tell what would happen, keep nothing. */
  readonly dryRun?: boolean;
}

/** What becomes of each entry. */
export interface ActionPlan {
  /** null for a dry run. */
  readonly action: RegisterAction | null;
  readonly entries: readonly {
    readonly entryId: string;
    readonly label: string;
    readonly allowed: boolean;
    readonly reason: { readonly vi: string; readonly en: string };
    /** Copies that follow their original. */
    readonly copies: number;
    readonly outcome: string | null;
  }[];
}

export interface ActionParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly registers: RegisterService;
  readonly clock: Clock;
  /** Makes the new version of a corrected paper; its own transactions. */
  readonly correctPaper: (correction: {
    readonly action: RegisterAction;
    readonly entryId: string;
    readonly actor: AnyActor;
  }) => Promise<void>;
  /** Told of every change of standing, in its transaction. */
  readonly onStanding?: OnStanding;
  /** Lets a batch of new papers run. */
  readonly wake: (batchId: string) => void;
}

const most = 100_000;
const makers = ['school-clerk', 'civil-status-officer', 'head'] as const;
const ends: Readonly<Partial<Record<RegisterAction['kind'], StatusChange['status']>>> = {
  suspend: 'suspended',
  resume: 'active',
  revoke: 'revoked',
  annul: 'annulled',
};

export class RegisterActions {
  readonly #parts: ActionParts;

  constructor(parts: ActionParts) {
    this.#parts = parts;
  }

  /** @throws Failure `invalid` for an entry of another body, `forbidden` without the role there */
  async prepare(actor: PersonActor, order: ActionOrder): Promise<ActionPlan> {
    const { database, clock } = this.#parts;
    allow(actor, makers, order.agencyId);
    const entryIds = [...new Set(order.entryIds)];
    if (entryIds.length === 0 || entryIds.length > most) throw nothingNamed();
    return database.transactSql(async (sql) => {
      await this.#checkChanges(sql, order);
      const action: RegisterAction = {
        ...order,
        id: newId(),
        changes: order.changes ?? {},
        state: 'prepared',
        preparedBy: actor.accountId,
        approvedBy: null,
        batchId: null,
      };
      const entries = await this.#plan(sql, action, entryIds);
      if (order.dryRun || entries.every(({ allowed }) => !allowed)) return { action: null, entries };
      const taken = entries.filter(({ allowed }) => allowed).map(({ entryId }) => entryId);
      await rows.insertAction(sql, action, { entryIds: taken, at: clock.now() });
      return { action, entries };
    });
  }

  async look(actor: PersonActor, actionId: string): Promise<ActionPlan> {
    return this.#parts.database.transactSql(async (sql) => {
      const action = await this.#found(sql, actionId);
      allow(actor, [...makers, 'manager'], action.agencyId);
      const named = await rows.entriesOfAction(sql, actionId);
      const outcomes = new Map(named.map(({ entryId, outcome }) => [entryId, outcome]));
      const plan = await this.#plan(sql, action, [...outcomes.keys()]);
      return {
        action,
        entries: plan.map((each) => ({ ...each, outcome: outcomes.get(each.entryId) ?? null })),
      };
    });
  }

  /** The second person, a head, lets it happen, and it happens. @throws Failure `forbidden` for who prepared it */
  async approve(actor: PersonActor, actionId: string): Promise<RegisterAction> {
    const { database, clock } = this.#parts;
    await database.transactSql(async (sql) => {
      const action = await this.#found(sql, actionId, true);
      allow(actor, ['head'], action.agencyId);
      if (action.state !== 'prepared') throw notPrepared();
      if (action.preparedBy === actor.accountId) throw secondPerson();
      await rows.moveAction(sql, actionId, {
        state: 'approved',
        at: clock.now(),
        approvedBy: actor.accountId,
      });
    });
    return this.carryOut(actor, actionId);
  }

  async cancel(actor: PersonActor, actionId: string): Promise<void> {
    const { database, clock } = this.#parts;
    await database.transactSql(async (sql) => {
      const action = await this.#found(sql, actionId, true);
      allow(actor, makers, action.agencyId);
      if (action.state !== 'prepared') throw notPrepared();
      await rows.moveAction(sql, actionId, { state: 'cancelled', at: clock.now() });
    });
  }

  /** Goes on with an approved action where it stands. */
  async carryOut(actor: AnyActor, actionId: string): Promise<RegisterAction> {
    const { database, clock } = this.#parts;
    const action = await database.transactSql((sql) => this.#found(sql, actionId));
    if (action.state !== 'approved') return action;
    if (action.kind === 'reissue') return this.#reissue(action);
    for (;;) {
      const [next] = await database.transactSql((sql) =>
        rows.entriesOfAction(sql, actionId, { pending: true, limit: 1 }),
      );
      if (!next) break;
      if (action.kind === 'correct') await this.#parts.correctPaper({ action, entryId: next.entryId, actor });
      await database.transactSql((sql) => this.#actOn(sql, { action, entryId: next.entryId, actor }));
    }
    await database.transactSql((sql) => rows.moveAction(sql, actionId, { state: 'done', at: clock.now() }));
    return { ...action, state: 'done' };
  }

  /** At start: what an earlier process left. */
  async resume(): Promise<void> {
    const left = await this.#parts.database.transactSql(rows.unfinishedActions);
    for (const id of left) await this.carryOut({ kind: 'vault' }, id);
  }

  async #plan(sql: Sql, action: RegisterAction, entryIds: readonly string[]) {
    const found = new Map((await findEntries(sql, entryIds)).map((entry) => [entry.id, entry]));
    const keepers = new Map<string, boolean>();
    const catalogue = await this.#parts.catalogue.snapshot(sql);
    const today = action.decisionDate;
    const plan = [];
    for (const entryId of entryIds) {
      const entry = found.get(entryId);
      if (!entry) throw unknownEntry();
      if (!keepers.has(entry.bookId)) {
        const book = await findBook(sql, entry.bookId);
        const kept = catalogue.keptBy(action.agencyId, today);
        keepers.set(entry.bookId, book !== undefined && kept.includes(book.agencyId));
      }
      if (keepers.get(entry.bookId) !== true) throw unknownEntry();
      const { standing } = await this.#parts.registers.read(sql, entryId);
      const { allowed, reason } = mayAct(standing, action);
      const copies = (await copiesOf(sql, entryId)).length;
      plan.push({ entryId, label: entry.label, allowed, reason, copies, outcome: null });
    }
    return plan;
  }

  /** Changed fields must be fields of the paper's type, as the type wants them; the number is the register's. */
  async #checkChanges(sql: Sql, { changes = {}, entryIds }: ActionOrder): Promise<void> {
    if (Object.keys(changes).length === 0) return;
    const [entry] = await findEntries(sql, entryIds.slice(0, 1));
    const book = entry && (await findBook(sql, entry.bookId));
    const catalogue = await this.#parts.catalogue.snapshot(sql);
    const type = book && catalogue.documentType(book.documentType, calendarDateAt(this.#parts.clock.now()));
    if (!type) throw unknownEntry();
    const fields = type.fields.filter(({ name }) => name in changes && !assignedFields.includes(name));
    const issues = metadataSchema({ fields }).safeParse(changes).error?.issues ?? [];
    if (issues.length === 0) return;
    const faults = issues.map(({ path, message }) => ({
      pointer: `/body/changes/${path.map(String).join('/')}`,
      detail: message,
    }));
    throw new Failure(
      'invalid',
      {
        vi: 'Nội dung thay đổi chưa đúng với loại giấy tờ.',
        en: 'The changes do not fit the type of paper.',
      },
      { code: 'entry-fields', faults },
    );
  }

  async #actOn(
    sql: Sql,
    { action, entryId, actor }: { action: RegisterAction; entryId: string; actor: AnyActor },
  ): Promise<void> {
    const { registers } = this.#parts;
    // The action's row is held, so that two carriers do not act on one entry.
    await rows.findAction(sql, action.id, { lock: true });
    const [left] = (await rows.entriesOfAction(sql, action.id, { pending: true })).filter(
      (each) => each.entryId === entryId,
    );
    if (!left) return;
    const before = await registers.read(sql, entryId);
    const decision = mayAct(before.standing, action);
    if (!decision.allowed) {
      await rows.setOutcome(sql, action.id, { entryId, outcome: decision.reason.vi });
      return;
    }
    await registers.annotate(sql, actor, { entryId, content: annotationOf(action) });
    const status = ends[action.kind];
    if (status !== undefined) {
      await this.#setStatus(sql, { action, entry: before, status, actor });
      for (const copy of await copiesOf(sql, entryId)) {
        const entry = await registers.read(sql, copy.id);
        await this.#setStatus(sql, { action, entry, status, actor });
      }
    }
    await rows.setOutcome(sql, action.id, { entryId, outcome: 'done' });
  }

  async #setStatus(
    sql: Sql,
    change: {
      action: RegisterAction;
      entry: EntryAsItStands;
      status: StatusChange['status'];
      actor: AnyActor;
    },
  ): Promise<void> {
    const { action, entry, status, actor } = change;
    const { documentId } = entry.entry;
    const document = documentId === null ? undefined : await findDocument(sql, documentId, { lock: true });
    if (!document || !mayBecome(document.status.status, status)) return;
    const settled = {
      document,
      status,
      at: this.#parts.clock.now(),
      actor,
      reason: action.reason,
      decisionNumber: action.decisionNumber,
      decisionDate: action.decisionDate,
      successorId: null,
    };
    await applyStatus(sql, settled, this.#parts.onStanding);
  }

  /** New papers come from a batch of their own, whose rows name the entries they replace. */
  async #reissue(action: RegisterAction): Promise<RegisterAction> {
    const { database, clock, registers } = this.#parts;
    const batchId = await database.transactSql(async (sql) => {
      const now = await this.#found(sql, action.id, true);
      if (now.batchId !== null) return now.batchId;
      const named = await rows.entriesOfAction(sql, action.id);
      const entries: EntryAsItStands[] = [];
      for (const { entryId } of named) entries.push(await registers.read(sql, entryId));
      const { batch, items } = await reissueBatch(sql, { action: now, entries, registers, clock });
      await insertBatch(sql, batch, [], { heading: [], at: clock.now() });
      await insertReissues(sql, batch, { actionId: action.id, items });
      await rows.moveAction(sql, action.id, { state: 'approved', at: clock.now(), batchId: batch.id });
      return batch.id;
    });
    this.#parts.wake(batchId);
    return { ...action, batchId };
  }

  async #found(sql: Sql, id: string, lock = false): Promise<RegisterAction> {
    const action = await rows.findAction(sql, id, { lock });
    if (action) return action;
    throw new Failure('not-found', { vi: 'Không có việc này.', en: 'There is no such action.' });
  }
}

const nothingNamed = (): Failure =>
  new Failure('invalid', {
    vi: 'Hãy chọn ít nhất một mục sổ, nhiều nhất 100.000.',
    en: 'Name at least one entry and at most 100,000.',
  });
const unknownEntry = (): Failure =>
  new Failure('invalid', {
    vi: 'Có mục sổ không thuộc đơn vị này.',
    en: 'One of the entries does not belong to this body.',
  });
const notPrepared = (): Failure =>
  new Failure('conflict', {
    vi: 'Việc này đã được duyệt hoặc đã hủy.',
    en: 'This was approved or cancelled already.',
  });
const secondPerson = (): Failure =>
  new Failure(
    'forbidden',
    { vi: 'Người lập không tự duyệt; cần người thứ hai.', en: 'Whoever prepared it does not approve it.' },
    { code: 'second-person-needed' },
  );
