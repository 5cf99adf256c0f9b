/** Rows of batches and their items. */
import type { Metadata } from '../catalogue/index.ts';
import type { Sql } from '../platform/database.ts';
import type { BatchState, FaultyRow, IssueBatch, IssueItem, ItemState } from './batch.ts';
import type { BatchRow } from './batch-sheet.ts';

export async function insertBatch(
  sql: Sql,
  batch: IssueBatch,
  rows: readonly BatchRow[],
  { heading, at }: { readonly heading: readonly string[]; readonly at: Date },
): Promise<void> {
  await sql.query(
    `INSERT INTO issue_batch (id, agency_id, document_type, template_code, template_version, book_id, state, issued_on,
                              place, signer_title, signer_name, decision_date, decision_number, heading, total, prepared_by,
                              prepared_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::int, $6::uuid, $7::text, $8::text::date, $9::text, $10::text,
             $11::text, $12::text::date, $13::text, $14::jsonb, $15::int, $16::text, $17::timestamptz)`,
    [
      batch.id,
      batch.agencyId,
      batch.documentType,
      batch.template.code,
      batch.template.version,
      batch.bookId,
      batch.state,
      batch.issuedOn,
      batch.place,
      batch.signer.title,
      batch.signer.name,
      batch.decisionDate,
      batch.decisionNumber,
      JSON.stringify(heading),
      batch.total,
      batch.preparedBy,
      at,
    ],
  );
  await insertItems(sql, batch.id, rows);
}

/** Rows that wait for their numbers; does not count them. */
export async function insertItems(sql: Sql, batchId: string, rows: readonly BatchRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO issue_item (batch_id, row, state, fields)
     SELECT $1::uuid, row, 'waiting', fields FROM jsonb_to_recordset($2::jsonb) AS given(row int, fields jsonb)`,
    [batchId, JSON.stringify(rows)],
  );
}

/** A row that takes the place of an old entry; its owner is known. */
export interface ReissueItem {
  readonly row: number;
  readonly fields: Metadata;
  readonly ownerId: string | null;
  readonly replaces: string;
}

/** Rows of a re-issue, and the action they come from. */
export async function insertReissues(
  sql: Sql,
  batch: Pick<IssueBatch, 'id' | 'approvedBy'>,
  { actionId, items }: { readonly actionId: string; readonly items: readonly ReissueItem[] },
): Promise<void> {
  await sql.query(
    `UPDATE issue_batch SET action_id = $2::uuid, approved_by = $3::text, approved_at = prepared_at WHERE id = $1::uuid`,
    [batch.id, actionId, batch.approvedBy],
  );
  await sql.query(
    `INSERT INTO issue_item (batch_id, row, state, fields, owner_id, replaces)
     SELECT $1::uuid, row, 'waiting', fields, "ownerId", replaces
     FROM jsonb_to_recordset($2::jsonb) AS given(row int, fields jsonb, "ownerId" uuid, replaces uuid)`,
    [batch.id, JSON.stringify(items)],
  );
}

/** For rows of a re-issue: the action and the entry each replaces. */
export async function replacedBy(
  sql: Sql,
  batchId: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, { readonly actionId: string; readonly replaces: string }>> {
  const rows = await sql.query<{ row: number; action: string; replaces: string }>(
    `SELECT i.row, b.action_id::text AS action, i.replaces::text AS replaces
       FROM issue_item i JOIN issue_batch b ON b.id = i.batch_id
      WHERE i.batch_id = $1::uuid AND i.row = ANY($2::int[]) AND i.replaces IS NOT NULL AND b.action_id IS NOT NULL`,
    [batchId, [...numbers]],
  );
  return new Map(rows.map(({ row, action, replaces }) => [row, { actionId: action, replaces }]));
}

/** The batch that wrote an entry. */
export async function batchOfEntry(sql: Sql, entryId: string): Promise<IssueBatch | undefined> {
  const [row] = await sql.query<{ id: string }>(
    'SELECT batch_id::text AS id FROM issue_item WHERE entry_id = $1::uuid LIMIT 1',
    [entryId],
  );
  return row && findBatch(sql, row.id);
}

/** Adds mended rows to a batch that nobody approved yet. */
export async function addItems(sql: Sql, batchId: string, rows: readonly BatchRow[]): Promise<void> {
  await insertItems(sql, batchId, rows);
  await sql.query('UPDATE issue_batch SET total = total + $2::int WHERE id = $1::uuid', [
    batchId,
    rows.length,
  ]);
}

/** Keeps rows to mend; one that is kept already is replaced. */
export async function keepFaultyRows(sql: Sql, batchId: string, rows: readonly FaultyRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO issue_faulty_row (batch_id, row, cells, faults)
     SELECT $1::uuid, row, cells, faults FROM jsonb_to_recordset($2::jsonb) AS given(row int, cells jsonb, faults jsonb)
     ON CONFLICT (batch_id, row) DO UPDATE SET cells = excluded.cells, faults = excluded.faults`,
    [batchId, JSON.stringify(rows)],
  );
}

