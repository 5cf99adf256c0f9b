/** The reuse API: ask for a dossier, put the question to the owner, fetch what is available, account for paper. */
import { z } from 'zod';
import { agencyIdSchema, calendarDateSchema, procedureCodeSchema } from '../catalogue/index.ts';
import { contentReply, rangeOf } from '../documents/index.ts';
import { type Route, route } from '../http/index.ts';
import type { ConsentQuestions } from './consent-questions.ts';
import type { PaperRequests } from './paper-requests.ts';
import type { PartyClaim } from './person-match.ts';
import { reuseAnswer, toReply, toReuseAnswer } from './reuse-answers.ts';
import { PAPER_REASONS, REUSE_ROLES } from './reuse-policy.ts';
import type { ReuseRetrieval } from './reuse-retrieval.ts';
import type { ReuseService } from './reuse-service.ts';

const componentKey = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9-]*$/, 'A key of the catalogue, such as legal-residence.');
const person = z.strictObject({
  personalNumber: z.string().max(20),
  fullName: z.string().max(200),
  birthDate: calendarDateSchema.optional(),
});
const text = z.string().trim().min(3).max(500);

const orderBody = z
  .strictObject({
    agency: agencyIdSchema,
    procedure: procedureCodeSchema,
    dossier: z.string().max(60),
    owner: person,
    parties: z
      .array(
        z.strictObject({
          holder: z.enum(['spouse', 'child', 'parent', 'deceased', 'other', 'organisation']),
          person: person.optional(),
          organisation: z
            .strictObject({ registrationNumber: z.string().max(40), name: z.string().max(300).optional() })
            .optional(),
        }),
      )
      .max(10)
      .default([])
      .describe('Other people of the case whose papers are needed, one for each holder.'),
    components: z.array(componentKey).min(1).max(50).nullable().default(null),
    basis: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('consent') }),
        z.strictObject({ kind: z.literal('legal-duty'), article: text }),
      ])
      .default({ kind: 'consent' }),
    purpose: text,
    view: z.enum(['minimum', 'full']).default('minimum'),
    fullViewReason: text
      .nullable()
      .default(null)
      .describe('Why the fields of the minimum view are not enough; the owner reads it.'),
    preview: z.enum(['none', 'offered', 'required']).default('offered'),
    neededUntil: z.iso.datetime({ offset: true }).nullable().default(null),
    conditions: z.record(componentKey, z.boolean()).default({}),
    hints: z.record(componentKey, z.strictObject({ issuer: agencyIdSchema })).default({}),
    given: z
      .record(componentKey, z.record(z.string().max(60), z.string().max(300)))
      .default({})
      .describe('What the form says of each paper, by field; compared and explained, never answered.'),
  })
  .superRefine((order, context) => {
    if (order.view === 'full' && order.fullViewReason === null) {
      context.addIssue({
        code: 'custom',
        path: ['fullViewReason'],
        message: 'The whole paper needs a reason; leave "view" out for the fields that the procedure needs.',
      });
    }
    for (const [index, party] of order.parties.entries()) {
      if ((party.person === undefined) === (party.organisation === undefined)) {
        context.addIssue({
          code: 'custom',
          path: ['parties', index],
          message: 'Name either a person or an organisation.',
        });
      }
    }
  });

