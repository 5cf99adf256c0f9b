/** Rows of `role_assignment`. Rows are never deleted: an ended role stays as the record of who could do what, when. */
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Role } from './actor.ts';

export type AssignmentKind = 'regular' | 'leave-cover' | 'break-glass';

export interface RoleAssignment {
  readonly id: string;
  readonly accountId: string;
  readonly agencyId: string;
  readonly role: Role;
  readonly kind: AssignmentKind;
  readonly coversId: string | null;
  readonly validFrom: Date;
  /** The first instant at which it no longer holds. */
  readonly validUntil: Date | null;
  readonly reason: string;
  readonly endedAt: Date | null;
}

export type NewAssignment = Omit<RoleAssignment, 'id' | 'endedAt'> & { readonly grantedBy: string };

const COLUMNS = `id::text AS id, account_id::text AS "accountId", agency_id AS "agencyId", role, kind,
  covers_id::text AS "coversId", valid_from AS "validFrom", valid_until AS "validUntil", reason, ended_at AS "endedAt"`;

/** The condition under which a row of the alias `r` holds at the parameter; shared with the authenticator. */
export const holdsAt = (parameter: string): string =>
  `r.ended_at IS NULL AND r.valid_from <= ${parameter} AND (r.valid_until IS NULL OR r.valid_until > ${parameter})`;

export async function insertAssignment(sql: Sql, assignment: NewAssignment): Promise<RoleAssignment> {
  const [row] = await sql.query<RoleAssignment>(
    `INSERT INTO role_assignment (id, account_id, agency_id, role, kind, covers_id, valid_from, valid_until,
                                  granted_by, reason)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::uuid, $7::timestamptz, $8::timestamptz,
             $9::text, $10::text) RETURNING ${COLUMNS}`,
    [
      newId(),
      assignment.accountId,
      assignment.agencyId,
      assignment.role,
      assignment.kind,
      assignment.coversId,
      assignment.validFrom,
      assignment.validUntil,
      assignment.grantedBy,
      assignment.reason,
    ],
  );
  if (!row) throw new Error('a role was not added');
  return row;
}

export async function assignmentById(sql: Sql, id: string): Promise<RoleAssignment | undefined> {
  const [row] = await sql.query<RoleAssignment>(
    `SELECT ${COLUMNS} FROM role_assignment WHERE id = $1::uuid FOR UPDATE`,
    [id],
  );
  return row;
}

/** Who holds what at an agency at an instant, newest first. */
export async function assignmentsAt(sql: Sql, agencyId: string, now: Date): Promise<RoleAssignment[]> {
  return sql.query<RoleAssignment>(
    `SELECT ${COLUMNS} FROM role_assignment r WHERE r.agency_id = $1::text AND ${holdsAt('$2::timestamptz')}
     ORDER BY r.id DESC LIMIT 1000`,
    [agencyId, now],
  );
}

export async function assignmentsOfAccount(
  sql: Sql,
  accountId: string,
  now: Date,
): Promise<RoleAssignment[]> {
  return sql.query<RoleAssignment>(
    `SELECT ${COLUMNS} FROM role_assignment r WHERE r.account_id = $1::uuid AND ${holdsAt('$2::timestamptz')}
     ORDER BY r.id`,
    [accountId, now],
  );
}

/** Ends one role, and the covers that stand in for it. @returns the ids that ended. */
export async function endAssignment(sql: Sql, id: string, endedBy: string, now: Date): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `UPDATE role_assignment SET ended_at = $2::timestamptz, ended_by = $3::text
     WHERE (id = $1::uuid OR covers_id = $1::uuid) AND ended_at IS NULL RETURNING id::text AS id`,
    [id, now, endedBy],
  );
  return rows.map((row) => row.id);
}
