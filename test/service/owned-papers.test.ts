/** What the reuse check reads follows every change of a paper, and is read from one stretch of one index. */
import { expect, test } from '@jest/globals';
import { makeDocuments, personId } from '../../scripts/bench/support/many-documents.ts';
import { findDocument, ownedPapers } from '../../src/documents/index.ts';
import { OWNED_PAPERS } from '../../src/documents/owned-papers.ts';
import { createTestDatabase } from '../support/test-database.ts';

const TYPES = ['LOCAL.IDENTITY-CARD', 'LOCAL.MARITAL-STATUS', 'LOCAL.RESIDENCE-CONFIRMATION'];

test('the rows say what the documents say, after each change, and go with an erasure', async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await makeDocuments(database, 50);
  const ownerId = personId(3);
  const papers = () =>
    database.transactSql(async (sql) => (await ownedPapers(sql, [{ ownerId, typeCodes: TYPES }]))[0] ?? []);
  const before = await papers();
  expect(before.map(({ typeCode }) => typeCode).sort()).toEqual([...TYPES].sort());
  const [first] = before;
  const id = first?.id ?? '';
  const truth = () => database.transactSql((sql) => findDocument(sql, id));
  const kept = async () => (await papers()).find((paper) => paper.id === id);
  expect(await kept()).toEqual(await truth());

  await database.read(
    `INSERT INTO status_event (document_id, number, status, at, actor_kind, reason)
     VALUES ($1::uuid, 2, 'suspended', now(), 'vault', 'Xác minh')`,
    [id],
  );
  expect((await kept())?.status).toMatchObject({ status: 'suspended', number: 2 });
  await database.read(
    `INSERT INTO document_version (id, document_id, number, sha256, pages, created_at)
     VALUES (gen_random_uuid(), $1::uuid, 2, repeat('b', 64), 2, now())`,
    [id],
  );
  await database.read(
    `UPDATE document SET metadata = '{"fullName":"Người Khác"}'::jsonb WHERE id = $1::uuid`,
    [id],
  );
  expect(await kept()).toEqual(await truth());
  expect((await kept())?.metadata).toEqual({ fullName: 'Người Khác' });
  await database.read('UPDATE document SET erased_at = now() WHERE id = $1::uuid', [id]);
  expect(await kept()).toBeUndefined();
});

test('a check of five components looks at 40 pages at most', async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await makeDocuments(database, 10_000);
  const types = [...TYPES, 'LOCAL.PASSPORT', 'LOCAL.RESIDENCE-NOTICE'].join(',');
  const rows = await database.read<{ 'QUERY PLAN': { Plan: Record<string, unknown> }[] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${OWNED_PAPERS}`,
    [
      [personId(700), personId(1500)],
      [types, types],
    ],
  );
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan ?? {};
  expect(JSON.stringify(plan)).toContain('owned_paper_pkey');
  expect(JSON.stringify(plan)).not.toContain('"Seq Scan"');
  expect(Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks'])).toBeLessThanOrEqual(40);
});
