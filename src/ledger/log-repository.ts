/**
 * The log's rows. The sequencer's statements run on its own connection, so that they end with its lock; each one
 * that changes something checks the fence.
 */
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { type CanonicalValue, EMPTY_ROOT, type LeafRecord } from './log/index.ts';
import { type DoubtKind, LogInDoubt } from './log-in-doubt.ts';

export interface LogState {
  readonly fence: string;
  readonly size: number;
  readonly root: Buffer;
}

export interface CheckpointRow {
  readonly size: number;
  readonly root: Buffer;
  /** Null while only the intent is recorded. */
  readonly note: string | null;
  /** Signature lines of witnesses. */
  readonly cosignatures: string;
}

/** Creates the state of a log without leaves, unless there is one. @throws LogInDoubt on another origin. */
export async function openState(sql: Sql, origin: string): Promise<LogState> {
  await sql.query(
    `INSERT INTO log_state (origin, fence, size, root) SELECT $1::text, 0, 0, $2::bytea
     WHERE NOT EXISTS (SELECT FROM log_state) ON CONFLICT DO NOTHING`,
    [origin, EMPTY_ROOT],
  );
  const [state] = await sql.query<{ origin: string; fence: string; size: string; root: Buffer }>(
    'SELECT origin, fence::text, size::text, root FROM log_state',
  );
  if (state?.origin !== origin) {
    throw new LogInDoubt(
      'other-origin',
      `the database belongs to the log ${state?.origin}, not to ${origin}`,
    );
  }
  return { fence: state.fence, size: Number(state.size), root: Buffer.from(state.root) };
}

/** Takes the next fence; every sequencer before it can change nothing any more. @returns the fence. */
export async function takeFence(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ fence: string }>(
    'UPDATE log_state SET fence = fence + 1 RETURNING fence::text',
  );
  if (row === undefined) throw new Error('the log has no state');
  return row.fence;
}

/** Locks the state until the transaction ends; undefined when another sequencer took over. */
export async function lockState(sql: Sql, fence: string): Promise<LogState | undefined> {
  const [row] = await sql.query<{ fence: string; size: string; root: Buffer }>(
    'SELECT fence::text, size::text, root FROM log_state WHERE fence = $1::bigint FOR UPDATE',
    [fence],
  );
  return row && { fence, size: Number(row.size), root: Buffer.from(row.root) };
}

/**
 * Moves at most `limit` leaves from the queue to the places from `size` on, in the order they were queued.
 * @returns how many, and the leaves in the form of an entry bundle (uint16 length before each).
 */
export async function placeLeaves(
  sql: Sql,
  size: number,
  limit: number,
): Promise<{ count: number; entries: Buffer }> {
  const [row] = await sql.query<{ count: number; entries: string | null }>(PLACE, [size, limit]);
  return { count: row?.count ?? 0, entries: Buffer.from(row?.entries ?? '', 'base64') };
}

/** What one step put into one bundle: leaves from `first` on, and the events they tell of. */
export interface LogRun {
  readonly first: number;
  readonly count: number;
  readonly eventIds: readonly string[];
  /** As in an entry bundle. */
  readonly leaves: Buffer;
}

/** The runs that begin in [start, end), in their order. A run lies in one bundle. */
export async function readRuns(sql: Sql, start: number, end: number): Promise<LogRun[]> {
  const found = await sql.query<{ first: string; count: number; eventIds: string[]; leaves: Buffer }>(
    `SELECT first::text, count, event_ids::text[] AS "eventIds", leaves FROM log_run
     WHERE first >= $1::bigint AND first < $2::bigint ORDER BY log_run.first`,
    [start, end],
  );
  return found.map((run) => ({ ...run, first: Number(run.first), leaves: Buffer.from(run.leaves) }));
}

/**
 * Leaves [start, end) in the form of an entry bundle; both must be where a run begins.
 * @throws LogInDoubt when one is missing.
 */
