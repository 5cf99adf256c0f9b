/** The forms of one line: ask, answer, sign, look before, add what is asked, take. */
import { z } from 'zod';
import { contentReply } from '../documents/index.ts';
import { readUpload, type Upload } from '../http/index.ts';
import { type Route, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, paths } from '../web/index.ts';
import { faultsOf, readPerson } from './desk-forms.ts';
import { callerOf, type DeskPageMaker, wordsOf } from './desk-page-maker.ts';
import { channelField } from './desk-panel.tsx';
import { answerFields } from './desk-panel-forms.tsx';
import type { DeskWork } from './desk-work.ts';
import { REUSE_ROLES } from './reuse-policy.ts';
import { formOf } from './signed-form.ts';
import { supplement } from './supplement.ts';

const page = { page: true } as const;
const form = z.record(z.string().max(100), z.string().max(2_000));
const byDossier = z.object({ dossier: z.string().min(1).max(100) });
const byLine = byDossier.extend({ line: z.string().min(1).max(100) });
const common = { tag: 'desk', auth: { kind: 'office', roles: REUSE_ROLES }, page: true } as const;
const at = (path: string): string => `${paths.desk}${path}`;

export function deskLineRoutes({
  work,
  maker,
  spoolFolder,
}: {
  work: DeskWork;
  maker: DeskPageMaker;
  spoolFolder: string;
}): Route[] {
  const { onLine, formPage } = maker;

  return [
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/{line}/xin-dong-y'),
        operationId: 'askConsentOnPage',
        summary: 'Puts the question to the citizen by the chosen way',
        params: byLine,
        body: form,
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) =>
        onLine(input, channelField, async (open) => {
          const channel = input.body[channelField];
          if (!channel || !['phone', 'code', 'message', 'form'].includes(channel))
            return [{ field: channelField, text: wordsOf(input).panel.noChannel }];
          await work.ask(callerOf(input), open, input.params.line);
          if (channel !== 'message') return undefined;
          return work.parts.answers.sendCode({
            ...callerOf(input),
            reuseRequestId: open.answer.request.id,
            language: input.language,
          });
        }),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/{line}/tra-loi'),
        operationId: 'recordAnswer',
        summary: 'Records what the citizen answered, shown by a code',
        params: byLine,
        body: form,
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) =>
        onLine(input, answerFields.secret, async (open) => {
          const t = wordsOf(input).answer;
          const method = input.body[answerFields.method];
          const secret = (input.body[answerFields.secret] ?? '').trim();
          const decision = input.body[answerFields.decision];
          const faults = [
            ...(method === 'one-time-code' || method === 'qr'
              ? []
              : [{ field: answerFields.method, text: t.methodNeeded }]),
            ...(secret === '' ? [{ field: answerFields.secret, text: t.secretNeeded }] : []),
            ...(decision === 'allow' || decision === 'refuse'
              ? []
              : [{ field: answerFields.decision, text: t.decisionNeeded }]),
          ];
          if (faults.length > 0 || (method !== 'one-time-code' && method !== 'qr')) return faults;
          if (decision !== 'allow' && decision !== 'refuse') return faults;
          await work.answer({ ...callerOf(input), language: input.language }, open, {
            componentKey: input.params.line,
            decision,
            proof: { method, secret },
          });
          return undefined;
        }),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: at('/{dossier}/{line}/loi-doc'),
        operationId: 'showConsentWords',
        summary: 'The exact words to read out, with room to sign',
        params: byLine,
        responses: { 200: page },
      },
      async (input) => formPage(input, { upload: false }),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: at('/{dossier}/{line}/phieu'),
        operationId: 'showConsentForm',
        summary: 'The form to print and the signed sheet to upload',
        params: byLine,
        responses: { 200: page },
      },
      async (input) => formPage(input, { upload: true }),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/{line}/phieu'),
        operationId: 'uploadConsentForm',
        summary: 'Keeps the signed form and records the answer',
        params: byLine,
        upload: { contentTypes: ['multipart/form-data'] },
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { dossier, line } = input.params;
        const open = await work.show(callerOf(input), dossier);
        const upload = await readUpload(input.request, spoolFolder, {
          maxFileBytes: 20_000_000,
          maxFiles: 1,
        });
        try {
          const faults = signedFormFaults(upload, wordsOf(input));
          const decision = upload.fields[answerFields.decision];
          if (faults.length > 0 || (decision !== 'allow' && decision !== 'refuse'))
            return await formPage(input, { upload: true, faults });
          const kept = await keepForm(async () => {
            const form = await formOf(upload);
            const proof = { method: form.kind, form };
            const caller = { ...callerOf(input), language: input.language };
            await work.answer(caller, open, { componentKey: line, decision, proof });
          });
          if (kept === undefined) return seeOther(`${paths.deskLine(dossier, line)}#pane`);
          const refused = faultsOf(kept, answerFields.file, input.language);
          return await formPage(input, { upload: true, faults: refused });
        } finally {
          await upload.dispose();
        }
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/{line}/xem-truoc'),
        operationId: 'decidePreviewOnPage',
        summary: 'The citizen looked, and lets the paper go or not',
        params: byLine,
        body: form,
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) =>
        onLine(input, 'quyet-dinh', async (open) => {
          await work.parts.previews.decideAtCounter({
            ...callerOf(input),
            reuseRequestId: open.answer.request.id,
            componentKey: input.params.line,
            decision: input.body['quyet-dinh'] === 'use' ? 'use' : 'refuse',
          });
          return undefined;
        }),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/{line}/bo-sung'),
        operationId: 'answerNeedMore',
        summary: 'Answers what the vault has to know',
        params: byLine,
        body: form,
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) =>
        onLine(input, answerFields.answer, async (open) => {
          const outcome = open.answer.outcomes.find(({ componentKey }) => componentKey === input.params.line);
          const parameter = outcome?.kind === 'need_more' ? outcome.parameter : null;
          if (parameter === null) return undefined;
          const facts = readMore(parameter, input.body, input);
          if ('faults' in facts) return facts.faults;
          await supplement(
            { gate: work.parts.gate, reuse: work.parts.reuse },
            { ...callerOf(input), reuseRequestId: open.answer.request.id, hints: {}, given: {}, ...facts },
          );
          return undefined;
        }),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/{line}/toan-bo'),
        operationId: 'askFullView',
        summary: 'Asks for the whole paper, with a reason the citizen reads',
        params: byLine,
        body: form,
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) =>
        onLine(input, answerFields.reason, async () => {
          const reason = (input.body[answerFields.reason] ?? '').trim();
          if (reason.length < 3) return [{ field: answerFields.reason, text: wordsOf(input).full.needed }];
          await work.askFull(callerOf(input), input.params.dossier, reason.slice(0, 500));
          return undefined;
        }),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: at('/{dossier}/{line}/dua-vao'),
        operationId: 'takePaper',
        summary: 'Puts the paper into the dossier',
        params: byLine,
        body: form,
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) =>
        onLine(input, channelField, async (open) => {
          await work.take(callerOf(input), open, input.params.line);
          return undefined;
        }),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: at('/{dossier}/{line}/tep'),
        operationId: 'openPaperAtDesk',
        summary: 'The whole paper, where the request sees it',
        params: byLine,
        responses: { 200: { bytes: 'application/pdf' } },
      },
      async (input) => {
        const open = await work.show(callerOf(input), input.params.dossier);
        const retrieved = await work.parts.retrieval.content({
          ...callerOf(input),
          reuseRequestId: open.answer.request.id,
          componentKey: input.params.line,
          signal: input.signal,
        });
        return contentReply(retrieved, undefined);
      },
    ),
  ];
}

