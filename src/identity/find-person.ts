/** Finds the person somebody names, or adds one; says how well the words agree with what is known. */
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { matchPerson, type Person, type PersonClaim, type PersonMatch } from './person.ts';
import {
  completePerson,
  insertPerson,
  personByNumber,
  personByPassport,
  personsByOldNumber,
} from './person-repository.ts';
import { isOldIdentityCardNumber, parsePersonalNumber } from './personal-number.ts';

export interface FoundPerson {
  readonly person: Person;
  readonly created: boolean;
  readonly match: PersonMatch;
}

/**
 * Looks for a person by personal number, former 9-digit number or passport. Gives the person also where name or birth
 * date differ: the caller decides what a mismatch means. Undefined when nobody, or more than one, has the number.
 */
export async function findPerson(
  sql: Sql,
  claim: PersonClaim,
): Promise<{ person: Person; match: PersonMatch } | undefined> {
  const person = await lookUp(sql, claim);
  return person && { person, match: matchPerson(person, claim) };
}

/**
 * The same, adding the person when there is none. Name and personal number (or passport) are then needed.
 * @param acceptInvented whether numbers of place 000 are taken: development only.
 * @throws Failure `invalid` when the number is malformed or the name is missing.
 */
export async function findOrCreatePerson(
  sql: Sql,
  claim: PersonClaim,
  options: { readonly now: Date; readonly acceptInvented: boolean },
): Promise<FoundPerson> {
  const claimed = checked(claim, options.acceptInvented);
  const found = await findPerson(sql, claimed);
  if (found) {
    await completePerson(sql, found.person.id, {
      birthDate: claimed.birthDate,
      gender: claimed.gender,
      // A number is learnt only by a person found through a passport or an old number who has none yet.
      personalNumber: isOldIdentityCardNumber(claimed.personalNumber ?? '')
        ? undefined
        : claimed.personalNumber,
    });
    return { ...found, created: false };
  }
  const { fullName } = claimed;
  if (fullName === undefined || fullName.trim() === '') throw nameMissing();
  const { person, created } = await insertPerson(sql, { ...claimed, fullName }, options.now);
  return { person, created, match: matchPerson(person, claimed) };
}

/** The same, for whoever names a person from a card. @throws Failure `conflict` where name or birth date differ */
export async function claimedPerson(
  sql: Sql,
  claim: PersonClaim,
  options: { readonly now: Date; readonly acceptInvented: boolean },
): Promise<Person> {
  const { person, match } = await findOrCreatePerson(sql, claim, options);
  if (match.name === 'differs' || match.birthDate === 'differs') throw anotherPerson();
  return person;
}

async function lookUp(sql: Sql, claim: PersonClaim): Promise<Person | undefined> {
  const number = claim.personalNumber;
  if (number !== undefined && !isOldIdentityCardNumber(number)) {
    const person = await personByNumber(sql, number);
    if (person) return person;
  }
  const old = [...(claim.oldNumbers ?? []), ...(number && isOldIdentityCardNumber(number) ? [number] : [])];
  for (const candidate of old) {
    const persons = await personsByOldNumber(sql, candidate);
    const [only] = persons;
    // A person who is known under another 12-digit number is somebody else.
    if (only && persons.length === 1 && (!number || old.includes(number) || only.personalNumber === null))
      return only;
  }
  if (claim.passportNumber !== undefined && claim.nationality !== undefined) {
    return personByPassport(sql, claim.passportNumber, claim.nationality);
  }
  return undefined;
}

function checked(claim: PersonClaim, acceptInvented: boolean): PersonClaim {
  const number = claim.personalNumber;
  if (number === undefined) {
    if (claim.passportNumber !== undefined && claim.nationality !== undefined) return claim;
    throw new Failure(
      'invalid',
      {
        en: 'Give the 12-digit personal number, or for a foreigner the passport number with the nationality.',
        vi: 'Hãy cho số định danh 12 chữ số; với người nước ngoài là số hộ chiếu kèm quốc tịch.',
      },
      { code: 'personal-number-missing' },
    );
  }
  if (isOldIdentityCardNumber(number)) return { ...claim, personalNumber: number.replace(/[\s.]/g, '') };
  const parsed = parsePersonalNumber(number, { acceptInvented });
  if (!parsed.ok) throw new Failure('invalid', parsed.problem, { code: 'personal-number-malformed' });
  return { ...claim, personalNumber: parsed.value.number };
}

const nameMissing = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'This person is not known yet: give the full name as printed on the identity card.',
      vi: 'Chưa có người này trong kho: hãy cho họ tên đầy đủ như trên thẻ căn cước.',
    },
    { code: 'name-missing' },
  );

const anotherPerson = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The name or birth date does not match this personal number. Compare with the identity card.',
      vi: 'Họ tên hoặc ngày sinh không khớp với số định danh này. Hãy so lại với thẻ căn cước.',
    },
    { code: 'person-mismatch' },
  );