export async function dropFaultyRows(sql: Sql, batchId: string, rows: readonly number[]): Promise<void> {
  await sql.query('DELETE FROM issue_faulty_row WHERE batch_id = $1::uuid AND row = ANY($2::int[])', [
    batchId,
    [...rows],
  ]);
}

/** Rows to mend in order of the table, with the headings of their cells. */
export async function faultyRows(
  sql: Sql,
  batchId: string,
): Promise<{ readonly heading: readonly string[]; readonly rows: readonly FaultyRow[] }> {
  const [batch] = await sql.query<{ heading: string[] }>(
    'SELECT heading FROM issue_batch WHERE id = $1::uuid',
    [batchId],
  );
  const rows = await sql.query<FaultyRow>(
    'SELECT row, cells, faults FROM issue_faulty_row WHERE batch_id = $1::uuid ORDER BY row',
    [batchId],
  );
  return { heading: batch?.heading ?? [], rows };
}

/** The highest row number of a batch, mended or not. */
export async function lastRow(sql: Sql, batchId: string): Promise<number> {
  const [row] = await sql.query<{ last: number }>(
    `SELECT greatest((SELECT max(row) FROM issue_item WHERE batch_id = $1::uuid),
                     (SELECT max(row) FROM issue_faulty_row WHERE batch_id = $1::uuid), 1) AS last`,
    [batchId],
  );
  return row?.last ?? 1;
}

/** Values of a field that the batch's own rows have already. */
export async function valuesInBatch(
  sql: Sql,
  batchId: string,
  { field, values }: { readonly field: string; readonly values: readonly string[] },
): Promise<Set<string>> {
  const rows = await sql.query<{ value: string }>(
    `SELECT fields->>$2::text AS value FROM issue_item
      WHERE batch_id = $1::uuid AND state <> 'void' AND fields->>$2::text = ANY($3::text[])`,
    [batchId, field, [...values]],
  );
  return new Set(rows.map(({ value }) => value));
}

/** Batches of some bodies, newest first. */
export async function listBatches(
  sql: Sql,
  { agencyIds, limit }: { readonly agencyIds: readonly string[]; readonly limit: number },
): Promise<IssueBatch[]> {
  const rows = await sql.query<BatchRowOfTable>(
    `${SELECT_BATCH} WHERE agency_id = ANY($1::text[]) ORDER BY prepared_at DESC, id DESC LIMIT $2::int`,
    [[...agencyIds], limit],
  );
  return rows.map(batchOf);
}

/** @param lock `wait` holds the batch's row; `skip` gives undefined while another runner holds it. */
export async function findBatch(
  sql: Sql,
  id: string,
  lock?: 'wait' | 'skip',
): Promise<IssueBatch | undefined> {
  const clause = lock === undefined ? '' : lock === 'wait' ? ' FOR UPDATE' : ' FOR UPDATE SKIP LOCKED';
  const [row] = await sql.query<BatchRowOfTable>(`${SELECT_BATCH} WHERE id = $1::uuid${clause}`, [id]);
  return row && batchOf(row);
}

export async function moveBatch(
  sql: Sql,
  id: string,
  to: {
    readonly state: BatchState;
    readonly at: Date;
    readonly approvedBy?: string;
    readonly problem?: string;
  },
): Promise<void> {
  await sql.query(
    `UPDATE issue_batch SET state = $2::text, problem = $3::text, approved_by = coalesce($4::text, approved_by),
       approved_at = CASE WHEN $4::text IS NULL THEN approved_at ELSE $5::timestamptz END,
       finished_at = CASE WHEN $2::text IN ('finished', 'cancelled') THEN $5::timestamptz ELSE finished_at END
     WHERE id = $1::uuid`,
    [id, to.state, to.problem ?? null, to.approvedBy ?? null, to.at],
  );
}

