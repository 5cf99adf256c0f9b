/** Erasure by decision over HTTP: ordered by one officer, carried out or refused by another. */
import { z } from 'zod';
import { agencyIdSchema, calendarDateSchema } from '../catalogue/index.ts';
import { type Route, route } from '../http/index.ts';
import { ERASURE_BASES, type ErasureOrder } from './erasure.ts';
import type { ErasureService } from './erasure-service.ts';

const tag = 'erasure';
const id = z.uuid();

const erasureAnswer = z.object({
  id: z.string(),
  documentId: z.string(),
  agency: z.string(),
  basis: z.enum(ERASURE_BASES),
  decisionNumber: z.string(),
  decisionDate: z.string(),
  orderedAt: z.string(),
  state: z.enum(['ordered', 'done', 'refused']),
  decidedAt: z.string().nullable(),
});

export function erasuresRoutes({ erasures }: { readonly erasures: ErasureService }): Route[] {
  const order = route(
    {
      method: 'post',
      path: '/api/v1/documents/{documentId}/erasures',
      operationId: 'orderErasure',
      summary: 'Order the erasure of a document, with the decision it rests on',
      description:
        'Given by the data-protection officer of the agency that keeps the document. Nothing is erased until the head or manager of that agency carries the order out.',
      tag,
      auth: { kind: 'office', roles: ['auditor'] },
      params: z.object({ documentId: id }),
      body: z.strictObject({
        basis: z.enum(ERASURE_BASES),
        decisionNumber: z
          .string()
          .trim()
          .regex(
            /^[\p{L}\p{N}./-]{1,60}$/u,
            'As in “12/QĐ-UBND”: letters, digits, dots, hyphens and slashes.',
          )
          .refine((value) => !/\d{9}/.test(value), 'A decision number holds no personal number.'),
        decisionDate: calendarDateSchema,
      }),
      responses: { 201: erasureAnswer },
    },
    async ({ actor, params, body, requestId }) => ({
      status: 201,
      body: toAnswer(await erasures.order({ actor, requestId, ...params, ...body })),
    }),
  );

  const decide = route(
    {
      method: 'post',
      path: '/api/v1/erasures/{erasureId}/decision',
      operationId: 'decideErasure',
      summary: 'Carry out an order of erasure, for good, or refuse it',
      tag,
      auth: { kind: 'office', roles: ['head', 'manager'] },
      params: z.object({ erasureId: id }),
      body: z.strictObject({ decision: z.enum(['erase', 'refuse']) }),
      responses: { 200: erasureAnswer },
    },
    async ({ actor, params, body, requestId }) => ({
      status: 200,
      body: toAnswer(await erasures.decide({ actor, requestId, orderId: params.erasureId, ...body })),
    }),
  );

  const list = route(
    {
      method: 'get',
      path: '/api/v1/agencies/{agency}/erasures',
      operationId: 'listErasures',
      summary: 'Orders of erasure of an agency, newest first',
      tag,
      auth: { kind: 'office', roles: ['auditor', 'head', 'manager'] },
      params: z.object({ agency: agencyIdSchema }),
      query: z.object({ after: id.optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
      responses: { 200: z.object({ erasures: z.array(erasureAnswer), next: z.string().nullable() }) },
    },
    async ({ actor, params, query, requestId }) => {
      const page = await erasures.list({ actor, requestId, agencyId: params.agency, ...query });
      const next = page.length === query.limit ? (page.at(-1)?.id ?? null) : null;
      return { status: 200, body: { erasures: page.map(toAnswer), next } };
    },
  );

  return [order, decide, list];
}

const toAnswer = (order: ErasureOrder): z.input<typeof erasureAnswer> => ({
  id: order.id,
  documentId: order.documentId,
  agency: order.agencyId,
  basis: order.basis,
  decisionNumber: order.decisionNumber,
  decisionDate: order.decisionDate,
  orderedAt: order.orderedAt.toISOString(),
  state: order.state,
  decidedAt: order.decidedAt?.toISOString() ?? null,
});
