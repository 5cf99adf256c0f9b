/**
 * “The officer asks, the phone answers”: the page on which a person answers a request of the back channel (CIBA). The
 * words to compare stand at the top; nothing is ticked; an account of level 1 may refuse only; an answer counts once.
 */
import { z } from 'zod';
import { type Route, type RouteReply, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { type Frame, paths, renderPage } from '../web/index.ts';
import { AccessAnsweredPage, AccessConsentPage, itemField } from './access-consent-page.tsx';
import type { CatalogueNames } from './access-consent-routes.ts';
import type { PersonActor } from './actor.ts';
import type { DelegatedAccessService } from './delegated-access-service.ts';
import { itemsOf } from './document-access.ts';
import type { PageInput } from './sign-in-routes.ts';

export interface BackChannelRouteParts {
  readonly access: DelegatedAccessService;
  readonly names: CatalogueNames;
  readonly frame: (input: PageInput) => Frame;
}

const page = { page: true } as const;
const path = '/hoi-qua-dien-thoai/{request}';
const params = z.object({ request: z.uuid() });
const ticks = z
  .union([z.string().max(100), z.array(z.string().max(100)).max(250)])
  .optional()
  .transform((value) => (value === undefined ? [] : typeof value === 'string' ? [value] : value));
const form = z.object({ [itemField]: ticks, 'tra-loi': z.enum(['cho-phep', 'tu-choi']) });

export function backChannelRoutes({ access, names, frame }: BackChannelRouteParts): Route[] {
  const common = { tag: 'delegated access', auth: { kind: 'citizen' }, page: true, params } as const;

  async function show(
    input: PageInput,
    actor: PersonActor,
    id: string,
    nothing = false,
  ): Promise<RouteReply> {
    const { language } = input;
    const asked = await access.waitingOne(actor, id);
    const [first] = asked.request.details;
    const items = await Promise.all(
      itemsOf(asked.request.details).map(async (item) => ({
        ...item,
        label: (await names.documentType(item.datatype, language)) ?? item.datatype,
      })),
    );
    const body = renderPage(
      AccessConsentPage({
        frame: frame(input),
        action: paths.accessRequest(id),
        agency: (await names.agency(asked.client.agencyId, language)) ?? asked.client.agencyId,
        system: asked.client.name,
        purpose: first?.purpose ?? '',
        procedure: (first && (await names.procedure(first.procedure, language))) ?? first?.procedure ?? '',
        dossier: first?.dossier ?? '',
        items,
        bindingMessage: asked.request.bindingMessage ?? undefined,
        mayAllow: actor.assurance === 2,
        nothingTicked: nothing,
      }),
    );
    return { status: nothing ? 422 : 200, body };
  }

  return [
    route(
      {
        ...common,
        method: 'get',
        path,
        operationId: 'showAccessRequest',
        summary: 'What a system asks over the back channel',
        responses: { 200: page, 422: page },
      },
      async (input) => show(input, personOf(input.actor), input.params.request),
    ),
    route(
      {
        ...common,
        method: 'post',
        path,
        operationId: 'answerAccessRequestOnPage',
        summary: 'The phone answers',
        body: form,
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) => {
        const actor = personOf(input.actor);
        const allows = input.body['tra-loi'] === 'cho-phep';
        if (allows && actor.assurance < 2) throw levelTooLow();
        const ticked = allows ? input.body[itemField] : [];
        if (allows && ticked.length === 0) return show(input, actor, input.params.request, true);
        const allowed = await access.decide(actor, input.params.request, ticked, input.requestId);
        const answer = allowed.length > 0 ? 'da-cho-phep' : 'da-tu-choi';
        return { status: 303, headers: { Location: `/hoi-qua-dien-thoai/xong/${answer}` } };
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: '/hoi-qua-dien-thoai/xong/{answer}',
        operationId: 'showAccessAnswered',
        summary: 'The answer is on its way',
        params: z.object({ answer: z.enum(['da-cho-phep', 'da-tu-choi']) }),
        responses: { 200: page },
      },
      async (input) => ({
        status: 200,
        body: renderPage(
          AccessAnsweredPage({ frame: frame(input), allowed: input.params.answer === 'da-cho-phep' }),
        ),
      }),
    ),
  ];
}

function personOf(actor: PageInput['actor']): PersonActor {
  if (actor.kind === 'person') return actor;
  throw new Failure('unauthenticated', { en: 'Sign in first.', vi: 'Hãy đăng nhập trước.' });
}

const levelTooLow = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'Allowing access needs an electronic identity account of level 2.',
      vi: 'Cho phép xem giấy tờ cần tài khoản định danh điện tử mức độ 2.',
    },
    { code: 'assurance-too-low' },
  );
