/**
 * Paper registers read into the vault: a table of entries with their own numbers, and the scanned pages beside it. All
 * or nothing: a table with one fault writes nothing and says what to mend. The book is closed afterwards: a paper
 * register of 1990 gets no new entries here, only annotations.
 */
import type { SealedObjects, StoredObject } from '../../storage/index.ts';
import { type CatalogueService, calendarDateAt, type DocumentType } from '../catalogue/index.ts';
import { insertStoredObject } from '../documents/index.ts';
import { findOrCreatePersons, type PersonActor } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { readTable } from '../spreadsheet/index.ts';
import { allow } from './batch-service.ts';
import { type BatchRow, readBatchSheet, type SheetFaultAt } from './batch-sheet.ts';
import type { RegisterBook } from './register.ts';
import type { RegisterService } from './register-service.ts';

export interface LegacyRegister {
  readonly agencyId: string;
  readonly documentType: string;
  readonly year: number;
  /** Tells several books of the year apart: “Quyển 2”. */
  readonly series: string;
  /** CSV or XLSX. */
  readonly table: Uint8Array;
  /** In order of the book's pages: JPEG, PNG or PDF. */
  readonly scans: readonly Uint8Array[];
  readonly dryRun?: boolean;
}

export type LegacyImport =
  | { readonly ok: true; readonly bookId: string | null; readonly entries: number; readonly scans: number }
  | { readonly ok: false; readonly faults: readonly SheetFaultAt[] };

export interface LegacyParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly registers: RegisterService;
  readonly objects: SealedObjects;
  readonly clock: Clock;
  readonly acceptInventedNumbers: boolean;
}

const oldest = 1900;
const group = 500;

/** @throws Failure `invalid` for a year or a scan that is none, `conflict` where the body has the book already */
export async function importRegister(
  parts: LegacyParts,
  actor: PersonActor,
  legacy: LegacyRegister,
): Promise<LegacyImport> {
  const { database, catalogue, clock } = parts;
  allow(actor, ['school-clerk', 'civil-status-officer', 'head'], legacy.agencyId);
  const today = calendarDateAt(clock.now());
  if (legacy.year < oldest || legacy.year > Number(today.slice(0, 4))) throw impossibleYear();
  const kinds = legacy.scans.map(scanKind);
  if (kinds.includes(undefined)) throw notAScan(kinds.indexOf(undefined) + 1);
  const type = typeThen((await catalogue.current()).entries.documentTypes, legacy);
  if (!type) throw unknownType();
  const table = readTable(legacy.table);
  if (!table.ok) return { ok: false, faults: [{ row: table.line, column: '', message: table }] };
  const sheet = readBatchSheet(table.rows, { type, today, legacy: true });
  const faults = [...sheet.faults, ...numbersTwice(sheet.rows)];
  if (faults.length > 0) return { ok: false, faults };
  if (legacy.dryRun) return { ok: true, bookId: null, entries: sheet.rows.length, scans: kinds.length };
  // Bytes before rows: what is written and not referred to is taken away by the sweep.
  const stored: StoredObject[] = [];
  for (const [index, bytes] of legacy.scans.entries())
    stored.push(
      await parts.objects.writeObject(bytes, { boundTo: scanOf(legacy, index + 1), maxBytes: 50_000_000 }),
    );
  const book = await database.transactSql(async (sql) => {
    const opened = await parts.registers.openBook(sql, actor, { ...legacy, kind: 'originals' });
    for (let start = 0; start < sheet.rows.length; start += group)
      await enterGroup(sql, parts, { actor, book: opened, rows: sheet.rows.slice(start, start + group) });
    for (const [index, object] of stored.entries()) {
      await insertStoredObject(sql, object, { boundTo: scanOf(legacy, index + 1), at: clock.now() });
      await sql.query(
        `INSERT INTO register_scan (book_id, page, object_id, media_type, added_at)
         VALUES ($1::uuid, $2::int, $3::uuid, $4::text, $5::timestamptz)`,
        [opened.id, index + 1, object.objectId, kinds[index], clock.now()],
      );
    }
    await parts.registers.endBook(sql, actor, { bookId: opened.id, state: 'closed' });
    return opened;
  });
  return { ok: true, bookId: book.id, entries: sheet.rows.length, scans: stored.length };
}

