/**
 * Mending: rows that were not taken come back, one by one from a form or many in a file, and join their batch; once the
 * batch was approved they make a batch of their own, because nobody approved them yet. Looking at a batch stands here
 * too: its rows to mend, one row's paper before anything is signed.
 */
import { type CatalogueService, calendarDateAt, type DocumentType } from '../catalogue/index.ts';
import type { PersonActor } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { readTable, type SheetRow } from '../spreadsheet/index.ts';
import type { FaultyRow, IssueBatch, IssueItem, ItemState } from './batch.ts';
import { checkRows } from './batch-checks.ts';
import { mendHeadings } from './batch-files.ts';
import { recordOf } from './batch-record.ts';
import * as rows from './batch-repository.ts';
import { allow } from './batch-service.ts';
import { type BatchSheet, headingKey, readBatchSheet, sheetFields, splitRows } from './batch-sheet.ts';
import { renderIssuedFile } from './issued-file.ts';
import type { IssuedRecord } from './issued-record.ts';
import { templateOf } from './shipped-templates.ts';
import type { IssueTemplate } from './template.ts';

const makers = ['school-clerk', 'civil-status-officer', 'head'] as const;
const lookers = [...makers, 'manager'] as const;

export interface BatchView {
  readonly batch: IssueBatch;
  readonly items: Partial<Record<ItemState, number>>;
  readonly heading: readonly string[];
  readonly faulty: readonly FaultyRow[];
  /** Rows that got no number because their owner could not be found. */
  readonly failed: readonly IssueItem[];
}

export type Mended =
  | { readonly ok: true; readonly batchId: string; readonly taken: number; readonly left: number }
  /** The file as a whole cannot be read. */
  | { readonly ok: false; readonly message: { readonly vi: string; readonly en: string } };

export interface MendingParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
}

export class BatchMending {
  readonly #parts: MendingParts;

  constructor(parts: MendingParts) {
    this.#parts = parts;
  }

