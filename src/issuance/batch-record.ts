/** The record of one item of a batch. The same item gives the same record however often a run is interrupted. */
import type { Labels, Metadata } from '../catalogue/index.ts';
import type { IssueBatch } from './batch.ts';
import type { IssuedRecord } from './issued-record.ts';

export interface RecordParts {
  readonly fields: Metadata;
  readonly label: string;
  readonly documentId: string;
  readonly code: string;
}

export const recordOf = (
  batch: IssueBatch,
  { fields, label, documentId, code }: RecordParts,
  about: { readonly issuer: Labels; readonly type: { readonly names: Labels }; readonly baseUrl: string },
): IssuedRecord => ({
  schema: 'mot-lan/issued-record/1',
  template: batch.template,
  documentId,
  documentType: batch.documentType,
  names: about.type.names,
  issuer: { id: batch.agencyId, names: about.issuer },
  label,
  issuedOn: batch.issuedOn,
  place: batch.place,
  signer: batch.signer,
  verificationCode: code,
  verificationUrl: `${about.baseUrl}/kiem-tra/${code}`,
  fields,
});
