/** The pages by which a citizen prepares: find a procedure, see its checklist. Reading one's papers is an event. */
import { z } from 'zod';
import { type CatalogueService, calendarDateAt, procedureCodeSchema } from '../catalogue/index.ts';
import type { OwnDocuments } from '../documents/index.ts';
import { type Route, type RouteReply, route } from '../http/route.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { type CitizenPageParts, citizenPage } from '../web/citizen-page.ts';
import { matchesSearch, paths, renderPage } from '../web/index.ts';
import { checklistOf } from './checklist.ts';
import { ChecklistPage, ProceduresPage } from './preparation-pages.tsx';

export interface PreparationRouteParts extends CitizenPageParts {
  readonly own: OwnDocuments;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
}

const page = { page: true } as const;
const common = { ...citizenPage, method: 'get', tag: 'preparation' } as const;
/** Papers looked through, newest first. */
const PAPERS = 500;
const keys = z.string().max(80);

export function preparationRoutes({ citizen, own, catalogue, clock }: PreparationRouteParts): Route[] {
  const shown = (body: string): RouteReply => ({ status: 200, body });
  return [
    route(
      {
        ...common,
        path: paths.preparation,
        operationId: 'showProcedures',
        summary: 'Procedures to prepare for',
        query: z.object({ tim: z.string().max(200).optional() }),
        responses: { 200: page },
      },
      async (input) => {
        const query = (input.query.tim ?? '').trim();
        const procedures = (await catalogue.current())
          .procedures(calendarDateAt(clock.now()))
          .filter(({ code, names }) => matchesSearch(`${code} ${names[input.language]} ${names.vi}`, query));
        return shown(renderPage(ProceduresPage({ ...(await citizen(input)), query, procedures })));
      },
    ),
    route(
      {
        ...common,
        path: `${paths.preparation}/{code}`,
        operationId: 'showChecklist',
        summary: 'What to take along for a procedure, and what the vault has already',
        params: z.object({ code: procedureCodeSchema }),
        query: z.object({
          /** Conditions that hold, as keys of the catalogue. */
          dk: z.union([keys.transform((key) => [key]), z.array(keys).max(50)]).default([]),
          /** The form was sent: conditions that are not named do not hold. */
          xong: z.literal('1').optional(),
        }),
        responses: { 200: page },
      },
      async (input) => {
        const { actor, language, requestId, query } = input;
        const today = calendarDateAt(clock.now());
        const snapshot = await catalogue.current();
        const procedure = snapshot.procedure(input.params.code, today);
        if (!procedure) {
          throw new Failure('not-found', {
            en: 'No procedure of this code is in force today.',
            vi: 'Hôm nay không có thủ tục nào mang mã này.',
          });
        }
        const answered = query.xong === '1';
        const conditions = [
          ...new Map(
            procedure.components.flatMap(({ condition }) =>
              condition ? [[condition.key, condition.words[language]] as const] : [],
            ),
          ),
        ].map(([key, words]) => ({ key, words, ...(answered && { holds: query.dk.includes(key) }) }));
        const papers = await own.list({ actor, limit: PAPERS, requestId });
        const lines = checklistOf({
          procedure,
          catalogue: snapshot,
          today,
          papers,
          conditions: Object.fromEntries(
            conditions.flatMap(({ key, holds }) => (holds === undefined ? [] : [[key, holds]])),
          ),
        });
        return shown(renderPage(ChecklistPage({ ...(await citizen(input)), procedure, lines, conditions })));
      },
    ),
  ];
}