export async function readLeaves(sql: Sql, start: number, end: number): Promise<Buffer> {
  const runs = await readRuns(sql, start, end);
  let next = start;
  for (const { first, count } of runs) {
    if (first === next) next += count;
  }
  if (next !== end)
    throw new LogInDoubt('rows', `log_run has no leaf ${next}, though the log goes to ${end}`);
  return Buffer.concat(runs.map(({ leaves }) => leaves));
}

/** Records the intent to sign a root, together with the new state. */
export async function decideRoot(sql: Sql, state: LogState, at: Date): Promise<void> {
  await sql.query('UPDATE log_state SET size = $2::bigint, root = $3::bytea WHERE fence = $1::bigint', [
    state.fence,
    state.size,
    state.root,
  ]);
  await sql.query(
    'INSERT INTO log_checkpoint (size, root, decided_at) VALUES ($1::bigint, $2::bytea, $3::timestamptz)',
    [state.size, state.root, at],
  );
}

/** Keeps a signed note. @returns false when another sequencer took over meanwhile. */
export async function keepNote(sql: Sql, fence: string, size: number, note: string): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE log_checkpoint SET note = $3::text WHERE size = $2::bigint
     AND EXISTS (SELECT FROM log_state WHERE fence = $1::bigint FOR SHARE) RETURNING 1`,
    [fence, size, note],
  );
  return rows.length === 1;
}

export const keepCosignatures = (sql: Sql, size: number, lines: string): Promise<unknown> =>
  sql.query('UPDATE log_checkpoint SET cosignatures = $2::text WHERE size = $1::bigint', [size, lines]);

/**
 * The newest checkpoint, or the newest one that is signed; undefined when there is none. Ordered by the column, not by
 * its text in the answer: of 99 and 103 the newest is 103.
 */
export async function newestCheckpoint(sql: Sql, signed = false): Promise<CheckpointRow | undefined> {
  const [row] = await sql.query<RawCheckpoint>(
    `SELECT size::text, root, note, cosignatures FROM log_checkpoint ${signed ? 'WHERE note IS NOT NULL' : ''}
     ORDER BY log_checkpoint.size DESC LIMIT 1`,
  );
  return row && readCheckpointRow(row);
}

export async function checkpointOfSize(sql: Sql, size: number): Promise<CheckpointRow | undefined> {
  const [row] = await sql.query<RawCheckpoint>(
    'SELECT size::text, root, note, cosignatures FROM log_checkpoint WHERE size = $1::bigint',
    [size],
  );
  return row && readCheckpointRow(row);
}

/** Where an event stands in the log; undefined while it waits, or when it is unknown. */
export async function indexOfEvent(sql: Sql, eventId: string): Promise<number | undefined> {
  const [row] = await sql.query<{ index: string }>(
    `SELECT (first + array_position(event_ids, $1::uuid) - 1)::text AS index FROM log_run
     WHERE newest >= $1::uuid AND $1::uuid = ANY (event_ids) ORDER BY newest LIMIT 1`,
    [eventId],
  );
  return row && Number(row.index);
}

/** Signed checkpoints, newest first; with `cosigned` only those that a witness cosigned. */
export async function signedCheckpoints(
  sql: Sql,
  cosigned: boolean,
  limit: number,
): Promise<CheckpointRow[]> {
  const found = await sql.query<RawCheckpoint>(
    `SELECT size::text, root, note, cosignatures FROM log_checkpoint
     WHERE note IS NOT NULL ${cosigned ? "AND cosignatures <> ''" : ''} ORDER BY log_checkpoint.size DESC LIMIT $1::int`,
    [limit],
  );
  return found.map(readCheckpointRow);
}

/** Events by id as the leaf takes them, in no order; those that do not exist are left out. */
export async function readLeafRecords(sql: Sql, eventIds: readonly string[]): Promise<LeafRecord[]> {
  const found = await sql.query<Omit<LeafRecord, 'detail' | 'salt'> & { detail: unknown; salt: Uint8Array }>(
    `SELECT id::text, type, occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_id AS "actorId",
            agency_id::text AS "agencyId", document_id::text AS "documentId", dossier_id::text AS "dossierId",
            owner_id::text AS "personId", request_id AS "requestId", outcome, detail, salt,
            ARRAY(SELECT owner_id::text FROM event_subject WHERE event_id = ledger_event.id) AS "ownerIds"
     FROM ledger_event WHERE id = ANY($1::uuid[])`,
    [[...eventIds]],
  );
  return found.map((row) => ({ ...row, detail: row.detail as Record<string, CanonicalValue> }));
}

export async function raiseRefusal(
  sql: Sql,
  doubt: { kind: DoubtKind; detail: string },
  at: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO log_refusal (id, raised_at, kind, detail) SELECT $1::uuid, $2::timestamptz, $3::text, $4::text
     WHERE NOT EXISTS (SELECT FROM log_refusal WHERE kind = $3::text AND detail = $4::text)`,
    [newId(), at, doubt.kind, doubt.detail],
  );
}