async function enterGroup(
  sql: Sql,
  { registers, clock, acceptInventedNumbers }: LegacyParts,
  given: { readonly actor: PersonActor; readonly book: RegisterBook; readonly rows: readonly BatchRow[] },
): Promise<void> {
  const named = given.rows.filter(({ fields }) => typeof fields.personalNumber === 'string');
  const found = await findOrCreatePersons(
    sql,
    named.map(({ fields }) => ({
      personalNumber: String(fields.personalNumber),
      ...(typeof fields.fullName === 'string' && { fullName: fields.fullName }),
    })),
    { now: clock.now(), acceptInvented: acceptInventedNumbers },
  );
  const holders = new Map(
    named.flatMap(({ row }, index) => {
      const holder = found[index];
      // An old book may know somebody by a number that is another's today: then it names nobody.
      return holder && !(holder instanceof Failure) && holder.match.name !== 'differs'
        ? [[row, holder.person.id] as const]
        : [];
    }),
  );
  await registers.enter(sql, given.actor, {
    bookId: given.book.id,
    contents: given.rows.map(({ row, fields }) => ({
      label: typeof fields.registerEntry === 'string' ? fields.registerEntry : null,
      enteredOn: `${given.book.year}-12-31`,
      holderId: holders.get(row) ?? null,
      documentId: null,
      copyOf: null,
      fields,
    })),
  });
}

const scanOf = ({ agencyId, documentType, year, series }: LegacyRegister, page: number): string =>
  `register:${agencyId}/${documentType}/${year}/${series}/page-${page}`;

/** The type as it was in the book's year, else the oldest that is known. */
const typeThen = (
  types: readonly DocumentType[],
  { documentType, year }: LegacyRegister,
): DocumentType | undefined => {
  const versions = types.filter(({ code }) => code === documentType);
  const then = `${year}-12-31`;
  return (
    versions.find(({ validFrom, validTo }) => validFrom <= then && (validTo === null || validTo > then)) ??
    versions.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))[0]
  );
};

function numbersTwice(rows: readonly BatchRow[]): SheetFaultAt[] {
  const first = new Map<unknown, number>();
  return rows.flatMap(({ row, fields }) => {
    const label = fields.registerEntry;
    const earlier = first.get(label);
    if (label === undefined || earlier === undefined) {
      first.set(label, row);
      return [];
    }
    const message = {
      vi: `Số vào sổ ${String(label)} trùng với dòng ${earlier}.`,
      en: `The entry number ${String(label)} stands in row ${earlier} already.`,
    };
    return [{ row, column: '', message }];
  });
}

/** By the first bytes; a name says nothing. */
function scanKind(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 8));
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (head.equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return 'image/png';
  return head.subarray(0, 5).toString('latin1') === '%PDF-' ? 'application/pdf' : undefined;
}

const impossibleYear = (): Failure =>
  new Failure('invalid', {
    vi: 'Năm của sổ phải từ 1900 đến năm nay.',
    en: 'The year of the book lies between 1900 and this year.',
  });
const notAScan = (page: number): Failure =>
  new Failure('invalid', {
    vi: `Trang quét thứ ${page} không phải ảnh JPEG, PNG hay PDF.`,
    en: `Scanned page ${page} is no JPEG, PNG or PDF.`,
  });
const unknownType = (): Failure =>
  new Failure('invalid', {
    vi: 'Danh mục không có loại giấy tờ này.',
    en: 'The catalogue has no such type.',
  });
