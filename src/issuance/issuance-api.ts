/** Registers and batches over HTTP. Deciding is the services' work; faults of a table are an answer of their own. */
import { z } from 'zod';
import {
  agencyIdSchema,
  type CatalogueService,
  calendarDateAt,
  calendarDateSchema,
  documentTypeCodeSchema,
  labelsSchema,
} from '../catalogue/index.ts';
import { type Route, readUpload, route } from '../http/index.ts';
import type { Actor, PersonActor, Role } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { batchStates, dueOn, type IssueBatch } from './batch.ts';
import { batchForm, failedRows } from './batch-files.ts';
import type { BatchPreparation, BatchService } from './batch-service.ts';
import { splitRows } from './batch-sheet.ts';
import type { BatchWorker } from './batch-worker.ts';

export interface IssuanceApiParts {
  readonly batches: BatchService;
  readonly worker: BatchWorker;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
  readonly spoolFolder: string;
}

const tag = 'issuance';
const clerks: readonly Role[] = ['school-clerk', 'civil-status-officer', 'head'];
const largestTable = 50_000_000;

const batchAnswer = z.object({
  id: z.string(),
  agency: z.string(),
  documentType: z.string(),
  book: z.string(),
  state: z.enum(batchStates),
  issuedOn: z.string(),
  dueOn: z.string().nullable(),
  total: z.int(),
  problem: z.string().nullable(),
  items: z.partialRecord(z.enum(['waiting', 'reserved', 'issued', 'failed', 'void']), z.int()),
});

/** `failedRows` is a CSV file in Base64: the rows with faults, to mend and send again. */
const preparationAnswer = z.object({
  ok: z.boolean(),
  rows: z.int(),
  batch: z.string().nullable(),
  faults: z.array(z.object({ row: z.int(), column: z.string(), message: labelsSchema })),
  failedRows: z.string().nullable(),
});

const order = z.strictObject({
  agency: agencyIdSchema,
  documentType: documentTypeCodeSchema,
  book: z.uuid().nullable().default(null),
  issuedOn: calendarDateSchema,
  place: z.string().trim().min(1).max(200),
  signer: z.strictObject({
    title: z.string().trim().min(1).max(200),
    name: z.string().trim().min(1).max(200),
  }),
  decisionDate: calendarDateSchema.nullable().default(null),
  decisionNumber: z.string().trim().min(1).max(100).nullable().default(null),
  dryRun: z.boolean().default(false),
});

export function issuanceRoutes(parts: IssuanceApiParts): Route[] {
  const { batches, worker, catalogue, clock } = parts;
  const params = z.object({ batch: z.uuid() });
  const office = { kind: 'office', roles: clerks } as const;

  const form = route(
    {
      method: 'get',
      path: '/api/v1/document-types/{code}/issue-form',
      operationId: 'getIssueForm',
      summary: 'The spreadsheet to fill in for a batch',
      tag,
      auth: office,
      params: z.object({ code: documentTypeCodeSchema }),
      responses: { 200: { bytes: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } },
    },
    async ({ params: { code } }) => {
      const type = (await catalogue.current()).documentType(code, calendarDateAt(clock.now()));
      if (!type)
        throw new Failure('not-found', {
          vi: 'Không có loại giấy tờ này.',
          en: 'There is no such document type.',
        });
      const headers = {
        'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'content-disposition': 'attachment; filename="mau-nhap.xlsx"',
      };
      return { status: 200, stream: oneChunk(batchForm(type)), headers };
    },
  );

  const prepare = route(
    {
      method: 'post',
      path: '/api/v1/issue-batches',
      operationId: 'prepareIssueBatch',
      summary:
        'Check a table of papers to issue and keep it as a batch, or tell every fault by row and column',
      description:
        'multipart/form-data: `metadata` (JSON: agency, documentType, book, issuedOn, place, signer, decisionDate, dryRun) and `table` (CSV or XLSX).',
      tag,
      auth: office,
      upload: { contentTypes: ['multipart/form-data'] },
      responses: { 200: preparationAnswer, 201: preparationAnswer },
    },
    async ({ actor, request }) => {
      const upload = await readUpload(request, parts.spoolFolder, {
        maxFileBytes: largestTable,
        maxFiles: 1,
      });
      try {
        const { agency, book, ...rest } = readOrder(upload.fields.metadata);
        const table = upload.files.find(({ field }) => field === 'table');
        if (!table) throw invalid('table', 'The part "table" with a CSV or XLSX file is missing.');
        const bytes = await table.read();
        const made = await batches.prepare(person(actor), {
          ...rest,
          agencyId: agency,
          bookId: book,
          table: bytes,
        });
        return { status: made.ok && made.batch ? 201 : 200, body: toPreparation(made) };
      } finally {
        await upload.dispose();
      }
    },
  );

  const look = route(
    {
      method: 'get',
      path: '/api/v1/issue-batches/{batch}',
      operationId: 'getIssueBatch',
      summary: 'How far a batch is',
      tag,
      auth: { kind: 'office', roles: [...clerks, 'manager'] },
      params,
      responses: { 200: batchAnswer },
    },
    async ({ actor, params: { batch } }) => ({ status: 200, body: await answer(actor, batch) }),
  );

  const moves = (['approve', 'pause', 'cancel'] as const).map((move) =>
    route(
      {
        method: 'post',
        path: `/api/v1/issue-batches/{batch}/${move}`,
        operationId: `${move}IssueBatch`,
        summary: summaries[move],
        tag,
        auth: { kind: 'office', roles: move === 'approve' ? ['head'] : clerks },
        params,
        responses: { 200: batchAnswer },
      },
      async ({ actor, params: { batch } }) => {
        await batches[move](person(actor), batch);
        if (move === 'approve') worker.wake(batch);
        return { status: 200, body: await answer(actor, batch) };
      },
    ),
  );

  const answer = async (actor: Actor, id: string) => {
    const { batch, items } = await batches.progress(person(actor), id);
    return toBatch(batch, items);
  };
  return [form, prepare, look, ...moves];
}

