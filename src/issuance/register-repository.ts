/** Rows of registers: one statement a question, in whichever transaction the service has. */
import type { Metadata } from '../catalogue/index.ts';
import type { Sql } from '../platform/database.ts';
import type { Annotation, BookKind, RegisterBook, RegisterEntry } from './register.ts';
import { searchName } from './search-name.ts';

export async function insertBook(sql: Sql, book: RegisterBook, at: Date): Promise<void> {
  await sql.query(
    `INSERT INTO register_book (id, agency_id, document_type, year, kind, series, number_format, entries_per_page, state,
                                last_number, opened_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::int, $5::text, $6::text, $7::text, $8::int, $9::text, 0, $10::timestamptz)`,
    [
      book.id,
      book.agencyId,
      book.documentType,
      book.year,
      book.kind,
      book.series,
      book.numberFormat,
      book.entriesPerPage,
      book.state,
      at,
    ],
  );
}

/** @param lock holds the book's row, and with it the right to number, to the end of the transaction. */
export async function findBook(
  sql: Sql,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<RegisterBook | undefined> {
  const lock = options.lock ? ' FOR UPDATE' : '';
  const [row] = await sql.query<BookRow>(`${SELECT_BOOK} WHERE id = $1::uuid${lock}`, [id]);
  return row && bookOf(row);
}

export interface BookQuery {
  readonly agencyIds: readonly string[];
  readonly documentType: string;
  readonly kind: BookKind;
  /** All years when left out. */
  readonly year?: number;
}

/** Books of several keepers at once: a body also keeps what its predecessors left. */
export async function findBooks(sql: Sql, query: BookQuery): Promise<RegisterBook[]> {
  const rows = await sql.query<BookRow>(
    `${SELECT_BOOK} WHERE agency_id = ANY($1::text[]) AND document_type = $2::text AND kind = $3::text
       AND ($4::int IS NULL OR year = $4::int) ORDER BY year, series, agency_id`,
    [[...query.agencyIds], query.documentType, query.kind, query.year ?? null],
  );
  return rows.map(bookOf);
}

/** All books of some keepers, newest year first. */
export async function listBooks(sql: Sql, agencyIds: readonly string[]): Promise<RegisterBook[]> {
  const rows = await sql.query<BookRow>(
    `${SELECT_BOOK} WHERE agency_id = ANY($1::text[]) ORDER BY year DESC, kind DESC, document_type, series LIMIT 500`,
    [[...agencyIds]],
  );
  return rows.map(bookOf);
}

/** Raises the counter of a book whose row the transaction holds. */
export async function setLastNumber(sql: Sql, bookId: string, lastNumber: number): Promise<void> {
  await sql.query('UPDATE register_book SET last_number = $2::int WHERE id = $1::uuid', [bookId, lastNumber]);
}

export async function endBook(sql: Sql, bookId: string, state: 'closed' | 'lost', at: Date): Promise<void> {
  await sql.query(
    'UPDATE register_book SET state = $2::text, closed_at = $3::timestamptz WHERE id = $1::uuid',
    [bookId, state, at],
  );
}

/** All entries in one statement. */
export async function insertEntries(sql: Sql, entries: readonly RegisterEntry[], at: Date): Promise<void> {
  const rows = entries.map((entry) => ({
    id: entry.id,
    book_id: entry.bookId,
    number: entry.number,
    label: entry.label,
    page: entry.page,
    entered_on: entry.enteredOn,
    holder_id: entry.holderId,
    document_id: entry.documentId,
    copy_of: entry.copyOf,
    fields: entry.fields,
    search_name: typeof entry.fields.fullName === 'string' ? searchName(entry.fields.fullName) : null,
    digest: entry.digest,
  }));
  await sql.query(
    `INSERT INTO register_entry (${ENTRY_COLUMNS}, search_name, entered_at)
     SELECT ${ENTRY_COLUMNS}, search_name, $2::timestamptz FROM jsonb_to_recordset($1::jsonb) AS given(
       id uuid, book_id uuid, number int, label text, page int, entered_on date, holder_id uuid, document_id uuid,
       copy_of uuid, fields jsonb, search_name text, digest text)`,
    [JSON.stringify(rows), at],
  );
}

export async function findEntry(sql: Sql, id: string): Promise<RegisterEntry | undefined> {
  const [row] = await sql.query<EntryRow>(`${SELECT_ENTRY} WHERE id = $1::uuid`, [id]);
  return row && entryOf(row);
}

export async function findEntries(sql: Sql, ids: readonly string[]): Promise<RegisterEntry[]> {
  const rows = await sql.query<EntryRow>(`${SELECT_ENTRY} WHERE id = ANY($1::uuid[])`, [[...ids]]);
  return rows.map(entryOf);
}

/** Copies made from an entry, in order. */
export async function copiesOf(sql: Sql, entryId: string): Promise<RegisterEntry[]> {
  const rows = await sql.query<EntryRow>(
    `${SELECT_ENTRY} WHERE copy_of = $1::uuid ORDER BY entered_at, number`,
    [entryId],
  );
  return rows.map(entryOf);
}

/** Which of these numbers, as written, the book already has. */
export async function takenLabels(sql: Sql, bookId: string, labels: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ label: string }>(
    'SELECT label FROM register_entry WHERE book_id = $1::uuid AND label = ANY($2::text[])',
    [bookId, [...labels]],
  );
  return rows.map(({ label }) => label);
}

