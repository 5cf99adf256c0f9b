/** Rights of data subjects over the API: ask, follow, and for the addressee acknowledge and answer. */
import { z } from 'zod';
import { agencyIdSchema } from '../catalogue/index.ts';
import { type Route, route } from '../http/index.ts';
import { DATA_REQUEST_KINDS, DATA_REQUEST_STATES, type DataRequest } from './data-request.ts';
import { ANSWERING_ROLES, type DataRequestService } from './data-request-service.ts';

const answerShape = z.object({
  id: z.string(),
  code: z.string(),
  kind: z.enum(DATA_REQUEST_KINDS),
  addressee: z.string(),
  state: z.enum(DATA_REQUEST_STATES),
  text: z.string(),
  receivedAt: z.string(),
  acknowledgeBy: z.string(),
  finishBy: z.string(),
  acknowledgedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  answer: z.string().nullable(),
  about: z.object({
    event: z.string().nullable(),
    document: z.string().nullable(),
    consent: z.string().nullable(),
  }),
});

export function dataRequestRoutes({ requests }: { requests: DataRequestService }): Route[] {
  const tag = 'rights';
  const office = { kind: 'office', roles: ANSWERING_ROLES } as const;
  return [
    route(
      {
        method: 'post',
        path: '/api/v1/me/data-requests',
        operationId: 'makeDataRequest',
        summary:
          'View, correct, restrict, object, delete, withdraw or complain; to a named agency, with two clocks',
        tag,
        auth: { kind: 'citizen' },
        body: z.strictObject({
          kind: z.enum(DATA_REQUEST_KINDS),
          addressee: agencyIdSchema.optional(),
          onBehalfOf: z.uuid().optional(),
          event: z.uuid().optional(),
          document: z.uuid().optional(),
          consent: z.uuid().optional(),
          text: z.string().trim().min(3).max(2000),
        }),
        responses: { 201: answerShape },
      },
      async ({ actor, body, requestId }) => {
        const made = await requests.make(
          { actor, requestId },
          {
            kind: body.kind,
            text: body.text,
            ...(body.addressee === undefined ? {} : { addresseeId: body.addressee }),
            ...(body.onBehalfOf === undefined ? {} : { onBehalfOf: body.onBehalfOf }),
            ...(body.event === undefined ? {} : { aboutEventId: body.event }),
            ...(body.document === undefined ? {} : { aboutDocumentId: body.document }),
            ...(body.consent === undefined ? {} : { aboutGrantId: body.consent }),
          },
        );
        return { status: 201, body: toAnswer(made) };
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/me/data-requests',
        operationId: 'listMyDataRequests',
        summary: 'My requests and complaints with their clocks',
        tag,
        auth: { kind: 'citizen' },
        responses: { 200: z.object({ requests: z.array(answerShape) }) },
      },
      async ({ actor }) => ({
        status: 200,
        body: { requests: (await requests.mine(actor)).map(toAnswer) },
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/data-requests',
        operationId: 'listDataRequests',
        summary: 'What my agencies have to answer, the earliest clock first',
        tag,
        auth: office,
        query: z.object({ open: z.stringbool().default(true) }),
        responses: { 200: z.object({ requests: z.array(answerShape) }) },
      },
      async ({ actor, query }) => ({
        status: 200,
        body: { requests: (await requests.ofAgency(actor, query)).map(toAnswer) },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/data-requests/{dataRequestId}/steps',
        operationId: 'answerDataRequest',
        summary: 'Acknowledge, settle or refuse with the reason of the law',
        tag,
        auth: office,
        params: z.object({ dataRequestId: z.uuid() }),
        body: z.strictObject({
          to: z.enum(['acknowledged', 'done', 'refused']),
          answer: z.string().trim().min(3).max(2000).nullable().default(null),
        }),
        responses: { 200: answerShape },
      },
      async ({ actor, params: { dataRequestId }, body, requestId }) => ({
        status: 200,
        body: toAnswer(await requests.move({ actor, requestId }, { id: dataRequestId, ...body })),
      }),
    ),
  ];
}

const toAnswer = (request: DataRequest): z.input<typeof answerShape> => ({
  id: request.id,
  code: request.code,
  kind: request.kind,
  addressee: request.addresseeId,
  state: request.state,
  text: request.text,
  receivedAt: request.receivedAt.toISOString(),
  acknowledgeBy: request.acknowledgeBy.toISOString(),
  finishBy: request.finishBy.toISOString(),
  acknowledgedAt: request.acknowledgedAt?.toISOString() ?? null,
  finishedAt: request.finishedAt?.toISOString() ?? null,
  answer: request.answer,
  about: {
    event: request.aboutEventId,
    document: request.aboutDocumentId,
    consent: request.aboutGrantId,
  },
});