const summaries = {
  approve: 'Let a batch run, or run on; the first time by another person than the one who prepared it',
  pause: 'Stop a batch after the rows in hand',
  cancel: 'Give a batch up; numbers taken stay in the register, voided',
} as const;

const toBatch = (
  batch: IssueBatch,
  items: z.input<typeof batchAnswer>['items'],
): z.input<typeof batchAnswer> => ({
  id: batch.id,
  agency: batch.agencyId,
  documentType: batch.documentType,
  book: batch.bookId,
  state: batch.state,
  issuedOn: batch.issuedOn,
  dueOn: dueOn(batch),
  total: batch.total,
  problem: batch.problem,
  items,
});

function toPreparation(made: BatchPreparation): z.input<typeof preparationAnswer> {
  if (made.ok)
    return { ok: true, rows: made.rows, batch: made.batch?.id ?? null, faults: [], failedRows: null };
  const { sheet } = made;
  const faults = sheet.faults.map(({ row, column, message: { vi, en } }) => ({
    row,
    column,
    message: { vi, en },
  }));
  const mend =
    sheet.heading.length === 0
      ? null
      : failedRows({ heading: sheet.heading, rows: splitRows(sheet, sheet.faults).faulty }).toString(
          'base64',
        );
  return { ok: false, rows: sheet.rows.length, batch: null, faults, failedRows: mend };
}

function readOrder(metadata: string | undefined): z.output<typeof order> {
  let value: unknown;
  try {
    value = JSON.parse(metadata ?? '');
  } catch {
    throw invalid('metadata', 'The part "metadata" must hold JSON.');
  }
  const read = order.safeParse(value);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => ({
    pointer: `/body/metadata/${path.map(String).join('/')}`,
    detail: message,
  }));
  throw new Failure(
    'invalid',
    { vi: 'Thông tin của lô chưa đúng.', en: 'The facts of the batch need mending.' },
    { faults },
  );
}

const invalid = (part: string, detail: string): Failure =>
  new Failure(
    'invalid',
    { vi: `Phần “${part}” của yêu cầu chưa đúng.`, en: detail },
    { faults: [{ pointer: `/body/${part}`, detail }] },
  );

/** Batches are people's work: a system pushes single documents instead. */
function person(actor: Actor): PersonActor {
  if (actor.kind === 'person') return actor;
  throw new Failure('forbidden', {
    vi: 'Cần người có vai trò ở đơn vị.',
    en: 'A person with a role at the body is needed.',
  });
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
