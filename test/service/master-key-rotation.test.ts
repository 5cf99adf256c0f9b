/** Master keys are changed under readers: no object is rewritten, no read fails, a cut run goes on where it stopped. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MasterKeyRotation } from '../../src/documents/master-key-rotation.ts';
import {
  insertStoredObject,
  OBJECT_COLUMNS,
  type StoredObjectRow,
  storedObjectOf,
} from '../../src/documents/stored-object-repository.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { KeyRing, type MasterKey, MemoryStore, SealedObjects } from '../../storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let spoolFolder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  spoolFolder = await mkdtemp(join(tmpdir(), 'motlan-rotation-'));
});
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
  await rm(spoolFolder, { recursive: true, force: true });
});

const key = (id: string): MasterKey => ({ id, key: createSecretKey(randomBytes(32)) });

test('a new master key takes over under running reads', async () => {
  const store = new MemoryStore();
  const [old, next] = [key('2026-01'), key('2026-11')];
  // A running instance: it learns of the new key when it meets it or writes.
  let ring: readonly MasterKey[] = [old];
  let told = true;
  const reload = (): readonly MasterKey[] | undefined => {
    if (told) return undefined;
    told = true;
    return ring;
  };
  const running = new SealedObjects({ store, keys: new KeyRing(old, [], reload), spoolFolder });
  const written = new Map<string, Buffer>();
  for (let n = 0; n < 120; n += 1) {
    const bytes = randomBytes(2000 + n);
    const stored = await running.writeObject(bytes, { boundTo: `test:${n}`, maxBytes: 10_000 });
    await db.database.transactSql((sql) =>
      insertStoredObject(sql, stored, { boundTo: `test:${n}`, at: new Date() }),
    );
    written.set(stored.objectId, bytes);
  }
  const objectsBefore = (await store.list()).map(({ versionId }) => versionId);

  const readAll = async (): Promise<number> => {
    const rows = await db.database.read<StoredObjectRow & { bound_to: string }>(
      `SELECT ${OBJECT_COLUMNS}, o.bound_to FROM stored_object o`,
    );
    let right = 0;
    for (const row of rows) {
      const stored = storedObjectOf(row);
      if (!stored) continue;
      const bytes = await running.readWhole(stored, { boundTo: row.bound_to });
      if (written.get(row.id)?.equals(bytes)) right += 1;
    }
    return right;
  };

  ring = [next, old];
  told = false;
  const rotation = new MasterKeyRotation({
    database: db.database,
    objects: new SealedObjects({ store, keys: new KeyRing(next, [old]), spoolFolder }),
    clock: systemClock,
  });
  const cut = new AbortController();
  const progress = ({ done }: { done: number }): void => void (done >= 40 && cut.abort());
  const [first, seen] = await Promise.all([
    rotation.run({ to: next.id, batch: 20, progress, signal: cut.signal }),
    readAll(),
  ]);
  expect(first).toEqual({ done: 40, failed: [] });
  expect(seen).toBe(120);
  const [second, rest] = await Promise.all([rotation.run({ to: next.id, batch: 20 }), readAll()]);
  expect([second.done, rest]).toEqual([80, 120]);
  expect(await rotation.status()).toEqual([{ id: next.id, count: 120 }]);
  expect((await store.list()).map(({ versionId }) => versionId)).toEqual(objectsBefore);
  const events = await db.database.read<{ moved: number }>(
    `SELECT (detail->>'moved')::int AS moved FROM ledger_event WHERE type = 'key.rotated' ORDER BY occurred_at`,
  );
  expect(events.map(({ moved }) => moved)).toEqual([40, 80]);
  // The old key has done its work: without it everything still opens.
  const without = new SealedObjects({ store, keys: new KeyRing(next), spoolFolder });
  const [row] = await db.database.read<StoredObjectRow & { bound_to: string }>(
    `SELECT ${OBJECT_COLUMNS}, o.bound_to FROM stored_object o LIMIT 1`,
  );
  const stored = row && storedObjectOf(row);
  expect(stored && (await without.readWhole(stored, { boundTo: row.bound_to }))).toEqual(
    written.get(row?.id ?? ''),
  );
  expect((await running.writeObject(Buffer.of(1), { boundTo: 'x', maxBytes: 10 })).masterKeyId).toBe(next.id);
});

test('an object whose key does not open is named, and the others move on', async () => {
  const { database } = db;
  await database.read(`UPDATE stored_object SET wrapped_key = '\\x00' WHERE bound_to = 'test:7'`);
  const [{ id } = { id: '' }] = await database.read<{ id: string }>(
    `SELECT id::text FROM stored_object WHERE bound_to = 'test:7'`,
  );
  const next = key('2027-01');
  const objects = new SealedObjects({ store: new MemoryStore(), keys: new KeyRing(next), spoolFolder });
  const { done, failed } = await new MasterKeyRotation({ database, objects, clock: systemClock }).run({
    to: next.id,
    batch: 500,
  });
  // The ring lacks the key before: nothing can be moved, everything is named, nothing is harmed.
  expect([done, failed.length]).toEqual([0, 120]);
  expect(failed.find((each) => each.id === id)?.why).toMatch(/2026-11/);
});
