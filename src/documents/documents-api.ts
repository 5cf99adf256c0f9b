/** Depositing papers and deciding on their standing, over HTTP. Here words become orders and facts become JSON. */
import { z } from 'zod';
import { type CatalogueService, calendarDateSchema } from '../catalogue/index.ts';
import { type Route, readUpload, route } from '../http/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { DepositService } from './deposit-service.ts';
import { documentAnswer, receiptAnswer, toDocumentAnswer } from './document-answers.ts';
import { DEPOSIT_ROLES, STATUS_ROLES } from './documents-policy.ts';
import { depositSchema, parseField, text, toPaperOrder } from './paper-schemas.ts';
import type { StatusService } from './status-service.ts';
import type { VersionService } from './version-service.ts';

export interface DocumentsApiParts {
  readonly deposits: DepositService;
  readonly statuses: StatusService;
  readonly versions: VersionService;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
  readonly spoolFolder: string;
  readonly maxFileBytes: number;
}

const tag = 'documents';
const id = z.uuid();

const versionSchema = z.strictObject({
  reason: text(500),
  metadata: z.record(z.string().max(60), z.unknown()).nullable().default(null),
});

const versionReceiptAnswer = z.object({
  documentId: z.string(),
  versionId: z.string(),
  number: z.int(),
  sha256Original: z.string(),
  sha256: z.string(),
  pages: z.int(),
  signatureLevel: z.string(),
  eventId: z.string(),
  createdAt: z.string(),
});

export function depositRoutes(parts: DocumentsApiParts): Route[] {
  const { deposits, statuses, versions, catalogue, clock } = parts;

  const deposit = route(
    {
      method: 'post',
      path: '/api/v1/documents',
      operationId: 'depositDocument',
      summary: 'Deposit a paper: one PDF, or page pictures in JPEG, PNG or TIFF',
      description:
        'multipart/form-data with a "metadata" field (JSON) and one or more "file" parts. The original is kept bit for bit; a sealed copy is made.',
      tag,
      auth: { kind: 'office', roles: DEPOSIT_ROLES, scopes: ['documents:deposit'] },
      upload: { contentTypes: ['multipart/form-data'] },
      idempotent: 'optional',
      responses: { 201: receiptAnswer },
    },
    async ({ actor, request, requestId, claimKey }) => {
      const upload = await readUpload(request, parts.spoolFolder, {
        maxFileBytes: parts.maxFileBytes,
        maxFiles: 200,
      });
      try {
        const fields = parseField(depositSchema, upload.fields.metadata);
        const claim = await claimKey([
          upload.fields.metadata ?? '',
          ...upload.files.map(({ sha256 }) => sha256),
        ]);
        if (claim.kind === 'answered') return claim.reply;
        const files = upload.files.filter(({ field }) => field === 'file');
        const receipt = await deposits.deposit({
          ...toPaperOrder(fields, fields.dossier, files),
          actor,
          agencyId: fields.agency,
          requestId,
          claim: claim.claim,
        });
        return {
          status: 201,
          body: receipt,
          headers: { Location: `/api/v1/documents/${receipt.documentId}` },
        };
      } finally {
        await upload.dispose();
      }
    },
  );

  const status = route(
    {
      method: 'post',
      path: '/api/v1/documents/{documentId}/status',
      operationId: 'changeDocumentStatus',
      summary: 'Suspend, resume, supersede, revoke or annul by a decision',
      tag,
      auth: { kind: 'office', roles: STATUS_ROLES, scopes: ['documents:status'] },
      params: z.object({ documentId: id }),
      body: z.strictObject({
        status: z.enum(['active', 'suspended', 'superseded', 'revoked', 'annulled']),
        reason: text(1000),
        decisionNumber: text(100).nullable().default(null),
        decisionDate: calendarDateSchema.nullable().default(null),
        successorId: id.nullable().default(null),
      }),
      responses: { 200: documentAnswer },
    },
    async ({ actor, params, body, requestId }) => {
      const document = await statuses.change({ actor, documentId: params.documentId, ...body, requestId });
      return { status: 200, body: toDocumentAnswer(document, await catalogue.current(), clock.now()) };
    },
  );

  const version = route(
    {
      method: 'post',
      path: '/api/v1/documents/{documentId}/versions',
      operationId: 'addDocumentVersion',
      summary: 'Correct a document: a new version with its own file; the one before is superseded and kept',
      description:
        'multipart/form-data with a "metadata" field (JSON: reason, and the metadata where they change) and "file" parts.',
      tag,
      auth: { kind: 'office', roles: DEPOSIT_ROLES, scopes: ['documents:deposit'] },
      params: z.object({ documentId: id }),
      upload: { contentTypes: ['multipart/form-data'] },
      idempotent: 'optional',
      responses: { 201: versionReceiptAnswer },
    },
    async ({ actor, params, request, requestId, claimKey }) => {
      const upload = await readUpload(request, parts.spoolFolder, {
        maxFileBytes: parts.maxFileBytes,
        maxFiles: 200,
      });
      try {
        const { reason, metadata } = parseField(versionSchema, upload.fields.metadata);
        const claim = await claimKey([
          upload.fields.metadata ?? '',
          ...upload.files.map(({ sha256 }) => sha256),
        ]);
        if (claim.kind === 'answered') return claim.reply;
        const files = upload.files.filter(({ field }) => field === 'file');
        const order = { actor, ...params, reason, metadata, files, requestId, claim: claim.claim };
        return { status: 201, body: await versions.add(order) };
      } finally {
        await upload.dispose();
      }
    },
  );

  return [deposit, status, version];
}
