/** The addresses of the API's description: for machines, and for people in two languages. */
import { z } from 'zod';
import { type Route, route } from '../../http/route.ts';
import { Failure } from '../../platform/failure.ts';
import { paths } from '../paths.ts';
import { renderPage } from '../render.ts';
import type { WebRouteParts } from '../web-routes.ts';
import { operationsOf } from './operation.ts';
import { OperationPage, ReferencePage } from './reference-pages.tsx';

export interface ReferenceRouteParts {
  readonly frame: WebRouteParts['frame'];
  /** The OpenAPI document of all routes; asked for at each request, when they are all known. */
  readonly document: () => Readonly<Record<string, unknown>>;
}

const common = { method: 'get', tag: 'reference', auth: { kind: 'public' } } as const;
const page = { page: true } as const;

export function referenceRoutes({ frame, document }: ReferenceRouteParts): Route[] {
  let kept: Readonly<Record<string, unknown>> | undefined;
  // Made once: the routes do not change while the vault runs.
  const description = (): Readonly<Record<string, unknown>> => {
    kept ??= document();
    return kept;
  };
  return [
    route(
      {
        ...common,
        path: '/api/v1/openapi.json',
        operationId: 'getOpenApi',
        summary: 'This description, OpenAPI 3.1',
        responses: { 200: z.record(z.string(), z.unknown()) },
      },
      async () => ({ status: 200, body: description() }),
    ),
    route(
      {
        ...common,
        ...page,
        path: paths.reference,
        operationId: 'showReference',
        summary: 'The groups of operations, or the operations of one',
        query: z.object({ nhom: z.string().max(100).optional() }),
        responses: { 200: page },
      },
      async (input) => ({
        status: 200,
        body: renderPage(
          ReferencePage({
            frame: frame(input),
            operations: operationsOf(description()),
            ...(input.query.nhom && { group: input.query.nhom }),
          }),
        ),
      }),
    ),
    route(
      {
        ...common,
        ...page,
        path: paths.referenceOperation('{operation}'),
        operationId: 'showReferenceOperation',
        summary: 'One operation',
        params: z.object({ operation: z.string().max(100) }),
        responses: { 200: page },
      },
      async (input) => {
        const operation = operationsOf(description()).find(({ id }) => id === input.params.operation);
        if (!operation) throw unknownOperation();
        return { status: 200, body: renderPage(OperationPage({ frame: frame(input), operation })) };
      },
    ),
  ];
}

const unknownOperation = (): Failure =>
  new Failure('not-found', {
    en: 'There is no such operation. All of them are listed under /api.',
    vi: 'Không có thao tác này. Mọi thao tác liệt kê ở /api.',
  });
