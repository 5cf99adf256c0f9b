/** A person or an organisation as a request names them, found and compared field by field. */
import type { OwnerRef } from '../documents/index.ts';
import { findPerson, organisationByNumber, type Person, type PersonClaim } from '../identity/index.ts';
import type { Sql } from '../platform/database.ts';
import { differing, explainDate, explainText, type FieldMatch } from './field-match.ts';
import type { Holder, Party } from './reuse-request.ts';

export interface FoundApplicant {
  readonly person: Person;
  readonly match: readonly FieldMatch[];
}

/** Undefined when nobody has the number. */
export async function findApplicant(sql: Sql, claim: PersonClaim): Promise<FoundApplicant | undefined> {
  const found = await findPerson(sql, claim);
  if (!found) return undefined;
  const { person } = found;
  return {
    person,
    match: [
      { field: 'number', result: found.match.number },
      ...(claim.fullName === undefined
        ? []
        : [{ field: 'name', result: explainText(person.fullName, claim.fullName) }]),
      ...(claim.birthDate === undefined || person.birthDate === null
        ? []
        : [{ field: 'birthDate', result: explainDate(person.birthDate, claim.birthDate) }]),
    ],
  };
}

export type PartyClaim = { readonly holder: Holder } & (
  | { readonly person: PersonClaim }
  | { readonly organisation: { readonly registrationNumber: string; readonly name?: string } }
);

/** Nobody of the number is a number that differs; of papers nothing is said in either case. */
export async function findParty(sql: Sql, claim: PartyClaim): Promise<Party> {
  const { holder } = claim;
  if ('organisation' in claim) {
    const { registrationNumber, name } = claim.organisation;
    const found = await organisationByNumber(sql, registrationNumber);
    const match: FieldMatch[] = found
      ? [
          { field: 'number', result: 'exact' },
          ...(name === undefined ? [] : [{ field: 'name', result: explainText(found.name, name) }]),
        ]
      : UNKNOWN;
    return partyFrom(holder, found && { kind: 'organisation', id: found.id }, match);
  }
  const found = await findApplicant(sql, claim.person);
  return partyFrom(holder, found && { kind: 'person', id: found.person.id }, found?.match ?? UNKNOWN);
}

const UNKNOWN: FieldMatch[] = [{ field: 'number', result: 'differs' }];

const partyFrom = (holder: Holder, owner: OwnerRef | undefined, match: readonly FieldMatch[]): Party => ({
  holder,
  owner: owner && differing(match).length === 0 ? owner : null,
  match,
});
