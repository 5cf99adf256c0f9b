/** One's own papers over HTTP, and those of whom one represents; a system reads in the name of who allowed it. */
import { z } from 'zod';
import type { CatalogueService } from '../catalogue/index.ts';
import { type Route, route } from '../http/index.ts';
import type { Auth } from '../http/route.ts';
import type { Clock } from '../platform/clock.ts';
import { contentReply, rangeOf } from './content-reply.ts';
import { documentAnswer, toDocumentAnswer, versionAnswer } from './document-answers.ts';
import type { OwnDocuments } from './own-documents.ts';

export interface OwnDocumentsApiParts {
  readonly own: OwnDocuments;
  readonly catalogue: CatalogueService;
  readonly clock: Clock;
}

const tag = 'documents';
const id = z.uuid();
/** A token that stands for a person's consent carries this scope, as a system's retrievals do. */
const SCOPES = ['reuse:retrieve'] as const;
const looking: Auth = { kind: 'citizen-or-office', assurance: 1, scopes: SCOPES };
/** For systems that a person allowed: the dossier named in `authorization_details`. */
const dossier = z.string().max(80).optional();

export function ownDocumentsRoutes({ own, catalogue, clock }: OwnDocumentsApiParts): Route[] {
  const list = route(
    {
      method: 'get',
      path: '/api/v1/me/documents',
      operationId: 'listMyDocuments',
      summary: 'My papers, newest first; with "of" those of an owner whom I represent',
      tag,
      auth: looking,
      query: z.object({
        of: id.optional(),
        dossier,
        after: id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      responses: { 200: z.object({ documents: z.array(documentAnswer), next: z.string().nullable() }) },
    },
    async ({ actor, query, requestId }) => {
      const page = await own.list({ actor, ...query, requestId });
      const snapshot = await catalogue.current();
      const last = page.length === query.limit ? (page.at(-1)?.id ?? null) : null;
      return {
        status: 200,
        body: { documents: page.map((each) => toDocumentAnswer(each, snapshot, clock.now())), next: last },
      };
    },
  );

  const show = route(
    {
      method: 'get',
      path: '/api/v1/documents/{documentId}',
      operationId: 'showDocument',
      summary: 'One of my papers: what it is, its status and validity at this instant',
      tag,
      auth: looking,
      params: z.object({ documentId: id }),
      query: z.object({ dossier }),
      responses: { 200: documentAnswer },
    },
    async ({ actor, params, query, requestId }) => {
      const document = await own.show({ actor, ...params, ...query, requestId });
      const body = toDocumentAnswer(document, await catalogue.current(), clock.now());
      return {
        status: 200,
        body,
        headers: { ETag: `"${document.version.sha256}-${document.status.number}"` },
      };
    },
  );

  const versions = route(
    {
      method: 'get',
      path: '/api/v1/documents/{documentId}/versions',
      operationId: 'listDocumentVersions',
      summary: 'The versions of one of my papers, newest first, with the files of each',
      tag,
      auth: looking,
      params: z.object({ documentId: id }),
      query: z.object({ dossier }),
      responses: { 200: z.object({ versions: z.array(versionAnswer) }) },
    },
    async ({ actor, params, query, requestId }) => {
      const found = await own.versions({ actor, ...params, ...query, requestId });
      const newest = found[0]?.number;
      return {
        status: 200,
        body: {
          versions: found.map(({ createdAt, ...version }) => ({
            ...version,
            renditions: [...version.renditions],
            createdAt: createdAt.toISOString(),
            superseded: version.number !== newest,
          })),
        },
      };
    },
  );

  const content = route(
    {
      method: 'get',
      path: '/api/v1/documents/{documentId}/content',
      operationId: 'readDocument',
      summary:
        'The file of one of my papers (sealed where the vault sealed it), or its original; Range is honoured',
      tag,
      auth: { kind: 'citizen-or-office', assurance: 2, scopes: SCOPES },
      params: z.object({ documentId: id }),
      query: z.object({
        rendition: z.enum(['sealed', 'original']).default('sealed'),
        position: z.coerce.number().int().min(0).max(2000).default(0),
        version: z.coerce.number().int().min(1).max(10_000).optional(),
        dossier,
      }),
      responses: { 200: { bytes: 'application/pdf' }, 206: { bytes: 'application/pdf' } },
    },
    async ({ actor, params, query, request, requestId, signal }) => {
      const range = rangeOf(request.get('Range'));
      const { rendition, ...which } = query;
      const kind = rendition === 'original' ? 'original' : 'handed-out';
      const retrieved = await own.open({ actor, ...params, ...which, kind, range, requestId, signal });
      return contentReply(retrieved, range);
    },
  );

  return [list, show, versions, content];
}
