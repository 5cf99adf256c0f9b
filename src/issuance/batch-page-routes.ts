/** One batch as people work on it: looking, mending, approving and signing, pausing, giving up. */
import { z } from 'zod';
import { type Route, type RouteReply, readUpload, route } from '../http/index.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { Signer } from '../signing/index.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { formatNumber, maskNumber, type Option, paths, renderPage } from '../web/index.ts';
import { dueOn, mayApprove } from './batch.ts';
import { failedRows } from './batch-files.ts';
import {
  type BatchPageParts,
  endOf,
  file,
  inWords,
  largestTable,
  mayApproveAt,
  officePage,
  person,
  progressScript,
} from './batch-list-routes.ts';
import type { BatchView } from './batch-mending.ts';
import { BatchPage, type BatchPageProps } from './batch-page.tsx';
import { headingKey, sheetFields } from './batch-sheet.ts';
import type { BatchWorker } from './batch-worker.ts';
import { content } from './content.ts';
import { CancelBatchPage, MendFilePage, MendRowPage } from './mend-pages.tsx';

export interface OneBatchParts extends BatchPageParts {
  readonly worker: BatchWorker;
  readonly database: Database;
  readonly signerFor: (agencyId: string) => Signer;
}

const page = { page: true } as const;
const byBatch = z.object({ batch: z.uuid() });
const byRow = z.object({ batch: z.uuid(), row: z.coerce.number().int().min(1).max(1_000_000) });

export function batchPageRoutes(parts: OneBatchParts): Route[] {
  const { batches, mending, worker, office } = parts;
  const shown = (body: string, status = 200): RouteReply => ({ status, body });
  const at = (path: string) => `/cap-van-bang/{batch}${path}`;
  const context = (input: PageInput) => office(input, 'batches');

  const rowPage = async (
    input: PageInput,
    asked: { batch: string; row: number },
    typed?: Readonly<Record<string, string>>,
  ): Promise<RouteReply> => {
    const props = await rowProps(parts, input, asked, typed);
    return shown(renderPage(MendRowPage({ ...(await context(input)), ...props })), typed ? 422 : 200);
  };
  const step = (
    path: string,
    operationId: string,
    summary: string,
    act: (input: PageInput, batch: string) => Promise<unknown>,
  ): Route =>
    route(
      {
        ...officePage,
        method: 'post',
        path: at(path),
        operationId,
        summary,
        params: byBatch,
        responses: { 303: null },
      },
      async (input) => {
        await act(input, input.params.batch);
        return seeOther(paths.batch(input.params.batch));
      },
    );

  return [
    route(
      {
        ...officePage,
        method: 'get',
        path: at(''),
        operationId: 'showBatch',
        summary: 'A batch: its rows to mend, its preview, its signing',
        params: byBatch,
        responses: { 200: page },
      },
      async (input) => {
        const view = await mending.look(person(input), input.params.batch);
        return shown(
          renderPage(BatchPage({ ...(await context(input)), ...(await viewProps(parts, input, view)) })),
        );
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: at('/dong-loi.csv'),
        operationId: 'downloadRowsToMend',
        summary: 'The rows to mend, to be sent again',
        params: byBatch,
        responses: { 200: { bytes: 'text/csv' } },
      },
      async (input) => {
        const { heading, faulty } = await mending.look(person(input), input.params.batch);
        return file(failedRows({ heading, rows: faulty }), 'text/csv; charset=utf-8', 'dong-loi.csv');
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: at('/mau'),
        operationId: 'previewBatch',
        summary: 'A row of the batch as it will be printed, unsigned',
        params: byBatch,
        query: z.object({ dong: z.coerce.number().int().min(1).optional() }),
        responses: { 200: { bytes: 'application/pdf' } },
      },
      async (input) => {
        const bytes = await mending.preview(person(input), input.params.batch, input.query.dong);
        if (bytes === null)
          throw new Failure('not-found', { vi: 'Lô chưa có dòng nào.', en: 'The batch has no row yet.' });
        return file(bytes, 'application/pdf', 'xem-truoc.pdf');
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: at('/nap-lai'),
        operationId: 'showMendFile',
        summary: 'The form that takes a mended file',
        params: byBatch,
        responses: { 200: page },
      },
      async (input) => {
        const { batch } = await mending.look(person(input), input.params.batch);
        return shown(renderPage(MendFilePage({ ...(await context(input)), batchId: batch.id, faults: [] })));
      },
    ),
    route(
      {
        ...officePage,
        method: 'post',
        path: at('/nap-lai'),
        operationId: 'mendFromFile',
        summary: 'Take mended rows from a file',
        params: byBatch,
        upload: { contentTypes: ['multipart/form-data'] },
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { batch } = input.params;
        const upload = await readUpload(input.request, parts.spoolFolder, {
          maxFileBytes: largestTable,
          maxFiles: 1,
        });
        try {
          const [given] = upload.files;
          const bytes = given && given.size > 0 ? await given.read() : undefined;
          const mended = bytes && (await mending.mendFile(person(input), batch, bytes));
          if (mended?.ok) return seeOther(paths.batch(mended.batchId));
          const text = mended ? mended.message[input.language] : content[input.language].fresh.faults.table;
          const faults = [{ field: 'bang', text }];
          return shown(renderPage(MendFilePage({ ...(await context(input)), batchId: batch, faults })), 422);
        } finally {
          await upload.dispose();
        }
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: at('/dong/{row}'),
        operationId: 'showRowToMend',
        summary: 'One row to mend',
        params: byRow,
        responses: { 200: page, 422: page },
      },
      (input) => rowPage(input, input.params),
    ),
    route(
      {
        ...officePage,
        method: 'post',
        path: at('/dong/{row}'),
        operationId: 'mendRow',
        summary: 'Mend one row',
        params: byRow,
        body: z.record(z.string().max(60), z.string().max(2000)),
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { batch, row } = input.params;
        const mended = await mending.mendRow(person(input), batch, { row, values: input.body });
        if (mended.ok && mended.taken === 1) return seeOther(paths.batch(mended.batchId));
        return rowPage(input, input.params, input.body);
      },
    ),
    route(
      {
        ...officePage,
        method: 'post',
        path: at('/dong/{row}/bo'),
        operationId: 'leaveRowOut',
        summary: 'Leave a row out of the batch',
        params: byRow,
        responses: { 303: null },
      },
      async (input) => {
        await mending.leaveOut(person(input), input.params.batch, input.params.row);
        return seeOther(paths.batch(input.params.batch));
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: at('/huy'),
        operationId: 'askToCancelBatch',
        summary: 'Ask before giving a batch up',
        params: byBatch,
        responses: { 200: page },
      },
      async (input) => {
        const { batch } = await mending.look(person(input), input.params.batch);
        return shown(renderPage(CancelBatchPage({ ...(await context(input)), batchId: batch.id })));
      },
    ),
    step('/ky', 'signBatch', 'Approve a batch and let it be signed', async (input, batch) => {
      await batches.approve(person(input), batch);
      worker.wake(batch);
    }),
    step('/tam-dung', 'pauseBatchFromPage', 'Pause a batch after the papers in hand', (input, batch) =>
      batches.pause(person(input), batch),
    ),
    step('/huy', 'cancelBatchFromPage', 'Give a batch up', (input, batch) =>
      batches.cancel(person(input), batch),
    ),
  ];
}

