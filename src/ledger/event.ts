/**
 * Events: the vault's memory of what was done, by whom, to which paper, and how it ended. An event is written in the
 * transaction of what it tells; where it cannot be written, there is no answer. It holds ids and words of a closed
 * vocabulary, never names or field values.
 */

import { type AnyActor, actorKey } from '../identity/actor.ts';
import type { Sql } from '../platform/database.ts';
import { denialTold } from '../platform/denial-watch.ts';
import { newId } from '../platform/ids.ts';
import { type LeafRecord, leafOf, newLeafSalt } from './log/leaf.ts';
import { refusingInDoubt } from './log-queue.ts';

/** Dotted words; the part before the dot is the thing, the part after it what happened to it. */
export const EVENT_TYPES = [
  'document.deposited',
  'document.uploaded',
  'document.read',
  'document.read-cut',
  'document.listed',
  'document.searched',
  'document.status-changed',
  'document.version-added',
  'document.preserved',
  'document.erasure-ordered',
  'document.erasure-refused',
  'document.erased',
  'document.verified',
  'dossier.recorded',
  'dossier.listed',
  'dossier.exported',
  'reuse.requested',
  'reuse.answered',
  'reuse.retrieved',
  'reuse.relied',
  'reuse.paper-asked',
  'reuse.not-found-stated',
  'reuse.statement-read',
  'reuse.reliance-affected',
  'reuse.previewed',
  'reuse.certification-checked',
  'counter.opened',
  'counter.ended',
  'consent.code-sent',
  'consent.code-shown',
  'rights.received',
  'rights.acknowledged',
  'rights.answered',
  'consent.asked',
  'consent.given',
  'consent.refused',
  'consent.withdrawn',
  'consent.used',
  'session.opened',
  'session.closed',
  'session.refused',
  'role.granted',
  'role.ended',
  'role.break-glass',
  'account.created',
  'account.disabled',
  'agency.created',
  'client.registered',
  'client.keys-rotated',
  'client.disabled',
  'representation.granted',
  'representation.ended',
  'catalogue.imported',
  'key.rotated',
  'usage.read',
  'usage.complained',
  'ledger.read',
  'ledger.refusal-cleared',
  'object.damaged',
  'object.mended',
  'access.denied',
  'register.opened',
  'register.entered',
  'register.annotated',
  'register.closed',
  'batch.prepared',
  'batch.approved',
  'batch.finished',
  'diploma.issued',
  'digitisation.opened',
  'digitisation.refused',
  'digitisation.captured',
  'digitisation.examined',
  'digitisation.signed',
  'digitisation.extracted',
  'digitisation.attested',
  'digitisation.coded',
  'digitisation.rejected',
  'digitisation.quarantined',
  'campaign.planned',
  'campaign.row-done',
  'campaign.finished',
  'notification.sent',
  'webhook.delivered',
  'webhook.changed',
  'contact.changed',
  'link.asked',
  'civil-status.received',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export type EventOutcome = 'permitted' | 'denied' | 'done' | 'failed';

export interface NewEvent {
  readonly type: EventType;
  readonly at: Date;
  readonly actor: AnyActor;
  readonly outcome: EventOutcome;
  readonly agencyId?: string | null;
  readonly documentId?: string | null;
  readonly dossierId?: string | null;
  /** Persons and organisations in whose usage log it appears. */
  readonly ownerIds?: readonly string[];
  readonly requestId?: string | null;
  /** Ids, codes of the catalogue, digests, statuses. `sha256` and `status` have a meaning in the log's leaf. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Writes the event, its subjects and its leaf in one statement. @returns the event's id.
 * @throws Failure `unavailable` (`log-in-doubt`) while the log refuses writes.
 */
export async function appendEvent(sql: Sql, event: NewEvent): Promise<string> {
  const record = leafRecordOf(event);
  await refusingInDoubt(() =>
    sql.query(APPEND, [
      record.id,
      record.type,
      record.occurredAt,
      record.actorKind,
      record.actorId,
      record.agencyId,
      record.documentId,
      record.dossierId,
      record.personId,
      record.requestId,
      record.outcome,
      JSON.stringify(record.detail),
      record.salt,
      record.ownerIds,
      leafOf(record),
    ]),
  );
  if (event.type === 'access.denied') denialTold();
  return record.id;
}

/** The event as a row and its leaf have it, with a new id and salt. */
export const leafRecordOf = (event: NewEvent): LeafRecord & { readonly ownerIds: readonly string[] } => ({
  id: newId(),
  type: event.type,
  occurredAt: event.at,
  ...actorKey(event.actor),
  agencyId: event.agencyId ?? (event.actor.kind === 'system' ? event.actor.agencyId : null),
  documentId: event.documentId ?? null,
  dossierId: event.dossierId ?? null,
  personId: event.ownerIds?.[0] ?? null,
  ownerIds: [...new Set(event.ownerIds)],
  requestId: event.requestId ?? null,
  outcome: event.outcome,
  detail: event.detail ?? {},
  salt: newLeafSalt(),
});

const APPEND = `
WITH event AS (
  INSERT INTO ledger_event (id, type, occurred_at, actor_kind, actor_id, agency_id, document_id, dossier_id, owner_id,
                            request_id, outcome, detail, salt)
  VALUES ($1::uuid, $2::text, $3::timestamptz, $4::text, $5::text, $6::text, $7::uuid, $8::uuid, $9::uuid,
          $10::text, $11::text, $12::jsonb, $13::bytea)
  RETURNING id, occurred_at
), queued AS (
  INSERT INTO log_queue (event_id, leaf) SELECT id, $15::bytea FROM event
)
INSERT INTO event_subject (owner_id, occurred_at, event_id)
SELECT owner::uuid, event.occurred_at, event.id FROM event, unnest($14::text[]) AS owner`;
