/** Documents and dossiers over HTTP. Deciding is the services' work; here words become orders and facts become JSON. */
import { z } from 'zod';
import {
  agencyIdSchema,
  type CatalogueService,
  calendarDateSchema,
  documentTypeCodeSchema,
  procedureCodeSchema,
  provenanceSchema,
} from '../catalogue/index.ts';
import { type Route, readUpload, route } from '../http/index.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { contentReply, rangeOf } from './content-reply.ts';
import type { DepositService } from './deposit-service.ts';
import { documentAnswer, toDocumentAnswer } from './document-answers.ts';
import { DEPOSIT_ROLES, STATUS_ROLES } from './documents-policy.ts';
import type { DossierService } from './dossier-service.ts';
import type { OwnDocuments } from './own-documents.ts';
import type { StatusService } from './status-service.ts';

export interface DocumentsApiParts {
  readonly deposits: DepositService;
  readonly own: OwnDocuments;
  readonly statuses: StatusService;
  readonly dossiers: DossierService;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
  readonly spoolFolder: string;
  readonly maxFileBytes: number;
}

const tag = 'documents';
const id = z.uuid();
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .transform((value) => value.normalize('NFC'));
const personClaim = z.strictObject({
  personalNumber: z.string().max(20).optional(),
  fullName: text(200).optional(),
  birthDate: calendarDateSchema.optional(),
  gender: z.enum(['male', 'female', 'other']).optional(),
  nationality: z.string().length(3).optional(),
  passportNumber: z.string().max(30).optional(),
});
const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

const metadataField = z.strictObject({
  agency: agencyIdSchema,
  type: documentTypeCodeSchema,
  issuer: agencyIdSchema,
  provenance: provenanceSchema,
  symbol: text(100).nullable().default(null),
  abstract: text(1000).nullable().default(null),
  issuedOn: calendarDateSchema.nullable().default(null),
  metadata: z.record(z.string().max(60), z.unknown()).default({}),
  owners: z.array(personClaim).min(1).max(10),
  externalId: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{1,100}$/)
    .refine((value) => !/\d{12}/.test(value), 'An external id holds no personal number.')
    .nullable()
    .default(null),
  dossier: z
    .strictObject({
      code: z.string().max(60),
      group: z.enum(['component', 'processing', 'result']),
      component: z.string().max(80).nullable().default(null),
      resultCode: z.string().max(70).nullable().default(null),
    })
    .nullable()
    .default(null),
});