async function viewProps(
  parts: OneBatchParts,
  input: PageInput,
  { batch, items, heading, faulty, failed }: BatchView,
): Promise<Omit<BatchPageProps, 'frame' | 'officer' | 'tabs'>> {
  const actor = person(input);
  const { language } = input;
  const t = content[language].view;
  const n = (value: number): string => formatNumber(value, language);
  const type = (await parts.catalogue.current()).documentType(batch.documentType, batch.issuedOn);
  const signed = items.issued ?? 0;
  const good = batch.total - failed.length;
  const due = dueOn(batch);
  const { certificate } = parts.signerFor(batch.agencyId);
  const started = batch.approvedBy !== null;
  const signing = (
    {
      prepared: 'idle',
      running: 'running',
      paused: 'paused',
      finished: 'done',
      cancelled: 'cancelled',
    } as const
  )[batch.state];
  const keys = heading.map(headingKey);
  const column = (name: string): number => {
    const field = type?.fields.find((each) => each.name === name);
    return field
      ? keys.findIndex((key) => key === headingKey(field.labels.vi) || key === headingKey(field.labels.en))
      : -1;
  };
  const [nameAt, numberAt] = [column('fullName'), column('personalNumber')];
  const open = batch.state === 'running' || batch.state === 'paused' || batch.state === 'prepared';
  return {
    batch: {
      id: batch.id,
      title: `${type?.names[language] ?? batch.documentType}, ${inWords(batch.issuedOn)}`,
      decision: batch.decisionDate
        ? t.decision(batch.decisionNumber ?? '…', inWords(batch.decisionDate))
        : t.noDecision,
      ...(due !== null &&
        batch.decisionDate !== null && {
          decidedOn: new Date(`${batch.decisionDate}T08:00:00+07:00`),
          due: endOf(due),
        }),
      rows: batch.total + faulty.length,
      signed,
      good,
    },
    steps: [
      { state: 'done', word: t.rowsWord(n(batch.total + faulty.length)) },
      faulty.length > 0 ? { state: 'attention', word: t.toMendWord(n(faulty.length)) } : { state: 'done' },
      started ? { state: 'done', word: t.approvedWord } : { state: 'now', word: t.toApproveWord },
      {
        state: batch.state === 'finished' ? 'done' : started ? 'now' : 'later',
        ...(started && { word: t.signedWord(n(signed), n(good)) }),
      },
      { state: batch.state === 'finished' ? 'done' : 'later', word: t.keptWord },
    ],
    faulty: faulty.slice(0, 200).flatMap(({ row, cells, faults }) =>
      faults.slice(0, 5).map(({ column: title, message }) => {
        const index = columnNumber(title);
        return {
          row,
          student: (cells[nameAt] ?? '').slice(0, 80),
          number: maskNumber(cells[numberAt] ?? ''),
          cell: title === '' ? content[language].mend.all : title,
          value: index === numberAt ? maskNumber(cells[index] ?? '') : (cells[index] ?? '').slice(0, 80),
          why: message[language],
        };
      }),
    ),
    failed: failed.slice(0, 200).map(({ row, problem }) => ({ row, why: problem ?? '' })),
    ...(batch.problem !== null && { problem: batch.problem }),
    ...(batch.state === 'running' && {
      live: { script: progressScript, source: `/api/v1/issue-batches/${batch.id}` },
    }),
    mayCancel: open,
    signing: {
      state: signing,
      signer: `${batch.signer.name}, ${batch.signer.title}`,
      certificate: { kind: certificate.subject.commonName ?? '', until: certificate.notAfter },
      maker: await nameOfAccount(parts.database, batch.preparedBy),
      maySign: mayApproveAt(actor, batch.agencyId) && (started || mayApprove(batch, actor.accountId).allowed),
    },
  };
}

