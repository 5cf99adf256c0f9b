/** Webhooks over HTTP: a system registers where events go, rotates its secrets, sees every attempt, sends again. */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import { OUTBOX_TYPES, type OutboxType } from '../platform/outbox.ts';
import { webhookId } from './webhook.ts';
import { ENDPOINT_STATES, type Endpoint, MESSAGE_STATES, type Message } from './webhook-repository.ts';
import { OVERLAP_HOURS, type WebhookService } from './webhook-service.ts';

const endpointAnswer = z.object({
  id: z.string(),
  client: z.string(),
  agency: z.string(),
  url: z.string(),
  types: z.array(z.string()),
  description: z.string(),
  state: z.enum(ENDPOINT_STATES),
  createdAt: z.string(),
  failingSince: z.string().nullable(),
});
const secretsAnswer = z.object({
  /** `whsec_…`: kept by the receiver, never shown again. */
  hmac: z.string(),
  /** `whpk_…`: the public key for `v1a`. */
  ed25519: z.string(),
});
const messageAnswer = z.object({
  id: z.string(),
  webhookId: z.string(),
  type: z.string(),
  state: z.enum(MESSAGE_STATES),
  attempts: z.number(),
  nextAttemptAt: z.string().nullable(),
  createdAt: z.string(),
  settledAt: z.string().nullable(),
});

const types = z
  .array(z.enum(OUTBOX_TYPES))
  .min(1)
  .max(OUTBOX_TYPES.length)
  .transform((all): OutboxType[] => [...new Set(all)]);
const url = z.string().max(500);
const description = z.string().trim().max(200);

