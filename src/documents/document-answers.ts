/** The JSON in which documents leave the API, and how facts become it. */
import { z } from 'zod';
import { type Catalogue, calendarDateAt, type Validity, validity } from '../catalogue/index.ts';
import { type DocumentFacts, STATUSES } from './document.ts';

const words = z.object({ vi: z.string(), en: z.string() });

export const validityAnswer = z.object({
  state: z.enum(['valid', 'not-yet-valid', 'expired', 'undetermined']),
  from: z.string().nullable(),
  until: z.string().nullable(),
  reason: words,
});

export const documentAnswer = z.object({
  id: z.string(),
  type: z.object({ code: z.string(), names: words.nullable() }),
  issuer: z.object({ id: z.string(), names: words.nullable() }).nullable(),
  provenance: z.string(),
  symbol: z.string().nullable(),
  abstract: z.string().nullable(),
  issuedOn: z.string().nullable(),
  status: z.enum(STATUSES),
  statusSince: z.string(),
  successorId: z.string().nullable(),
  /** Computed at this very answer. */
  validity: validityAnswer,
  metadata: z.record(z.string(), z.unknown()),
  version: z.object({ number: z.int(), sha256: z.string(), pages: z.int() }),
  verificationCode: z.string(),
  depositedAt: z.string(),
});

export const versionAnswer = z.object({
  id: z.string(),
  number: z.int(),
  sha256: z.string(),
  pages: z.int(),
  createdAt: z.string(),
  reason: z.string().nullable(),
  /** True for every version but the newest. */
  superseded: z.boolean(),
  renditions: z.array(
    z.object({
      kind: z.string(),
      position: z.int(),
      mediaType: z.string(),
      sha256: z.string(),
      size: z.number(),
    }),
  ),
});

export const receiptAnswer = z.object({
  documentId: z.string(),
  versionId: z.string(),
  verificationCode: z.string(),
  sha256Original: z.string(),
  sha256: z.string(),
  pages: z.int(),
  status: z.string(),
  signatureLevel: z.string(),
  eventId: z.string(),
  depositedAt: z.string(),
});

/** Validity now, by the rule that was in force for the type. */
export function validityOf(document: DocumentFacts, catalogue: Catalogue, at: Date): Validity {
  const today = calendarDateAt(at);
  const type =
    catalogue.documentType(document.typeCode, today) ??
    catalogue.documentType(document.typeCode, document.issuedOn ?? today);
  if (!type) {
    const reason = {
      vi: 'Loại giấy tờ không còn trong danh mục',
      en: 'The document type is no longer in the catalogue',
    };
    return { state: 'undetermined', from: document.issuedOn, until: null, reason };
  }
  return validity(
    type.validity,
    { issuedOn: document.issuedOn, fields: document.metadata, events: [] },
    today,
  );
}

export function toDocumentAnswer(
  document: DocumentFacts,
  catalogue: Catalogue,
  at: Date,
): z.input<typeof documentAnswer> {
  const today = calendarDateAt(at);
  const type = catalogue.documentType(document.typeCode, today);
  const issuer = document.issuerId === null ? undefined : catalogue.agencyVersions(document.issuerId).at(-1);
  return {
    id: document.id,
    type: { code: document.typeCode, names: type?.names ?? null },
    issuer: document.issuerId === null ? null : { id: document.issuerId, names: issuer?.names ?? null },
    provenance: document.provenance,
    symbol: document.symbol,
    abstract: document.abstract,
    issuedOn: document.issuedOn,
    status: document.status.status,
    statusSince: document.status.at.toISOString(),
    successorId: document.status.successorId,
    validity: validityOf(document, catalogue, at),
    metadata: { ...document.metadata },
    version: {
      number: document.version.number,
      sha256: document.version.sha256,
      pages: document.version.pages,
    },
    verificationCode: document.verificationCode,
    depositedAt: document.depositedAt.toISOString(),
  };
}
