/**
 * The addresses of consent: requests, one to decide, check, send, sent, what is allowed, withdrawal. The choice goes
 * to the page to check without being kept; only “send” is an act, and a second press of it finds the first answer.
 */
import { z } from 'zod';
import { type Route, type RouteReply, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { type CitizenPageParts, citizenPage, type PageInput, seeOther } from '../web/citizen-page.ts';
import { paths, renderPage } from '../web/index.ts';
import {
  ConsentCheckPage,
  ConsentSentPage,
  type ConsentSentPageProps,
  type Grant,
  GrantsPage,
  WithdrawPage,
} from './consent-answer-pages.tsx';
import {
  type Answer,
  answerField,
  ConsentPage,
  type ConsentRequest,
  RequestsPage,
  type RequestsPageProps,
  unansweredFaults,
} from './consent-request-pages.tsx';

/** A person's own requests and grants. Each method knows the caller from `input.actor` and writes its event. */
export interface CitizenConsents {
  requests(input: PageInput): Promise<Pick<RequestsPageProps, 'open' | 'closed'>>;
  /** A request that waits for this person, or undefined. */
  request(input: PageInput, id: string): Promise<ConsentRequest | undefined>;
  /** Takes the answers, one an item. Sending the same again changes nothing. */
  answer(input: PageInput, id: string, answers: Readonly<Record<string, Answer>>): Promise<void>;
  /** An answered request of this person, or undefined. */
  answered(
    input: PageInput,
    id: string,
  ): Promise<Pick<ConsentSentPageProps, 'request' | 'answers' | 'receipt'> | undefined>;
  grants(input: PageInput): Promise<readonly Grant[]>;
  /** Takes effect with the next byte. */
  withdraw(input: PageInput, grant: string): Promise<void>;
}

const page = { page: true } as const;
const byId = z.object({ id: z.string().min(1).max(100) });
const form = z.record(z.string().max(200), z.string().max(1_000));
const common = { ...citizenPage, tag: 'consent' } as const;

export function consentRoutes({
  citizen,
  consents,
}: CitizenPageParts & { consents: CitizenConsents }): Route[] {
  const shown = (body: string, status = 200): RouteReply => ({ status, body });

  async function open(input: PageInput, id: string): Promise<ConsentRequest> {
    const request = await consents.request(input, id);
    if (request === undefined) throw nothing();
    return request;
  }

  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.requests,
        operationId: 'showRequests',
        summary: 'Requests to see papers',
        responses: { 200: page },
      },
      async (input) =>
        shown(renderPage(RequestsPage({ ...(await citizen(input)), ...(await consents.requests(input)) }))),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: paths.grants,
        operationId: 'showGrants',
        summary: 'What is allowed now',
        responses: { 200: page },
      },
      async (input) =>
        shown(renderPage(GrantsPage({ ...(await citizen(input)), grants: await consents.grants(input) }))),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: withdrawPath,
        operationId: 'showWithdrawal',
        summary: 'The confirmation before a withdrawal',
        params: byId,
        responses: { 200: page },
      },
      async (input) => {
        const grant = (await consents.grants(input)).find(({ id }) => id === input.params.id);
        if (grant === undefined) throw nothing();
        return shown(renderPage(WithdrawPage({ ...(await citizen(input)), grant })));
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: withdrawPath,
        operationId: 'withdrawGrantOnPage',
        summary: 'Withdraws an access',
        params: byId,
        body: form,
        responses: { 303: null },
      },
      async (input) => {
        await consents.withdraw(input, input.params.id);
        return seeOther(paths.grants);
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: requestPath,
        operationId: 'showRequest',
        summary: 'One request to decide',
        params: byId,
        responses: { 200: page, 303: null },
      },
      async (input) => {
        const { id } = input.params;
        const request = await consents.request(input, id);
        if (request !== undefined)
          return shown(renderPage(ConsentPage({ ...(await citizen(input)), request })));
        if ((await consents.answered(input, id)) !== undefined) return seeOther(paths.requestSent(id));
        throw nothing();
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: requestPath,
        operationId: 'changeAnswers',
        summary: 'Back from the check, with what was chosen',
        params: byId,
        body: form,
        responses: { 200: page },
      },
      async (input) => {
        const request = await open(input, input.params.id);
        const answers = readAnswers(request, input.body);
        return shown(renderPage(ConsentPage({ ...(await citizen(input)), request, answers })));
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: checkPath,
        operationId: 'checkAnswers',
        summary: 'What was chosen, before anything is sent',
        params: byId,
        body: form,
        responses: { 200: page, 422: page },
      },
      async (input) => {
        const request = await open(input, input.params.id);
        const answers = readAnswers(request, input.body);
        const faults = unansweredFaults(request, answers, input.language);
        const context = await citizen(input);
        return faults.length > 0
          ? shown(renderPage(ConsentPage({ ...context, request, answers, faults })), 422)
          : shown(renderPage(ConsentCheckPage({ ...context, request, answers })));
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: sendPath,
        operationId: 'sendAnswers',
        summary: 'Sends the answers',
        params: byId,
        body: form,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { id } = input.params;
        // A second press of the button: the first one has answered.
        if ((await consents.answered(input, id)) !== undefined) return seeOther(paths.requestSent(id));
        const request = await open(input, id);
        const answers = readAnswers(request, input.body);
        const faults = unansweredFaults(request, answers, input.language);
        if (faults.length > 0) {
          return shown(renderPage(ConsentPage({ ...(await citizen(input)), request, answers, faults })), 422);
        }
        await consents.answer(input, id, answers);
        return seeOther(paths.requestSent(id));
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: sentPath,
        operationId: 'showSentAnswers',
        summary: 'What was sent, with its receipt',
        params: byId,
        responses: { 200: page },
      },
      async (input) => {
        const answered = await consents.answered(input, input.params.id);
        if (answered === undefined) throw nothing();
        return shown(renderPage(ConsentSentPage({ ...(await citizen(input)), ...answered })));
      },
    ),
  ];
}

const requestPath = `${paths.requests}/{id}`;
const checkPath = `${requestPath}/xem-lai`;
const sendPath = `${requestPath}/gui`;
const sentPath = `${requestPath}/da-gui`;
const withdrawPath = `${paths.grants}/{id}/thu-hoi`;

/** Only items of the request, only the two answers; anything else a browser sends is ignored. */
function readAnswers(
  request: ConsentRequest,
  body: Readonly<Record<string, string>>,
): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const { id } of request.items) {
    const given = body[answerField(id)];
    if (given === 'allow' || given === 'refuse') answers[id] = given;
  }
  return answers;
}

const nothing = (): Failure =>
  new Failure('not-found', { en: 'There is nothing at this address.', vi: 'Không có gì ở địa chỉ này.' });
