/** The search page: its words travel in the form's body, never in an address. */
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import { type DigitisationPageParts, pageProps, shownPage, titleOf } from './digitisation-page-context.ts';
import { SearchPage, searchField } from './search-page.tsx';
import { digitisePaths } from './start-pages.tsx';
import { SEARCH_ROLES } from './text-search.ts';

const page = { page: true } as const;
const common = { tag: 'digitisation', auth: { kind: 'office', roles: SEARCH_ROLES }, page: true } as const;

export function searchPageRoutes(parts: DigitisationPageParts): Route[] {
  return [
    route(
      {
        ...common,
        method: 'get',
        path: digitisePaths.search,
        operationId: 'showTextSearch',
        summary: 'The form that searches in digitised papers',
        responses: { 200: page },
      },
      async (input) =>
        shownPage(200, SearchPage({ ...(await pageProps(parts, input, 'search')), query: '' })),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: digitisePaths.search,
        operationId: 'searchTextByForm',
        summary: 'Papers of my agencies with these words, marked',
        body: z.object({ [searchField]: z.string().max(200).default(''), _csrf: z.string().optional() }),
        ratePerMinute: 30,
        responses: { 200: page, 422: page },
      },
      async (input) => {
        const query = String(input.body[searchField] ?? '');
        const props = { ...(await pageProps(parts, input, 'search')), query };
        try {
          const { actor, requestId } = input;
          const hits = await parts.search.ofAgency({ actor, query, requestId, limit: 20 });
          const catalogue = await parts.services.desk.catalogue();
          const papers = hits.map(({ document, page: number, snippet }) => ({
            id: document.id,
            title: titleOf(catalogue, document, input.language, parts.services.desk.now()),
            issuer: catalogue.agencyVersions(document.issuerId ?? '')[0]?.names[input.language] ?? '–',
            page: number,
            snippet,
          }));
          return shownPage(200, SearchPage({ ...props, papers }));
        } catch (error) {
          if (!(error instanceof Failure) || error.kind !== 'invalid') throw error;
          const text = input.language === 'vi' ? error.vi : error.message;
          return shownPage(422, SearchPage({ ...props, faults: [{ field: searchField, text }] }));
        }
      },
    ),
  ];
}