export interface EntrySearch {
  readonly bookIds: readonly string[];
  readonly holderId?: string;
  readonly label?: string;
  /** Compared without marks and case. */
  readonly name?: string;
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; an entry that knows less of the date still matches. */
  readonly birthDate?: string;
}

/** At most 50 entries, oldest first. Every criterion given must hold. */
export async function searchEntries(sql: Sql, search: EntrySearch): Promise<RegisterEntry[]> {
  const rows = await sql.query<EntryRow>(
    `${SELECT_ENTRY} WHERE book_id = ANY($1::uuid[])
       AND ($2::uuid IS NULL OR holder_id = $2::uuid)
       AND ($3::text IS NULL OR label = $3::text)
       AND ($4::text IS NULL OR search_name = $4::text)
       AND ($5::text IS NULL OR starts_with($5::text, fields->>'birthDate') OR starts_with(fields->>'birthDate', $5::text))
     ORDER BY entered_on, number LIMIT 50`,
    [
      [...search.bookIds],
      search.holderId ?? null,
      search.label ?? null,
      search.name === undefined ? null : searchName(search.name),
      search.birthDate ?? null,
    ],
  );
  return rows.map(entryOf);
}

/** The entries of one page in order. */
export async function entriesOfPage(sql: Sql, bookId: string, page: number): Promise<RegisterEntry[]> {
  const rows = await sql.query<EntryRow>(
    `${SELECT_ENTRY} WHERE book_id = $1::uuid AND page = $2::int ORDER BY number`,
    [bookId, page],
  );
  return rows.map(entryOf);
}

export async function insertAnnotation(sql: Sql, annotation: Annotation, at: Date): Promise<void> {
  await sql.query(
    `INSERT INTO register_annotation (id, entry_id, number, kind, decision_number, decision_date, authority, reason,
                                      changes, new_entry_id, on_date, digest, written_at)
     VALUES ($1::uuid, $2::uuid, $3::int, $4::text, $5::text, $6::text::date, $7::text, $8::text, $9::jsonb, $10::uuid,
             $11::text::date, $12::text, $13::timestamptz)`,
    [
      annotation.id,
      annotation.entryId,
      annotation.number,
      annotation.kind,
      annotation.decisionNumber,
      annotation.decisionDate,
      annotation.authority,
      annotation.reason,
      JSON.stringify(annotation.changes),
      annotation.newEntryId,
      annotation.on,
      annotation.digest,
      at,
    ],
  );
}

