/** Finds the organisation somebody names, or adds one; says whether the words agree with what is known. */
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { matchNames, type NameMatch } from './person.ts';
import {
  findOrCreateOrganisation,
  type Organisation,
  organisationByNumber,
} from './representation-repository.ts';

/** What a caller says of an organisation: its enterprise, cooperative or household-business number, or its tax number. */
export interface OrganisationClaim {
  readonly registrationNumber?: string;
  readonly taxNumber?: string;
  readonly name?: string;
}

/**
 * @returns the organisation, whether it was added, and how the name agrees (undefined where none was said)
 * @throws Failure `invalid` without a number, or without a name for one that is not known yet
 */
export async function claimedOrganisation(
  sql: Sql,
  claim: OrganisationClaim,
  now: Date,
): Promise<{ organisation: Organisation; created: boolean; name: NameMatch | undefined }> {
  // The enterprise number is the tax number (Law on Enterprises 2020 art. 29), so either finds it.
  const number = claim.registrationNumber ?? claim.taxNumber;
  if (number === undefined) throw numberMissing();
  const known = await organisationByNumber(sql, number);
  if (known) {
    const name = claim.name === undefined ? undefined : matchNames(known.name, claim.name);
    return { organisation: known, created: false, name };
  }
  if (claim.name === undefined) throw nameMissing();
  const added = await findOrCreateOrganisation(
    sql,
    { registrationNumber: number, taxNumber: claim.taxNumber ?? null, name: claim.name },
    now,
  );
  return { ...added, name: matchNames(added.organisation.name, claim.name) };
}

const numberMissing = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'Give the enterprise or registration number, or the tax number, of the organisation.',
      vi: 'Hãy cho mã số doanh nghiệp (số đăng ký) hoặc mã số thuế của tổ chức.',
    },
    { code: 'organisation-number-missing' },
  );

const nameMissing = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'This organisation is not known yet: give its name as registered.',
      vi: 'Chưa có tổ chức này trong kho: hãy cho tên như trong giấy đăng ký.',
    },
    { code: 'name-missing' },
  );
