/**
 * The transactional outbox: what happened and others have to learn of, written in the transaction in which it happened.
 * `src/delivery` drains it into webhooks, notifications and connectors. An event that was committed is told at least
 * once under one stable id, also after a crash; an event that was rolled back is never told.
 */
import type { Sql } from './database.ts';
import { newId } from './ids.ts';

/**
 * Every type, with its version behind it: a change that would break a reader is a new version beside the old one.
 * `subject` and `data` hold ids, codes of the catalogue, words of closed lists and instants; never names, numbers of
 * persons or contents.
 */
export const OUTBOX_TYPES = [
  /** Subject: the document. A paper of the person came in or was issued. */
  'document.issued.v1',
  'document.deposited.v1',
  /** Subject: the document; `data.version`. */
  'document.corrected.v1',
  /** Subject: the document; `data.successor`. */
  'document.superseded.v1',
  'document.suspended.v1',
  'document.resumed.v1',
  /** Subject: the document; `data.status` is `revoked` or `annulled`, `data.successor` where there is one. */
  'document.revoked.v1',
  /** Subject: the document. Somebody other than its owner opened it; `data.agency`, `data.dossier`. */
  'document.read.v1',
  /** Subject: the document; `data.expiresOn`. */
  'document.expiring.v1',
  /** Subject: the consent. */
  'consent.asked.v1',
  'consent.given.v1',
  'consent.refused.v1',
  'consent.withdrawn.v1',
  /** Subject: the access request of the back channel. A phone is to answer. */
  'access.asked.v1',
  /** Subject: the reuse request; `data.component`, `data.outcome`. What was waited for is there. */
  'reuse.answered.v1',
  /** Subject: the reuse request; `data.statement`. */
  'reuse.not-found-stated.v1',
  /** Subject: the reuse request; `data.reason`. */
  'reuse.paper-asked.v1',
  /** Subject: the dossier that relied on a paper; `data.document`, `data.version`, `data.change`. */
  'reliance.affected.v1',
  /** Subject: the digitisation task. */
  'digitisation.finished.v1',
  /** Subject: the batch. */
  'batch.finished.v1',
  /** Subject: the complaint or the request of a data subject. */
  'rights.received.v1',
  'rights.answered.v1',
  /** Subject: the webhook endpoint. Sent by an integrator who tries the line. */
  'webhook.tried.v1',
] as const;
export type OutboxType = (typeof OUTBOX_TYPES)[number];

export interface OutboxEvent {
  readonly type: OutboxType;
  readonly at: Date;
  /** Id of the thing it is about; the comment at the type says which. */
  readonly subject: string;
  /** The agency whose systems are told. Null: none. */
  readonly agency?: string | null;
  /** The person who is told. Null: nobody. */
  readonly person?: string | null;
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Writes the event into the caller's transaction (`sqlOf(tx)` for Prisma's). @returns its id, stable for ever */
export async function publish(sql: Sql, event: OutboxEvent): Promise<string> {
  const [id = ''] = await publishAll(sql, [event]);
  return id;
}

/** As `publish` for many events, with one statement. @returns their ids in the order given */
export async function publishAll(sql: Sql, events: readonly OutboxEvent[]): Promise<string[]> {
  const rows = events.map((event) => ({
    id: newId(),
    type: event.type,
    subject: event.subject,
    agency_id: event.agency ?? null,
    person_id: event.person ?? null,
    data: event.data ?? {},
    occurred_at: event.at.toISOString(),
  }));
  await sql.query(
    `INSERT INTO outbox_event (id, type, subject, agency_id, person_id, data, occurred_at)
     SELECT id, type, subject, agency_id, person_id, data, occurred_at FROM jsonb_to_recordset($1::jsonb)
       AS given (id uuid, type text, subject text, agency_id text, person_id uuid, data jsonb, occurred_at timestamptz)`,
    [JSON.stringify(rows)],
  );
  return rows.map(({ id }) => id);
}
