/**
 * The structured record inside an issued file: what the page shows, for programs. The page is made from it, so the two
 * can be compared; it travels as a JSON attachment of the PDF/A-3.
 */
import { z } from 'zod';
import {
  agencyIdSchema,
  calendarDateSchema,
  type DocumentGroup,
  documentTypeCodeSchema,
  labelsSchema,
} from '../catalogue/index.ts';

export const recordFileName = 'ban-ghi.json';

export const issuedRecordSchema = z.strictObject({
  schema: z.literal('mot-lan/issued-record/1'),
  template: z.strictObject({ code: z.string(), version: z.int().min(1) }),
  documentId: z.uuid(),
  documentType: documentTypeCodeSchema,
  names: labelsSchema,
  issuer: z.strictObject({ id: agencyIdSchema, names: labelsSchema }),
  /** Number in the register as the book writes it. */
  label: z.string().min(1),
  issuedOn: calendarDateSchema,
  place: z.string().min(1).max(200),
  signer: z.strictObject({ title: z.string().min(1).max(200), name: z.string().min(1).max(200) }),
  verificationCode: z.string().min(1).max(100),
  verificationUrl: z.url().max(300),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type IssuedRecord = z.infer<typeof issuedRecordSchema>;

/**
 * The record as it is attached: our own members, and for learning achievements the same facts under the names of Open
 * Badges 3.0 (`OpenBadgeCredential` → `AchievementSubject` → `Achievement`), which the European learning model shares.
 */
export function recordDocument(record: IssuedRecord, group: DocumentGroup): Record<string, unknown> {
  if (group !== 'education') return { '@context': { '@vocab': 'urn:mot-lan:record:' }, ...record };
  return {
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ],
    id: `urn:uuid:${record.documentId}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: record.names.vi,
    validFrom: `${record.issuedOn}T00:00:00+07:00`,
    issuer: { id: `urn:mot-lan:agency:${record.issuer.id}`, type: ['Profile'], name: record.issuer.names.vi },
    credentialSubject: {
      type: ['AchievementSubject'],
      achievement: {
        id: `urn:mot-lan:document-type:${record.documentType}`,
        type: ['Achievement'],
        achievementType: 'Diploma',
        name: record.names.vi,
        description: record.names.en,
        criteria: { narrative: record.names.vi },
      },
    },
    record,
  };
}

/** Takes our record out of an attachment, whichever shape it has. @throws ZodError when it is none */
export function readRecordDocument(value: unknown): IssuedRecord {
  const holder = z.looseObject({ record: z.unknown().optional() }).parse(value);
  if (holder.record !== undefined) return issuedRecordSchema.parse(holder.record);
  const { '@context': _, ...own } = holder as Record<string, unknown>;
  return issuedRecordSchema.parse(own);
}
