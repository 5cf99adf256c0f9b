/** The reuse API: ask for a dossier, put the question to the owner, fetch what is available, account for paper. */
import { z } from 'zod';
import { agencyIdSchema, calendarDateSchema, procedureCodeSchema } from '../catalogue/index.ts';
import { contentReply, rangeOf } from '../documents/index.ts';
import { type Route, route } from '../http/index.ts';
import { reuseAnswer, toReuseAnswer } from './reuse-answers.ts';
import { PAPER_REASONS, REUSE_ROLES } from './reuse-policy.ts';
import type { ReuseService } from './reuse-service.ts';

export function reuseRoutes({ reuse }: { reuse: ReuseService }): Route[] {
  const tag = 'reuse';
  const auth = { kind: 'office', roles: REUSE_ROLES, scopes: ['reuse:request'] } as const;
  const params = z.object({ reuseRequestId: z.uuid() });
  const component = z
    .string()
    .max(80)
    .regex(/^[a-z][a-z0-9-]*$/);

  return [
    route(
      {
        method: 'post',
        path: '/api/v1/reuse-requests',
        operationId: 'requestReuse',
        summary: 'Ask the vault instead of the citizen: one outcome for each component',
        tag,
        auth,
        idempotent: 'required',
        body: z.strictObject({
          agency: agencyIdSchema,
          procedure: procedureCodeSchema,
          dossier: z.string().max(60),
          owner: z.strictObject({
            personalNumber: z.string().max(20),
            fullName: z.string().max(200),
            birthDate: calendarDateSchema.optional(),
          }),
          components: z.array(component).min(1).max(50).nullable().default(null),
          basis: z
            .discriminatedUnion('kind', [
              z.strictObject({ kind: z.literal('consent') }),
              z.strictObject({ kind: z.literal('legal-duty'), article: z.string().trim().min(3).max(200) }),
            ])
            .default({ kind: 'consent' }),
          purpose: z.string().trim().min(3).max(500),
          view: z.enum(['minimum', 'full']).default('full'),
          conditions: z.record(component, z.boolean()).default({}),
        }),
        responses: { 200: reuseAnswer },
      },
      async ({ actor, body, requestId, idempotency }) => {
        const answer = await reuse.ask({
          actor,
          agencyId: body.agency,
          procedureCode: body.procedure,
          dossierCode: body.dossier,
          owner: body.owner,
          components: body.components,
          basis: body.basis.kind,
          article: body.basis.kind === 'legal-duty' ? body.basis.article : null,
          purpose: body.purpose,
          view: body.view,
          conditions: body.conditions,
          requestId,
          claim: idempotency,
        });
        return {
          status: 200,
          body: toReuseAnswer(answer),
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
        body: z.strictObject({ components: z.array(component).min(1).max(50) }),
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
        const grants = await reuse.askConsent({
          actor,
          reuseRequestId,
          components: body.components,
          requestId,
        });
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
        path: '/api/v1/reuse-requests/{reuseRequestId}/components/{component}/content',
        operationId: 'retrieveReused',
        summary: 'The sealed file for an available component; reliance is recorded with it',
        tag,
        auth: { kind: 'office', roles: REUSE_ROLES, scopes: ['reuse:retrieve'] },
        params: params.extend({ component }),
        responses: { 200: { bytes: 'application/pdf' }, 206: { bytes: 'application/pdf' } },
      },
      async ({ actor, params: { reuseRequestId, component: componentKey }, request, requestId, signal }) => {
        const range = rangeOf(request.get('Range'));
        const retrieved = await reuse.retrieve({
          actor,
          reuseRequestId,
          componentKey,
          range,
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
        params: params.extend({ component }),
        body: z.strictObject({
          reason: z.enum(PAPER_REASONS),
          note: z.string().trim().max(500).nullable().default(null),
        }),
        responses: { 201: z.object({ id: z.string() }) },
      },
      async ({ actor, params: { reuseRequestId, component: componentKey }, body, requestId }) => ({
        status: 201,
        body: await reuse.askPaper({ actor, reuseRequestId, componentKey, ...body, requestId }),
      }),
    ),
  ];
}
