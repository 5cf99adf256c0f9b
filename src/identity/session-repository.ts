/** Rows of `session`. A session that is over is deleted; the ledger remembers that it was. */
import type { Sql } from '../platform/database.ts';
import type { Assurance, RoleAtAgency } from './actor.ts';
import { holdsAt } from './role-repository.ts';

export interface LiveSession {
  readonly id: string;
  readonly accountId: string;
  readonly personId: string;
  readonly assurance: Assurance;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** As they hold at the instant asked for. */
  readonly roles: RoleAtAgency[];
}

/** For each request of a signed-in person: session, account, person and roles as of `$2`; many requests at once. */
export const SESSIONS_BY_DIGEST = `
SELECT encode(s.token_sha256, 'hex') AS digest, s.id::text AS id, s.account_id::text AS "accountId", a.person_id::text AS "personId", s.assurance,
       s.last_seen_at AS "lastSeenAt", s.expires_at AS "expiresAt",
       coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('role', r.role, 'agencyId', r.agency_id))
                 FROM role_assignment r WHERE r.account_id = a.id AND ${holdsAt('$2::timestamptz')}), '[]'::jsonb) AS roles
FROM session s
JOIN account a ON a.id = s.account_id AND a.status = 'active'
JOIN person p ON p.id = a.person_id AND p.deceased_at IS NULL
WHERE s.token_sha256 = ANY ($1::bytea[])`;

export async function insertSession(
  sql: Sql,
  session: {
    readonly id: string;
    readonly digest: Uint8Array;
    readonly accountId: string;
    readonly assurance: Assurance;
    readonly expiresAt: Date;
  },
  now: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO session (id, token_sha256, account_id, assurance, created_at, last_seen_at, expires_at)
     VALUES ($1::uuid, $2::bytea, $3::uuid, $4::int, $5::timestamptz, $5::timestamptz, $6::timestamptz)`,
    [session.id, session.digest, session.accountId, session.assurance, now, session.expiresAt],
  );
}

export const NOTE_SESSION_SEEN =
  'UPDATE session SET last_seen_at = $2::timestamptz WHERE id = $1::uuid AND last_seen_at < $2::timestamptz';

/** Puts another token in the place of a session's; the former one opens nothing any more. */
export async function replaceToken(sql: Sql, id: string, digest: Uint8Array): Promise<boolean> {
  const rows = await sql.query(
    'UPDATE session SET token_sha256 = $2::bytea WHERE id = $1::uuid RETURNING id::text AS id',
    [id, digest],
  );
  return rows.length === 1;
}

export async function deleteSession(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.query('DELETE FROM session WHERE id = $1::uuid RETURNING id::text AS id', [id]);
  return rows.length === 1;
}

export async function deleteSessionByDigest(sql: Sql, digest: Uint8Array): Promise<void> {
  await sql.query('DELETE FROM session WHERE token_sha256 = $1::bytea', [digest]);
}

/** @returns how many there were. */
export async function deleteSessionsOfAccount(sql: Sql, accountId: string): Promise<number> {
  const rows = await sql.query('DELETE FROM session WHERE account_id = $1::uuid RETURNING id::text AS id', [
    accountId,
  ]);
  return rows.length;
}
