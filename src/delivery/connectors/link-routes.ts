/** How links stand, for systems and officers; a match with the population database from a dossier. */
import { z } from 'zod';
import { type Route, route } from '../../http/index.ts';
import { type Actor, agenciesOf, ROLES } from '../../identity/index.ts';
import { appendEvent } from '../../ledger/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database.ts';
import { Failure } from '../../platform/failure.ts';
import { newId } from '../../platform/ids.ts';
import { paths, renderPage } from '../../web/index.ts';
import type { OfficePageParts } from '../../web/office-page.ts';
import { CONNECTORS, LINK_NAMES, type LinkName } from './contract.ts';
import { findJob } from './link-repository.ts';
import type { Links } from './links.ts';
import { LinksPage } from './links-page.tsx';

export interface LinkRouteParts extends OfficePageParts {
  readonly links: Links;
  readonly database: Database;
  readonly clock: Clock;
}

const words = z.object({ vi: z.string(), en: z.string() });
const linkAnswer = z.object({
  name: z.enum(LINK_NAMES as [LinkName, ...LinkName[]]),
  title: words,
  state: z.enum(['up', 'down', 'not-set-up']),
  since: z.string().nullable(),
  lastAnswerAt: z.string().nullable(),
  nextTryAt: z.string().nullable(),
  /** Questions that wait and are asked again by themselves. */
  waiting: z.number(),
  stillWorks: words,
});
const DESK = ['desk-officer', 'post-office-clerk', 'civil-status-officer'] as const;
const matchAnswer = CONNECTORS.population.operations.match.answer;
const checkAnswer = z.object({
  id: z.string(),
  state: z.enum(['answered', 'waiting', 'refused']),
  match: matchAnswer.nullable(),
  /** While the link is down: since when, and what goes on. */
  link: z.object({ since: z.string().nullable(), stillWorks: words }).nullable(),
});

export function linkRoutes({ links, database, clock, office }: LinkRouteParts): Route[] {
  const tag = 'links';
  const desk = { kind: 'office', roles: DESK, scopes: ['reuse:request'] } as const;
  const { stillWorks } = CONNECTORS.population;

  return [
    route(
      {
        method: 'get',
        path: '/api/v1/links',
        operationId: 'listLinks',
        summary: 'Links to other systems: up or down, since when, and what still works',
        tag,
        auth: { kind: 'office', roles: ROLES, scopes: ['reuse:request', 'events:subscribe'] },
        responses: { 200: z.object({ links: z.array(linkAnswer) }) },
      },
      async () => ({
        status: 200,
        body: {
          links: (await links.show()).map((link) => ({
            ...link,
            since: link.since?.toISOString() ?? null,
            lastAnswerAt: link.lastAnswerAt?.toISOString() ?? null,
            nextTryAt: link.nextTryAt?.toISOString() ?? null,
          })),
        },
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/identity-checks',
        operationId: 'checkIdentity',
        summary:
          'Whether number, name and birth date belong together, asked of the population database for a dossier',
        description:
          'A link that is down does not refuse: the check waits (202), the vault asks again by itself.',
        tag,
        auth: desk,
        body: z.strictObject({
          agency: z.string().max(40),
          dossier: z.string().max(60),
          person: z.strictObject({
            personalNumber: z.string().regex(/^\d{12}$/),
            fullName: z.string().trim().min(1).max(200),
            birthDate: z.iso.date(),
          }),
        }),
        ratePerMinute: 60,
        responses: { 200: checkAnswer, 202: checkAnswer },
      },
      async ({ actor, body, requestId }) => {
        const id = await database.transactSql(async (sql) => {
          const [dossier] = await sql.query<{ id: string }>(
            `SELECT id::text FROM dossier WHERE code = $1::text AND agency_id = $2::text AND state <> 'closed'`,
            [body.dossier, body.agency],
          );
          const permitted = dossier !== undefined && worksAt(actor, body.agency);
          await appendEvent(sql, {
            type: permitted ? 'link.asked' : 'access.denied',
            at: clock.now(),
            actor,
            outcome: permitted ? 'permitted' : 'denied',
            agencyId: permitted ? body.agency : null,
            dossierId: permitted ? dossier.id : null,
            requestId,
            detail: permitted
              ? { link: 'population', operation: 'match' }
              : { operation: 'identity-check', because: dossier ? 'not-of-this-agency' : 'no-open-dossier' },
          });
          if (!permitted) return undefined;
          return links.later(sql, {
            link: 'population',
            operation: 'match',
            ask: body.person,
            key: newId(),
            agencyId: body.agency,
          });
        });
        if (id === undefined) throw noDossier();
        await links.work(undefined, id);
        return checkReply(id);
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/v1/identity-checks/{check}',
        operationId: 'showIdentityCheck',
        summary: 'What became of a check that had to wait',
        tag,
        auth: desk,
        params: z.object({ check: z.uuid() }),
        responses: { 200: checkAnswer, 202: checkAnswer },
      },
      async ({ actor, params, requestId }) => {
        const job = await database.transactSql(async (sql) => {
          const found = await findJob(sql, params.check);
          if (found?.agencyId && found.operation === 'match' && worksAt(actor, found.agencyId)) return found;
          await appendEvent(sql, {
            type: 'access.denied',
            at: clock.now(),
            actor,
            outcome: 'denied',
            requestId,
            detail: { operation: 'identity-check', because: found ? 'not-of-this-agency' : 'no-such-check' },
          });
          return undefined;
        });
        if (!job) throw noCheck();
        return checkReply(job.id);
      },
    ),
    route(
      {
        method: 'get',
        path: paths.deskLinks,
        operationId: 'showLinksPage',
        summary: 'How the links stand, for the desk',
        tag,
        auth: { kind: 'office', roles: DESK },
        page: true,
        responses: { 200: { page: true } },
      },
      async (input) => ({
        status: 200,
        body: renderPage(LinksPage({ ...(await office(input, 'desk')), links: await links.show() })),
      }),
    ),
  ];

  async function checkReply(id: string) {
    const job = await database.transactSql((sql) => findJob(sql, id));
    const waiting = job?.state === 'waiting';
    const shown = waiting ? (await links.show()).find(({ name }) => name === 'population') : undefined;
    return {
      status: waiting ? 202 : 200,
      body: {
        id,
        state: job?.state ?? 'waiting',
        match: job?.state === 'answered' ? job.answer : null,
        link: waiting ? { since: shown?.since?.toISOString() ?? null, stillWorks } : null,
      },
    };
  }
}

const worksAt = (actor: Actor, agencyId: string): boolean =>
  actor.kind === 'system'
    ? actor.agencyId === agencyId && actor.onBehalfOf === undefined
    : agenciesOf(actor, DESK).includes(agencyId);

const noDossier = (): Failure =>
  new Failure(
    'not-found',
    {
      en: 'Your agency has no open dossier of this code. Record the dossier first; checks are made from a dossier.',
      vi: 'Cơ quan không có hồ sơ đang mở với mã này. Hãy ghi hồ sơ trước; chỉ đối chiếu từ một hồ sơ.',
    },
    { code: 'no-open-dossier' },
  );

const noCheck = (): Failure =>
  new Failure('not-found', {
    en: 'There is no such check of yours.',
    vi: 'Không có lần đối chiếu nào như vậy.',
  });
