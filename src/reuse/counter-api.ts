/** The counter over the API: sessions, codes, answers with their proof, previews, and what was asked for afterwards. */
import { z } from 'zod';
import { agencyIdSchema, calendarDateSchema } from '../catalogue/index.ts';
import { type Route, readUpload, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import type { CounterAnswers, SignedForm } from './counter-answers.ts';
import type { CounterDesk } from './counter-desk.ts';
import type { PartyClaim } from './person-match.ts';
import type { Previews } from './previews.ts';
import { reuseAnswer, toReuseAnswer } from './reuse-answers.ts';
import type { ReuseGate } from './reuse-gate.ts';
import { REUSE_ROLES } from './reuse-policy.ts';
import type { ReuseService } from './reuse-service.ts';
import { formOf } from './signed-form.ts';
import { supplement } from './supplement.ts';

const componentKey = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9-]*$/, 'A key of the catalogue, such as legal-residence.');
const person = z.strictObject({
  personalNumber: z.string().max(20),
  fullName: z.string().max(200),
  birthDate: calendarDateSchema.optional(),
});
const session = z.object({
  id: z.string(),
  dossier: z.string(),
  openedAt: z.string(),
  closesAt: z.string(),
});
const answers = z
  .array(
    z.strictObject({
      consent: z.uuid(),
      decision: z.enum(['allow', 'refuse']),
      textSha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  )
  .min(1)
  .max(50);
const answered = z.object({
  consents: z.array(
    z.object({ id: z.string(), state: z.string(), method: z.string().nullable(), assisted: z.boolean() }),
  ),
});

export function counterRoutes(parts: {
  desk: CounterDesk;
  answers: CounterAnswers;
  previews: Previews;
  reuse: ReuseService;
  gate: ReuseGate;
  spoolFolder: string;
}): Route[] {
  const { desk, previews, reuse, gate } = parts;
  const tag = 'counter';
  const officers = { kind: 'office', roles: REUSE_ROLES } as const;
  const office = { kind: 'office', roles: REUSE_ROLES, scopes: ['reuse:request'] } as const;
  const params = z.object({ reuseRequestId: z.uuid() });

  return [
    route(
      {
        method: 'post',
        path: '/api/v1/counter-sessions',
        operationId: 'openCounterSession',
        summary: 'Open a dossier with the person at the counter; the session before ends',
        tag,
        auth: officers,
        body: z.strictObject({
          agency: agencyIdSchema,
          dossier: z.string().max(60),
          person,
          identityChecked: z
            .literal(true)
            .describe('The officer has compared the identity card with the person.'),
        }),
        responses: { 201: session },
      },
      async ({ actor, body, requestId }) => {
        const opened = await desk.open({
          actor,
          requestId,
          agencyId: body.agency,
          dossierCode: body.dossier,
          person: body.person,
          identityChecked: body.identityChecked,
        });
        return {
          status: 201,
          body: {
            id: opened.id,
            dossier: body.dossier,
            openedAt: opened.openedAt.toISOString(),
            closesAt: opened.closesAt.toISOString(),
          },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/counter-sessions/end',
        operationId: 'endCounterSession',
        summary: 'End the session; ending twice is no fault',
        tag,
        auth: officers,
        responses: { 200: z.object({ ended: z.int() }) },
      },
      async ({ actor, requestId }) => ({
        status: 200,
        body: { ended: (await desk.end({ actor, requestId })).length },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests/{reuseRequestId}/facts',
        operationId: 'supplementReuse',
        summary: 'Answer what `need_more` asked; consents given to the request stay',
        tag: 'reuse',
        auth: office,
        params,
        body: z.strictObject({
          conditions: z.record(componentKey, z.boolean()).default({}),
          parties: z
            .array(
              z.strictObject({
                holder: z.enum(['spouse', 'child', 'parent', 'deceased', 'other']),
                person,
              }),
            )
            .max(10)
            .default([]),
          hints: z.record(componentKey, z.strictObject({ issuer: agencyIdSchema })).default({}),
          given: z.record(componentKey, z.record(z.string().max(60), z.string().max(300))).default({}),
        }),
        responses: { 200: reuseAnswer },
      },
      async ({ actor, params: { reuseRequestId }, body, requestId }) => ({
        status: 200,
        body: toReuseAnswer(
          await supplement(
            { gate, reuse },
            { actor, requestId, reuseRequestId, ...body, parties: body.parties as readonly PartyClaim[] },
          ),
        ),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests/{reuseRequestId}/consent-codes',
        operationId: 'sendConsentCode',
        summary: 'Send a one-time code to the person at the counter; the code is in no answer',
        tag,
        auth: officers,
        params,
        ratePerMinute: 20,
        responses: {
          202: z.object({ sent: z.boolean(), to: z.string().nullable(), expiresAt: z.string() }),
        },
      },
      async ({ actor, params: { reuseRequestId }, requestId, language }) => {
        const sending = await parts.answers.sendCode({ actor, requestId, reuseRequestId, language });
        return { status: 202, body: { ...sending, expiresAt: sending.expiresAt.toISOString() } };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests/{reuseRequestId}/consent-answers',
        operationId: 'answerAtCounter',
        summary: 'Record what the person answered, shown by their code',
        tag,
        auth: officers,
        params,
        ratePerMinute: 60,
        body: z.strictObject({
          method: z.enum(['one-time-code', 'qr']),
          secret: z.string().min(4).max(40),
          answers,
        }),
        responses: { 200: answered },
      },
      async ({ actor, params: { reuseRequestId }, body, requestId, language }) => {
        const grants = await parts.answers.answer({
          actor,
          requestId,
          reuseRequestId,
          language,
          answers: body.answers.map(({ consent, ...rest }) => ({ grantId: consent, ...rest })),
          proof: { method: body.method, secret: body.secret },
        });
        return { status: 200, body: { consents: grants.map(toAnswered) } };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests/{reuseRequestId}/consent-forms',
        operationId: 'answerByForm',
        summary: 'Record what the person answered on a form that they signed, or marked before a witness',
        description:
          'multipart/form-data: `answers` (JSON as for consent-answers), `kind` (signed-form or thumbprint), `witness` and `witnessNumber` for a thumbprint, and one file.',
        tag,
        auth: officers,
        params,
        upload: { contentTypes: ['multipart/form-data'] },
        responses: { 200: answered },
      },
      async ({ actor, params: { reuseRequestId }, request, requestId, language }) => {
        const upload = await readUpload(request, parts.spoolFolder, {
          maxFileBytes: 20_000_000,
          maxFiles: 1,
        });
        try {
          const form: SignedForm = await formOf(upload);
          const given = answers.safeParse(readJson(upload.fields.answers));
          if (!given.success) throw badAnswers();
          const grants = await parts.answers.answer({
            actor,
            requestId,
            reuseRequestId,
            language,
            answers: given.data.map(({ consent, ...rest }) => ({ grantId: consent, ...rest })),
            proof: { method: form.kind, form },
          });
          return { status: 200, body: { consents: grants.map(toAnswered) } };
        } finally {
          await upload.dispose();
        }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests/{reuseRequestId}/consent-withdrawals',
        operationId: 'withdrawAtCounter',
        summary: 'Take a consent back at the counter; as effective as the person’s own withdrawal',
        tag,
        auth: officers,
        params,
        body: z.strictObject({ consent: z.uuid() }),
        responses: { 200: answered },
      },
      async ({ actor, params: { reuseRequestId }, body, requestId }) => {
        const order = { actor, requestId, reuseRequestId, grantId: body.consent };
        return { status: 200, body: { consents: [toAnswered(await parts.answers.withdraw(order))] } };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests/{reuseRequestId}/components/{component}/preview-decisions',
        operationId: 'decidePreviewAtCounter',
        summary: 'The person looked at the paper on the officer’s screen, and lets it go or not',
        tag,
        auth: officers,
        params: params.extend({ component: componentKey }),
        body: z.strictObject({ decision: z.enum(['use', 'refuse']) }),
        responses: { 204: null },
      },
      async ({ actor, params: { reuseRequestId, component }, body, requestId }) => {
        const order = { actor, requestId, reuseRequestId, componentKey: component, decision: body.decision };
        await previews.decideAtCounter(order);
        return { status: 204 };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/me/previews',
        operationId: 'listMyPreviews',
        summary: 'Papers that wait to be looked at before they go out',
        tag: 'consent',
        auth: { kind: 'citizen' },
        responses: {
          200: z.object({
            previews: z.array(
              z.object({
                reuseRequest: z.string(),
                component: z.string(),
                document: z.string(),
                recipient: z.string(),
                dossier: z.string(),
                procedure: z.string(),
                type: z.string(),
              }),
            ),
          }),
        },
      },
      async ({ actor }) => ({
        status: 200,
        body: {
          previews: (actor.kind === 'person' ? await previews.waiting(actor.personId) : []).map((item) => ({
            reuseRequest: item.requestId,
            component: item.componentKey,
            document: item.documentId,
            recipient: item.agencyId,
            dossier: item.dossier,
            procedure: item.procedureCode,
            type: item.documentType,
          })),
        },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/me/previews/{reuseRequestId}/{component}',
        operationId: 'decideMyPreview',
        summary: 'Let the paper go, or not, after looking at it',
        tag: 'consent',
        auth: { kind: 'citizen', assurance: 2 },
        params: params.extend({ component: componentKey }),
        body: z.strictObject({ decision: z.enum(['use', 'refuse']) }),
        responses: { 204: null },
      },
      async ({ actor, params: { reuseRequestId, component }, body, requestId }) => {
        const personId = actor.kind === 'person' ? actor.personId : '';
        const order = { actor, requestId, personId, reuseRequestId, componentKey: component };
        await previews.decide({ ...order, decision: body.decision });
        return { status: 204 };
      },
    ),
  ];
}

const toAnswered = (grant: {
  id: string;
  state: string;
  method: string | null;
  assistedBy: string | null;
}): z.input<typeof answered>['consents'][number] => ({
  id: grant.id,
  state: grant.state,
  method: grant.method,
  assisted: grant.assistedBy !== null,
});

function readJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const badAnswers = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'The field "answers" is a JSON list of {consent, decision, textSha256}.',
      vi: 'Trường "answers" là danh sách JSON gồm {consent, decision, textSha256}.',
    },
    { code: 'answers-malformed', faults: [{ pointer: '/body/answers', detail: 'Malformed.' }] },
  );
