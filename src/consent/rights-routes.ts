/** The addresses of rights, of the counter code, and of the list of the agency that has to answer. */
import qrcode from 'qrcode';
import { z } from 'zod';
import { type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import { type Route, type RouteReply, route } from '../http/route.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type CitizenPageParts, citizenPage, type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, type OfficePageParts, paths, renderPage } from '../web/index.ts';
import { makeShownCode } from './consent-codes.ts';
import { DATA_REQUEST_KINDS } from './data-request.ts';
import { ANSWERING_ROLES, type DataRequestService } from './data-request-service.ts';
import { rightsContent } from './rights-content.ts';
import { CounterCodePage, OfficeRequestsPage, RightsPage, rightsFields } from './rights-pages.tsx';

const page = { page: true } as const;
const form = z.record(z.string().max(100), z.string().max(4_000));
const common = { ...citizenPage, tag: 'rights' } as const;
const officePage = { tag: 'rights', auth: { kind: 'office', roles: ANSWERING_ROLES }, page: true } as const;

export function rightsRoutes(
  parts: CitizenPageParts &
    OfficePageParts & {
      requests: DataRequestService;
      catalogue: CatalogueService;
      database: Database;
      clock: Clock;
    },
): Route[] {
  const { citizen, office, requests, catalogue, database, clock } = parts;
  const shown = (body: string, status = 200): RouteReply => ({ status, body });

  async function names(input: PageInput): Promise<(agency: string) => string> {
    const current = await catalogue.current();
    return (agency) => current.agencyVersions(agency).at(-1)?.names[input.language] ?? agency;
  }

  async function rights(
    input: PageInput,
    more: { values?: Record<string, string>; faults?: readonly Fault[]; sent?: string } = {},
  ): Promise<RouteReply> {
    const current = await catalogue.current();
    const today = calendarDateAt(clock.now());
    const agencies = current.entries.agencies
      .filter(({ validFrom, validTo }) => validFrom <= today && (validTo === null || today <= validTo))
      .map(({ id, names: agencyNames }) => ({ value: id, label: agencyNames[input.language] }))
      .sort((a, b) => a.label.localeCompare(b.label, input.language));
    const body = RightsPage({
      ...(await citizen(input)),
      agencies: [{ value: '', label: '' }, ...agencies],
      requests: await requests.mine(input.actor),
      nameOf: await names(input),
      ...more,
    });
    return shown(renderPage(body), more.faults ? 422 : 200);
  }

  async function list(input: PageInput, faults?: readonly Fault[]): Promise<RouteReply> {
    const body = OfficeRequestsPage({
      ...(await office(input, 'rights')),
      requests: await requests.ofAgency(input.actor, { open: true }),
      nameOf: await names(input),
      ...(faults ? { faults } : {}),
    });
    return shown(renderPage(body), faults ? 422 : 200);
  }

  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.rights,
        operationId: 'showRights',
        summary: 'My rights over data, and what became of my requests',
        query: z.object({ gui: z.string().max(20).optional() }),
        responses: { 200: page },
      },
      async (input) => rights(input, input.query.gui ? { sent: input.query.gui } : {}),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.rights,
        operationId: 'sendDataRequest',
        summary: 'Sends a request or a complaint',
        body: form,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const t = rightsContent[input.language].rights;
        const kind = DATA_REQUEST_KINDS.find((each) => each === input.body[rightsFields.kind]);
        const addressee = input.body[rightsFields.addressee] ?? '';
        const text = (input.body[rightsFields.text] ?? '').trim();
        const known = (await catalogue.current()).agency(addressee, calendarDateAt(clock.now()));
        const faults = [
          ...(kind ? [] : [{ field: rightsFields.kind, text: t.kindNeeded }]),
          ...(known ? [] : [{ field: rightsFields.addressee, text: t.addresseeNeeded }]),
          ...(text.length >= 3 ? [] : [{ field: rightsFields.text, text: t.textNeeded }]),
        ];
        if (faults.length > 0 || !kind) return rights(input, { values: input.body, faults });
        const made = await requests.make(
          { actor: input.actor, requestId: input.requestId },
          { kind, addresseeId: addressee, text: text.slice(0, 2000) },
        );
        return seeOther(`${paths.rights}?gui=${made.code}`);
      },
    ),
    route(
      {
        ...common,
        tag: 'consent',
        method: 'get',
        path: paths.counterCode,
        operationId: 'showCounterCode',
        summary: 'The code to show at the counter',
        responses: { 200: page },
      },
      async (input) => shown(renderPage(CounterCodePage(await citizen(input)))),
    ),
    route(
      {
        ...common,
        tag: 'consent',
        method: 'post',
        path: paths.counterCode,
        operationId: 'makeCounterCode',
        summary: 'Makes the code to show at the counter',
        body: form,
        ratePerMinute: 20,
        responses: { 200: page },
      },
      async (input) => {
        const { actor } = input;
        if (actor.kind !== 'person') throw nothing();
        const made = await database.transactSql(async (sql) => {
          const at = clock.now();
          await appendEvent(sql, {
            type: 'consent.code-shown',
            at,
            actor,
            outcome: 'done',
            ownerIds: [actor.personId],
            requestId: input.requestId,
            detail: {},
          });
          return makeShownCode(sql, { personId: actor.personId, at });
        });
        const { modules } = qrcode.create(made.secret, { errorCorrectionLevel: 'M' });
        const body = CounterCodePage({
          ...(await citizen(input)),
          code: {
            text: made.secret,
            until: made.expiresAt,
            qr: { size: modules.size, dark: (row, column) => modules.get(row, column) === 1 },
          },
        });
        return shown(renderPage(body));
      },
    ),
    route(
      {
        ...officePage,
        method: 'get',
        path: paths.dataRequests,
        operationId: 'showDataRequests',
        summary: 'Requests of citizens that wait for the agency',
        responses: { 200: page },
      },
      async (input) => list(input),
    ),
    route(
      {
        ...officePage,
        method: 'post',
        path: `${paths.dataRequests}/{id}`,
        operationId: 'settleDataRequestOnPage',
        summary: 'Acknowledges or answers a request',
        params: z.object({ id: z.uuid() }),
        body: form,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const { id } = input.params;
        const field = `tra-loi-${id}`;
        const to = (['acknowledged', 'done', 'refused'] as const).find((step) => step === input.body.buoc);
        const answer = (input.body[field] ?? '').trim();
        if (!to || (to !== 'acknowledged' && answer.length < 3))
          return list(input, [{ field, text: rightsContent[input.language].rights.answerNeeded }]);
        await requests.move(
          { actor: input.actor, requestId: input.requestId },
          { id, to, answer: answer === '' ? null : answer.slice(0, 2000) },
        );
        return seeOther(paths.dataRequests);
      },
    ),
  ];
}

const nothing = (): Failure =>
  new Failure('not-found', { en: 'There is nothing at this address.', vi: 'Không có gì ở địa chỉ này.' });