export function webhookRoutes({ webhooks }: { webhooks: WebhookService }): Route[] {
  const tag = 'webhooks';
  const auth = { kind: 'office', roles: ['manager'], scopes: ['events:subscribe'] } as const;
  const one = z.object({ endpointId: z.uuid() });
  const message = one.extend({ messageId: z.uuid() });

  return [
    route(
      {
        method: 'post',
        path: '/api/v1/webhook-endpoints',
        operationId: 'registerWebhook',
        summary: 'Have events sent to an address; the answer shows the secrets once',
        tag,
        auth,
        body: z.strictObject({ url, types, description: description.default('') }),
        responses: { 201: z.object({ endpoint: endpointAnswer, secrets: secretsAnswer }) },
      },
      async ({ actor, body, requestId }) => {
        const { endpoint, secrets } = await webhooks.register({ actor, requestId, ...body });
        return {
          status: 201,
          body: { endpoint: toEndpoint(endpoint), secrets },
          headers: { Location: `/api/v1/webhook-endpoints/${endpoint.id}` },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/webhook-endpoints',
        operationId: 'listWebhooks',
        summary: "The system's own endpoints; for a manager those of the agency",
        tag,
        auth,
        responses: { 200: z.object({ items: z.array(endpointAnswer) }) },
      },
      async ({ actor, requestId }) => ({
        status: 200,
        body: { items: (await webhooks.list({ actor, requestId })).map(toEndpoint) },
      }),
    ),
    route(
      {
        method: 'patch',
        path: '/api/v1/webhook-endpoints/{endpointId}',
        operationId: 'changeWebhook',
        summary: 'Change address, types or state; `paused` keeps messages, `ended` is for good',
        tag,
        auth,
        params: one,
        body: z.strictObject({
          url: url.optional(),
          types: types.optional(),
          description: description.optional(),
          state: z.enum(ENDPOINT_STATES).optional(),
        }),
        responses: { 200: endpointAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 200,
        body: toEndpoint(await webhooks.change({ actor, requestId, ...params, ...body })),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/webhook-endpoints/{endpointId}/rotate',
        operationId: 'rotateWebhookSecrets',
        summary: 'New secrets; the former ones sign along for the overlap',
        tag,
        auth,
        params: one,
        body: z.strictObject({
          overlapHours: z.int().min(0).max(OVERLAP_HOURS.most).default(OVERLAP_HOURS.usual),
        }),
        responses: { 200: secretsAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 200,
        body: await webhooks.rotate({ actor, requestId, ...params, ...body }),
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/webhook-endpoints/{endpointId}/keys',
        operationId: 'listWebhookKeys',
        summary: 'Public Ed25519 keys that sign now, newest first',
        tag,
        auth,
        params: one,
        responses: {
          200: z.object({ keys: z.array(z.object({ key: z.string(), until: z.string().nullable() })) }),
        },
      },
      async ({ actor, params, requestId }) => {
        const keys = await webhooks.publicKeys({ actor, requestId, ...params });
        return {
          status: 200,
          body: { keys: keys.map(({ key, until }) => ({ key, until: until?.toISOString() ?? null })) },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/webhook-endpoints/{endpointId}/tries',
        operationId: 'tryWebhook',
        summary: 'Send an event of no meaning to this endpoint',
        tag,
        auth,
        params: one,
        ratePerMinute: 10,
        responses: { 202: z.object({ message: z.string() }) },
      },
      async ({ actor, params, requestId }) => ({
        status: 202,
        body: { message: await webhooks.tryOut({ actor, requestId, ...params }) },
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/webhook-endpoints/{endpointId}/messages',
        operationId: 'listWebhookMessages',
        summary: 'Messages, newest first; `state=dead` is the dead-letter list',
        tag,
        auth,
        params: one,
        query: z.object({ state: z.enum(MESSAGE_STATES).optional(), before: z.uuid().optional() }),
        responses: { 200: z.object({ items: z.array(messageAnswer), next: z.string().nullable() }) },
      },
      async ({ actor, params, query, requestId }) => {
        const page = { state: query.state ?? null, before: query.before ?? null };
        const items = await webhooks.messages({ actor, requestId, ...params, ...page });
        return {
          status: 200,
          body: { items: items.map(toMessage), next: items.length < 50 ? null : (items.at(-1)?.id ?? null) },
        };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/webhook-endpoints/{endpointId}/messages/{messageId}',
        operationId: 'showWebhookMessage',
        summary: 'One message with its body and every attempt',
        tag,
        auth,
        params: message,
        responses: {
          200: messageAnswer.extend({
            body: z.string(),
            attemptsMade: z.array(
              z.object({
                at: z.string(),
                status: z.number().nullable(),
                fault: z.string().nullable(),
                milliseconds: z.number(),
              }),
            ),
          }),
        },
      },
      async ({ actor, params, requestId }) => {
        const found = await webhooks.message({ actor, requestId, ...params });
        return {
          status: 200,
          body: {
            ...toMessage(found.message),
            body: found.message.body,
            attemptsMade: found.attempts.map((attempt) => ({ ...attempt, at: attempt.at.toISOString() })),
          },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/webhook-endpoints/{endpointId}/messages/{messageId}/resend',
        operationId: 'resendWebhookMessage',
        summary: 'The same id and body once more, also of a dead or delivered message',
        tag,
        auth,
        params: message,
        responses: { 202: null },
      },
      async ({ actor, params, requestId }) => {
        await webhooks.resend({ actor, requestId, ...params });
        return { status: 202 };
      },
    ),
  ];
}

const toEndpoint = (endpoint: Endpoint): z.input<typeof endpointAnswer> => ({
  id: endpoint.id,
  client: endpoint.clientId,
  agency: endpoint.agencyId,
  url: endpoint.url,
  types: [...endpoint.types],
  description: endpoint.description,
  state: endpoint.state,
  createdAt: endpoint.createdAt.toISOString(),
  failingSince: endpoint.failingSince?.toISOString() ?? null,
});

const toMessage = (message: Message): z.input<typeof messageAnswer> => ({
  id: message.id,
  webhookId: webhookId(message.eventId),
  type: message.type,
  state: message.state,
  attempts: message.attempts,
  nextAttemptAt: message.state === 'waiting' ? message.nextAt.toISOString() : null,
  createdAt: message.createdAt.toISOString(),
  settledAt: message.settledAt?.toISOString() ?? null,
});
