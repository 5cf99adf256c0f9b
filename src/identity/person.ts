/**
 * A person as the vault knows one, and how well what somebody said of a person agrees with it. Pure. The comparison
 * explains itself field by field, so that a genuine owner is never turned away without being told what differs.
 */

export type Gender = 'male' | 'female' | 'other';

export interface Person {
  readonly id: string;
  /** 12 digits; null for a foreigner without one. */
  readonly personalNumber: string | null;
  readonly fullName: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly gender: Gender | null;
  /** ISO 3166-1 alpha-3. */
  readonly nationality: string;
  /** 9-digit numbers of former identity cards. */
  readonly oldNumbers: readonly string[];
  readonly passportNumber: string | null;
  readonly deceasedAt: Date | null;
}

/** What a caller says of a person. */
export interface PersonClaim {
  readonly personalNumber?: string;
  readonly fullName?: string;
  readonly birthDate?: string;
  readonly gender?: Gender;
  readonly nationality?: string;
  readonly oldNumbers?: readonly string[];
  readonly passportNumber?: string;
}

/** `spelling`: the same letters but for case, marks or Unicode form; `order`: the same words in another order. */
export type NameMatch = 'exact' | 'spelling' | 'order' | 'differs';

export interface PersonMatch {
  readonly number: 'exact' | 'old-number' | 'passport' | 'differs';
  /** Undefined where the caller did not say it or the vault does not know it. */
  readonly name: NameMatch | undefined;
  readonly birthDate: 'exact' | 'year-only' | 'differs' | undefined;
}

export function matchPerson(person: Person, claim: PersonClaim): PersonMatch {
  return {
    number: matchNumber(person, claim),
    name: claim.fullName === undefined ? undefined : matchNames(person.fullName, claim.fullName),
    birthDate: matchBirthDates(person.birthDate, claim.birthDate),
  };
}

/** True when nothing that was said contradicts what is known; spelling and word order are no contradiction. */
export const agrees = (match: PersonMatch): boolean =>
  match.number !== 'differs' && match.name !== 'differs' && match.birthDate !== 'differs';

export function matchNames(known: string, said: string): NameMatch {
  const [a, b] = [tidy(known), tidy(said)];
  if (a === b) return 'exact';
  const [x, y] = [unmarked(a), unmarked(b)];
  if (x === y) return 'spelling';
  const sorted = (text: string): string => text.split(' ').sort().join(' ');
  return sorted(x) === sorted(y) ? 'order' : 'differs';
}

const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** Lower case without tone and letter marks; đ is a letter of its own that NFD leaves whole. */
const unmarked = (text: string): string =>
  text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');

function matchNumber(person: Person, claim: PersonClaim): PersonMatch['number'] {
  if (claim.personalNumber !== undefined && claim.personalNumber === person.personalNumber) return 'exact';
  if (claim.personalNumber !== undefined && person.oldNumbers.includes(claim.personalNumber))
    return 'old-number';
  if (claim.oldNumbers?.some((number) => person.oldNumbers.includes(number))) return 'old-number';
  if (claim.passportNumber !== undefined && claim.passportNumber === person.passportNumber) return 'passport';
  return 'differs';
}

function matchBirthDates(known: string | null, said: string | undefined): PersonMatch['birthDate'] {
  if (known === null || said === undefined) return undefined;
  if (known === said) return 'exact';
  // Old papers often give the year alone, written as 1 January.
  const yearOnly = /-01-01$/.test(known) || /-01-01$/.test(said);
  return yearOnly && known.slice(0, 4) === said.slice(0, 4) ? 'year-only' : 'differs';
}