export function reuseRoutes(parts: {
  reuse: ReuseService;
  questions: ConsentQuestions;
  retrieval: ReuseRetrieval;
  papers: PaperRequests;
}): Route[] {
  const { reuse, questions, retrieval, papers } = parts;
  const tag = 'reuse';
  const auth = { kind: 'office', roles: REUSE_ROLES, scopes: ['reuse:request'] } as const;
  const retrieving = { kind: 'office', roles: REUSE_ROLES, scopes: ['reuse:retrieve'] } as const;
  const params = z.object({ reuseRequestId: z.uuid() });
  const ofComponent = params.extend({ component: componentKey });

  return [
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests',
        operationId: 'requestReuse',
        summary: 'Ask the vault instead of the citizen: one outcome for each component',
        description:
          'Answers 202 while the paper of a component is on its way; `estimatedAt` says when to ask again.',
        tag,
        auth,
        idempotent: 'required',
        body: orderBody,
        responses: { 200: reuseAnswer, 202: reuseAnswer },
      },
      async ({ actor, body, requestId, idempotency }) => {
        const answer = await reuse.ask({
          actor,
          agencyId: body.agency,
          procedureCode: body.procedure,
          dossierCode: body.dossier,
          owner: body.owner,
          parties: body.parties as readonly PartyClaim[],
          components: body.components,
          basis: body.basis.kind,
          article: body.basis.kind === 'legal-duty' ? body.basis.article : null,
          purpose: body.purpose,
          view: body.view,
          fullViewReason: body.view === 'full' ? body.fullViewReason : null,
          preview: body.preview,
          neededUntil: body.neededUntil === null ? null : new Date(body.neededUntil),
          conditions: body.conditions,
          hints: body.hints,
          given: body.given,
          requestId,
          claim: idempotency,
        });
        return {
          ...toReply(answer),
          headers: { Location: `/api/v1/reuse-requests/${answer.request.id}` },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/reuse-requests/{reuseRequestId}',
        operationId: 'showReuse',
        summary: 'The outcomes as they stand at this instant',
        tag,
        auth,
        params,
        responses: { 200: reuseAnswer },
      },
      async ({ actor, params: { reuseRequestId }, requestId }) => ({
        status: 200,
        body: toReuseAnswer(await reuse.show({ actor, reuseRequestId, requestId })),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests/{reuseRequestId}/consent-questions',
        operationId: 'askConsent',
        summary: 'Put the question to the owner; asking again gives the same question',
        tag,
        auth,
        params,
        body: z.strictObject({ components: z.array(componentKey).min(1).max(50) }),
        responses: {
          201: z.object({
            questions: z.array(
              z.object({
                id: z.string(),
                component: z.string(),
                state: z.string(),
                validUntil: z.string(),
                textSha256: z.string(),
              }),
            ),
          }),
        },
      },
      async ({ actor, params: { reuseRequestId }, body, requestId }) => {
        const order = { actor, reuseRequestId, components: body.components, requestId };
        const grants = await questions.ask(order);
        return {
          status: 201,
          body: {
            questions: grants.map((grant) => ({
              id: grant.id,
              component: grant.componentKey,
              state: grant.state,
              validUntil: grant.validUntil.toISOString(),
              textSha256: grant.textSha256,
            })),
          },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/reuse-requests/{reuseRequestId}/components/{component}/data',
        operationId: 'retrieveFields',
        summary: 'The minimum view: the fields that the procedure needs, from structured data',
        description:
          'Enough for most procedures and read without opening the paper. Reliance is recorded with it.',
        tag,
        auth: retrieving,
        params: ofComponent,
        responses: {
          200: z.object({
            document: z.string(),
            type: z.string(),
            issuer: z.string().nullable(),
            symbol: z.string().nullable(),
            issuedOn: z.string().nullable(),
            sha256: z.string(),
            at: z.string(),
            event: z.string(),
            fields: z.array(
              z.object({
                name: z.string(),
                labels: z.object({ vi: z.string(), en: z.string() }),
                value: z.unknown(),
              }),
            ),
          }),
        },
      },
      async ({ actor, params: { reuseRequestId, component }, requestId }) => {
        const seen = await retrieval.minimum({ actor, reuseRequestId, componentKey: component, requestId });
        return {
          status: 200,
          body: {
            document: seen.documentId,
            type: seen.documentType,
            issuer: seen.issuerId,
            symbol: seen.symbol,
            issuedOn: seen.issuedOn,
            sha256: seen.sha256,
            at: seen.at.toISOString(),
            event: seen.eventId,
            fields: seen.fields.map((field) => ({ ...field })),
          },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/reuse-requests/{reuseRequestId}/components/{component}/content',
        operationId: 'retrieveReused',
        summary: 'The sealed file for an available component, for requests with the full view',
        tag,
        auth: retrieving,
        params: ofComponent,
        responses: { 200: { bytes: 'application/pdf' }, 206: { bytes: 'application/pdf' } },
      },
      async ({ actor, params: { reuseRequestId, component }, request, requestId, signal }) => {
        const range = rangeOf(request.get('Range'));
        const retrieved = await retrieval.content({
          actor,
          reuseRequestId,
          componentKey: component,
          ...(range ? { range } : {}),
          requestId,
          signal,
        });
        return contentReply(retrieved, range);
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests/{reuseRequestId}/components/{component}/paper-requests',
        operationId: 'askForPaper',
        summary: 'Ask for paper all the same, with the reason the law gives; the owner sees it',
        tag,
        auth,
        params: ofComponent,
        body: z.strictObject({
          reason: z.enum(PAPER_REASONS),
          note: z.string().trim().max(500).nullable().default(null),
        }),
        responses: { 201: z.object({ id: z.string() }) },
      },
      async ({ actor, params: { reuseRequestId, component }, body, requestId }) => ({
        status: 201,
        body: await papers.ask({ actor, reuseRequestId, componentKey: component, ...body, requestId }),
      }),
    ),
  ];
}