/** What an interrupted run left first, then what waits, in order of the table; rows in hand are left out. */
export async function nextItems(
  sql: Sql,
  batchId: string,
  { limit, except }: { readonly limit: number; readonly except: readonly number[] },
): Promise<IssueItem[]> {
  // One state after the other, so that the index gives the rows in order.
  for (const state of ['reserved', 'waiting']) {
    const found = await items(
      sql,
      `WHERE batch_id = $1::uuid AND state = $2::text AND NOT (row = ANY($3::int[])) ORDER BY row LIMIT $4::int`,
      [batchId, state, [...except], limit],
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** Which of these rows are reserved and not yet issued. */
export async function stillReserved(
  sql: Sql,
  batchId: string,
  numbers: readonly number[],
): Promise<ReadonlySet<number>> {
  const found = await sql.query<{ row: number }>(
    `SELECT row FROM issue_item WHERE batch_id = $1::uuid AND row = ANY($2::int[]) AND state = 'reserved'`,
    [batchId, [...numbers]],
  );
  return new Set(found.map(({ row }) => row));
}

export async function markIssued(sql: Sql, batchId: string, numbers: readonly number[]): Promise<void> {
  await sql.query(
    `UPDATE issue_item SET state = 'issued' WHERE batch_id = $1::uuid AND row = ANY($2::int[])`,
    [batchId, [...numbers]],
  );
}

export const itemsInState = (sql: Sql, batchId: string, state: ItemState): Promise<IssueItem[]> =>
  items(sql, 'WHERE batch_id = $1::uuid AND state = $2::text ORDER BY row', [batchId, state]);

/** The row, or the first of the batch that is not void. */
export async function oneItem(sql: Sql, batchId: string, row?: number): Promise<IssueItem | undefined> {
  const [found] = await items(
    sql,
    `WHERE batch_id = $1::uuid AND ($2::int IS NULL OR row = $2::int) AND state <> 'void' ORDER BY row LIMIT 1`,
    [batchId, row ?? null],
  );
  return found;
}

/** Whoever mended rows has a hand in the list and does not approve it. */
export async function noteMender(sql: Sql, batchId: string, accountId: string): Promise<void> {
  await sql.query(
    `UPDATE issue_batch SET mended_by = array_append(mended_by, $2::text)
      WHERE id = $1::uuid AND NOT ($2::text = ANY (mended_by))`,
    [batchId, accountId],
  );
}

export async function setItems(sql: Sql, batchId: string, changed: readonly IssueItem[]): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map((item) => ({
    row: item.row,
    state: item.state,
    fields: item.fields,
    owner_id: item.ownerId,
    document_id: item.documentId,
    entry_id: item.entryId,
    verification_code: item.verificationCode,
    problem: item.problem,
  }));
  await sql.query(
    `UPDATE issue_item SET state = given.state, fields = given.fields, owner_id = given.owner_id,
       document_id = given.document_id, entry_id = given.entry_id, verification_code = given.verification_code,
       problem = given.problem
     FROM jsonb_to_recordset($2::jsonb) AS given(row int, state text, fields jsonb, owner_id uuid, document_id uuid,
       entry_id uuid, verification_code text, problem text)
     WHERE issue_item.batch_id = $1::uuid AND issue_item.row = given.row`,
    [batchId, JSON.stringify(rows)],
  );
}

/** How many items stand in each state. */
export async function progressOf(sql: Sql, batchId: string): Promise<Partial<Record<ItemState, number>>> {
  const rows = await sql.query<{ state: ItemState; count: number }>(
    'SELECT state, count(*)::int AS count FROM issue_item WHERE batch_id = $1::uuid GROUP BY state',
    [batchId],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Serial numbers that the body's registers of this type hold already. */
export async function takenSerials(
  sql: Sql,
  question: { readonly agencyId: string; readonly documentType: string; readonly serials: readonly string[] },
): Promise<Set<string>> {
  const rows = await sql.query<{ serial: string }>(
    `SELECT e.fields->>'diplomaNumber' AS serial FROM register_entry e JOIN register_book b ON b.id = e.book_id
      WHERE b.agency_id = $1::text AND b.document_type = $2::text AND e.fields->>'diplomaNumber' = ANY($3::text[])`,
    [question.agencyId, question.documentType, [...question.serials]],
  );
  return new Set(rows.map(({ serial }) => serial));
}

const SELECT_BATCH = `SELECT id, agency_id, document_type, template_code, template_version, book_id, state,
  issued_on::text, place, signer_title, signer_name, decision_date::text, decision_number, total, prepared_by,
  approved_by, to_jsonb(mended_by) AS mended_by, problem FROM issue_batch`;

const batchOf = (row: BatchRowOfTable): IssueBatch => ({
  id: row.id,
  agencyId: row.agency_id,
  documentType: row.document_type,
  template: { code: row.template_code, version: row.template_version },
  bookId: row.book_id,
  state: row.state,
  issuedOn: row.issued_on,
  place: row.place,
  signer: { title: row.signer_title, name: row.signer_name },
  decisionDate: row.decision_date,
  decisionNumber: row.decision_number,
  total: row.total,
  preparedBy: row.prepared_by,
  approvedBy: row.approved_by,
  mendedBy: row.mended_by,
  problem: row.problem,
});

interface BatchRowOfTable {
  id: string;
  agency_id: string;
  document_type: string;
  template_code: string;
  template_version: number;
  book_id: string;
  state: BatchState;
  issued_on: string;
  place: string;
  signer_title: string;
  signer_name: string;
  decision_date: string | null;
  decision_number: string | null;
  total: number;
  prepared_by: string;
  approved_by: string | null;
  mended_by: string[];
  problem: string | null;
}

async function items(sql: Sql, where: string, parameters: readonly unknown[]): Promise<IssueItem[]> {
  const rows = await sql.query<{
    row: number;
    state: ItemState;
    fields: Metadata;
    owner_id: string | null;
    document_id: string | null;
    entry_id: string | null;
    verification_code: string | null;
    problem: string | null;
  }>(
    `SELECT row, state, fields, owner_id, document_id, entry_id, verification_code, problem FROM issue_item ${where}`,
    parameters,
  );
  return rows.map((row) => ({
    row: row.row,
    state: row.state,
    fields: row.fields,
    ownerId: row.owner_id,
    documentId: row.document_id,
    entryId: row.entry_id,
    verificationCode: row.verification_code,
    problem: row.problem,
  }));
}
