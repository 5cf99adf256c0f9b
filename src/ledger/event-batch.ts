/** Many events with one statement, each only where the facts that permitted it still hold at that instant. */
import type { Sql } from '../platform/database.ts';
import { leafRecordOf, type NewEvent } from './event.ts';
import { leafOf } from './log/leaf.ts';
import { refusingInDoubt } from './log-queue.ts';

export interface GuardedEvent {
  readonly event: NewEvent;
  /** What the guard compares: plain data, reached as `g.facts` (jsonb). */
  readonly facts: Readonly<Record<string, string | number>>;
}

/**
 * Writes each event, its subjects and its leaf where the guard holds, in one statement that is a transaction of its own.
 * @param guard a constant SQL condition over `g.document_id` and `g.facts`
 * @returns the id of each event, or undefined where its guard did not hold and nothing was written
 * @throws Failure `unavailable` (`log-in-doubt`) while the log refuses writes
 */
export async function appendEventsIf(
  sql: Sql,
  guard: string,
  events: readonly GuardedEvent[],
): Promise<(string | undefined)[]> {
  const records = events.map(({ event }) => leafRecordOf(event));
  const rows = records.map((record, index) => [
    record.id,
    record.type,
    record.occurredAt.toISOString(),
    record.actorKind,
    record.actorId,
    record.agencyId,
    record.documentId,
    record.dossierId,
    record.personId,
    record.requestId,
    record.outcome,
    JSON.stringify(record.detail),
    Buffer.from(record.salt).toString('hex'),
    leafOf(record).toString('hex'),
    record.ownerIds.join(','),
    JSON.stringify(events[index]?.facts ?? {}),
  ]);
  const columns = COLUMNS.map((_, column) => rows.map((row) => row[column] ?? null));
  const written = await refusingInDoubt(() => sql.query<{ id: string }>(statementOf(guard), columns));
  const ids = new Set(written.map(({ id }) => id));
  return records.map(({ id }) => (ids.has(id) ? id : undefined));
}

const COLUMNS = [
  'id',
  'type',
  'occurred_at',
  'actor_kind',
  'actor_id',
  'agency_id',
  'document_id',
  'dossier_id',
  'owner_id',
  'request_id',
  'outcome',
  'detail',
  'salt',
  'leaf',
  'owners',
  'facts',
] as const;

const statements = new Map<string, string>();

function statementOf(guard: string): string {
  const known = statements.get(guard);
  if (known !== undefined) return known;
  const given = COLUMNS.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const statement = `
WITH given AS (
  SELECT id::uuid, type, occurred_at::timestamptz, actor_kind, actor_id, agency_id, document_id::uuid, dossier_id::uuid,
         owner_id::uuid, request_id, outcome, detail::jsonb, decode(salt, 'hex') AS salt, decode(leaf, 'hex') AS leaf,
         owners, facts::jsonb AS facts, place
  FROM unnest(${given}) WITH ORDINALITY AS given (${COLUMNS.join(', ')}, place)
), event AS (
  INSERT INTO ledger_event (id, type, occurred_at, actor_kind, actor_id, agency_id, document_id, dossier_id, owner_id,
                            request_id, outcome, detail, salt)
  SELECT g.id, g.type, g.occurred_at, g.actor_kind, g.actor_id, g.agency_id, g.document_id, g.dossier_id, g.owner_id,
         g.request_id, g.outcome, g.detail, g.salt
  FROM given g WHERE ${guard}
  RETURNING id, occurred_at
), queued AS (
  INSERT INTO log_queue (event_id, leaf) SELECT g.id, g.leaf FROM given g JOIN event USING (id) ORDER BY g.place
), subjects AS (
  INSERT INTO event_subject (owner_id, occurred_at, event_id)
  SELECT owner::uuid, event.occurred_at, event.id
  FROM event JOIN given g USING (id), unnest(string_to_array(g.owners, ',')) AS owner
)
SELECT id::text FROM event`;
  statements.set(guard, statement);
  return statement;
}
