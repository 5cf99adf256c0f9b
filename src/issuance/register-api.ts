/** Registers over HTTP: paper books read in, entries looked up, copies issued, pages closed. */
import { z } from 'zod';
import { agencyIdSchema, documentTypeCodeSchema, labelsSchema } from '../catalogue/index.ts';
import { type Route, readUpload, route } from '../http/index.ts';
import type { PersonActor } from '../identity/index.ts';
import { Failure } from '../platform/failure.ts';
import { largestTable, person } from './batch-list-routes.ts';
import { bookKinds } from './register.ts';
import type { CopyOrder, CopyReceipt } from './register-copy.ts';
import { type RegisterDesk, registerRoles } from './register-desk.ts';
import type { LegacyImport, LegacyRegister } from './register-import.ts';
import { copyRelations } from './register-policy.ts';
import type { EntryAsItStands } from './register-service.ts';

export interface RegisterApiParts {
  readonly desk: RegisterDesk;
  readonly importRegister: (actor: PersonActor, legacy: LegacyRegister) => Promise<LegacyImport>;
  readonly issueCopy: (actor: PersonActor, order: CopyOrder) => Promise<CopyReceipt>;
  readonly spoolFolder: string;
}

const tag = 'issuance';
const auth = { kind: 'office', roles: registerRoles } as const;
const text = (max: number) => z.string().trim().min(1).max(max);

const bookAnswer = z.object({
  id: z.string(),
  agency: z.string(),
  documentType: z.string(),
  year: z.int(),
  kind: z.enum(bookKinds),
  series: z.string(),
  state: z.enum(['open', 'closed', 'lost']),
  entries: z.int(),
});
const entryAnswer = z.object({
  id: z.string(),
  number: z.int(),
  label: z.string(),
  state: z.enum(['in-force', 'reissued', 'revoked', 'annulled', 'voided']),
  written: z.record(z.string(), z.unknown()),
  reads: z.record(z.string(), z.unknown()),
  annotations: z.array(
    z.object({ kind: z.string(), decision: z.string().nullable(), on: z.string(), reason: z.string() }),
  ),
});
const searchAnswer = z.object({
  found: z.boolean(),
  entries: z.array(entryAnswer),
  reply: labelsSchema.nullable(),
});
const importAnswer = z.object({
  ok: z.boolean(),
  book: z.string().nullable(),
  entries: z.int(),
  scans: z.int(),
  faults: z.array(z.object({ row: z.int(), column: z.string(), message: labelsSchema })),
});
const legacy = z.strictObject({
  agency: agencyIdSchema,
  documentType: documentTypeCodeSchema,
  year: z.int(),
  series: z.string().trim().max(60).default(''),
  dryRun: z.boolean().default(false),
});

