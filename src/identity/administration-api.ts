/** Roles and systems of an agency over HTTP. */
import { z } from 'zod';
import { type Auth, type Route, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { type Actor, type PersonActor, ROLES, SCOPES } from './actor.ts';
import type { Administration } from './administration-service.ts';
import type { Bootstrap } from './bootstrap.ts';
import type { ClientAdministration } from './client-administration.ts';
import { agencyParam, instant, personClaimSchema, reason } from './identity-schemas.ts';
import {
  clientIdSchema,
  jwksSchema,
  type MachineClient,
  redirectUriSchema,
  scopeSchema,
} from './machine-client.ts';
import type { RoleAssignment } from './role-repository.ts';

export interface AdministrationRouteParts {
  readonly administration: Administration;
  readonly clients: ClientAdministration;
  readonly bootstrap: Bootstrap;
}

const tag = 'administration';
const administrators: Auth = { kind: 'office', roles: ['manager', 'operator'] };

const assignmentAnswer = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  agencyId: z.string(),
  role: z.enum(ROLES),
  kind: z.enum(['regular', 'leave-cover', 'break-glass']),
  coversId: z.uuid().nullable(),
  validFrom: z.string(),
  validUntil: z.string().nullable(),
  reason: z.string(),
});
const endedAnswer = z.object({ ended: z.array(z.uuid()) });
const clientAnswer = z.object({
  clientId: z.string(),
  agencyId: z.string(),
  name: z.string(),
  jwks: jwksSchema,
  scopes: z.array(scopeSchema),
  dpopRequired: z.boolean(),
  asksPeople: z.boolean(),
  redirectUris: z.array(z.string()),
  disabledAt: z.string().nullable(),
});

export function administrationRoutes(parts: AdministrationRouteParts): Route[] {
  return [...roleRoutes(parts), ...clientRoutes(parts)];
}

