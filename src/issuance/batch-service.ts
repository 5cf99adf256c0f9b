/**
 * Use cases of a batch: prepare (check everything, keep nothing unless all is right), approve (another person), pause,
 * cancel, look. The work itself is in `batch-runner.ts`.
 */
import { type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import { holds, type PersonActor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { readTable } from '../spreadsheet/index.ts';
import { type BatchState, type IssueBatch, type ItemState, mayApprove, mayMove } from './batch.ts';
import { checkRows } from './batch-checks.ts';
import * as rows from './batch-repository.ts';
import { type BatchSheet, readBatchSheet, type SheetFaultAt, splitRows } from './batch-sheet.ts';
import { findBook, findBooks } from './register-repository.ts';
import type { RegisterService } from './register-service.ts';
import { templateFor } from './shipped-templates.ts';

export interface BatchOrder {
  readonly agencyId: string;
  readonly documentType: string;
  /** null: the body's own book of the year of issue, opened when there is none. */
  readonly bookId: string | null;
  readonly issuedOn: string;
  readonly place: string;
  readonly signer: { readonly title: string; readonly name: string };
  readonly decisionDate: string | null;
  /** CSV or XLSX. */
  readonly table: Uint8Array;
  /** Check everything, keep nothing. */
  readonly dryRun?: boolean;
  readonly decisionNumber?: string | null;
  /** Keep the good rows as a batch and the others to be mended, instead of keeping nothing. */
  readonly keepGood?: boolean;
}

export type BatchPreparation =
  | { readonly ok: true; readonly batch: IssueBatch | null; readonly rows: number }
  | { readonly ok: false; readonly sheet: BatchSheet };

export interface BatchParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly registers: RegisterService;
  readonly clock: Clock;
}

export class BatchService {
  readonly #parts: BatchParts;

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  /** Faults of the table are an answer, never a throw. @throws Failure for another body's batch, an unknown type or book */
  async prepare(actor: PersonActor, order: BatchOrder): Promise<BatchPreparation> {
    const { database, catalogue, clock } = this.#parts;
    allow(actor, ['school-clerk', 'civil-status-officer', 'head'], order.agencyId);
    const now = clock.now();
    const current = await catalogue.current();
    const type = current.documentType(order.documentType, order.issuedOn);
    const template = templateFor(order.documentType);
    const issuer = current.agency(order.agencyId, order.issuedOn);
    if (!type || !template || !issuer) throw noTemplate();
    if (!type.issuerKinds.includes(issuer.kind)) throw notItsIssuer();
    const table = readTable(order.table);
    if (!table.ok)
      return { ok: false, sheet: unreadableSheet({ row: table.line, column: '', message: table }) };
    const sheet = readBatchSheet(table.rows, { type, today: calendarDateAt(now) });
    return database.transactSql(async (sql) => {
      const draft: IssueBatch = {
        ...order,
        id: newId(),
        bookId: order.bookId ?? '',
        template: { code: template.code, version: template.version },
        state: 'prepared',
        total: sheet.rows.length,
        decisionNumber: order.decisionNumber ?? null,
        preparedBy: actor.accountId,
        approvedBy: null,
        mendedBy: [],
        problem: null,
      };
      const own = await checkRows(sql, sheet, { batch: draft, template, type, issuer: issuer.names });
      const faults = [...sheet.faults, ...own];
      const ofTable = faults.some(({ row }) => row === 0);
      if (faults.length > 0 && (ofTable || !order.keepGood))
        return { ok: false, sheet: { ...sheet, faults } };
      const { good, faulty } = splitRows(sheet, faults);
      if (order.dryRun) return { ok: true, batch: null, rows: good.length };
      const bookId = (await this.#bookFor(sql, actor, order)).id;
      const batch = { ...draft, bookId, total: good.length };
      await rows.insertBatch(sql, batch, good, { heading: sheet.heading, at: now });
      await rows.keepFaultyRows(sql, batch.id, faulty);
      await this.#tell(sql, actor, 'batch.prepared', batch);
      return { ok: true, batch, rows: good.length };
    });
  }

  /** The head lets it run; not the person who prepared it. */
  async approve(actor: PersonActor, batchId: string): Promise<IssueBatch> {
    return this.#move(actor, batchId, 'running');
  }

  pause = (actor: PersonActor, batchId: string): Promise<IssueBatch> => this.#move(actor, batchId, 'paused');

  /** Rows not begun become void; numbers given and not used stay in the register with the annotation `voided`. */
  cancel = (actor: PersonActor, batchId: string): Promise<IssueBatch> =>
    this.#move(actor, batchId, 'cancelled');

  async progress(
    actor: PersonActor,
    batchId: string,
  ): Promise<{ batch: IssueBatch; items: Partial<Record<ItemState, number>> }> {
    return this.#parts.database.transactSql(async (sql) => {
      const batch = await this.#found(sql, batchId);
      allow(actor, ['school-clerk', 'civil-status-officer', 'head', 'manager'], batch.agencyId);
      return { batch, items: await rows.progressOf(sql, batchId) };
    });
  }

  async #move(actor: PersonActor, batchId: string, state: BatchState): Promise<IssueBatch> {
    const { database, clock } = this.#parts;
    return database.transactSql(async (sql) => {
      const batch = await this.#found(sql, batchId, 'wait');
      allow(
        actor,
        state === 'running' ? ['head'] : ['head', 'school-clerk', 'civil-status-officer'],
        batch.agencyId,
      );
      if (!mayMove(batch.state, state)) throw wrongState(batch.state, state);
      const first = batch.approvedBy === null && state === 'running';
      if (first) {
        if (batch.total === 0) throw nothingToIssue();
        const eyes = mayApprove(batch, actor.accountId);
        if (!eyes.allowed) throw new Failure('forbidden', eyes.reason, { code: 'second-person-needed' });
      }
      await rows.moveBatch(sql, batchId, {
        state,
        at: clock.now(),
        ...(first && { approvedBy: actor.accountId }),
      });
      if (state === 'cancelled') await this.#void(sql, actor, batch);
      if (first) await this.#tell(sql, actor, 'batch.approved', batch);
      if (state === 'cancelled') await this.#tell(sql, actor, 'batch.finished', batch);
      return { ...batch, state, approvedBy: first ? actor.accountId : batch.approvedBy };
    });
  }

  async #bookFor(sql: Sql, actor: PersonActor, order: BatchOrder): Promise<{ readonly id: string }> {
    const { agencyId, documentType, bookId } = order;
    if (bookId !== null) {
      const book = await findBook(sql, bookId);
      if (book?.agencyId !== agencyId || book.documentType !== documentType) throw noBook();
      return book;
    }
    const year = Number(order.issuedOn.slice(0, 4));
    const books = await findBooks(sql, { agencyIds: [agencyId], documentType, kind: 'originals', year });
    const open = books.find(({ state }) => state === 'open');
    if (open) return open;
    const series = books.length === 0 ? '' : String(books.length + 1);
    return this.#parts.registers.openBook(sql, actor, {
      agencyId,
      documentType,
      year,
      kind: 'originals',
      series,
    });
  }

  async #void(sql: Sql, actor: PersonActor, batch: IssueBatch): Promise<void> {
    const reserved = await rows.itemsInState(sql, batch.id, 'reserved');
    for (const { entryId } of reserved) {
      if (entryId === null) continue;
      const content = {
        kind: 'voided',
        decisionNumber: null,
        decisionDate: null,
        authority: null,
        reason: 'Lô cấp bị hủy trước khi ký',
        changes: {},
        newEntryId: null,
      } as const;
      await this.#parts.registers.annotate(sql, actor, { entryId, content });
    }
    const waiting = await rows.itemsInState(sql, batch.id, 'waiting');
    await rows.setItems(
      sql,
      batch.id,
      [...reserved, ...waiting].map((item) => ({ ...item, state: 'void' })),
    );
  }

  async #found(sql: Sql, id: string, lock?: 'wait'): Promise<IssueBatch> {
    const batch = await rows.findBatch(sql, id, lock);
    if (batch) return batch;
    throw new Failure('not-found', { vi: 'Không có lô này.', en: 'There is no such batch.' });
  }

  async #tell(
    sql: Sql,
    actor: PersonActor,
    type: 'batch.prepared' | 'batch.approved' | 'batch.finished',
    batch: IssueBatch,
  ) {
    const detail = { batch: batch.id, documentType: batch.documentType, total: batch.total };
    await appendEvent(sql, {
      type,
      at: this.#parts.clock.now(),
      actor,
      outcome: 'done',
      agencyId: batch.agencyId,
      detail,
    });
  }
}

