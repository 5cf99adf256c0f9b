/** Consent over HTTP, for the owner: what was asked, the answer, the withdrawal. */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import { CONSENT_STATES, type Grant } from './consent.ts';
import type { ConsentService } from './consent-service.ts';

const grantAnswer = z.object({
  id: z.string(),
  component: z.string(),
  document: z.string(),
  recipient: z.string(),
  view: z.enum(['minimum', 'full']),
  state: z.enum(CONSENT_STATES),
  singleUse: z.boolean(),
  askedAt: z.string(),
  validUntil: z.string(),
  answeredAt: z.string().nullable(),
  withdrawnAt: z.string().nullable(),
  /** The exact words shown; null in lists. */
  text: z.string().nullable(),
  textVersion: z.string(),
  textSha256: z.string(),
});

export function consentRoutes(parts: {
  consents: ConsentService;
  textOf: (grant: Grant) => Promise<string>;
}): Route[] {
  const { consents, textOf } = parts;
  const tag = 'consent';
  const params = z.object({ consentId: z.uuid() });

  return [
    route(
      {
        method: 'get',
        path: '/api/v1/me/consents',
        operationId: 'listMyConsents',
        summary: 'What agencies asked me, and what I answered',
        tag,
        auth: { kind: 'citizen' },
        responses: { 200: z.object({ consents: z.array(grantAnswer) }) },
      },
      async ({ actor }) => ({
        status: 200,
        body: { consents: (await consents.list(actor)).map((grant) => toAnswer(grant, null)) },
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/me/consents/{consentId}',
        operationId: 'showMyConsent',
        summary: 'One question with its exact words',
        tag,
        auth: { kind: 'citizen' },
        params,
        responses: { 200: grantAnswer },
      },
      async ({ actor, params: { consentId } }) => {
        const grant = await consents.show(actor, consentId);
        return { status: 200, body: toAnswer(grant, await textOf(grant)) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/me/consents/{consentId}/answer',
        operationId: 'answerConsent',
        summary: 'Allow or refuse; the hash names the words that were read',
        tag,
        auth: { kind: 'citizen', assurance: 2 },
        params,
        body: z.strictObject({
          decision: z.enum(['allow', 'refuse']),
          textSha256: z.string().regex(/^[0-9a-f]{64}$/),
        }),
        responses: { 200: grantAnswer },
      },
      async ({ actor, params: { consentId }, body, language, requestId }) => {
        const grant = await consents.answer({ actor, grantId: consentId, ...body, language, requestId });
        return { status: 200, body: toAnswer(grant, null) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/me/consents/{consentId}/withdrawal',
        operationId: 'withdrawConsent',
        summary: 'Take a consent back; no answer begins under it afterwards',
        tag,
        auth: { kind: 'citizen' },
        params,
        responses: { 200: grantAnswer },
      },
      async ({ actor, params: { consentId }, requestId }) => {
        const grant = await consents.withdraw({ actor, grantId: consentId, requestId });
        return { status: 200, body: toAnswer(grant, null) };
      },
    ),
  ];
}

const toAnswer = (grant: Grant, text: string | null): z.input<typeof grantAnswer> => ({
  id: grant.id,
  component: grant.componentKey,
  document: grant.documentId,
  recipient: grant.agencyId,
  view: grant.view,
  state: grant.state,
  singleUse: grant.singleUse,
  askedAt: grant.askedAt.toISOString(),
  validUntil: grant.validUntil.toISOString(),
  answeredAt: grant.answeredAt?.toISOString() ?? null,
  withdrawnAt: grant.withdrawnAt?.toISOString() ?? null,
  text,
  textVersion: grant.textVersion,
  textSha256: grant.textSha256,
});