function roleRoutes({ administration, bootstrap }: AdministrationRouteParts): Route[] {
  const assignment = agencyParam.extend({ assignment: z.uuid() });
  return [
    route(
      {
        method: 'post',
        path: '/api/v1/administration/bootstrap',
        operationId: 'becomeFirstOperator',
        summary: 'Becomes the first operator with the token printed on the command line',
        tag,
        auth: { kind: 'citizen', assurance: 2 },
        body: z.strictObject({ token: z.string().max(100) }),
        ratePerMinute: 10,
        responses: { 201: assignmentAnswer },
      },
      async ({ actor, body, requestId }) => ({
        status: 201,
        body: toAssignment(await bootstrap.redeem(personOf(actor), body.token, requestId)),
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/agencies/{agency}/roles',
        operationId: 'listRoles',
        summary: 'Who holds which role at the agency now',
        tag,
        auth: { kind: 'office', roles: ['manager', 'auditor', 'operator'] },
        params: agencyParam,
        responses: { 200: z.object({ items: z.array(assignmentAnswer) }) },
      },
      async ({ actor, params, requestId }) => ({
        status: 200,
        body: { items: (await administration.roles(actor, params.agency, requestId)).map(toAssignment) },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/agencies/{agency}/roles',
        operationId: 'grantRole',
        summary: 'Gives a role to somebody with an account, or to a joiner named as on the identity card',
        tag,
        auth: administrators,
        params: agencyParam,
        body: z.strictObject({
          role: z.enum(ROLES),
          receiver: z.union([
            z.strictObject({ accountId: z.uuid() }),
            z.strictObject({ person: personClaimSchema }),
          ]),
          from: instant.optional(),
          until: instant.optional(),
          reason,
        }),
        responses: { 201: assignmentAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 201,
        body: toAssignment(
          await administration.grantRole(actor, { ...body, agencyId: params.agency }, requestId),
        ),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/agencies/{agency}/roles/{assignment}/end',
        operationId: 'endRole',
        summary: 'Ends a role, and the covers that stand in for it, now',
        tag,
        auth: { kind: 'office', roles: ROLES },
        params: assignment,
        responses: { 200: endedAnswer },
      },
      async ({ actor, params, requestId }) => ({
        status: 200,
        body: {
          ended: await administration.endRole(
            actor,
            { agencyId: params.agency, assignmentId: params.assignment },
            requestId,
          ),
        },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/agencies/{agency}/roles/{assignment}/covers',
        operationId: 'coverLeave',
        summary: 'Lets a colleague stand in for somebody on leave, for 90 days at most',
        tag,
        auth: administrators,
        params: assignment,
        body: z.strictObject({ accountId: z.uuid(), from: instant, until: instant, reason }),
        responses: { 201: assignmentAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 201,
        body: toAssignment(
          await administration.coverLeave(
            actor,
            { ...body, agencyId: params.agency, assignmentId: params.assignment },
            requestId,
          ),
        ),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/agencies/{agency}/break-glass',
        operationId: 'breakGlass',
        summary: 'Takes a further role at once, for an hour, in sight of managers and auditors',
        tag,
        auth: { kind: 'office', roles: ROLES },
        params: agencyParam,
        body: z.strictObject({ role: z.enum(ROLES), reason }),
        ratePerMinute: 10,
        responses: { 201: assignmentAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 201,
        body: toAssignment(
          await administration.breakGlass(personOf(actor), { ...body, agencyId: params.agency }, requestId),
        ),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/agencies/{agency}/leavers',
        operationId: 'recordLeaver',
        summary: 'Ends every role of a leaver at the agency and closes the sessions of the account',
        tag,
        auth: administrators,
        params: agencyParam,
        body: z.strictObject({ accountId: z.uuid() }),
        responses: { 200: endedAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 200,
        body: {
          ended: await administration.leave(actor, { ...body, agencyId: params.agency }, requestId),
        },
      }),
    ),
  ];
}

function clientRoutes({ clients }: AdministrationRouteParts): Route[] {
  const clientParam = agencyParam.extend({ client: clientIdSchema });
  const named = (params: { agency: string; client: string }) => ({
    agencyId: params.agency,
    clientId: params.client,
  });
  return [
    route(
      {
        method: 'get',
        path: '/api/v1/agencies/{agency}/clients',
        operationId: 'listClients',
        summary: 'Systems registered for the agency',
        tag,
        auth: administrators,
        params: agencyParam,
        responses: { 200: z.object({ items: z.array(clientAnswer) }) },
      },
      async ({ actor, params, requestId }) => ({
        status: 200,
        body: { items: (await clients.list(actor, params.agency, requestId)).map(toClient) },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/agencies/{agency}/clients',
        operationId: 'registerClient',
        summary: 'Registers a system with its public keys and the scopes it needs',
        tag,
        auth: administrators,
        params: agencyParam,
        body: z.strictObject({
          clientId: clientIdSchema,
          name: z.string().trim().min(1).max(200),
          jwks: jwksSchema,
          scopes: z.array(scopeSchema).min(1).max(SCOPES.length),
          dpopRequired: z.boolean().default(false),
          asksPeople: z.boolean().default(false),
          redirectUris: z.array(redirectUriSchema).max(10).default([]),
        }),
        responses: { 201: clientAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 201,
        body: toClient(await clients.register(actor, { ...body, agencyId: params.agency }, requestId)),
      }),
    ),
    route(
      {
        method: 'put',
        path: '/api/v1/agencies/{agency}/clients/{client}/keys',
        operationId: 'rotateClientKeys',
        summary: 'Replaces the public keys of a system',
        tag,
        auth: administrators,
        params: clientParam,
        body: jwksSchema,
        responses: { 200: clientAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 200,
        body: toClient(await clients.rotateKeys(actor, named(params), body, requestId)),
      }),
    ),
    route(
      {
        method: 'put',
        path: '/api/v1/agencies/{agency}/clients/{client}/scopes',
        operationId: 'setClientScopes',
        summary: 'Sets what a system may do; tokens that are out lose at once what it loses',
        tag,
        auth: administrators,
        params: clientParam,
        body: z.strictObject({ scopes: z.array(scopeSchema).min(1).max(SCOPES.length) }),
        responses: { 200: clientAnswer },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 200,
        body: toClient(await clients.setScopes(actor, named(params), body.scopes, requestId)),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/agencies/{agency}/clients/{client}/disable',
        operationId: 'disableClient',
        summary: 'Disables a system for good; its tokens are gone',
        tag,
        auth: administrators,
        params: clientParam,
        responses: { 204: null },
      },
      async ({ actor, params, requestId }) => {
        await clients.disable(actor, named(params), requestId);
        return { status: 204 };
      },
    ),
  ];
}

/** The route's `auth` lets nobody else come here. */
function personOf(actor: Actor): PersonActor {
  if (actor.kind === 'person') return actor;
  throw new Failure('unauthenticated', { en: 'Sign in first.', vi: 'Hãy đăng nhập trước.' });
}

const toAssignment = (assignment: RoleAssignment) => ({
  ...assignment,
  validFrom: assignment.validFrom.toISOString(),
  validUntil: assignment.validUntil?.toISOString() ?? null,
});

const toClient = (client: MachineClient) => ({
  ...client,
  disabledAt: client.disabledAt?.toISOString() ?? null,
});
