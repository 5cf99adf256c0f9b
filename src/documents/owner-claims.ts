/** Owners as a caller names them, and the persons and organisations they are. Duplicates and mismatches are told by place. */
import {
  agrees,
  claimedOrganisation,
  findOrCreatePerson,
  type OrganisationClaim,
  type PersonClaim,
} from '../identity/index.ts';
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { OwnerRef } from './document.ts';

export type OwnerClaim =
  | ({ readonly kind: 'person' } & PersonClaim)
  | ({ readonly kind: 'organisation' } & OrganisationClaim)
  | { readonly kind: 'known'; readonly ref: OwnerRef };

export interface OwnerTerms {
  readonly now: Date;
  /** Whether invented personal numbers are taken: development only. */
  readonly acceptInvented: boolean;
  /** JSON Pointer of the place of the n-th claim in what the caller sent. */
  readonly pointer?: (at: number) => string;
}

/** @throws Failure `invalid` where a claim contradicts what is known, `conflict` where the owner has died */
export async function resolveOwners(
  sql: Sql,
  claims: readonly OwnerClaim[],
  terms: OwnerTerms,
): Promise<OwnerRef[]> {
  const pointer = terms.pointer ?? ((at: number) => `/body/owners/${at}`);
  const owners: OwnerRef[] = [];
  for (const [at, claim] of claims.entries()) {
    const owner = await resolveOwner(sql, claim, { ...terms, place: pointer(at) });
    if (owners.some(({ id }) => id === owner.id)) throw namedTwice(pointer(at));
    owners.push(owner);
  }
  return owners;
}

async function resolveOwner(
  sql: Sql,
  claim: OwnerClaim,
  terms: OwnerTerms & { readonly place: string },
): Promise<OwnerRef> {
  if (claim.kind === 'known') return claim.ref;
  if (claim.kind === 'organisation') {
    const { organisation, name } = await claimedOrganisation(sql, claim, terms.now);
    if (name === 'differs') throw organisationDiffers(terms.place);
    return { kind: 'organisation', id: organisation.id };
  }
  const { person, match } = await findOrCreatePerson(sql, claim, terms);
  if (!agrees(match)) throw personDiffers(terms.place, match);
  if (person.deceasedAt) throw ownerDied(terms.place);
  return { kind: 'person', id: person.id };
}

function personDiffers(place: string, match: object): Failure {
  const faults = Object.entries(match)
    .filter(([, verdict]) => verdict === 'differs')
    .map(([field]) => ({
      pointer: `${place}/${field === 'name' ? 'fullName' : field === 'number' ? 'personalNumber' : field}`,
      detail:
        'Differs from what the vault knows of this number. Compare with the identity card; the police of the commune correct the record.',
    }));
  return new Failure(
    'invalid',
    {
      en: 'The owner does not match the number given.',
      vi: 'Thông tin chủ giấy tờ không khớp với số định danh.',
    },
    { code: 'owner-mismatch', faults },
  );
}

const organisationDiffers = (place: string): Failure =>
  new Failure(
    'invalid',
    {
      en: 'The name does not match the number of the organisation. Compare with its registration certificate.',
      vi: 'Tên không khớp với mã số của tổ chức. Hãy đối chiếu giấy chứng nhận đăng ký.',
    },
    {
      code: 'owner-mismatch',
      faults: [{ pointer: `${place}/name`, detail: 'Differs from what the vault knows of this number.' }],
    },
  );

const ownerDied = (place: string): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The owner is recorded as deceased; heirs ask for copies at the agency that keeps the register.',
      vi: 'Chủ giấy tờ đã được ghi là đã mất; người thừa kế xin bản sao tại cơ quan giữ sổ gốc.',
    },
    { code: 'owner-deceased', faults: [{ pointer: place, detail: 'Recorded as deceased.' }] },
  );

const namedTwice = (place: string): Failure =>
  new Failure(
    'invalid',
    { en: 'The same owner is named twice.', vi: 'Một chủ giấy tờ được nêu hai lần.' },
    { code: 'owner-twice', faults: [{ pointer: place, detail: 'Named before in the same list.' }] },
  );
