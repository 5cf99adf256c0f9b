/** Rows of webhooks: endpoints, wrapped secrets, messages with their attempts. */
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { OutboxType } from '../platform/outbox.ts';
import type { SecretKind } from './webhook.ts';

export const ENDPOINT_STATES = ['active', 'paused', 'ended'] as const;
export type EndpointState = (typeof ENDPOINT_STATES)[number];
export const MESSAGE_STATES = ['waiting', 'delivered', 'dead'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export interface Endpoint {
  readonly id: string;
  readonly clientId: string;
  readonly agencyId: string;
  readonly url: string;
  readonly types: readonly OutboxType[];
  readonly description: string;
  readonly state: EndpointState;
  readonly createdAt: Date;
  readonly failingSince: Date | null;
}

export interface StoredSecret {
  readonly id: string;
  readonly endpointId: string;
  readonly kind: SecretKind;
  readonly masterKeyId: string;
  readonly wrapped: Uint8Array;
  readonly publicKey: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export interface Message {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: string;
  readonly body: string;
  readonly state: MessageState;
  readonly attempts: number;
  readonly nextAt: Date;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

export interface Attempt {
  readonly at: Date;
  readonly status: number | null;
  readonly fault: string | null;
  readonly milliseconds: number;
}

const ENDPOINT = `e.id::text AS id, e.client_id AS "clientId", e.agency_id AS "agencyId", e.url, e.types, e.description,
  e.state, e.created_at AS "createdAt", e.failing_since AS "failingSince"`;
const SECRET = `s.id::text AS id, s.endpoint_id::text AS "endpointId", s.kind, s.master_key_id AS "masterKeyId", s.wrapped,
  s.public_key AS "publicKey", s.created_at AS "createdAt", s.expires_at AS "expiresAt"`;
const MESSAGE = `m.id::text AS id, m.endpoint_id::text AS "endpointId", m.event_id::text AS "eventId", m.type, m.body, m.state,
  m.attempts, m.next_at AS "nextAt", m.created_at AS "createdAt", m.settled_at AS "settledAt"`;

export async function insertEndpoint(sql: Sql, endpoint: Endpoint): Promise<void> {
  await sql.query(
    `INSERT INTO webhook_endpoint (id, client_id, agency_id, url, types, description, state, created_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text[], $6::text, $7::text, $8::timestamptz)`,
    [
      endpoint.id,
      endpoint.clientId,
      endpoint.agencyId,
      endpoint.url,
      [...endpoint.types],
      endpoint.description,
      endpoint.state,
      endpoint.createdAt,
    ],
  );
}

export async function findEndpoint(sql: Sql, id: string): Promise<Endpoint | undefined> {
  const [row] = await sql.query<Endpoint>(
    `SELECT ${ENDPOINT} FROM webhook_endpoint e WHERE e.id = $1::uuid AND e.state <> 'ended' FOR UPDATE`,
    [id],
  );
  return row;
}

/** @param of the client's own, or all of an agency */
export async function endpointsOf(
  sql: Sql,
  of: { readonly clientId: string } | { readonly agencyIds: readonly string[] },
): Promise<Endpoint[]> {
  return sql.query<Endpoint>(
    `SELECT ${ENDPOINT} FROM webhook_endpoint e
     WHERE e.state <> 'ended' AND ${'clientId' in of ? 'e.client_id = $1::text' : 'e.agency_id = ANY ($1::text[])'}
     ORDER BY e.id LIMIT 200`,
    ['clientId' in of ? of.clientId : [...of.agencyIds]],
  );
}

export async function changeEndpoint(
  sql: Sql,
  id: string,
  change: Pick<Endpoint, 'url' | 'types' | 'description' | 'state'>,
): Promise<void> {
  await sql.query(
    `UPDATE webhook_endpoint SET url = $2::text, types = $3::text[], description = $4::text, state = $5::text
     WHERE id = $1::uuid`,
    [id, change.url, [...change.types], change.description, change.state],
  );
}

export async function noteFailing(sql: Sql, endpointId: string, since: Date | null): Promise<void> {
  await sql.query(
    `UPDATE webhook_endpoint SET failing_since = CASE WHEN $2::timestamptz IS NULL THEN NULL
       ELSE coalesce(failing_since, $2::timestamptz) END WHERE id = $1::uuid`,
    [endpointId, since],
  );
}

export async function insertSecret(sql: Sql, secret: StoredSecret): Promise<void> {
  await sql.query(
    `INSERT INTO webhook_secret (id, endpoint_id, kind, master_key_id, wrapped, public_key, created_at, expires_at)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::bytea, $6::text, $7::timestamptz, $8::timestamptz)`,
    [
      secret.id,
      secret.endpointId,
      secret.kind,
      secret.masterKeyId,
      secret.wrapped,
      secret.publicKey,
      secret.createdAt,
      secret.expiresAt,
    ],
  );
}

/** Those that sign now, newest first. */
export async function secretsOf(sql: Sql, endpointId: string, now: Date): Promise<StoredSecret[]> {
  return sql.query<StoredSecret>(
    `SELECT ${SECRET} FROM webhook_secret s
     WHERE s.endpoint_id = $1::uuid AND (s.expires_at IS NULL OR s.expires_at > $2::timestamptz) ORDER BY s.id DESC`,
    [endpointId, now],
  );
}

/** The secrets of now end at `until`, but never later than they would have. */
export async function expireSecrets(sql: Sql, endpointId: string, until: Date): Promise<void> {
  await sql.query(
    `UPDATE webhook_secret SET expires_at = least(coalesce(expires_at, $2::timestamptz), $2::timestamptz)
     WHERE endpoint_id = $1::uuid`,
    [endpointId, until],
  );
}

/** One message for each endpoint that subscribed to the event. */
export async function enqueueMessages(
  sql: Sql,
  event: { readonly id: string; readonly type: string; readonly agencyId: string; readonly body: string },
  now: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO webhook_message (id, endpoint_id, event_id, type, body, state, attempts, next_at, created_at)
     SELECT gen_random_uuid(), e.id, $1::uuid, $2::text, $3::text, 'waiting', 0, $5::timestamptz, $5::timestamptz
     FROM webhook_endpoint e WHERE e.agency_id = $4::text AND e.state <> 'ended' AND $2::text = ANY (e.types)
     ON CONFLICT (endpoint_id, event_id) DO NOTHING`,
    [event.id, event.type, event.body, event.agencyId, now],
  );
}

export async function insertMessage(
  sql: Sql,
  message: {
    readonly endpointId: string;
    readonly eventId: string;
    readonly type: string;
    readonly body: string;
  },
  now: Date,
): Promise<string> {
  const id = newId();
  await sql.query(
    `INSERT INTO webhook_message (id, endpoint_id, event_id, type, body, state, attempts, next_at, created_at)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, 'waiting', 0, $6::timestamptz, $6::timestamptz)`,
    [id, message.endpointId, message.eventId, message.type, message.body, now],
  );
  return id;
}

/**
 * Takes messages that are due, at most a few of one endpoint, and moves them ahead by a lease. A sender that dies leaves
 * them to the next one when the lease is over: at least once, never lost.
 */
export async function claimMessages(
  sql: Sql,
  claim: { readonly now: Date; readonly leaseUntil: Date; readonly limit: number },
): Promise<Message[]> {
  return sql.query<Message>(
    `UPDATE webhook_message m SET next_at = $2::timestamptz, attempts = m.attempts + 1
     FROM (SELECT w.id FROM webhook_message w JOIN webhook_endpoint e ON e.id = w.endpoint_id
           WHERE w.state = 'waiting' AND w.next_at <= $1::timestamptz AND e.state = 'active'
           ORDER BY w.next_at LIMIT $3::int FOR UPDATE OF w SKIP LOCKED) due
     WHERE m.id = due.id RETURNING ${MESSAGE}`,
    [claim.now, claim.leaseUntil, claim.limit],
  );
}

export async function settleMessage(
  sql: Sql,
  id: string,
  settled: { readonly state: MessageState; readonly nextAt: Date; readonly at: Date },
): Promise<void> {
  await sql.query(
    `UPDATE webhook_message SET state = $2::text, next_at = $3::timestamptz,
            settled_at = CASE WHEN $2::text = 'waiting' THEN NULL ELSE $4::timestamptz END
     WHERE id = $1::uuid AND state = 'waiting'`,
    [id, settled.state, settled.nextAt, settled.at],
  );
}

export async function insertAttempt(sql: Sql, messageId: string, attempt: Attempt): Promise<void> {
  await sql.query(
    `INSERT INTO webhook_attempt (id, message_id, at, status, fault, milliseconds)
     VALUES ($1::uuid, $2::uuid, $3::timestamptz, $4::int, $5::text, $6::int)`,
    [newId(), messageId, attempt.at, attempt.status, attempt.fault, attempt.milliseconds],
  );
}

export async function messagesOf(
  sql: Sql,
  page: {
    readonly endpointId: string;
    readonly state: MessageState | null;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<Message[]> {
  return sql.query<Message>(
    `SELECT ${MESSAGE} FROM webhook_message m WHERE m.endpoint_id = $1::uuid
       AND ($2::text IS NULL OR m.state = $2::text)
       AND ($3::uuid IS NULL OR (m.created_at, m.id) < (SELECT b.created_at, b.id FROM webhook_message b WHERE b.id = $3::uuid))
     ORDER BY m.created_at DESC, m.id DESC LIMIT $4::int`,
    [page.endpointId, page.state, page.before, page.limit],
  );
}

export async function findMessage(sql: Sql, endpointId: string, id: string): Promise<Message | undefined> {
  const [row] = await sql.query<Message>(
    `SELECT ${MESSAGE} FROM webhook_message m WHERE m.id = $2::uuid AND m.endpoint_id = $1::uuid FOR UPDATE`,
    [endpointId, id],
  );
  return row;
}

export async function attemptsOf(sql: Sql, messageId: string): Promise<Attempt[]> {
  return sql.query<Attempt>(
    `SELECT a.at, a.status, a.fault, a.milliseconds FROM webhook_attempt a WHERE a.message_id = $1::uuid
     ORDER BY a.id DESC LIMIT 100`,
    [messageId],
  );
}

/** Due at once with all its attempts ahead of it, under the same id and body. */
export async function resendMessage(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.query(
    `UPDATE webhook_message SET state = 'waiting', attempts = 0, next_at = $2::timestamptz, settled_at = NULL
     WHERE id = $1::uuid`,
    [id, now],
  );
}
