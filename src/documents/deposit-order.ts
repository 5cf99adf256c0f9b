/** What a deposit is asked with, and the check of it against the catalogue: pure, every fault told at once. */
import {
  type CalendarDate,
  type Catalogue,
  type DocumentType,
  metadataSchema,
  type Provenance,
} from '../catalogue/index.ts';
import type { Actor } from '../identity/index.ts';
import { Failure, type Fault } from '../platform/failure.ts';
import type { PaperPlace } from './dossier-repository.ts';
import type { IntakeFile } from './intake.ts';
import type { OwnerClaim } from './owner-claims.ts';

/** One paper to be deposited. */
export interface PaperOrder {
  readonly typeCode: string;
  readonly issuerId: string;
  readonly provenance: Provenance;
  readonly symbol: string | null;
  readonly abstract: string | null;
  readonly issuedOn: CalendarDate | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly owners: readonly OwnerClaim[];
  readonly externalId: string | null;
  /** Where it stands in a dossier of the agency. */
  readonly place: PaperPlace | null;
  readonly files: readonly IntakeFile[];
}

/** On whose behalf papers are deposited. */
export interface DepositContext {
  readonly actor: Actor;
  readonly agencyId: string;
  readonly requestId: string;
}

export interface CheckedPaper {
  readonly type: DocumentType;
  readonly agency: { readonly id: string; readonly name: string };
  /** As the type's schema reads it: unknown fields are faults, so nothing unforeseen is kept. */
  readonly metadata: Record<string, unknown>;
}

export interface CheckTerms {
  readonly agencyId: string;
  readonly catalogue: Catalogue;
  readonly today: CalendarDate;
  /** JSON Pointer of the paper in what the caller sent; `/body` for a single one. */
  readonly pointer: string;
}

/** @returns what the catalogue makes of the order, or its faults */
export function checkPaper(order: PaperOrder, terms: CheckTerms): CheckedPaper | readonly Fault[] {
  const { catalogue, today, pointer } = terms;
  const faults: Fault[] = [];
  const fault = (place: string, detail: string): void => {
    faults.push({ pointer: `${pointer}/${place}`, detail });
  };
  const type = catalogue.documentType(order.typeCode, today);
  const agency = catalogue.agency(terms.agencyId, today);
  if (!agency)
    faults.push({
      pointer: '/body/agency',
      detail: 'No agency of this identifier is in the catalogue today.',
    });
  if (!type) fault('type', 'No document type of this code is in the catalogue today.');
  if (!catalogue.agencyVersions(order.issuerId)[0])
    fault('issuer', 'The issuing agency is not in the catalogue, past or present.');
  if (order.issuedOn !== null && order.issuedOn > today)
    fault('issuedOn', 'The date of issue lies in the future.');
  if (order.provenance === 'self-upload')
    fault('provenance', 'An agency does not deposit self-uploads; the owner uploads them.');
  const metadata = type ? readMetadata(type, order.metadata, fault) : {};
  if (type) checkOwners(type, order.owners, fault);
  return type && agency && faults.length === 0
    ? { type, agency: { id: agency.id, name: agency.names.vi }, metadata }
    : faults;
}

/** The metadata as the type has them; faults are told by field. */
export function readMetadata(
  type: DocumentType,
  metadata: Readonly<Record<string, unknown>>,
  fault: (place: string, detail: string) => void,
): Record<string, unknown> {
  const parsed = metadataSchema(type).safeParse(metadata);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) fault(`metadata/${issue.path.join('/')}`, issue.message);
  return {};
}

function checkOwners(
  type: DocumentType,
  owners: readonly OwnerClaim[],
  fault: (place: string, detail: string) => void,
): void {
  const { min, max, kinds } = type.owners;
  if (owners.length < min || owners.length > max)
    fault('owners', `This type of paper has ${min === max ? min : `${min} to ${max}`} owners.`);
  for (const [at, owner] of owners.entries()) {
    const kind = owner.kind === 'known' ? owner.ref.kind : owner.kind;
    if (!kinds.includes(kind))
      fault(
        `owners/${at}`,
        kind === 'person'
          ? 'This type of paper belongs to an organisation: name it by its registration or tax number.'
          : 'This type of paper belongs to a person: name them by personal number.',
      );
  }
}

/** Nothing was written; the caller mends the places named and sends again. */
export const metadataFaults = (faults: readonly Fault[]): Failure =>
  new Failure(
    'invalid',
    {
      en: `${faults.length === 1 ? 'One value of the metadata needs' : `${faults.length} values of the metadata need`} mending; see "errors".`,
      vi: `Dữ liệu đặc tả có ${faults.length} chỗ cần sửa; xem "errors".`,
    },
    { faults },
  );
