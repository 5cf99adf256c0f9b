/** The list of batches with its clock, and preparing one from a form with a file. Faults of the form come back on it. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  type CatalogueService,
  calendarDateAt,
  documentTypeCodeSchema,
  parseCalendarDate,
} from '../catalogue/index.ts';
import { type Route, type RouteReply, readUpload, route } from '../http/index.ts';
import { holds, type PersonActor } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { daysUntil, type Fault, type OfficePageParts, paths, renderPage, rolesOf } from '../web/index.ts';
import { dueOn } from './batch.ts';
import { batchForm } from './batch-files.ts';
import {
  type BatchField,
  BatchListPage,
  batchFields,
  type ListedBatch,
  NewBatchPage,
} from './batch-list-page.tsx';
import type { BatchMending } from './batch-mending.ts';
import type { BatchOrder, BatchService } from './batch-service.ts';
import { content } from './content.ts';
import { renderIssuedFile } from './issued-file.ts';
import { sampleRecord } from './sample-record.ts';
import { shippedTemplates, templateFor } from './shipped-templates.ts';

export interface BatchPageParts extends OfficePageParts {
  readonly batches: BatchService;
  readonly mending: BatchMending;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
  readonly spoolFolder: string;
}

export const largestTable = 50_000_000;
/** Roles that work on batches. */
export const makers = ['school-clerk', 'civil-status-officer', 'head'] as const;
export const officePage = {
  tag: 'issuance',
  auth: { kind: 'office', roles: rolesOf('batches') },
  page: true,
} as const;
const page = { page: true } as const;
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const scriptPath = '/tai-san/tien-do-lo.js';
const script = readFileSync(new URL('./assets/batch-progress.js', import.meta.url));
/** The script of a running batch's page. */
export const progressScript = scriptPath;

export function batchListRoutes(parts: BatchPageParts): Route[] {
  const { batches, mending, catalogue, clock, office } = parts;
  const shown = (body: string, status = 200): RouteReply => ({ status, body });
  const today = () => calendarDateAt(clock.now());

  const formPage = async (
    input: PageInput,
    values: Partial<Record<BatchField, string>>,
    faults: readonly Fault[],
  ): Promise<RouteReply> => {
    const actor = person(input);
    const snapshot = await catalogue.current();
    const agencies = agenciesOf(actor).flatMap((id) => {
      const agency = snapshot.agency(id, today());
      return agency ? [{ value: id, label: agency.names[input.language], kind: agency.kind }] : [];
    });
    const types = shippedTemplates().flatMap(({ documentType }) => {
      const type = snapshot.documentType(documentType, today());
      const offered = type && agencies.some(({ kind }) => type.issuerKinds.includes(kind));
      return offered ? [{ value: type.code, label: type.names[input.language] }] : [];
    });
    const props = { ...(await office(input, 'batches')), types, agencies, values, faults };
    return shown(renderPage(NewBatchPage(props)), faults.length > 0 ? 422 : 200);
  };

  return [
    route(
      {
        ...officePage,
        method: 'get',
        path: paths.batches,
        operationId: 'showBatches',
        summary: 'Batches of papers, with the five-day clock',
        responses: { 200: page },
      },
      async (input) => {
        const actor = person(input);
        const snapshot = await catalogue.current();
        const listed = (await mending.list(actor)).map(({ batch, items, faulty }): ListedBatch => {
          const due = dueOn(batch);
          const open = batch.state !== 'finished' && batch.state !== 'cancelled';
          const dueAt = due === null ? undefined : endOf(due);
          const type = snapshot.documentType(batch.documentType, batch.issuedOn);
          return {
            id: batch.id,
            title: `${type?.names[input.language] ?? batch.documentType}, ${inWords(batch.issuedOn)}`,
            state: batch.state,
            due: dueAt,
            daysLeft: open && dueAt ? daysUntil(dueAt, clock.now()) : null,
            total: batch.total,
            issued: items.issued ?? 0,
            faulty,
          };
        });
        // What is due stands first, the latest term on top; then the newest.
        listed.sort((a, b) => (a.daysLeft ?? 1e6) - (b.daysLeft ?? 1e6));
        const mayPrepare = actor.roles.some(({ role }) => (makers as readonly string[]).includes(role));
        return shown(
          renderPage(BatchListPage({ ...(await office(input, 'batches')), batches: listed, mayPrepare })),
        );
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: paths.batchNew,
        operationId: 'showNewBatch',
        summary: 'The form that prepares a batch',
        responses: { 200: page, 422: page },
      },
      (input) => formPage(input, { issuedOn: inWords(today()) }, []),
    ),
    route(
      {
        ...officePage,
        method: 'post',
        path: paths.batchNew,
        operationId: 'prepareBatchFromForm',
        summary: 'Check the list and keep it as a batch',
        upload: { contentTypes: ['multipart/form-data'] },
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const t = content[input.language].fresh;
        let values: Partial<Record<BatchField, string>> = {};
        try {
          const upload = await readUpload(input.request, parts.spoolFolder, {
            maxFileBytes: largestTable,
            maxFiles: 1,
          });
          try {
            values = valuesOf(upload.fields);
            const file = upload.files.find(({ field, size }) => field === batchFields.table && size > 0);
            const { order, faults } = readForm(values, t.faults);
            if (!file) faults.push({ field: batchFields.table, text: t.faults.table });
            if (faults.length > 0 || !file) return await formPage(input, values, faults);
            const made = await batches.prepare(person(input), {
              ...order,
              table: await file.read(),
              keepGood: true,
            });
            if (made.ok && made.batch) return seeOther(paths.batch(made.batch.id));
            const whole = made.ok ? [] : made.sheet.faults.filter(({ row }) => row === 0);
            const told = whole.map(({ message }) => ({
              field: batchFields.table,
              text: message[input.language],
            }));
            const first = made.ok ? undefined : made.sheet.faults[0]?.message[input.language];
            return await formPage(
              input,
              values,
              told.length > 0 ? told : [{ field: batchFields.table, text: first ?? t.faults.table }],
            );
          } finally {
            await upload.dispose();
          }
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          if (error.kind === 'too-large')
            return formPage(input, values, [{ field: batchFields.table, text: t.faults.tooBig }]);
          if (error.kind !== 'invalid' && error.kind !== 'conflict') throw error;
          return formPage(input, values, [
            { field: batchFields.type, text: input.language === 'vi' ? error.vi : error.message },
          ]);
        }
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: '/cap-van-bang/mau-bang/{code}',
        operationId: 'downloadIssueForm',
        summary: 'The spreadsheet to fill in for a batch',
        params: z.object({ code: documentTypeCodeSchema }),
        responses: { 200: { bytes: xlsx } },
      },
      async ({ params: { code } }) => {
        const type = (await catalogue.current()).documentType(code, today());
        if (!type) throw noType();
        return file(batchForm(type), xlsx, `mau-${code.toLowerCase()}.xlsx`);
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: '/cap-van-bang/mau-giay/{code}',
        operationId: 'previewTemplate',
        summary: 'A layout with sample data, unsigned',
        params: z.object({ code: documentTypeCodeSchema }),
        responses: { 200: { bytes: 'application/pdf' } },
      },
      async ({ params: { code } }) => {
        const type = (await catalogue.current()).documentType(code, today());
        const template = templateFor(code);
        if (!type || !template) throw noType();
        const record = sampleRecord(template, type);
        return file(
          renderIssuedFile({ template, record, type, created: clock.now() }),
          'application/pdf',
          'mau.pdf',
        );
      },
    ),
    route(
      {
        method: 'get',
        path: scriptPath,
        operationId: 'getBatchProgressScript',
        summary: 'The script that keeps the counts of a running batch fresh',
        tag: 'pages',
        auth: { kind: 'public' },
        responses: { 200: { bytes: 'text/javascript' } },
      },
      async () => ({
        status: 200,
        body: script,
        headers: {
          'content-type': 'text/javascript; charset=utf-8',
          'cache-control': 'public, max-age=3600',
        },
      }),
    ),
  ];
}

