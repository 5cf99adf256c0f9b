/** The pages and operations on which a person answers systems, sees what was allowed, and withdraws it. */
import type { ServerResponse } from 'node:http';
import type { Request } from 'express';
import { z } from 'zod';
import { type Route, type RouteReply, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { type Frame, paths, renderPage } from '../web/index.ts';
import { AccessConsentPage, itemField } from './access-consent-page.tsx';
import type { Actor, PersonActor } from './actor.ts';
import { consentPath } from './delegated-access-server.ts';
import type { AskedAccess, DelegatedAccessService } from './delegated-access-service.ts';
import { documentAccessSchema, itemsOf } from './document-access.ts';
import { formPolicy } from './form-policy.ts';
import type { PageInput } from './sign-in-routes.ts';

/** Words of the catalogue in the reader's language; undefined for an unknown code, which is then shown itself. */
export interface CatalogueNames {
  agency(code: string, language: 'vi' | 'en'): Promise<string | undefined>;
  procedure(code: string, language: 'vi' | 'en'): Promise<string | undefined>;
  documentType(code: string, language: 'vi' | 'en'): Promise<string | undefined>;
}

export interface AccessConsentRouteParts {
  readonly access: DelegatedAccessService;
  readonly names: CatalogueNames;
  readonly frame: (input: PageInput) => Frame;
}

const tag = 'delegated access';
const page = { page: true } as const;
const uidParam = z.object({ uid: z.string().regex(/^[A-Za-z0-9_-]{10,64}$/) });
const ticks = z
  .union([z.string().max(100), z.array(z.string().max(100)).max(250)])
  .optional()
  .transform((value) => (value === undefined ? [] : typeof value === 'string' ? [value] : value));
const answerForm = z.object({ [itemField]: ticks, 'tra-loi': z.enum(['cho-phep', 'tu-choi']) });

export function accessConsentRoutes(parts: AccessConsentRouteParts): Route[] {
  return [...browserRoutes(parts), ...operations(parts)];
}

function browserRoutes({ access, names, frame }: AccessConsentRouteParts): Route[] {
  async function show(
    input: PageInput,
    actor: PersonActor,
    asked: AskedAccess,
    nothingTicked = false,
  ): Promise<RouteReply> {
    const { language } = input;
    const [first] = asked.details;
    if (!first) throw nothingAsked();
    const items = await Promise.all(
      itemsOf(asked.details).map(async (item) => ({
        ...item,
        label: (await names.documentType(item.datatype, language)) ?? item.datatype,
      })),
    );
    const body = renderPage(
      AccessConsentPage({
        frame: frame(input),
        action: consentPath(asked.uid),
        agency: (await names.agency(asked.client.agencyId, language)) ?? asked.client.agencyId,
        system: asked.client.name,
        purpose: first.purpose,
        procedure: (await names.procedure(first.procedure, language)) ?? first.procedure,
        dossier: first.dossier,
        items,
        mayAllow: actor.assurance === 2,
        nothingTicked,
      }),
    );
    const headers = { 'Content-Security-Policy': formPolicy(new URL(asked.redirectUri).origin) };
    return { status: nothingTicked ? 422 : 200, body, headers };
  }

  return [
    route(
      {
        method: 'get',
        path: '/cho-phep/{uid}',
        operationId: 'showAccessConsent',
        summary: 'What a system asks of the person',
        tag,
        auth: { kind: 'public' },
        page: true,
        params: uidParam,
        responses: { 200: page, 303: null },
      },
      async (input) => {
        const { actor, params, request } = input;
        if (actor.kind !== 'person') {
          const back = encodeURIComponent(consentPath(params.uid));
          return { status: 303, headers: { Location: `${paths.signIn}?ve=${back}` } };
        }
        return show(input, actor, await access.asked(request, responseOf(request), params.uid));
      },
    ),
    route(
      {
        method: 'post',
        path: '/cho-phep/{uid}',
        operationId: 'answerAccessConsent',
        summary: 'The person allows item by item, or refuses',
        tag,
        auth: { kind: 'citizen' },
        page: true,
        params: uidParam,
        body: answerForm,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { params, body, request, requestId } = input;
        const actor = personOf(input.actor);
        const response = responseOf(request);
        const asked = await access.asked(request, response, params.uid);
        const allows = body['tra-loi'] === 'cho-phep';
        if (allows && actor.assurance < 2) throw levelTooLow();
        const ticked = allows ? body[itemField] : [];
        if (allows && ticked.length === 0) return show(input, actor, asked, true);
        const next = await access.answer({ request, response }, actor, asked, ticked, requestId);
        return { status: 303, headers: { Location: next } };
      },
    ),
  ];
}

const waitingAnswer = z.object({
  id: z.uuid(),
  clientId: z.string(),
  bindingMessage: z.string().nullable(),
  items: z.array(z.object({ key: z.string(), datatype: z.string() })),
  details: z.array(documentAccessSchema),
  expiresAt: z.string(),
});
const givenAnswer = z.object({
  id: z.string(),
  clientId: z.string(),
  details: z.array(documentAccessSchema),
  expiresAt: z.string(),
});

function operations({ access }: AccessConsentRouteParts): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/v1/me/access-requests',
        operationId: 'listAccessRequests',
        summary: 'What systems ask of the signed-in person and nobody has answered',
        tag,
        auth: { kind: 'citizen' },
        responses: { 200: z.object({ items: z.array(waitingAnswer) }) },
      },
      async ({ actor }) => ({
        status: 200,
        body: {
          items: (await access.waiting(personOf(actor))).map((request) => ({
            ...request,
            items: itemsOf(request.details),
            expiresAt: request.expiresAt.toISOString(),
          })),
        },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/me/access-requests/{request}/answer',
        operationId: 'answerAccessRequest',
        summary: 'Allows the items named, or refuses with none',
        tag,
        auth: { kind: 'citizen', assurance: 2 },
        params: z.object({ request: z.uuid() }),
        body: z.strictObject({ allow: z.array(z.string().max(100)).max(250) }),
        responses: { 200: z.object({ allowed: z.array(documentAccessSchema) }) },
      },
      async ({ actor, params, body, requestId }) => ({
        status: 200,
        body: { allowed: await access.decide(personOf(actor), params.request, body.allow, requestId) },
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/me/access-grants',
        operationId: 'listAccessGrants',
        summary: 'What the signed-in person has allowed systems and can still withdraw',
        tag,
        auth: { kind: 'citizen' },
        responses: { 200: z.object({ items: z.array(givenAnswer) }) },
      },
      async ({ actor }) => ({
        status: 200,
        body: {
          items: (await access.given(personOf(actor))).map((grant) => ({
            ...grant,
            expiresAt: grant.expiresAt.toISOString(),
          })),
        },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/me/access-grants/{grant}/withdraw',
        operationId: 'withdrawAccessGrant',
        summary: 'Withdraws a consent; its tokens are gone when this answers',
        tag,
        auth: { kind: 'citizen' },
        params: z.object({ grant: z.string().regex(/^[0-9a-f]{64}$/) }),
        responses: { 204: null },
      },
      async ({ actor, params, requestId }) => {
        await access.withdraw(personOf(actor), params.grant, requestId);
        return { status: 204 };
      },
    ),
  ];
}

function personOf(actor: Actor): PersonActor {
  if (actor.kind === 'person') return actor;
  throw new Failure('unauthenticated', { en: 'Sign in first.', vi: 'Hãy đăng nhập trước.' });
}

/** The provider reads and writes its cookies on the raw exchange. */
function responseOf(request: Request): ServerResponse {
  if (request.res) return request.res;
  throw new Error('a request without its response');
}

const nothingAsked = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'The system asked for no document. Report this to the office.',
      vi: 'Hệ thống không nêu giấy tờ nào. Hãy báo cho nơi yêu cầu.',
    },
    { code: 'nothing-asked' },
  );

const levelTooLow = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'Allowing access needs an electronic identity account of level 2.',
      vi: 'Cho phép xem giấy tờ cần tài khoản định danh điện tử mức độ 2.',
    },
    { code: 'assurance-too-low' },
  );
