/** Rows of notifications, of the messages that carry them, and of how people want to be told. */
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { ChannelName, NoticeKind } from './notice.ts';

export interface Notice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly readAt: Date | null;
  /** Channels on which it could not be delivered. */
  readonly undelivered: readonly ChannelName[];
}

export const MESSAGE_PURPOSES = ['notice', 'code', 'address-check'] as const;
export type MessagePurpose = (typeof MESSAGE_PURPOSES)[number];

export interface Outgoing {
  readonly id: string;
  readonly personId: string;
  readonly channel: ChannelName;
  readonly purpose: MessagePurpose;
  readonly address: string | null;
  readonly masterKeyId: string | null;
  readonly wrapped: Uint8Array | null;
  readonly language: 'vi' | 'en';
  readonly attempts: number;
  readonly expiresAt: Date;
}

export interface Contact {
  readonly language: 'vi' | 'en';
  /** Confirmed addresses only. */
  readonly email: string | null;
  readonly phone: string | null;
  readonly byEmail: boolean;
  readonly bySms: boolean;
  readonly byApp: boolean;
}

/** In the vault only, until the person says otherwise. */
export const NO_CONTACT: Contact = {
  language: 'vi',
  email: null,
  phone: null,
  byEmail: false,
  bySms: false,
  byApp: false,
};

/** @returns undefined when this event was told to this person before */
export async function insertNotice(
  sql: Sql,
  notice: {
    readonly personId: string;
    readonly kind: NoticeKind;
    readonly subject: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly eventId: string;
    readonly at: Date;
  },
): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>(
    `INSERT INTO notification (id, person_id, kind, subject, data, event_id, created_at)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::jsonb, $6::uuid, $7::timestamptz)
     ON CONFLICT (event_id, person_id) DO NOTHING RETURNING id::text`,
    [
      newId(),
      notice.personId,
      notice.kind,
      notice.subject,
      JSON.stringify(notice.data),
      notice.eventId,
      notice.at,
    ],
  );
  return row?.id;
}

export async function noticesOf(
  sql: Sql,
  page: { readonly personId: string; readonly before: string | null; readonly limit: number },
): Promise<Notice[]> {
  return sql.query<Notice>(
    `SELECT n.id::text AS id, n.kind, n.subject, n.data, n.created_at AS "createdAt", n.read_at AS "readAt",
            coalesce((SELECT array_agg(m.channel ORDER BY m.channel) FROM outgoing_message m
                      WHERE m.notification_id = n.id AND m.state = 'undelivered'), '{}') AS undelivered
     FROM notification n WHERE n.person_id = $1::uuid
       AND ($2::uuid IS NULL OR (n.created_at, n.id) < (SELECT b.created_at, b.id FROM notification b
                                                       WHERE b.id = $2::uuid AND b.person_id = $1::uuid))
     ORDER BY n.created_at DESC, n.id DESC LIMIT $3::int`,
    [page.personId, page.before, page.limit],
  );
}

