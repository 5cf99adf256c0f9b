/** Search in the text of papers over HTTP. Words travel in the body: an address would keep them in logs. */
import { z } from 'zod';
import { documentAnswer, toDocumentAnswer } from '../documents/index.ts';
import { type Route, route } from '../http/index.ts';
import type { ScanDesk } from './scan-desk.ts';
import { SEARCH_ROLES, type TextHit, type TextSearch } from './text-search.ts';

const body = z.strictObject({
  query: z.string().max(200),
  limit: z.int().min(1).max(50).default(20),
});
const answer = z.object({
  hits: z.array(
    z.object({
      document: documentAnswer.omit({ metadata: true, verificationCode: true }),
      page: z.int(),
      /** The lines around the words; `found` parts are to be marked. */
      snippet: z.array(z.object({ text: z.string(), found: z.boolean() })),
    }),
  ),
});

export function searchRoutes({ search, desk }: { search: TextSearch; desk: ScanDesk }): Route[] {
  const toAnswer = async (hits: readonly TextHit[]) => {
    const catalogue = await desk.catalogue();
    return {
      hits: hits.map(({ document, page, snippet }) => ({
        document: toDocumentAnswer(document, catalogue, desk.now()),
        page,
        snippet: snippet.map((part) => ({ ...part })),
      })),
    };
  };
  return [
    route(
      {
        method: 'post',
        path: '/api/v1/me/text-search',
        operationId: 'searchMyPapers',
        summary: 'Words on my papers, without marks or case; each search is recorded',
        tag: 'documents',
        auth: { kind: 'citizen', assurance: 2 },
        body,
        ratePerMinute: 60,
        responses: { 200: answer },
      },
      async ({ actor, body: { query, limit }, requestId }) => ({
        status: 200,
        body: await toAnswer(await search.own({ actor, query, limit, requestId })),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/v1/text-search',
        operationId: 'searchAgencyPapers',
        summary:
          'Words on the papers that my agencies put into the vault; the owners of what is found can see it',
        tag: 'documents',
        auth: { kind: 'office', roles: SEARCH_ROLES },
        body,
        ratePerMinute: 30,
        responses: { 200: answer },
      },
      async ({ actor, body: { query, limit }, requestId }) => ({
        status: 200,
        body: await toAnswer(await search.ofAgency({ actor, query, limit, requestId })),
      }),
    ),
  ];
}
