/** The API's pages: every operation of a description is readable in both languages, light, and without faults. */
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openApiDocument, route } from '../../src/http/index.ts';
import { languages } from '../../src/web/index.ts';
import { operationsOf } from '../../src/web/reference/operation.ts';
import { OperationPage, ReferencePage } from '../../src/web/reference/reference-pages.tsx';
import { frameIn } from '../support/frames.ts';
import { open, violations, weight } from '../support/page.ts';

const nothing = async () => ({ status: 200 });
const routes = [
  route(
    {
      method: 'post',
      path: '/api/v1/agencies/{agency}/things',
      operationId: 'makeThing',
      summary: 'Make a thing',
      description: 'It is made once.',
      tag: 'documents',
      auth: { kind: 'office', roles: ['head'], scopes: ['documents:deposit'] },
      params: z.object({ agency: z.string() }),
      query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(50) }),
      body: z.strictObject({
        fullName: z.string().max(200),
        kind: z.enum(['one', 'two']),
        owners: z.array(z.strictObject({ personalNumber: z.string().nullable() })).max(10),
        note: z.string().optional(),
      }),
      idempotent: 'required',
      responses: { 201: z.object({ id: z.uuid(), at: z.iso.datetime() }) },
    },
    nothing,
  ),
  route(
    {
      method: 'get',
      path: '/api/v1/open',
      operationId: 'getOpenApi',
      summary: 'This description',
      tag: 'reference',
      auth: { kind: 'public' },
      responses: { 200: { bytes: 'application/pdf' }, 204: null },
    },
    nothing,
  ),
];
const operations = operationsOf(openApiDocument(routes, { baseUrl: 'https://kho.example.vn', version: '1' }));

test('what a caller needs is read from the description', () => {
  const [make] = operations;
  expect(make).toMatchObject({ method: 'POST', forSession: true, scopes: ['documents:deposit'] });
  expect(
    make?.parameters.map(({ name, place, required, limits }) => [name, place, required, limits]),
  ).toEqual([
    ['agency', 'path', true, ''],
    ['limit', 'query', false, '≥ 1 ≤ 100 = 50'],
    ['Idempotency-Key', 'header', true, '≥ 8 ≤ 128'],
  ]);
  expect(
    make?.body?.fields.map(({ name, type, required, limits }) => [name, type, required, limits]),
  ).toEqual([
    ['fullName', 'string', true, '≤ 200'],
    ['kind', 'string', true, 'one, two'],
    ['owners', 'array of object', true, '≤ 10'],
    ['owners[].personalNumber', 'string | null', true, ''],
    ['note', 'string', false, ''],
  ]);
  expect(make?.example).toContain(
    `-d '{"fullName":"Nguyễn Thị Lan","kind":"one","owners":[{"personalNumber":`,
  );
  expect(make?.example).toContain('"$KHO/api/v1/agencies/H24.991/things"');
});

const groups = [...new Set(operations.map(({ tag }) => tag))];

describe.each(languages)('in %s', (language) => {
  const frame = frameIn(language);
  const pages = [
    ReferencePage({ frame, operations }),
    ...groups.map((group) => ReferencePage({ frame, operations, group })),
    ...operations.map((operation) => OperationPage({ frame, operation })),
  ];

  test.each(pages.map((page, index) => [index, page] as const))('page %i', async (_, page) => {
    const { html, document } = open(page);
    expect(weight(html)).toBeLessThanOrEqual(50_000);
    expect(document.querySelectorAll('h1')).toHaveLength(1);
    expect(document.querySelectorAll('script, [style]')).toHaveLength(0);
    expect(await violations(page)).toEqual([]);
  });

  test('each group is linked, and in it each operation, in words of this language or marked as English', () => {
    const first = open(ReferencePage({ frame, operations })).document;
    for (const group of groups) {
      const link = `a[href="/api?nhom=${encodeURIComponent(group)}"]`;
      expect(first.querySelector(link)).not.toBeNull();
      const { document } = open(ReferencePage({ frame, operations, group }));
      for (const { id } of operations.filter(({ tag }) => tag === group))
        expect(document.querySelector(`a[href="/api/${id}"]`)).not.toBeNull();
      const marked = document.querySelector('a[href="/api/makeThing"] [lang="en"]');
      if (document.querySelector('a[href="/api/makeThing"]')) expect(marked !== null).toBe(language === 'vi');
    }
  });
});
