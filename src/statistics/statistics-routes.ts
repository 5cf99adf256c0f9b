/** The manager's pages: the board, its table as CSV, how it is computed, each demanded paper. */
import { z } from 'zod';
import { type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import { type Route, type RouteReply, route } from '../http/route.ts';
import type { Clock } from '../platform/clock.ts';
import { writeCsv } from '../spreadsheet/index.ts';
import type { PageInput } from '../web/citizen-page.ts';
import { type OfficePageParts, paths, renderPage, rolesOf } from '../web/index.ts';
import { content } from './content.ts';
import { measureAt } from './measure.ts';
import { addToMonth, type Month, monthAt, monthInWords } from './period.ts';
import { type Rate, type Ratio, rates, shareOf } from './rates.ts';
import { DemandsPage, MethodPage, StatisticsPage } from './statistics-pages.tsx';
import type { Board, StatisticsOrder, StatisticsService } from './statistics-service.ts';

export interface StatisticsRouteParts extends OfficePageParts {
  readonly statistics: StatisticsService;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
}

const page = { page: true } as const;
const common = {
  method: 'get',
  tag: 'statistics',
  auth: { kind: 'office', roles: rolesOf('statistics') },
  page: true,
} as const;
const query = z.object({
  /** “2026-10”; the last whole month when left out. */
  ky: z
    .union([z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/), z.literal('')])
    .optional()
    .transform((text) => text || undefined),
  /** The agency with those below it; all when left out. */
  coquan: z
    .string()
    .max(60)
    .optional()
    .transform((text) => text || undefined),
});
/** Months that may be chosen, the present one among them. */
const PERIODS = 24;

const sharesOf = (ratios: Readonly<Record<Rate, Ratio>>): Record<Rate, number | null> => ({
  results: shareOf(ratios.results),
  digitised: shareOf(ratios.digitised),
  reused: shareOf(ratios.reused),
});

export function statisticsRoutes({ office, statistics, catalogue, clock }: StatisticsRouteParts): Route[] {
  const shown = (body: string): RouteReply => ({ status: 200, body });
  const asked = (input: PageInput & { query: z.output<typeof query> }): StatisticsOrder => ({
    actor: input.actor,
    requestId: input.requestId,
    ...(input.query.ky && { month: input.query.ky }),
    ...(input.query.coquan && { agencyId: input.query.coquan }),
  });
  const periods = (): { value: Month; label: string }[] =>
    Array.from({ length: PERIODS }, (_, back) => addToMonth(monthAt(clock.now()), -back)).map((month) => ({
      value: month,
      label: monthInWords(month),
    }));
  return [
    route(
      {
        ...common,
        path: paths.statistics,
        operationId: 'showStatistics',
        summary: 'Digitisation and reuse by agency',
        query,
        responses: { 200: page },
      },
      async (input) => {
        const { language } = input;
        const board = await statistics.board(asked(input));
        const t = content[language];
        const chosen = board.agencies.find(({ id }) => id === input.query.coquan);
        const nameOf = (id: string): string =>
          board.agencies.find((agency) => agency.id === id)?.names[language] ?? id;
        return shown(
          renderPage(
            StatisticsPage({
              ...(await office(input, 'statistics')),
              periods: periods(),
              period: board.month,
              agencies: [
                { value: '', label: t.allAgencies },
                ...board.agencies.map(({ id, names }) => ({ value: id, label: names[language] })),
              ],
              agency: input.query.coquan ?? '',
              scope: t.scope(chosen?.names[language]),
              dossiers: board.dossiers,
              computedAt: board.computedAt,
              shares: sharesOf(board.ratios),
              targets: board.measure.targets,
              byAgency: board.byAgency.map(({ agency, dossiers, ratios }) => ({
                id: agency.id,
                name: agency.names[language],
                dossiers,
                shares: sharesOf(ratios),
              })),
              trend: board.trend.map(({ month, reused }) => ({
                label: monthInWords(month),
                share: shareOf(reused),
              })),
              demands: board.demands.map(({ agencyId, reason, times }) => ({
                agency: nameOf(agencyId),
                reason: t.reasons[reason] ?? reason,
                times,
              })),
              demandsTotal: {
                now: board.demands.reduce((total, { times }) => total + times, 0),
                before: board.demandsBefore,
              },
            }),
          ),
        );
      },
    ),
    route(
      {
        ...common,
        path: paths.statisticsCsv,
        operationId: 'exportStatistics',
        summary: 'The table of the board as CSV, both sides of every rate',
        query,
        responses: { 200: { bytes: 'text/csv; charset=utf-8' } },
      },
      async (input) => {
        const board = await statistics.board(asked(input));
        return {
          status: 200,
          headers: { 'Content-Disposition': `attachment; filename="thong-ke-${board.month}.csv"` },
          body: csvOf(board, input.language),
        };
      },
    ),
    route(
      {
        ...common,
        path: paths.statisticsMethod,
        operationId: 'showStatisticsMethod',
        summary: 'How each rate is computed',
        responses: { 200: page },
      },
      async (input) =>
        shown(
          renderPage(
            MethodPage({
              ...(await office(input, 'statistics')),
              measure: measureAt(calendarDateAt(clock.now())),
            }),
          ),
        ),
    ),
    route(
      {
        ...common,
        path: paths.paperDemands,
        operationId: 'showPaperDemands',
        summary: 'Papers that were demanded although the vault had answered',
        query,
        responses: { 200: page },
      },
      async (input) => {
        const { language } = input;
        const { month, demands } = await statistics.demands(asked(input));
        const snapshot = await catalogue.current();
        const t = content[language];
        return shown(
          renderPage(
            DemandsPage({
              ...(await office(input, 'statistics')),
              period: monthInWords(month),
              demands: demands.map(({ id, at, agencyId, procedureCode, componentKey, reason }) => {
                const day = calendarDateAt(at);
                const procedure = snapshot.procedure(procedureCode, day);
                const component = procedure?.components.find(({ key }) => key === componentKey);
                return {
                  id,
                  at,
                  agency: snapshot.agency(agencyId, day)?.names[language] ?? agencyId,
                  procedure: procedure?.names[language] ?? procedureCode,
                  component: component?.names[language] ?? componentKey,
                  reason: t.reasons[reason] ?? reason,
                };
              }),
            }),
          ),
        );
      },
    ),
  ];
}

function csvOf({ byAgency, month }: Board, language: 'vi' | 'en'): Buffer {
  const t = content[language];
  const heading = [
    t.period,
    t.agency,
    t.dossiers,
    ...rates.flatMap((rate) => [
      `${t.short[rate]} (%)`,
      `${t.short[rate]}: ${t.csvPart}`,
      `${t.short[rate]}: ${t.csvWhole}`,
    ]),
  ];
  return writeCsv([
    heading,
    ...byAgency.map(({ agency, dossiers, ratios }) => [
      monthInWords(month),
      agency.names[language],
      String(dossiers),
      ...rates.flatMap((rate) => {
        const share = shareOf(ratios[rate]);
        return [
          share === null ? '' : (share * 100).toFixed(1),
          String(ratios[rate].part),
          String(ratios[rate].whole),
        ];
      }),
    ]),
  ]);
}