  /** The batches of the bodies where the person works, newest first. */
  async list(
    actor: PersonActor,
  ): Promise<{ batch: IssueBatch; items: BatchView['items']; faulty: number }[]> {
    const held = actor.roles.filter(({ role }) => (lookers as readonly string[]).includes(role));
    const agencyIds = [...new Set(held.map(({ agencyId }) => agencyId))];
    return this.#parts.database.transactSql(async (sql) => {
      const found = [];
      for (const batch of await rows.listBatches(sql, { agencyIds, limit: 50 })) {
        const items = await rows.progressOf(sql, batch.id);
        found.push({ batch, items, faulty: (await rows.faultyRows(sql, batch.id)).rows.length });
      }
      return found;
    });
  }

  async look(actor: PersonActor, batchId: string): Promise<BatchView> {
    return this.#parts.database.transactSql(async (sql) => {
      const batch = await this.#found(sql, batchId);
      allow(actor, lookers, batch.agencyId);
      const { heading, rows: faulty } = await rows.faultyRows(sql, batchId);
      const failed = await rows.itemsInState(sql, batchId, 'failed');
      return { batch, items: await rows.progressOf(sql, batchId), heading, faulty, failed };
    });
  }

  /** One row's paper as it will be, unsigned; null when no row waits. @param row the first that waits when left out */
  async preview(actor: PersonActor, batchId: string, row?: number): Promise<Buffer | null> {
    const found = await this.#parts.database.transactSql(async (sql) => {
      const batch = await this.#found(sql, batchId);
      allow(actor, lookers, batch.agencyId);
      const item = await rows.oneItem(sql, batchId, row);
      return item && { batch, item };
    });
    if (!found) return null;
    const { batch, item } = found;
    const { type, template, issuer } = await this.#madeOf(batch);
    const record = recordOf(
      batch,
      { fields: item.fields, label: 'BẢN XEM TRƯỚC', documentId: newId(), code: 'XEM0-TRUO-CCHU-AKY0' },
      { issuer, type, baseUrl: 'https://kho.example' },
    );
    const preview: IssuedRecord = { ...record, verificationUrl: 'https://kho.example/kiem-tra' };
    return renderIssuedFile({ template, record: preview, type, created: this.#parts.clock.now() });
  }

  /** A file with mended rows; rows that name no row of the batch's list are new ones. */
  async mendFile(actor: PersonActor, batchId: string, bytes: Uint8Array): Promise<Mended> {
    const table = readTable(bytes);
    if (!table.ok) return { ok: false, message: table };
    return this.#mend(actor, batchId, table.rows);
  }

  /** One row from a form. @param values by the field's name, as typed */
  async mendRow(
    actor: PersonActor,
    batchId: string,
    { row, values }: { readonly row: number; readonly values: Readonly<Record<string, string>> },
  ): Promise<Mended> {
    const { batch } = await this.look(actor, batchId);
    const { type } = await this.#madeOf(batch);
    const fields = sheetFields(type);
    const cell = (text: string) => ({ text, numeric: false });
    return this.#mend(actor, batchId, [
      { line: 1, cells: [...fields.map(({ labels }) => cell(labels.vi)), cell(mendHeadings[1])] },
      { line: 2, cells: [...fields.map(({ name }) => cell(values[name] ?? '')), cell(String(row))] },
    ]);
  }

  /** Leaves rows out for good: they are not issued in this batch. */
  async leaveOut(actor: PersonActor, batchId: string, row: number): Promise<void> {
    await this.#parts.database.transactSql(async (sql) => {
      const batch = await this.#found(sql, batchId, 'wait');
      allow(actor, makers, batch.agencyId);
      await rows.dropFaultyRows(sql, batchId, [row]);
    });
  }

  async #mend(actor: PersonActor, batchId: string, table: readonly SheetRow[]): Promise<Mended> {
    const { database, clock } = this.#parts;
    const now = clock.now();
    const before = await this.look(actor, batchId);
    allow(actor, makers, before.batch.agencyId);
    const made = await this.#madeOf(before.batch);
    const sheet = readBatchSheet(table, { type: made.type, today: calendarDateAt(now) });
    const whole = sheet.faults.find(({ row }) => row === 0);
    if (whole) return { ok: false, message: whole.message };
    return database.transactSql(async (sql): Promise<Mended> => {
      const batch = await this.#found(sql, batchId, 'wait');
      if (batch.state === 'cancelled') throw cancelled();
      const joins = batch.state === 'prepared';
      const target = joins ? batch : { ...batch, id: newId(), total: 0, state: 'prepared' as const };
      const own = await checkRows(
        sql,
        sheet,
        { batch, template: made.template, type: made.type, issuer: made.issuer },
        batchId,
      );
      const { good, faulty } = splitRows(sheet, [...sheet.faults, ...own]);
      const kept = await rows.faultyRows(sql, batchId);
      const numbers = rowNumbers(sheet, {
        known: kept.rows.map(({ row }) => row),
        last: await rows.lastRow(sql, batchId),
      });
      const numbered = <R extends { readonly row: number }>(each: R): R => ({
        ...each,
        row: numbers.get(each.row) ?? each.row,
      });
      const taken = good.map(numbered);
      await rows.dropFaultyRows(
        sql,
        batchId,
        taken.map(({ row }) => row),
      );
      await rows.keepFaultyRows(
        sql,
        batchId,
        faulty.map((each) => numbered(inHeading(each, sheet.heading, kept.heading))),
      );
      if (joins) await rows.addItems(sql, batchId, taken);
      else if (taken.length > 0) {
        const fresh = {
          ...target,
          total: taken.length,
          preparedBy: actor.accountId,
          approvedBy: null,
          mendedBy: [],
          problem: null,
        };
        await rows.insertBatch(sql, fresh, taken, { heading: kept.heading, at: now });
      }
      // Whoever mends has a hand in the list: approving is then for somebody else.
      if (joins && taken.length > 0) await rows.noteMender(sql, batchId, actor.accountId);
      const left = (await rows.faultyRows(sql, batchId)).rows.length;
      const at = joins || taken.length === 0 ? batchId : target.id;
      return { ok: true, batchId: at, taken: taken.length, left };
    });
  }

  async #madeOf(
    batch: IssueBatch,
  ): Promise<{ type: DocumentType; template: IssueTemplate; issuer: { vi: string; en: string } }> {
    const current = await this.#parts.catalogue.current();
    const type = current.documentType(batch.documentType, batch.issuedOn);
    const issuer = current.agency(batch.agencyId, batch.issuedOn);
    const template = templateOf(batch.template);
    if (!type || !issuer || !template)
      throw new Error('the batch names a type or a body that the catalogue lost');
    return { type, template, issuer: issuer.names };
  }

  async #found(sql: Sql, id: string, lock?: 'wait'): Promise<IssueBatch> {
    const batch = await rows.findBatch(sql, id, lock);
    if (batch) return batch;
    throw new Failure('not-found', { vi: 'Không có lô này.', en: 'There is no such batch.' });
  }
}

/** Which row of the batch each line is: the one its last column names, else a new number behind all others. */
function rowNumbers(
  sheet: BatchSheet,
  { known, last }: { readonly known: readonly number[]; readonly last: number },
): ReadonlyMap<number, number> {
  const column = sheet.heading.findIndex((text) => headingKey(text) === headingKey(mendHeadings[1]));
  const numbers = new Map<number, number>();
  const used = new Set<number>();
  let next = last;
  for (const [line, cells] of sheet.source) {
    const named = column < 0 ? Number.NaN : Number(cells[column]);
    const isKnown = known.includes(named) && !used.has(named);
    if (!isKnown) next += 1;
    const row = isKnown ? named : next;
    used.add(row);
    numbers.set(line, row);
  }
  return numbers;
}

/** Cells in the order of the batch's own headings, whichever order the mended file had. */
function inHeading(row: FaultyRow, from: readonly string[], to: readonly string[]): FaultyRow {
  const keys = from.map(headingKey);
  return { ...row, cells: to.map((text) => row.cells[keys.indexOf(headingKey(text))] ?? '') };
}

const cancelled = (): Failure =>
  new Failure('conflict', {
    vi: 'Lô này đã hủy; hãy lập lô mới.',
    en: 'This batch was cancelled; prepare a new one.',
  });