export function registerRoutes({ desk, importRegister, issueCopy, spoolFolder }: RegisterApiParts): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/v1/registers',
        operationId: 'listRegisters',
        summary: 'The books one keeps, with those of bodies one succeeded',
        tag,
        auth,
        responses: { 200: z.object({ books: z.array(bookAnswer) }) },
      },
      async ({ actor }) => {
        const books = await desk.books(person({ actor }));
        return {
          status: 200,
          body: {
            books: books.map(({ agencyId, lastNumber, entriesPerPage: _, numberFormat: __, ...book }) => ({
              ...book,
              agency: agencyId,
              entries: lastNumber,
            })),
          },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/register-imports',
        operationId: 'importRegister',
        summary: 'Read a paper register in: a table with its own numbers, and scanned pages',
        description:
          'multipart/form-data: `metadata` (JSON: agency, documentType, year, series, dryRun), `table` (CSV or XLSX), `scan` files in order of the pages.',
        tag,
        auth,
        upload: { contentTypes: ['multipart/form-data'] },
        responses: { 200: importAnswer, 201: importAnswer },
      },
      async ({ actor, request }) => {
        const upload = await readUpload(request, spoolFolder, { maxFileBytes: largestTable, maxFiles: 500 });
        try {
          const { agency, ...rest } = readMetadata(upload.fields.metadata);
          const table = upload.files.find(({ field }) => field === 'table');
          if (!table) throw invalid('table', 'The part "table" with a CSV or XLSX file is missing.');
          const scans: Buffer[] = [];
          for (const each of upload.files.filter(({ field }) => field === 'scan'))
            scans.push(await each.read());
          const made = await importRegister(person({ actor }), {
            ...rest,
            agencyId: agency,
            table: await table.read(),
            scans,
          });
          return made.ok
            ? {
                status: made.bookId === null ? 200 : 201,
                body: { ok: true, book: made.bookId, entries: made.entries, scans: made.scans, faults: [] },
              }
            : {
                status: 200,
                body: {
                  ok: false,
                  book: null,
                  entries: 0,
                  scans: 0,
                  faults: made.faults.map(({ row, column, message: { vi, en } }) => ({
                    row,
                    column,
                    message: { vi, en },
                  })),
                },
              };
        } finally {
          await upload.dispose();
        }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/register-searches',
        operationId: 'searchRegisters',
        summary: 'Look an entry up by number, or by name with birth date; else the written reply',
        tag,
        auth,
        body: z.strictObject({
          agency: agencyIdSchema,
          documentType: documentTypeCodeSchema,
          year: z.int().optional(),
          label: text(100).optional(),
          name: text(200).optional(),
          birthDate: z
            .string()
            .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)
            .optional(),
        }),
        responses: { 200: searchAnswer },
      },
      async ({ actor, body: { agency, documentType, year, label, name, birthDate } }) => {
        const answer = await desk.search(person({ actor }), {
          agencyId: agency,
          documentType,
          ...(year !== undefined && { year }),
          by: {
            ...(label !== undefined && { label }),
            ...(name !== undefined && { name }),
            ...(birthDate !== undefined && { birthDate }),
          },
        });
        return {
          status: 200,
          body: {
            found: answer.found,
            entries: answer.found ? answer.entries.map(toEntry) : [],
            reply: answer.found ? null : { ...answer.reply.words },
          },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/register-entries/{entry}/copies',
        operationId: 'issueRegisterCopy',
        summary: 'Issue a copy from the register to whom the law lets ask',
        tag,
        auth,
        params: z.object({ entry: z.uuid() }),
        body: z.strictObject({
          agency: agencyIdSchema,
          requester: z.strictObject({ name: text(200), relation: z.enum(copyRelations) }),
          holderNumber: z
            .string()
            .regex(/^\d{12}$/)
            .nullable()
            .default(null),
          quantity: z.int().min(1).max(50).default(1),
          place: text(200),
          signer: z.strictObject({ title: text(200), name: text(200) }),
        }),
        responses: {
          201: z.object({ document: z.string(), verificationCode: z.string(), label: z.string() }),
        },
      },
      async ({ actor, params: { entry }, body: { agency, ...order } }) => {
        const made = await issueCopy(person({ actor }), { ...order, agencyId: agency, entryId: entry });
        return {
          status: 201,
          body: { document: made.documentId, verificationCode: made.verificationCode, label: made.label },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/registers/{book}/close-pages',
        operationId: 'closeRegisterPages',
        summary: 'Close every full page with the keeper’s signature',
        tag,
        auth: { kind: 'office', roles: ['head'] },
        params: z.object({ book: z.uuid() }),
        responses: { 200: z.object({ closed: z.int() }) },
      },
      async ({ actor, params: { book } }) => ({
        status: 200,
        body: { closed: await desk.closePages(person({ actor }), book) },
      }),
    ),
  ];
}

const toEntry = ({ entry, annotations, standing }: EntryAsItStands): z.input<typeof entryAnswer> => ({
  id: entry.id,
  number: entry.number,
  label: entry.label,
  state: standing.state,
  written: entry.fields,
  reads: standing.fields,
  annotations: annotations.map(({ kind, decisionNumber, on, reason }) => ({
    kind,
    decision: decisionNumber,
    on,
    reason,
  })),
});

function readMetadata(metadata: string | undefined): z.output<typeof legacy> {
  let value: unknown;
  try {
    value = JSON.parse(metadata ?? '');
  } catch {
    throw invalid('metadata', 'The part "metadata" must hold JSON.');
  }
  const read = legacy.safeParse(value);
  if (read.success) return read.data;
  throw invalid(
    'metadata',
    read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

const invalid = (part: string, detail: string): Failure =>
  new Failure(
    'invalid',
    { vi: `Phần “${part}” của yêu cầu chưa đúng.`, en: detail },
    { faults: [{ pointer: `/body/${part}`, detail }] },
  );
