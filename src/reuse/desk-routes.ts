/** The addresses of the desk. Every page works without a script; every form answers with the page it came from or the next. */
import { z } from 'zod';
import { type Route, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { seeOther } from '../web/citizen-page.ts';
import { type OfficePageParts, paths } from '../web/index.ts';
import { faultsOf, readOpening } from './desk-forms.ts';
import { deskLineRoutes } from './desk-line-routes.ts';
import { callerOf, deskPageMaker, wordsOf } from './desk-page-maker.ts';
import { deskFields, paperReasons } from './desk-pages.tsx';
import type { DeskWork } from './desk-work.ts';
import { REUSE_ROLES } from './reuse-policy.ts';

export interface DeskRouteParts extends OfficePageParts {
  readonly work: DeskWork;
  readonly spoolFolder: string;
}

const page = { page: true } as const;
const form = z.record(z.string().max(100), z.string().max(2_000));
const byDossier = z.object({ dossier: z.string().min(1).max(100) });
const byLine = byDossier.extend({ line: z.string().min(1).max(100) });
const common = { tag: 'desk', auth: { kind: 'office', roles: REUSE_ROLES }, page: true } as const;
const at = (path: string): string => `${paths.desk}${path}`;

export function deskRoutes(parts: DeskRouteParts): Route[] {
  const { work } = parts;
  const { desk } = work.parts;
  const maker = deskPageMaker(parts);
  const { start, dossierPage, demandPage, receiptPage } = maker;

  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.desk,
        operationId: 'showDesk',
        summary: 'Open a dossier; those of today',
        responses: { 200: page },
      },
      async (input) => start(input),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.desk,
        operationId: 'openDossier',
        summary: 'Opens a dossier with the person at the counter and asks the vault',
        body: form,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const read = readOpening(input.body, wordsOf(input).faults);
        if (read.faults.length > 0)
          return start(input, { values: input.body, faults: read.faults, status: 422 });
        try {
          return seeOther(paths.deskDossier(await work.open(callerOf(input), read.opening)));
        } catch (error) {
          if (!(error instanceof Failure) || error.kind === 'unavailable') throw error;
          const faults = faultsOf(error, deskFields.dossier, input.language);
          return start(input, { values: input.body, faults, status: 422 });
        }
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.deskEnd,
        operationId: 'endCounterOnPage',
        summary: 'Ends the session',
        body: form,
        responses: { 303: null },
      },
      async (input) => {
        await desk.end(callerOf(input));
        return seeOther(paths.desk);
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: at('/{dossier}'),
        operationId: 'showDossier',
        summary: 'A dossier with the answer for each component',
        params: byDossier,
        responses: { 200: page },
      },
      async (input) => dossierPage(input, await work.show(callerOf(input), input.params.dossier)),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: at('/{dossier}/yeu-cau-giay'),
        operationId: 'showPaperDemand',
        summary: 'Ask for paper all the same',
        params: byDossier,
        responses: { 200: page },
      },
      async (input) => {
        const open = await work.show(callerOf(input), input.params.dossier);
        return demandPage(input, open);
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/yeu-cau-giay'),
        operationId: 'sendPaperDemand',
        summary: 'Records the reason and asks for paper',
        params: byDossier,
        body: form,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const open = await work.show(callerOf(input), input.params.dossier);
        const t = wordsOf(input).faults;
        const line = input.body['thanh-phan'] ?? '';
        const reason = paperReasons.find((each) => each === input.body['ly-do']);
        const note = (input.body['can-cu'] ?? '').trim();
        const known = open.answer.outcomes.some(({ componentKey }) => componentKey === line);
        const faults = [
          ...(known ? [] : [{ field: 'thanh-phan', text: t.line }]),
          ...(reason ? [] : [{ field: 'ly-do', text: t.reason }]),
          ...(note.length >= 3 ? [] : [{ field: 'can-cu', text: t.text }]),
        ];
        if (faults.length > 0 || !reason)
          return demandPage(input, open, { values: { line, text: note, ...(reason && { reason }) }, faults });
        await work.parts.papers.ask({
          ...callerOf(input),
          reuseRequestId: open.answer.request.id,
          componentKey: line,
          reason,
          note,
        });
        return seeOther(paths.deskDossier(open.answer.dossier.id));
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: at('/{dossier}/xem-lai'),
        operationId: 'showCounterReceipt',
        summary: 'The receipt of the counter, to print',
        params: byDossier,
        responses: { 200: page },
      },
      async (input) => {
        const open = await work.show(callerOf(input), input.params.dossier);
        return receiptPage(input, open);
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/luu'),
        operationId: 'nextPerson',
        summary: 'Keeps the dossier and ends the session',
        params: byDossier,
        body: form,
        responses: { 303: null },
      },
      async (input) => {
        await desk.end(callerOf(input), 'next-person');
        return seeOther(paths.desk);
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: at('/{dossier}/phieu-xac-nhan'),
        operationId: 'getDeskStatement',
        summary: 'The sealed statement of what was not found',
        params: byDossier,
        responses: { 200: { bytes: 'application/pdf' }, 303: null },
      },
      async (input) => {
        const open = await work.show(callerOf(input), input.params.dossier);
        const { statementId } = open.answer;
        if (!statementId) return seeOther(paths.deskDossier(input.params.dossier));
        const pdf = await work.parts.statements.pdf({ ...callerOf(input), statementId });
        return { status: 200, body: pdf, headers: { 'Content-Type': 'application/pdf' } };
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: at('/{dossier}/{line}'),
        operationId: 'showLine',
        summary: 'One component: what it says and the next step',
        params: byLine,
        responses: { 200: page },
      },
      async (input) =>
        dossierPage(input, await work.show(callerOf(input), input.params.dossier), {
          line: input.params.line,
        }),
    ),
    ...deskLineRoutes({ work, maker, spoolFolder: parts.spoolFolder }),
  ];
}
