/** What callers tell of a paper, and how receipts and proposals leave the API. Hostile until parsed. */
import { z } from 'zod';
import { agencyIdSchema, calendarDateSchema, documentTypeCodeSchema } from '../catalogue/index.ts';
import { PAPER_FORMS, PAPER_GROUPS } from './scan.ts';

export const words = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .transform((value) => value.normalize('NFC'));

export const openingBody = z.strictObject({
  agency: agencyIdSchema,
  type: documentTypeCodeSchema,
  form: z.enum(PAPER_FORMS),
  owners: z
    .array(
      z.strictObject({
        personalNumber: z.string().max(20).optional(),
        fullName: words(200).optional(),
        birthDate: calendarDateSchema.optional(),
        passportNumber: z.string().max(30).optional(),
      }),
    )
    .min(1)
    .max(10),
  dossier: z
    .strictObject({
      code: z.string().max(60),
      group: z.enum(PAPER_GROUPS),
      component: z.string().max(80).nullable().default(null),
    })
    .nullable()
    .default(null),
  sheets: z.int().min(1).max(2000).nullable().default(null),
  againBecause: words(300).nullable().default(null),
  station: words(60).nullable().default(null),
});

export const valuesBody = z.strictObject({
  issuer: agencyIdSchema,
  symbol: words(100).nullable().default(null),
  abstract: words(1000).nullable().default(null),
  issuedOn: calendarDateSchema.nullable().default(null),
  metadata: z.record(z.string().max(60), z.unknown()).default({}),
});

export const proposalAnswer = z.object({
  field: z.string(),
  value: z.string(),
  confidence: z.number(),
  rule: z.string(),
  page: z.int(),
  box: z.array(z.number()),
  others: z.array(z.string()),
});

export const receiptAnswer = z.object({
  documentId: z.string(),
  versionId: z.string(),
  verificationCode: z.string(),
  resultCode: z.string().nullable(),
  sha256Original: z.string(),
  sha256: z.string(),
  pages: z.int(),
  status: z.string(),
  eventId: z.string(),
  depositedAt: z.string(),
});
