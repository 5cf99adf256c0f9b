/** Many events with one statement each for events, subjects and leaves: what one transaction did to many papers. */
import type { Sql } from '../platform/database.ts';
import { leafRecordOf, type NewEvent } from './event.ts';
import { enqueueLeaves } from './log-queue.ts';

/**
 * As `appendEvent` for each, in order. @returns the ids of the events in that order.
 * @throws Failure `unavailable` (`log-in-doubt`) while the log refuses writes
 */
export async function appendEvents(sql: Sql, events: readonly NewEvent[]): Promise<string[]> {
  if (events.length === 0) return [];
  const records = events.map(leafRecordOf);
  const rows = records.map((record) => ({
    id: record.id,
    type: record.type,
    occurred_at: record.occurredAt.toISOString(),
    actor_kind: record.actorKind,
    actor_id: record.actorId,
    agency_id: record.agencyId,
    document_id: record.documentId,
    dossier_id: record.dossierId,
    owner_id: record.personId,
    request_id: record.requestId,
    outcome: record.outcome,
    detail: record.detail,
    salt: Buffer.from(record.salt).toString('hex'),
  }));
  await sql.query(INSERT_EVENTS, [JSON.stringify(rows)]);
  const subjects = records.flatMap(({ id, occurredAt, ownerIds }) =>
    ownerIds.map((owner) => ({
      event: id,
      owner,
      at: occurredAt.toISOString(),
    })),
  );
  if (subjects.length > 0) await sql.query(INSERT_SUBJECTS, [JSON.stringify(subjects)]);
  await enqueueLeaves(sql, records);
  return records.map(({ id }) => id);
}

const INSERT_EVENTS = `
INSERT INTO ledger_event (id, type, occurred_at, actor_kind, actor_id, agency_id, document_id, dossier_id, owner_id,
                          request_id, outcome, detail, salt)
SELECT id, type, occurred_at, actor_kind, actor_id, agency_id, document_id, dossier_id, owner_id, request_id, outcome,
       detail, decode(salt, 'hex')
FROM jsonb_to_recordset($1::jsonb) AS given (id uuid, type text, occurred_at timestamptz, actor_kind text, actor_id text,
  agency_id text, document_id uuid, dossier_id uuid, owner_id uuid, request_id text, outcome text, detail jsonb, salt text)`;
const INSERT_SUBJECTS = `
INSERT INTO event_subject (owner_id, occurred_at, event_id)
SELECT owner, at, event FROM jsonb_to_recordset($1::jsonb) AS given (event uuid, owner uuid, at timestamptz)`;
