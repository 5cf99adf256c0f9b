/** Acting for others, over HTTP: what a person may do for whom, organisations and their delegates, families. */
import { z } from 'zod';
import { type Route, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import type { Actor, PersonActor } from './actor.ts';
import { instant, personClaimSchema, reason } from './identity-schemas.ts';
import { REPRESENTATION_KINDS, type Representation } from './representation.ts';
import type { Representations } from './representation-service.ts';

const tag = 'representation';

const representationAnswer = z.object({
  id: z.uuid(),
  principalKind: z.enum(['person', 'organisation']),
  principalId: z.uuid(),
  representativeId: z.uuid(),
  kind: z.enum(REPRESENTATION_KINDS),
  documentTypes: z.array(z.string()),
  validFrom: z.string(),
  validUntil: z.string().nullable(),
  basis: z.string(),
});

export function representationRoutes({
  representations,
}: {
  readonly representations: Representations;
}): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/v1/me/representations',
        operationId: 'listMyRepresentations',
        summary: 'For whom the signed-in person acts',
        tag,
        auth: { kind: 'citizen' },
        responses: { 200: z.object({ items: z.array(representationAnswer) }) },
      },
      async ({ actor }) => ({
        status: 200,
        body: { items: (await representations.mine(personOf(actor))).map(toAnswer) },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/organisations',
        operationId: 'registerOrganisation',
        summary: 'Records an organisation and its legal representative; a former one and their delegates end',
        tag,
        auth: { kind: 'office', roles: ['desk-officer', 'manager'] },
        body: z.strictObject({
          registrationNumber: z.string().regex(/^[0-9A-Z.-]{5,35}$/),
          taxNumber: z
            .string()
            .regex(/^\d{10}(-?\d{3})?$/)
            .optional(),
          name: z.string().trim().min(1).max(300),
          representative: personClaimSchema,
          basis: reason,
        }),
        responses: { 201: z.object({ organisationId: z.uuid(), representation: representationAnswer }) },
      },
      async ({ actor, body, requestId }) => {
        const { organisation, representation } = await representations.registerOrganisation(
          actor,
          body,
          requestId,
        );
        return {
          status: 201,
          body: { organisationId: organisation.id, representation: toAnswer(representation) },
        };
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/organisations/{organisation}/delegates',
        operationId: 'appointDelegate',
        summary: 'The legal representative appoints a delegate for types of document until a day',
        tag,
        auth: { kind: 'citizen', assurance: 2 },
        params: z.object({ organisation: z.uuid() }),
        body: z.strictObject({
          delegate: personClaimSchema,
          documentTypes: z.array(z.string().max(60)).max(50),
          until: instant,
          basis: reason,
        }),
        responses: { 201: representationAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 201,
        body: toAnswer(
          await representations.appointDelegate(
            personOf(actor),
            { ...body, organisationId: params.organisation },
            requestId,
          ),
        ),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/representations',
        operationId: 'recordRepresentation',
        summary: 'Civil status records a parent, guardian or heir',
        tag,
        auth: { kind: 'office', roles: ['civil-status-officer'] },
        body: z.strictObject({
          kind: z.enum(['parent', 'guardian', 'heir']),
          principalId: z.uuid(),
          representative: personClaimSchema,
          until: instant.optional(),
          basis: reason,
        }),
        responses: { 201: representationAnswer },
      },
      async ({ actor, body, requestId }) => ({
        status: 201,
        body: toAnswer(await representations.recordFamily(actor, body, requestId)),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/representations/{representation}/end',
        operationId: 'endRepresentation',
        summary: 'Ends a representation and the delegates appointed under it',
        tag,
        auth: { kind: 'citizen-or-office', roles: ['desk-officer', 'manager', 'civil-status-officer'] },
        params: z.object({ representation: z.uuid() }),
        responses: { 200: z.object({ ended: z.array(z.uuid()) }) },
      },
      async ({ actor, params, requestId }) => {
        const ended = await representations.end(personOf(actor), params.representation, requestId);
        return { status: 200, body: { ended: ended.map(({ id }) => id) } };
      },
    ),
  ];
}

function personOf(actor: Actor): PersonActor {
  if (actor.kind === 'person') return actor;
  throw new Failure('forbidden', {
    en: 'Only people act here, not systems.',
    vi: 'Việc này chỉ người làm được, không phải hệ thống.',
  });
}

const toAnswer = (representation: Representation) => ({
  ...representation,
  documentTypes: [...representation.documentTypes],
  validFrom: representation.validFrom.toISOString(),
  validUntil: representation.validUntil?.toISOString() ?? null,
});
