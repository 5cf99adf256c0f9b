/** The pages on a citizen's own papers: the list with its search, one paper verified as it is shown, its file. */
import { z } from 'zod';
import type { CatalogueService } from '../catalogue/index.ts';
import { type Route, type RouteReply, route } from '../http/route.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { verdictPageProps } from '../verification/report-page.ts';
import { type CitizenPageParts, citizenPage, type PageInput } from '../web/citizen-page.ts';
import { matchesSearch, paths, renderPage } from '../web/index.ts';
import { contentReply } from './content-reply.ts';
import type { DocumentFacts } from './document.ts';
import { statusHistory } from './document-repository.ts';
import { DocumentPage, HomePage, type HomePageProps, type ListedPaper } from './documents-pages.tsx';
import type { OwnDocuments } from './own-documents.ts';
import { historyInWords, paperInWords } from './paper-in-words.ts';
import type { StoredVerification } from './stored-verification.ts';

export interface DocumentsPageParts extends CitizenPageParts {
  readonly own: OwnDocuments;
  readonly verification: StoredVerification;
  readonly catalogue: CatalogueService;
  readonly database: Database;
  readonly clock: Clock;
  /** The request due first, for the ink block of the list. */
  readonly nextRequest: (input: PageInput) => Promise<HomePageProps['nextRequest']>;
  readonly ways: HomePageProps['ways'];
}

/** Papers shown at once; a person with more finds them by searching. */
const LIST_LIMIT = 100;

const page = { page: true } as const;
const common = { ...citizenPage, tag: 'documents' } as const;
const byId = z.object({ id: z.uuid() });
const ENDED: readonly ListedPaper['state'][] = [
  'expired',
  'superseded',
  'revoked',
  'annulled',
  'not_acceptable',
];

export function documentsPageRoutes(parts: DocumentsPageParts): Route[] {
  const { citizen, own, verification, catalogue, database, clock, nextRequest, ways } = parts;
  const shown = (body: string): RouteReply => ({ status: 200, body });
  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.papers,
        operationId: 'showMyPapers',
        summary: 'My papers',
        query: z.object({ tim: z.string().max(200).optional(), cua: z.uuid().optional() }),
        responses: { 200: page },
      },
      async (input) => {
        const query = (input.query.tim ?? '').trim();
        const { actor, requestId } = input;
        const found = await own.list({ actor, of: input.query.cua, limit: LIST_LIMIT, requestId });
        const represented = await own.represented(actor);
        const snapshot = await catalogue.current();
        const at = clock.now();
        const listed = found
          .map((document) =>
            listedPaper(document, paperInWords(document, snapshot, { at, language: input.language })),
          )
          .filter((paper) => matchesSearch(`${paper.title} ${paper.issuer}`, query));
        const props = {
          ...(await citizen(input)),
          query,
          represented,
          of: represented.find(({ id }) => id === input.query.cua),
          papers: listed.filter(({ state }) => !ENDED.includes(state)),
          ended: listed.filter(({ state }) => ENDED.includes(state)),
          nextRequest: await nextRequest(input),
          ways,
        };
        return shown(renderPage(HomePage(props)));
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: `${paths.papers}/{id}`,
        operationId: 'showMyPaper',
        summary: 'One of my papers',
        params: byId,
        responses: { 200: page },
      },
      async (input) => {
        const { actor, requestId, signal, language } = input;
        const document = await own.show({ actor, documentId: input.params.id, requestId });
        const context = await citizen(input);
        const at = clock.now();
        const words = paperInWords(document, await catalogue.current(), { at, language });
        const { outcome, file } = await verification.verify({
          actor,
          documentId: document.id,
          purpose: 'owner',
          requestId,
          signal,
        });
        const known = {
          state: words.state,
          since: document.status.at,
          paper: {
            title: words.title,
            holder: '',
            issuer: words.issuer,
            keeper: words.keeper,
            validity: words.validity,
          },
        };
        const { title, state, validity, usable, issuer, keeper, issuedOn } = words;
        const checks =
          outcome.kind === 'busy'
            ? undefined
            : checksOf(
                document,
                verdictPageProps({ frame: context.frame, report: outcome.report, file, known }).checks,
              );
        const history = await database.transactSql((sql) => statusHistory(sql, document.id));
        const props = {
          ...context,
          offers: { share: false, print: false, correct: false },
          document: {
            id: document.id,
            title,
            state,
            validity,
            usable,
            provenance: document.provenance,
            number: document.symbol ?? undefined,
            issuedOn,
            issuer,
            keeper,
            file: { kind: 'PDF', bytes: file.bytes },
            supersededBy: document.status.successorId ?? undefined,
          },
          checks,
          checkedAt: at,
          verificationCode: document.provenance === 'self-upload' ? undefined : document.verificationCode,
          history: historyInWords(history, language),
        };
        return shown(renderPage(DocumentPage(props)));
      },
    ),
    route(
      {
        ...common,
        auth: { kind: 'citizen', assurance: 2 },
        method: 'get',
        path: `${paths.papers}/{id}/tep`,
        operationId: 'downloadMyPaper',
        summary: 'The signed file of one of my papers',
        params: byId,
        responses: { 200: { bytes: 'application/pdf' } },
      },
      async ({ actor, params, requestId, signal }) =>
        contentReply(
          await own.open({ actor, documentId: params.id, kind: 'handed-out', requestId, signal }),
          undefined,
        ),
    ),
  ];
}

/** A self-uploaded paper is sealed by the vault alone: its seal says nothing of an issuer. */
const checksOf = <Checks extends object>(document: DocumentFacts, checks: Checks) =>
  document.provenance === 'self-upload'
    ? { ...checks, issuer: { kind: 'owner' } as const, validity: { state: 'unverified' } as const }
    : checks;

function listedPaper(document: DocumentFacts, words: ReturnType<typeof paperInWords>): ListedPaper {
  const { title, issuer, keeper, state, validity, validUntil } = words;
  return {
    id: document.id,
    title,
    issuer: keeper ?? issuer,
    formerIssuer: keeper === undefined ? undefined : issuer,
    validity,
    provenance: document.provenance,
    state,
    validUntil,
    uploadedAt: document.provenance === 'self-upload' ? document.depositedAt : undefined,
  };
}
