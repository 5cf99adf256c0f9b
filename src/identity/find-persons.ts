/** Finds or adds many persons by their personal numbers with a few statements: for lists that agencies send. */
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { type FoundPerson, findOrCreatePerson } from './find-person.ts';
import { matchPerson, type Person, type PersonClaim } from './person.ts';
import { personsByNumbers } from './person-repository.ts';
import { isOldIdentityCardNumber, parsePersonalNumber } from './personal-number.ts';

/** The person, or the failure that `findOrCreatePerson` would have thrown for the claim. */
export type FoundOrFailure = FoundPerson | Failure;

/**
 * As `findOrCreatePerson` for each claim, in order. Claims without a 12-digit number take the way of one by one. What
 * is unknown of a person who is there (birth date, gender) is filled, never overwritten.
 */
export async function findOrCreatePersons(
  sql: Sql,
  claims: readonly PersonClaim[],
  options: { readonly now: Date; readonly acceptInvented: boolean },
): Promise<FoundOrFailure[]> {
  const numbers = claims.map((claim) => numberOf(claim, options.acceptInvented));
  const wanted = [...new Set(numbers.flatMap((number) => (typeof number === 'string' ? [number] : [])))];
  const before = new Map((await personsByNumbers(sql, wanted)).map((each) => [each.personalNumber, each]));
  const fresh = new Map<string, PersonClaim & { readonly fullName: string }>();
  for (const [index, claim] of claims.entries()) {
    const number = numbers[index];
    if (typeof number !== 'string' || before.has(number) || !claim.fullName?.trim()) continue;
    if (!fresh.has(number)) fresh.set(number, { ...claim, fullName: claim.fullName });
  }
  if (fresh.size > 0) await insertPersons(sql, fresh, options.now);
  const added = new Map((await personsByNumbers(sql, [...fresh.keys()])).map((p) => [p.personalNumber, p]));
  const found: FoundOrFailure[] = [];
  for (const [index, claim] of claims.entries()) {
    const number = numbers[index];
    if (number instanceof Failure) {
      found.push(number);
      continue;
    }
    const known = number === undefined ? undefined : (before.get(number) ?? added.get(number));
    if (number === undefined || known === undefined || incomplete(known, claim)) {
      found.push(await oneByOne(sql, claim, options));
      continue;
    }
    const person = { ...claim, personalNumber: number };
    found.push({ person: known, created: !before.has(number), match: matchPerson(known, person) });
  }
  return found;
}

const incomplete = (person: Person, claim: PersonClaim): boolean =>
  (person.birthDate === null && claim.birthDate !== undefined) ||
  (person.gender === null && claim.gender !== undefined);

async function oneByOne(
  sql: Sql,
  claim: PersonClaim,
  options: { readonly now: Date; readonly acceptInvented: boolean },
): Promise<FoundOrFailure> {
  try {
    return await findOrCreatePerson(sql, claim, options);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'invalid') return error;
    throw error;
  }
}

/** The 12 digits; undefined where there are none to go by; the failure where they are malformed. */
function numberOf(claim: PersonClaim, acceptInvented: boolean): string | undefined | Failure {
  const number = claim.personalNumber;
  if (number === undefined || isOldIdentityCardNumber(number) || claim.oldNumbers !== undefined)
    return undefined;
  const parsed = parsePersonalNumber(number, { acceptInvented });
  if (parsed.ok) return parsed.value.number;
  return new Failure('invalid', parsed.problem, { code: 'personal-number-malformed' });
}

async function insertPersons(
  sql: Sql,
  persons: ReadonlyMap<string, PersonClaim & { readonly fullName: string }>,
  now: Date,
): Promise<void> {
  // In order of numbers, so that two lists with the same people do not wait for each other crosswise.
  const rows = [...persons]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([number, claim]) => ({
      id: newId(),
      personal_number: number,
      full_name: claim.fullName.normalize('NFC').replace(/\s+/g, ' ').trim(),
      birth_date: claim.birthDate ?? null,
      gender: claim.gender ?? null,
      nationality: claim.nationality ?? 'VNM',
    }));
  await sql.query(
    `INSERT INTO person (id, personal_number, full_name, birth_date, gender, nationality, old_numbers, created_at)
     SELECT id, personal_number, full_name, birth_date, gender, nationality, ARRAY[]::text[], $2::timestamptz
     FROM jsonb_to_recordset($1::jsonb) AS given (id uuid, personal_number text, full_name text, birth_date date,
       gender text, nationality text)
     ON CONFLICT (personal_number) DO NOTHING`,
    [JSON.stringify(rows), now],
  );
}