export async function unreadOf(sql: Sql, personId: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT 1 FROM notification WHERE person_id = $1::uuid AND read_at IS NULL LIMIT 100) u`,
    [personId],
  );
  return row?.n ?? 0;
}

/** @param id one notice, or null for all that are there */
export async function markRead(sql: Sql, personId: string, id: string | null, now: Date): Promise<void> {
  await sql.query(
    `UPDATE notification SET read_at = $3::timestamptz
     WHERE person_id = $1::uuid AND read_at IS NULL AND ($2::uuid IS NULL OR id = $2::uuid)`,
    [personId, id, now],
  );
}

export async function insertOutgoing(
  sql: Sql,
  message: Omit<Outgoing, 'attempts'> & { readonly notificationId: string | null; readonly at: Date },
): Promise<void> {
  await sql.query(
    `INSERT INTO outgoing_message (id, person_id, notification_id, channel, purpose, address, master_key_id, wrapped, language,
                                   state, attempts, next_at, expires_at, created_at)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::bytea, $9::text, 'waiting', 0,
             $11::timestamptz, $10::timestamptz, $11::timestamptz)`,
    [
      message.id,
      message.personId,
      message.notificationId,
      message.channel,
      message.purpose,
      message.address,
      message.masterKeyId,
      message.wrapped,
      message.language,
      message.expiresAt,
      message.at,
    ],
  );
}

/** As for webhooks: rows move ahead by a lease while they are sent. */
export async function claimOutgoing(
  sql: Sql,
  claim: { readonly now: Date; readonly leaseUntil: Date; readonly limit: number },
): Promise<Outgoing[]> {
  return sql.query<Outgoing>(
    `UPDATE outgoing_message m SET next_at = $2::timestamptz, attempts = m.attempts + 1
     FROM (SELECT w.id FROM outgoing_message w WHERE w.state = 'waiting' AND w.next_at <= $1::timestamptz
           ORDER BY w.next_at LIMIT $3::int FOR UPDATE SKIP LOCKED) due
     WHERE m.id = due.id
     RETURNING m.id::text AS id, m.person_id::text AS "personId", m.channel, m.purpose, m.address,
       m.master_key_id AS "masterKeyId", m.wrapped, m.language, m.attempts, m.expires_at AS "expiresAt"`,
    [claim.now, claim.leaseUntil, claim.limit],
  );
}

/** A message that is settled keeps no secret. */
export async function settleOutgoing(
  sql: Sql,
  id: string,
  settled: {
    readonly state: 'waiting' | 'sent' | 'undelivered';
    readonly nextAt: Date;
    readonly fault: string | null;
    readonly at: Date;
  },
): Promise<void> {
  await sql.query(
    `UPDATE outgoing_message SET state = $2::text, next_at = $3::timestamptz, fault = $4::text,
       settled_at = CASE WHEN $2::text = 'waiting' THEN NULL ELSE $5::timestamptz END,
       wrapped = CASE WHEN $2::text = 'waiting' THEN wrapped ELSE NULL END,
       address = CASE WHEN $2::text = 'waiting' THEN address ELSE NULL END
     WHERE id = $1::uuid AND state = 'waiting'`,
    [id, settled.state, settled.nextAt, settled.fault, settled.at],
  );
}

/** How messages fare: for operators. */
export async function messageCounts(
  sql: Sql,
  since: Date,
): Promise<{ channel: ChannelName; state: string; n: number }[]> {
  return sql.query(
    `SELECT channel, state, count(*)::int AS n FROM outgoing_message WHERE created_at > $1::timestamptz
     GROUP BY channel, state ORDER BY channel, state`,
    [since],
  );
}

export async function contactOf(sql: Sql, personId: string): Promise<Contact> {
  const [row] = await sql.query<Contact>(
    `SELECT language, email, phone, by_email AS "byEmail", by_sms AS "bySms", by_app AS "byApp"
     FROM contact_preference WHERE person_id = $1::uuid`,
    [personId],
  );
  return row ?? NO_CONTACT;
}

export async function keepContact(sql: Sql, personId: string, contact: Contact, now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO contact_preference (person_id, language, email, phone, by_email, by_sms, by_app, changed_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::bool, $6::bool, $7::bool, $8::timestamptz)
     ON CONFLICT (person_id) DO UPDATE SET language = excluded.language, email = excluded.email, phone = excluded.phone,
       by_email = excluded.by_email, by_sms = excluded.by_sms, by_app = excluded.by_app, changed_at = excluded.changed_at`,
    [
      personId,
      contact.language,
      contact.email,
      contact.phone,
      contact.byEmail,
      contact.bySms,
      contact.byApp,
      now,
    ],
  );
}

export interface ContactCheck {
  readonly address: string;
  readonly masterKeyId: string;
  readonly wrapped: Uint8Array;
  readonly triesLeft: number;
  readonly expiresAt: Date;
}

export async function keepCheck(
  sql: Sql,
  key: { readonly personId: string; readonly channel: 'email' | 'sms' },
  check: ContactCheck,
): Promise<void> {
  await sql.query(
    `INSERT INTO contact_check (person_id, channel, address, master_key_id, wrapped, tries_left, expires_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::bytea, $6::int, $7::timestamptz)
     ON CONFLICT (person_id, channel) DO UPDATE SET address = excluded.address, master_key_id = excluded.master_key_id,
       wrapped = excluded.wrapped, tries_left = excluded.tries_left, expires_at = excluded.expires_at`,
    [
      key.personId,
      key.channel,
      check.address,
      check.masterKeyId,
      check.wrapped,
      check.triesLeft,
      check.expiresAt,
    ],
  );
}

/** Takes one try away in the same statement, so that parallel guesses share them. */
export async function tryCheck(
  sql: Sql,
  key: { readonly personId: string; readonly channel: 'email' | 'sms' },
  now: Date,
): Promise<ContactCheck | undefined> {
  const [row] = await sql.query<ContactCheck>(
    `UPDATE contact_check SET tries_left = tries_left - 1
     WHERE person_id = $1::uuid AND channel = $2::text AND tries_left > 0 AND expires_at > $3::timestamptz
     RETURNING address, master_key_id AS "masterKeyId", wrapped, tries_left AS "triesLeft", expires_at AS "expiresAt"`,
    [key.personId, key.channel, now],
  );
  return row;
}

export async function dropCheck(
  sql: Sql,
  key: { readonly personId: string; readonly channel: 'email' | 'sms' },
): Promise<void> {
  await sql.query('DELETE FROM contact_check WHERE person_id = $1::uuid AND channel = $2::text', [
    key.personId,
    key.channel,
  ]);
}

/** The person's subject at the issuer of the national app. */
export async function appSubjectOf(sql: Sql, personId: string, issuer: string): Promise<string | null> {
  const [row] = await sql.query<{ subject: string }>(
    `SELECT subject FROM account WHERE person_id = $1::uuid AND issuer = $2::text AND subject IS NOT NULL
       AND status = 'active' ORDER BY id LIMIT 1`,
    [personId, issuer],
  );
  return row?.subject ?? null;
}
