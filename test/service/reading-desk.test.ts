/** The short way of a reading: its event is written where the document still stands as it was found, and nowhere else. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  appendStatus,
  insertDocument,
  insertRendition,
  insertVersion,
} from '../../src/documents/document-repository.ts';
import { type FoundReading, ReadingDesk } from '../../src/documents/reading-desk.ts';
import { destroyObjectKeys, insertStoredObject } from '../../src/documents/stored-object-repository.ts';
import type { NewEvent } from '../../src/ledger/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let desk: ReadingDesk;
beforeAll(async () => {
  db = await createTestDatabase();
  desk = new ReadingDesk(db.database);
});
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
});

const at = new Date('2026-11-23T02:00:00Z');
const owner = newId();

async function keepPaper(): Promise<string> {
  const [documentId, versionId, objectId] = [newId(), newId(), newId()];
  const sha256 = randomBytes(32).toString('hex');
  await db.database.transactSql(async (sql) => {
    await insertDocument(sql, {
      id: documentId,
      typeCode: 'test',
      issuerId: null,
      depositorId: null,
      provenance: 'counter-scan',
      symbol: null,
      abstract: null,
      issuedOn: null,
      metadata: {},
      sensitive: false,
      verificationCode: documentId,
      externalId: null,
      owners: [{ kind: 'person', id: owner }],
      at,
    });
    await insertVersion(sql, { id: versionId, documentId, number: 1, sha256, pages: 1, at });
    const stored = {
      objectId,
      key: `o/${objectId}`,
      versionId: '1.0000000000000000',
      sha256,
      size: 3,
      wrappedKey: randomBytes(67),
      masterKeyId: 'k1',
      format: 'sealed/1' as const,
    };
    await insertStoredObject(sql, stored, { boundTo: `document:${documentId}/sealed`, at });
    await insertRendition(sql, {
      versionId,
      kind: 'sealed',
      position: 0,
      mediaType: 'application/pdf',
      objectId,
    });
    await appendStatus(sql, { documentId, status: 'active', at, actor: { kind: 'vault' }, agencyId: null });
  });
  return documentId;
}

const wanted = (documentId: string) => ({ documentId, kind: 'sealed' as const, position: 0, version: null });
const reading = (documentId: string): NewEvent => ({
  type: 'document.read',
  at,
  actor: { kind: 'vault' },
  outcome: 'permitted',
  documentId,
  ownerIds: [owner],
  detail: { as: 'owner' },
});
const found = async (documentId: string): Promise<FoundReading> => {
  const reads = await desk.find(wanted(documentId));
  if (!reads) throw new Error('the paper was not found');
  return reads;
};
const eventsOf = (documentId: string) =>
  db.database.read<{ id: string; leaves: number; subjects: number }>(
    `SELECT e.id::text, (SELECT count(*)::int FROM log_queue q WHERE q.event_id = e.id) AS leaves,
            (SELECT count(*)::int FROM event_subject s WHERE s.event_id = e.id) AS subjects
     FROM ledger_event e WHERE e.document_id = $1::uuid`,
    [documentId],
  );

test('many readings at once: each finds its own paper and leaves exactly one event with leaf and subject', async () => {
  const papers = await Promise.all(Array.from({ length: 20 }, keepPaper));
  const all = await Promise.all([...papers, newId()].map((id) => desk.find(wanted(id))));
  expect(all.map((each) => each?.document.id)).toEqual([...papers, undefined]);
  const ids = await Promise.all(papers.map(async (id) => desk.record(reading(id), await found(id))));
  for (const [index, id] of papers.entries())
    expect(await eventsOf(id)).toEqual([{ id: ids[index], leaves: 1, subjects: 1 }]);
});

test('a status, a version or an erasure in between leaves no event, and spoils no other reading', async () => {
  const [changed, renewed, erased, same] = [
    await keepPaper(),
    await keepPaper(),
    await keepPaper(),
    await keepPaper(),
  ];
  const before = await Promise.all([changed, renewed, erased, same].map(found));
  await db.database.transactSql(async (sql) => {
    const actor = { kind: 'vault' as const };
    await appendStatus(sql, { documentId: changed, status: 'revoked', at, actor, agencyId: null });
    await insertVersion(sql, {
      id: newId(),
      documentId: renewed,
      number: 2,
      sha256: '0'.repeat(64),
      pages: 1,
      at,
    });
    await destroyObjectKeys(sql, erased, at);
  });
  const ids = await Promise.all(before.map((each) => desk.record(reading(each.document.id), each)));
  expect(ids.map((id) => id !== undefined)).toEqual([false, false, false, true]);
  expect(await Promise.all([changed, renewed, erased].map(eventsOf))).toEqual([[], [], []]);
  expect(await desk.find(wanted(erased))).toBeUndefined();
});

test('while the log is in doubt nothing is recorded and the reading is refused', async () => {
  const id = await keepPaper();
  const read = await found(id);
  await db.database.read(
    `INSERT INTO log_refusal (id, raised_at, kind, detail) VALUES ($1::uuid, now(), 'rows', 'test')`,
    [newId()],
  );
  await expect(desk.record(reading(id), read)).rejects.toMatchObject({ code: 'log-in-doubt' });
  await db.database.read('DELETE FROM log_refusal');
  expect(await eventsOf(id)).toEqual([]);
});
