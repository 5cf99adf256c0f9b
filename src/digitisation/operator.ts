/** A person who works without a session of their own at this moment: at a scanner station, or at the command line. */
import { type PersonActor, ROLES, type Role } from '../identity/index.ts';
import type { Database } from '../platform/database.ts';

/** The person with the roles held at this instant; undefined without an account. Assurance is that of office accounts. */
export async function operatorAt(
  database: Database,
  personId: string,
  at: Date,
): Promise<PersonActor | undefined> {
  const rows = await database.read<{ account_id: string; role: string | null; agency_id: string | null }>(
    `SELECT a.id::text AS account_id, r.role, r.agency_id FROM account a
     LEFT JOIN role_assignment r ON r.account_id = a.id AND r.ended_at IS NULL AND r.valid_from <= $2::timestamptz
       AND (r.valid_until IS NULL OR r.valid_until > $2::timestamptz)
     WHERE a.person_id = $1::uuid AND a.status = 'active'`,
    [personId, at],
  );
  const [first] = rows;
  if (!first) return undefined;
  return {
    kind: 'person',
    accountId: first.account_id,
    personId,
    assurance: 2,
    sessionId: 'without-session',
    roles: rows.flatMap(({ role, agency_id: agencyId }) =>
      agencyId && ROLES.some((each) => each === role) ? [{ role: role as Role, agencyId }] : [],
    ),
  };
}
