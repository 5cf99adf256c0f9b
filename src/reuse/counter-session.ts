/**
 * Help at a counter: one officer under their own account, one person, one dossier, for half an hour. A dossier opens it;
 * it ends with the dossier, by the officer, or by time. Outside of one an officer sees nothing.
 */
import type { Sql } from '../platform/database.ts';

export interface CounterSession {
  readonly id: string;
  readonly agencyId: string;
  readonly dossierId: string;
  readonly ownerId: string;
  /** The officer as a person. */
  readonly officerId: string;
  readonly role: string;
  readonly identityCheckedAt: Date;
  readonly openedAt: Date;
  readonly closesAt: Date;
  readonly endedAt: Date | null;
}

/** DOMAIN §5.2: desk-verified sessions last half an hour. */
export const SESSION_MINUTES = 30;

export async function insertCounterSession(sql: Sql, session: CounterSession): Promise<void> {
  await sql.query(
    `INSERT INTO counter_session (id, agency_id, dossier_id, owner_id, officer_id, role, identity_checked_at, opened_at, closes_at)
     VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::uuid, $6::text, $7::timestamptz, $8::timestamptz, $9::timestamptz)`,
    [
      session.id,
      session.agencyId,
      session.dossierId,
      session.ownerId,
      session.officerId,
      session.role,
      session.identityCheckedAt,
      session.openedAt,
      session.closesAt,
    ],
  );
}

/** The open session of an officer, for one dossier or whichever is open. A closed dossier has none. */
export async function openSessionOf(
  sql: Sql,
  officerId: string,
  now: Date,
  dossierId?: string,
): Promise<CounterSession | undefined> {
  const [row] = await sql.query<SessionRow>(
    `SELECT ${COLUMNS} FROM counter_session c JOIN dossier s ON s.id = c.dossier_id
     WHERE c.officer_id = $1::uuid AND c.ended_at IS NULL AND c.closes_at > $2::timestamptz AND s.state <> 'closed'
       AND ($3::uuid IS NULL OR c.dossier_id = $3::uuid)
     ORDER BY c.opened_at DESC, c.id DESC LIMIT 1`,
    [officerId, now, dossierId ?? null],
  );
  return row && sessionOf(row);
}

/** Ends what is open of an officer. @returns the sessions that ended */
export async function endSessions(
  sql: Sql,
  officerId: string,
  ending: { at: Date; because: string },
): Promise<CounterSession[]> {
  const rows = await sql.query<SessionRow>(
    `UPDATE counter_session c SET ended_at = least($2::timestamptz, closes_at), ended_because = $3::text
     WHERE officer_id = $1::uuid AND ended_at IS NULL RETURNING ${COLUMNS}`,
    [officerId, ending.at, ending.because],
  );
  return rows.map(sessionOf);
}

/** The newest session on a dossier that this officer held, open or not: its receipt may be printed afterwards. */
export async function lastSessionOf(
  sql: Sql,
  officerId: string,
  dossierId: string,
): Promise<CounterSession | undefined> {
  const [row] = await sql.query<SessionRow>(
    `SELECT ${COLUMNS} FROM counter_session c WHERE c.officer_id = $1::uuid AND c.dossier_id = $2::uuid
     ORDER BY c.opened_at DESC, c.id DESC LIMIT 1`,
    [officerId, dossierId],
  );
  return row && sessionOf(row);
}

interface SessionRow {
  id: string;
  agency_id: string;
  dossier_id: string;
  owner_id: string;
  officer_id: string;
  role: string;
  identity_checked_at: Date;
  opened_at: Date;
  closes_at: Date;
  ended_at: Date | null;
}

const COLUMNS = `c.id::text, c.agency_id, c.dossier_id::text, c.owner_id::text, c.officer_id::text, c.role, c.identity_checked_at,
  c.opened_at, c.closes_at, c.ended_at`;

const sessionOf = (row: SessionRow): CounterSession => ({
  id: row.id,
  agencyId: row.agency_id,
  dossierId: row.dossier_id,
  ownerId: row.owner_id,
  officerId: row.officer_id,
  role: row.role,
  identityCheckedAt: row.identity_checked_at,
  openedAt: row.opened_at,
  closesAt: row.closes_at,
  endedAt: row.ended_at,
});