/** The reasons for which the log refuses writes, oldest first; none when it does not. */
export const refusals = (sql: Sql): Promise<{ kind: DoubtKind; detail: string; raisedAt: Date }[]> =>
  sql.query('SELECT kind, detail, raised_at AS "raisedAt" FROM log_refusal ORDER BY raised_at, id');

/** Lets writes through again: of one kind, or of all after an operator has examined them. @returns what was cleared */
export const clearRefusals = (sql: Sql, kind?: DoubtKind): Promise<{ kind: DoubtKind; detail: string }[]> =>
  sql.query('DELETE FROM log_refusal WHERE $1::text IS NULL OR kind = $1::text RETURNING kind, detail', [
    kind ?? null,
  ]);

/** The event whose leaf tells the digest of a document's newest file: its deposit, issue, correction or preservation. */
export async function eventOfPaper(sql: Sql, documentId: string): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>(
    `SELECT id::text FROM ledger_event WHERE document_id = $1::uuid AND detail ->> 'sha256' IS NOT NULL
       AND type IN ('document.deposited', 'document.uploaded', 'document.version-added', 'document.preserved',
                    'diploma.issued')
     ORDER BY occurred_at DESC, ledger_event.id DESC LIMIT 1`,
    [documentId],
  );
  return row?.id;
}

/** How many leaves wait, at most 1,000,000 counted. */
export async function queueLength(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM (SELECT FROM log_queue LIMIT 1000000) AS waiting',
  );
  return row?.count ?? 0;
}

interface RawCheckpoint {
  readonly size: string;
  readonly root: Buffer;
  readonly note: string | null;
  readonly cosignatures: string;
}

const readCheckpointRow = (row: RawCheckpoint): CheckpointRow => ({
  ...row,
  size: Number(row.size),
  root: Buffer.from(row.root),
});

const PREFIXED = 'substring(int4send(length(leaf)) FROM 3) || leaf';

// One statement moves the leaves within the database; only their bytes travel, already in the form of a bundle, and as base64, which is
// cheaper to read than the hexadecimal that bytea is sent as.
// Rows that others commit meanwhile are not seen by it, whatever their position: they come with the next step.
const PLACE = `
WITH waiting AS (
  SELECT max(position) AS last FROM (SELECT position FROM log_queue ORDER BY position LIMIT $2::int) AS first_ones
), taken AS (
  DELETE FROM log_queue USING waiting WHERE position <= waiting.last RETURNING position, event_id, leaf
), numbered AS (
  SELECT $1::bigint + row_number() OVER (ORDER BY position) - 1 AS index, event_id, leaf FROM taken
), placed AS (
  INSERT INTO log_run (first, count, event_ids, leaves, newest)
  SELECT min(index), count(*)::int, array_agg(event_id ORDER BY index),
         string_agg(${PREFIXED}, ''::bytea ORDER BY index), max(event_id::text COLLATE "C")::uuid
  FROM numbered GROUP BY index / 256
  RETURNING first, count, leaves
)
SELECT coalesce(sum(count), 0)::int AS count, encode(string_agg(leaves, ''::bytea ORDER BY first), 'base64') AS entries
FROM placed`;
