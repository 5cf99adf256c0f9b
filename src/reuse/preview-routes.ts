/** The citizen's page of previews: look at each paper, then let it go or not. */
import { z } from 'zod';
import { type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import { PreviewsPage } from '../consent/index.ts';
import { type Route, route } from '../http/route.ts';
import type { Clock } from '../platform/clock.ts';
import { type CitizenPageParts, citizenPage, seeOther } from '../web/citizen-page.ts';
import { paths, renderPage } from '../web/index.ts';
import type { Previews } from './previews.ts';

const page = { page: true } as const;
const common = { ...citizenPage, tag: 'consent' } as const;

export function previewRoutes({
  citizen,
  previews,
  catalogue,
  clock,
}: CitizenPageParts & { previews: Previews; catalogue: CatalogueService; clock: Clock }): Route[] {
  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.previews,
        operationId: 'showPreviews',
        summary: 'Papers to look at before they go out',
        responses: { 200: page },
      },
      async (input) => {
        const { actor, language } = input;
        const current = await catalogue.current();
        const today = calendarDateAt(clock.now());
        const items = actor.kind === 'person' ? await previews.waiting(actor.personId) : [];
        const body = PreviewsPage({
          ...(await citizen(input)),
          items: items.map((item) => ({
            ...item,
            agency: current.agency(item.agencyId, today)?.names[language] ?? item.agencyId,
            title: current.documentType(item.documentType, today)?.names[language] ?? item.documentType,
            procedure: current.procedure(item.procedureCode, today)?.names[language] ?? item.procedureCode,
          })),
        });
        return { status: 200, body: renderPage(body) };
      },
    ),
    route(
      {
        ...common,
        auth: { kind: 'citizen', assurance: 2 },
        method: 'post',
        path: `${paths.previews}/{request}/{component}`,
        operationId: 'decidePreviewAsCitizen',
        summary: 'Lets the paper go, or not',
        params: z.object({ request: z.uuid(), component: z.string().max(80) }),
        body: z.record(z.string().max(100), z.string().max(1_000)),
        responses: { 303: null },
      },
      async (input) => {
        const { actor, params, body, requestId } = input;
        await previews.decide({
          actor,
          requestId,
          personId: actor.kind === 'person' ? actor.personId : '',
          reuseRequestId: params.request,
          componentKey: params.component,
          decision: body['quyet-dinh'] === 'use' ? 'use' : 'refuse',
        });
        return seeOther(paths.previews);
      },
    ),
  ];
}