const receiptAnswer = z.object({
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

const dossierAnswer = z.object({
  code: z.string(),
  agency: z.string(),
  procedure: z.string(),
  state: z.string(),
  receivedAt: z.string(),
  dueAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  revision: z.int(),
});

export function documentsRoutes(parts: DocumentsApiParts): Route[] {
  const { deposits, own, statuses, dossiers, catalogue, clock } = parts;

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
        const fields = parseMetadata(upload.fields.metadata);
        const claim = await claimKey([
          upload.fields.metadata ?? '',
          ...upload.files.map(({ sha256 }) => sha256),
        ]);
        if (claim.kind === 'answered') return claim.reply;
        const receipt = await deposits.deposit({
          actor,
          agencyId: fields.agency,
          typeCode: fields.type,
          issuerId: fields.issuer,
          provenance: fields.provenance,
          symbol: fields.symbol,
          abstract: fields.abstract,
          issuedOn: fields.issuedOn,
          metadata: fields.metadata,
          owners: fields.owners.map((owner) => ({ kind: 'person' as const, ...owner })),
          externalId: fields.externalId,
          place: fields.dossier && {
            dossierCode: fields.dossier.code,
            group: fields.dossier.group,
            componentKey: fields.dossier.component,
            resultCode: fields.dossier.resultCode,
          },
          files: upload.files.filter(({ field }) => field === 'file'),
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

  const list = route(
    {
      method: 'get',
      path: '/api/v1/me/documents',
      operationId: 'listMyDocuments',
      summary: 'My papers, newest first',
      tag,
      auth: { kind: 'citizen' },
      query: z.object({ after: id.optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
      responses: { 200: z.object({ documents: z.array(documentAnswer), next: z.string().nullable() }) },
    },
    async ({ actor, query, requestId }) => {
      const page = await own.list({ actor, after: query.after, limit: query.limit, requestId });
      const snapshot = await catalogue.current();
      const last = page.length === query.limit ? (page.at(-1)?.id ?? null) : null;
      return {
        status: 200,
        body: { documents: page.map((each) => toDocumentAnswer(each, snapshot, clock.now())), next: last },
      };
    },
  );

  const show = route(
    {
      method: 'get',
      path: '/api/v1/documents/{documentId}',
      operationId: 'showDocument',
      summary: 'One of my papers: what it is, its status and validity at this instant',
      tag,
      auth: { kind: 'citizen', assurance: 1 },
      params: z.object({ documentId: id }),
      responses: { 200: documentAnswer },
    },
    async ({ actor, params, requestId }) => {
      const document = await own.show({ actor, documentId: params.documentId, requestId });
      const body = toDocumentAnswer(document, await catalogue.current(), clock.now());
      return {
        status: 200,
        body,
        headers: { ETag: `"${document.version.sha256}-${document.status.number}"` },
      };
    },
  );

  const content = route(
    {
      method: 'get',
      path: '/api/v1/documents/{documentId}/content',
      operationId: 'readDocument',
      summary: 'The sealed file of one of my papers, or its original; Range is honoured',
      tag,
      auth: { kind: 'citizen', assurance: 2 },
      params: z.object({ documentId: id }),
      query: z.object({
        rendition: z.enum(['sealed', 'original']).default('sealed'),
        position: z.coerce.number().int().min(0).max(2000).default(0),
      }),
      responses: { 200: { bytes: 'application/pdf' }, 206: { bytes: 'application/pdf' } },
    },
    async ({ actor, params, query, request, requestId, signal }) => {
      const range = rangeOf(request.get('Range'));
      const retrieved = await own.open({
        actor,
        documentId: params.documentId,
        kind: query.rendition,
        position: query.position,
        range,
        requestId,
        signal,
      });
      return contentReply(retrieved, range);
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

  const putDossier = route(
    {
      method: 'put',
      path: '/api/v1/agencies/{agency}/dossiers/{code}',
      operationId: 'recordDossier',
      summary: 'Record a dossier or its next state; saying the same again changes nothing',
      tag: 'dossiers',
      auth: {
        kind: 'office',
        roles: ['desk-officer', 'post-office-clerk', 'civil-status-officer'],
        scopes: ['dossiers:write'],
      },
      params: z.object({ agency: agencyIdSchema, code: z.string().max(60) }),
      body: z.strictObject({
        procedure: procedureCodeSchema,
        owner: personClaim,
        state: z.enum(['received', 'in-progress', 'finished', 'closed']),
        receivedAt: instant,
        dueAt: instant.nullable().default(null),
        finishedAt: instant.nullable().default(null),
      }),
      responses: { 200: dossierAnswer },
    },
    async ({ actor, params, body, requestId }) => {
      const dossier = await dossiers.record({
        actor,
        agencyId: params.agency,
        code: params.code,
        procedureCode: body.procedure,
        owner: body.owner,
        state: body.state,
        receivedAt: body.receivedAt,
        dueAt: body.dueAt,
        finishedAt: body.finishedAt,
        requestId,
      });
      return { status: 200, body: toDossierAnswer(dossier), headers: { ETag: `"${dossier.revision}"` } };
    },
  );

  const getDossier = route(
    {
      method: 'get',
      path: '/api/v1/agencies/{agency}/dossiers/{code}',
      operationId: 'exportDossier',
      summary: 'The manifest of a dossier: its papers with digests and statuses',
      tag: 'dossiers',
      auth: {
        kind: 'office',
        roles: ['desk-officer', 'post-office-clerk', 'civil-status-officer', 'manager'],
        scopes: ['dossiers:write'],
      },
      params: z.object({ agency: agencyIdSchema, code: z.string().max(60) }),
      responses: {
        200: dossierAnswer.extend({
          papers: z.array(
            z.object({
              group: z.string(),
              component: z.string().nullable(),
              resultCode: z.string().nullable(),
              addedAt: z.string(),
              document: documentAnswer.omit({ metadata: true, verificationCode: true }),
            }),
          ),
        }),
      },
    },
    async ({ actor, params, requestId }) => {
      const { dossier, papers } = await dossiers.view({
        actor,
        agencyId: params.agency,
        code: params.code,
        requestId,
      });
      const snapshot = await catalogue.current();
      return {
        status: 200,
        body: {
          ...toDossierAnswer(dossier),
          papers: papers.map(({ paper, document }) => ({
            group: paper.group,
            component: paper.componentKey,
            resultCode: paper.resultCode,
            addedAt: paper.addedAt.toISOString(),
            document: toDocumentAnswer(document, snapshot, clock.now()),
          })),
        },
      };
    },
  );

  return [deposit, list, show, content, status, putDossier, getDossier];
}

function parseMetadata(raw: string | undefined): z.output<typeof metadataField> {
  let json: unknown;
  try {
    json = JSON.parse(raw ?? '');
  } catch {
    throw new Failure(
      'invalid',
      {
        en: 'The "metadata" field is missing or not JSON.',
        vi: 'Thiếu trường "metadata", hoặc không phải JSON.',
      },
      { code: 'metadata-missing' },
    );
  }
  const parsed = metadataField.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'invalid',
    { en: 'The metadata need mending; see "errors".', vi: 'Dữ liệu đặc tả có chỗ cần sửa; xem "errors".' },
    {
      faults: parsed.error.issues.map(({ path, message }) => ({
        pointer: `/body/${path.join('/')}`,
        detail: message,
      })),
    },
  );
}

const toDossierAnswer = (dossier: {
  code: string;
  agencyId: string;
  procedureCode: string;
  state: string;
  receivedAt: Date;
  dueAt: Date | null;
  finishedAt: Date | null;
  revision: number;
}) => ({
  code: dossier.code,
  agency: dossier.agencyId,
  procedure: dossier.procedureCode,
  state: dossier.state,
  receivedAt: dossier.receivedAt.toISOString(),
  dueAt: dossier.dueAt?.toISOString() ?? null,
  finishedAt: dossier.finishedAt?.toISOString() ?? null,
  revision: dossier.revision,
});