/** A person at work; systems push single papers instead. */
export function person({ actor }: Pick<PageInput, 'actor'>): PersonActor {
  if (actor.kind === 'person') return actor;
  throw new Failure('forbidden', {
    vi: 'Cần người có vai trò ở đơn vị.',
    en: 'A person with a role at the body is needed.',
  });
}

export const mayApproveAt = (actor: PersonActor, agencyId: string): boolean =>
  holds(actor, ['head'], agencyId);

/** Where the person works on batches. */
const agenciesOf = (actor: PersonActor): string[] => [
  ...new Set(
    actor.roles
      .filter(({ role }) => (makers as readonly string[]).includes(role))
      .map(({ agencyId }) => agencyId),
  ),
];

export const file = (body: Buffer, type: string, name: string): RouteReply => ({
  status: 200,
  stream: oneChunk(body),
  headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
});

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The last instant of a day in Vietnam. */
export const endOf = (day: string): Date => new Date(`${day}T23:59:59+07:00`);
/** “20/06/2026”. */
export const inWords = (day: string): string => day.split('-').reverse().join('/');

function valuesOf(fields: Readonly<Record<string, string>>): Partial<Record<BatchField, string>> {
  const names = Object.entries(batchFields) as [BatchField, string][];
  return Object.fromEntries(names.map(([key, name]) => [key, (fields[name] ?? '').trim().slice(0, 300)]));
}

type FormOrder = Omit<BatchOrder, 'table' | 'dryRun' | 'keepGood'>;

function readForm(
  values: Partial<Record<BatchField, string>>,
  t: Record<'type' | 'agency' | 'date' | 'place' | 'signerTitle' | 'signerName', string>,
): { order: FormOrder; faults: Fault[] } {
  const faults: Fault[] = [];
  const needed = (field: 'type' | 'agency' | 'place' | 'signerTitle' | 'signerName'): string => {
    const value = values[field] ?? '';
    if (value === '') faults.push({ field: batchFields[field], text: t[field] });
    return value;
  };
  const date = (field: 'issuedOn' | 'decisionDate'): string => {
    const match = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(values[field] ?? '');
    const iso = match ? `${match[3]}-${match[2]?.padStart(2, '0')}-${match[1]?.padStart(2, '0')}` : '';
    if (parseCalendarDate(iso).ok) return iso;
    faults.push({ field: batchFields[field], text: t.date });
    return '';
  };
  const order: FormOrder = {
    documentType: needed('type'),
    agencyId: needed('agency'),
    bookId: null,
    issuedOn: date('issuedOn'),
    place: needed('place'),
    signer: { title: needed('signerTitle'), name: needed('signerName') },
    decisionNumber: values.decisionNumber || null,
    decisionDate: values.decisionDate ? date('decisionDate') : null,
  };
  return { order, faults };
}

const noType = (): Failure =>
  new Failure('not-found', { vi: 'Không có loại giấy tờ này.', en: 'There is no such document type.' });
