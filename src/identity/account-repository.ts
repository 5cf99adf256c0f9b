/** Rows of `account`: the ways in. An account without a subject was made for a joiner and waits for the first sign-in. */
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';

export interface Account {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string | null;
  readonly personId: string;
  readonly status: 'active' | 'disabled';
}

const COLUMNS = 'id::text AS id, issuer, subject, person_id::text AS "personId", status';

export async function accountById(sql: Sql, id: string): Promise<Account | undefined> {
  const [account] = await sql.query<Account>(`SELECT ${COLUMNS} FROM account WHERE id = $1::uuid`, [id]);
  return account;
}

export async function accountBySubject(
  sql: Sql,
  issuer: string,
  subject: string,
): Promise<Account | undefined> {
  const [account] = await sql.query<Account>(
    `SELECT ${COLUMNS} FROM account WHERE issuer = $1::text AND subject = $2::text`,
    [issuer, subject],
  );
  return account;
}

export async function accountsOfPerson(sql: Sql, personId: string): Promise<Account[]> {
  return sql.query<Account>(`SELECT ${COLUMNS} FROM account WHERE person_id = $1::uuid ORDER BY id`, [
    personId,
  ]);
}

/** Adds an account. `subject` null: bound at the person's first sign-in with the issuer. */
export async function insertAccount(
  sql: Sql,
  account: { readonly issuer: string; readonly subject: string | null; readonly personId: string },
  now: Date,
): Promise<Account> {
  const [row] = await sql.query<Account>(
    `INSERT INTO account (id, issuer, subject, person_id, status, created_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::uuid, 'active', $5::timestamptz) RETURNING ${COLUMNS}`,
    [newId(), account.issuer, account.subject, account.personId, now],
  );
  if (!row) throw new Error('an account was not added');
  return row;
}

/** Gives a waiting account of the person its subject. Undefined when none waits. */
export async function bindWaitingAccount(
  sql: Sql,
  issuer: string,
  personId: string,
  subject: string,
): Promise<Account | undefined> {
  const [account] = await sql.query<Account>(
    `UPDATE account SET subject = $3::text WHERE id = (
       SELECT id FROM account WHERE issuer = $1::text AND person_id = $2::uuid AND subject IS NULL
       ORDER BY id LIMIT 1 FOR UPDATE)
     RETURNING ${COLUMNS}`,
    [issuer, personId, subject],
  );
  return account;
}

export async function recordSignIn(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.query('UPDATE account SET last_sign_in_at = $2::timestamptz WHERE id = $1::uuid', [id, now]);
}

/** @returns false when it already stood so. */
export async function setAccountStatus(sql: Sql, id: string, status: Account['status']): Promise<boolean> {
  const rows = await sql.query(
    'UPDATE account SET status = $2::text WHERE id = $1::uuid AND status <> $2::text RETURNING id::text AS id',
    [id, status],
  );
  return rows.length === 1;
}
