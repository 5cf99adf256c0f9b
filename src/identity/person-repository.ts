/** Rows of `person`. Numbers and names stay inside: nothing here logs or builds an address from them. */
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Gender, Person, PersonClaim } from './person.ts';

const COLUMNS = `id::text AS id, personal_number, full_name, birth_date::text AS birth_date, gender, nationality,
  to_jsonb(old_numbers) AS old_numbers, passport_number, deceased_at`;

interface PersonRow {
  readonly id: string;
  readonly personal_number: string | null;
  readonly full_name: string;
  readonly birth_date: string | null;
  readonly gender: Gender | null;
  readonly nationality: string;
  readonly old_numbers: string[];
  readonly passport_number: string | null;
  readonly deceased_at: Date | null;
}

const personOf = (row: PersonRow): Person => ({
  id: row.id,
  personalNumber: row.personal_number,
  fullName: row.full_name,
  birthDate: row.birth_date,
  gender: row.gender,
  nationality: row.nationality,
  oldNumbers: row.old_numbers,
  passportNumber: row.passport_number,
  deceasedAt: row.deceased_at,
});

async function one(sql: Sql, where: string, ...parameters: unknown[]): Promise<Person | undefined> {
  const [row] = await sql.query<PersonRow>(
    `SELECT ${COLUMNS} FROM person WHERE ${where} LIMIT 1`,
    parameters,
  );
  return row && personOf(row);
}

export const personById = (sql: Sql, id: string): Promise<Person | undefined> =>
  one(sql, 'id = $1::uuid', id);

export const personByNumber = (sql: Sql, personalNumber: string): Promise<Person | undefined> =>
  one(sql, 'personal_number = $1::text', personalNumber);

export async function personsByNumbers(sql: Sql, numbers: readonly string[]): Promise<Person[]> {
  if (numbers.length === 0) return [];
  const rows = await sql.query<PersonRow>(
    `SELECT ${COLUMNS} FROM person WHERE personal_number = ANY($1::text[])`,
    [[...numbers]],
  );
  return rows.map(personOf);
}

/** Persons who once had the 9-digit number; more than one is possible, since provinces numbered on their own. */
export async function personsByOldNumber(sql: Sql, oldNumber: string): Promise<Person[]> {
  const rows = await sql.query<PersonRow>(
    `SELECT ${COLUMNS} FROM person WHERE old_numbers @> ARRAY[$1::text] ORDER BY id LIMIT 10`,
    [oldNumber],
  );
  return rows.map(personOf);
}

export const personByPassport = (
  sql: Sql,
  passportNumber: string,
  nationality: string,
): Promise<Person | undefined> =>
  one(sql, 'passport_number = $1::text AND nationality = $2::text', passportNumber, nationality);

export async function personsByIds(sql: Sql, ids: readonly string[]): Promise<Person[]> {
  const rows = await sql.query<PersonRow>(`SELECT ${COLUMNS} FROM person WHERE id = ANY($1::uuid[])`, [
    [...ids],
  ]);
  return rows.map(personOf);
}

/** Adds a person; when another transaction was faster with the same number, gives that person. */
export async function insertPerson(
  sql: Sql,
  claim: PersonClaim & { readonly fullName: string },
  now: Date,
): Promise<{ person: Person; created: boolean }> {
  const [row] = await sql.query<PersonRow>(
    `INSERT INTO person (id, personal_number, full_name, birth_date, gender, nationality, old_numbers,
                         passport_number, created_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text::date, $5::text, $6::text, $7::text[], $8::text, $9::timestamptz)
     ON CONFLICT (personal_number) DO NOTHING
     RETURNING ${COLUMNS}`,
    [
      newId(),
      claim.personalNumber ?? null,
      claim.fullName.normalize('NFC').replace(/\s+/g, ' ').trim(),
      claim.birthDate ?? null,
      claim.gender ?? null,
      claim.nationality ?? 'VNM',
      [...(claim.oldNumbers ?? [])],
      claim.passportNumber ?? null,
      now,
    ],
  );
  if (row) return { person: personOf(row), created: true };
  const person = claim.personalNumber && (await personByNumber(sql, claim.personalNumber));
  if (!person) throw new Error('a person could neither be added nor found');
  return { person, created: false };
}

/** Fills what was unknown; never overwrites. */
export async function completePerson(sql: Sql, id: string, claim: PersonClaim): Promise<void> {
  await sql.query(
    `UPDATE person SET birth_date = coalesce(birth_date, $2::text::date), gender = coalesce(gender, $3::text),
       personal_number = coalesce(personal_number, $4::text)
     WHERE id = $1::uuid`,
    [id, claim.birthDate ?? null, claim.gender ?? null, claim.personalNumber ?? null],
  );
}

/** The lock of a dead person's data. @returns false when it was set before. */
export async function markDeceased(sql: Sql, id: string, at: Date): Promise<boolean> {
  const rows = await sql.query(
    'UPDATE person SET deceased_at = $2::timestamptz WHERE id = $1::uuid AND deceased_at IS NULL RETURNING id::text AS id',
    [id, at],
  );
  return rows.length === 1;
}

/** What a civil-status correction says of the person from now on; the papers keep what they said. */
export async function correctPerson(
  sql: Sql,
  id: string,
  changes: { readonly fullName?: string; readonly birthDate?: string },
): Promise<void> {
  await sql.query(
    `UPDATE person SET full_name = coalesce($2::text, full_name), birth_date = coalesce($3::text::date, birth_date)
     WHERE id = $1::uuid`,
    [id, changes.fullName?.normalize('NFC').replace(/\s+/g, ' ').trim() ?? null, changes.birthDate ?? null],
  );
}