export function allow(actor: PersonActor, roles: Parameters<typeof holds>[1], agencyId: string): void {
  if (holds(actor, roles, agencyId)) return;
  throw new Failure(
    'forbidden',
    {
      vi: 'Ông (bà) không có vai trò này ở đơn vị đó.',
      en: 'You do not hold the role for this at that body.',
    },
    { code: 'role-needed' },
  );
}

const unreadableSheet = (only: SheetFaultAt): BatchSheet => ({
  rows: [],
  faults: [only],
  heading: [],
  source: new Map(),
});

const noTemplate = (): Failure =>
  new Failure('invalid', {
    vi: 'Chưa có mẫu cho loại giấy tờ này, hoặc cơ quan cấp không có hiệu lực vào ngày cấp.',
    en: 'There is no template for this document type, or the issuing body is not in force on the day of issue.',
  });
const notItsIssuer = (): Failure =>
  new Failure('invalid', {
    vi: 'Theo danh mục, đơn vị này không cấp loại giấy tờ đó vào ngày cấp.',
    en: 'By the catalogue this body does not issue this type on the day of issue.',
  });
const noBook = (): Failure =>
  new Failure('invalid', {
    vi: 'Sổ gốc không thuộc đơn vị và loại giấy tờ này.',
    en: 'The book does not belong to this body and document type.',
  });
const nothingToIssue = (): Failure =>
  new Failure('conflict', {
    vi: 'Lô chưa có dòng đúng nào để ký; hãy sửa các dòng lỗi trước.',
    en: 'The batch has no good row yet; mend the rows first.',
  });
const wrongState = (from: BatchState, to: BatchState): Failure =>
  new Failure('conflict', {
    vi: `Lô đang ở trạng thái ${from}, không chuyển sang ${to} được.`,
    en: `The batch is ${from} and cannot become ${to}.`,
  });
