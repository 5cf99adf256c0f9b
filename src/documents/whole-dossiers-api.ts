/** Whole dossiers over HTTP: deposited at once, listed, taken out as one archive with its manifest. */
import { z } from 'zod';
import { agencyIdSchema, type CatalogueService } from '../catalogue/index.ts';
import { type Route, readUpload, route, type Upload } from '../http/index.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure, type Fault } from '../platform/failure.ts';
import type { PaperOrder } from './deposit-order.ts';
import { metadataFaults } from './deposit-order.ts';
import { receiptAnswer } from './document-answers.ts';
import { dossierAnswer, toDossierAnswer } from './dossier-answers.ts';
import type { DossierDepositService, DossierReceipt } from './dossier-deposit-service.ts';
import type { DossierExportService } from './dossier-export-service.ts';
import type { DossierService } from './dossier-service.ts';
import { dossierParams, dossierShape } from './dossiers-api.ts';
import { DOSSIER_EXPORT_ROLES, DOSSIER_LIST_ROLES, DOSSIER_ROLES } from './dossiers-policy.ts';
import { dossierPaperSchema, parseField, toPaperOrder } from './paper-schemas.ts';

export interface WholeDossiersApiParts {
  readonly dossiers: DossierService;
  readonly dossierDeposits: DossierDepositService;
  readonly dossierExports: DossierExportService;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
  readonly spoolFolder: string;
  readonly maxFileBytes: number;
}

const tag = 'dossiers';
const MOST_FILES = 500;
const id = z.uuid();

const wholeDossierSchema = z.strictObject({
  ...dossierShape,
  papers: z.array(dossierPaperSchema).min(1).max(100),
});

const dossierReceiptAnswer = z.object({
  dossier: dossierAnswer,
  papers: z.array(receiptAnswer),
});

export const toDossierReceipt = ({
  dossier,
  papers,
}: DossierReceipt): z.input<typeof dossierReceiptAnswer> => ({
  dossier: toDossierAnswer(dossier),
  papers: papers.map((paper) => ({ ...paper })),
});

export function wholeDossiersRoutes(parts: WholeDossiersApiParts): Route[] {
  const { dossiers, dossierDeposits, dossierExports } = parts;

  const list = route(
    {
      method: 'get',
      path: '/api/v1/agencies/{agency}/dossiers',
      operationId: 'listDossiers',
      summary: 'Dossiers of an agency, last received first',
      tag,
      auth: { kind: 'office', roles: DOSSIER_LIST_ROLES, scopes: ['dossiers:write'] },
      params: z.object({ agency: agencyIdSchema }),
      query: z.object({
        state: z.enum(['received', 'in-progress', 'finished', 'closed']).optional(),
        procedure: z.string().max(30).optional(),
        after: id.optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      responses: {
        200: z.object({
          dossiers: z.array(dossierAnswer.extend({ id: z.string() })),
          next: z.string().nullable(),
        }),
      },
    },
    async ({ actor, params, query, requestId }) => {
      const page = await dossiers.list({ actor, agencyId: params.agency, ...query, requestId });
      const next = page.length === query.limit ? (page.at(-1)?.id ?? null) : null;
      return {
        status: 200,
        body: { dossiers: page.map((each) => ({ id: each.id, ...toDossierAnswer(each) })), next },
      };
    },
  );

  const deposit = route(
    {
      method: 'post',
      path: '/api/v1/agencies/{agency}/dossiers/{code}/deposit',
      operationId: 'depositDossier',
      summary: 'Deposit a whole dossier: its record and all its papers, or nothing',
      description:
        'multipart/form-data with a "dossier" field (JSON) whose papers name the file parts that carry them. Results carry the code of the dossier and -KQn.',
      tag,
      auth: { kind: 'office', roles: DOSSIER_ROLES, scopes: ['dossiers:write'] },
      params: dossierParams,
      upload: { contentTypes: ['multipart/form-data'] },
      idempotent: 'optional',
      responses: { 201: dossierReceiptAnswer },
    },
    async ({ actor, params, request, requestId, claimKey }) => {
      const upload = await readUpload(request, parts.spoolFolder, {
        maxFileBytes: parts.maxFileBytes,
        maxFiles: MOST_FILES,
      });
      try {
        const fields = parseField(wholeDossierSchema, upload.fields.dossier, 'dossier');
        const papers = papersOf(fields.papers, params.code, upload);
        const claim = await claimKey([
          upload.fields.dossier ?? '',
          ...upload.files.map(({ field, sha256 }) => `${field} ${sha256}`),
        ]);
        if (claim.kind === 'answered') return claim.reply;
        const { procedure, papers: _, ...facts } = fields;
        const receipt = await dossierDeposits.deposit({
          ...facts,
          actor,
          agencyId: params.agency,
          code: params.code,
          procedureCode: procedure,
          papers,
          requestId,
          claim: claim.claim,
        });
        return { status: 201, body: toDossierReceipt(receipt) };
      } finally {
        await upload.dispose();
      }
    },
  );

  const archive = route(
    {
      method: 'get',
      path: '/api/v1/agencies/{agency}/dossiers/{code}/archive',
      operationId: 'archiveDossier',
      summary: 'A whole dossier as one ZIP archive: its files and a manifest with their SHA-256',
      tag,
      auth: { kind: 'office', roles: DOSSIER_EXPORT_ROLES, scopes: ['dossiers:write'] },
      params: dossierParams,
      ratePerMinute: 60,
      responses: { 200: { bytes: 'application/zip' } },
    },
    async ({ actor, params, requestId, signal }) => {
      const { agency: agencyId, code } = params;
      const exported = await dossierExports.open({ actor, agencyId, code, requestId, signal });
      return {
        status: 200,
        stream: exported.chunks,
        headers: {
          'Content-Type': 'application/zip',
          'Content-Length': String(exported.size),
          'Content-Disposition': `attachment; filename="${exported.dossier.id}.zip"`,
          'Cache-Control': 'private, no-store',
          'X-Ledger-Event': exported.eventId,
        },
      };
    },
  );

  return [list, deposit, archive];
}

/** Each paper with its files, in the order named; every file belongs to one paper. @throws Failure `invalid` */
function papersOf(
  papers: readonly z.output<typeof dossierPaperSchema>[],
  code: string,
  upload: Upload,
): PaperOrder[] {
  const faults: Fault[] = [];
  const left = new Map(upload.files.map((file) => [file.field, file]));
  if (left.size !== upload.files.length) throw partTwice();
  const orders = papers.map((paper, at) => {
    const files = paper.files.flatMap((name, index) => {
      const file = left.get(name);
      left.delete(name);
      if (file) return [file];
      faults.push({
        pointer: `/body/papers/${at}/files/${index}`,
        detail: `No part named "${name}" was sent, or another paper took it.`,
      });
      return [];
    });
    return toPaperOrder(paper, { ...paper, code }, files);
  });
  for (const name of left.keys())
    faults.push({ pointer: '/body/papers', detail: `The part "${name}" belongs to no paper.` });
  if (faults.length > 0) throw metadataFaults(faults);
  return orders;
}

const partTwice = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'Two parts have the same name. Give each file a part name of its own.',
      vi: 'Có hai phần trùng tên. Mỗi tệp cần một tên phần riêng.',
    },
    { code: 'part-name-twice' },
  );