/** The annotations of some entries, in order of entry and number. */
export async function annotationsOf(sql: Sql, entryIds: readonly string[]): Promise<Annotation[]> {
  const rows = await sql.query<AnnotationRow>(
    `SELECT id, entry_id, number, kind, decision_number, decision_date::text, authority, reason, changes, new_entry_id,
            on_date::text, digest
       FROM register_annotation WHERE entry_id = ANY($1::uuid[]) ORDER BY entry_id, number`,
    [[...entryIds]],
  );
  return rows.map((row) => ({
    id: row.id,
    entryId: row.entry_id,
    number: row.number,
    kind: row.kind,
    decisionNumber: row.decision_number,
    decisionDate: row.decision_date,
    authority: row.authority,
    reason: row.reason,
    changes: row.changes,
    newEntryId: row.new_entry_id,
    on: row.on_date,
    digest: row.digest,
  }));
}

export interface ClosedPage {
  readonly page: number;
  readonly digest: string;
  readonly previous: string | null;
  readonly entries: number;
  readonly signature: Uint8Array;
}

export async function lastClosedPage(sql: Sql, bookId: string): Promise<ClosedPage | undefined> {
  const [row] = await sql.query<ClosedPage>(
    'SELECT page, digest, previous, entries, signature FROM register_page WHERE book_id = $1::uuid ORDER BY page DESC LIMIT 1',
    [bookId],
  );
  return row;
}

export async function insertPage(sql: Sql, bookId: string, page: ClosedPage, at: Date): Promise<void> {
  await sql.query(
    `INSERT INTO register_page (book_id, page, digest, previous, entries, signature, closed_at)
     VALUES ($1::uuid, $2::int, $3::text, $4::text, $5::int, $6::bytea, $7::timestamptz)`,
    [bookId, page.page, page.digest, page.previous, page.entries, page.signature, at],
  );
}

const SELECT_BOOK = `SELECT id, agency_id, document_type, year, kind, series, number_format, entries_per_page, state,
  last_number FROM register_book`;
const ENTRY_COLUMNS =
  'id, book_id, number, label, page, entered_on, holder_id, document_id, copy_of, fields, digest';
const SELECT_ENTRY = `SELECT id, book_id, number, label, page, entered_on::text, holder_id, document_id, copy_of, fields,
  digest FROM register_entry`;

interface BookRow {
  id: string;
  agency_id: string;
  document_type: string;
  year: number;
  kind: BookKind;
  series: string;
  number_format: string;
  entries_per_page: number;
  state: RegisterBook['state'];
  last_number: number;
}

const bookOf = (row: BookRow): RegisterBook => ({
  id: row.id,
  agencyId: row.agency_id,
  documentType: row.document_type,
  year: row.year,
  kind: row.kind,
  series: row.series,
  numberFormat: row.number_format,
  entriesPerPage: row.entries_per_page,
  state: row.state,
  lastNumber: row.last_number,
});

interface EntryRow {
  id: string;
  book_id: string;
  number: number;
  label: string;
  page: number;
  entered_on: string;
  holder_id: string | null;
  document_id: string | null;
  copy_of: string | null;
  fields: Metadata;
  digest: string;
}

const entryOf = (row: EntryRow): RegisterEntry => ({
  id: row.id,
  bookId: row.book_id,
  number: row.number,
  label: row.label,
  page: row.page,
  enteredOn: row.entered_on,
  holderId: row.holder_id,
  documentId: row.document_id,
  copyOf: row.copy_of,
  fields: row.fields,
  digest: row.digest,
});

interface AnnotationRow {
  id: string;
  entry_id: string;
  number: number;
  kind: Annotation['kind'];
  decision_number: string | null;
  decision_date: string | null;
  authority: string | null;
  reason: string;
  changes: Metadata;
  new_entry_id: string | null;
  on_date: string;
  digest: string;
}