/** “C (Ngày sinh)” → 2. */
function columnNumber(title: string): number {
  const letters = /^([A-Z]{1,3}) /.exec(title)?.[1];
  if (letters === undefined) return -1;
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

async function rowProps(
  { mending, catalogue }: OneBatchParts,
  input: PageInput,
  asked: { readonly batch: string; readonly row: number },
  typed?: Readonly<Record<string, string>>,
) {
  const { language } = input;
  const { batch, heading, faulty } = await mending.look(person(input), asked.batch);
  const row = faulty.find((each) => each.row === asked.row);
  const type = (await catalogue.current()).documentType(batch.documentType, batch.issuedOn);
  if (!row || !type)
    throw new Failure('not-found', {
      vi: 'Dòng này không còn phải sửa.',
      en: 'This row needs no mending any more.',
    });
  const keys = heading.map(headingKey);
  const fields = sheetFields(type).map((field) => {
    const index = keys.findIndex((key) =>
      [field.labels.vi, field.labels.en, field.name].map(headingKey).includes(key),
    );
    const fault = row.faults.find(
      ({ column }) =>
        column !== '' && headingKey(column.replace(/^[A-Z]{1,3} \(/, '').replace(/\)$/, '')) === keys[index],
    );
    const options: Option[] | undefined =
      field.kind === 'choice'
        ? field.options.map(({ value, labels }) => ({ value, label: labels[language] }))
        : undefined;
    return {
      name: field.name,
      label: field.labels[language],
      value: typed?.[field.name] ?? row.cells[index] ?? '',
      ...(fault && { fault: fault.message[language] }),
      ...(options && { options }),
    };
  });
  const told = fields.filter(({ fault }) => fault !== undefined).length;
  const whole = row.faults.filter(({ column }) => column === '').map(({ message }) => message[language]);
  const unplaced =
    told === 0 && whole.length === 0 ? row.faults.map(({ message }) => message[language]) : whole;
  return { batchId: batch.id, row: row.row, fields, whole: unplaced };
}

async function nameOfAccount(database: Database, accountId: string): Promise<string> {
  if (!/^[0-9a-f-]{36}$/.test(accountId)) return accountId;
  const [row] = await database.read<{ full_name: string }>(
    'SELECT p.full_name FROM account a JOIN person p ON p.id = a.person_id WHERE a.id = $1::uuid',
    [accountId],
  );
  return row?.full_name ?? '';
}