function readMore(
  parameter: string,
  body: Readonly<Record<string, string>>,
  input: PageInput,
): { faults: readonly Fault[] } | Pick<Parameters<typeof supplement>[1], 'conditions' | 'parties'> {
  const t = wordsOf(input).more;
  if (!parameter.startsWith('party-')) {
    const given = body[answerFields.answer];
    if (given !== 'yes' && given !== 'no')
      return { faults: [{ field: answerFields.answer, text: t.needed }] };
    return { conditions: { [parameter]: given === 'yes' }, parties: [] };
  }
  const read = readPerson(body, answerFields, {
    number: t.numberNeeded,
    name: t.nameNeeded,
    birth: wordsOf(input).faults.birth,
  });
  if (read.faults.length > 0) return { faults: read.faults };
  const holder = parameter.slice('party-'.length) as 'child';
  return { conditions: {}, parties: [{ holder, person: read.person }] };
}

/** What the citizen chose, how they signed, and the sheet itself have to be there. */
function signedFormFaults(
  { fields, files }: Upload,
  words: ReturnType<typeof wordsOf>,
): { field: string; text: string }[] {
  const decision = fields[answerFields.decision];
  const kind = fields[answerFields.kind];
  const witness = (fields[answerFields.witness] ?? '').trim();
  const t = words.form;
  return [
    ...(kind === 'signed-form' || kind === 'thumbprint'
      ? []
      : [{ field: answerFields.kind, text: t.kindNeeded }]),
    ...(kind === 'thumbprint' && witness === ''
      ? [{ field: answerFields.witness, text: t.witnessNeeded }]
      : []),
    ...(decision === 'allow' || decision === 'refuse'
      ? []
      : [{ field: answerFields.decision, text: words.answer.decisionNeeded }]),
    ...(files[0] && files[0].size > 0 ? [] : [{ field: answerFields.file, text: t.scanNeeded }]),
  ];
}

/** The refusal that the page shows, if there was one. */
async function keepForm(work: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.kind !== 'unavailable') return error;
    throw error;
  }
}
