/** Objects without rows go once they are old, those with rows stay; what is damaged or missing becomes an alarm. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { ObjectCare, scrubObjects } from '../../src/documents/index.ts';
import { insertStoredObject } from '../../src/documents/stored-object-repository.ts';
import { newId } from '../../src/platform/ids.ts';
import { KeyRing, MemoryStore, SealedObjects, type StoredObject } from '../../storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let folder: string;
let store: MemoryStore;
let objects: SealedObjects;
let care: ObjectCare;
const lines: { alarm?: string; object?: string }[] = [];
/** Two days from now: everything that is written in a test is old. */
const clock = { now: () => new Date(Date.now() + 2 * 86_400_000) };

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'motlan-care-'));
});
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  lines.length = 0;
  await db.database.read('DELETE FROM stored_object');
  store = new MemoryStore();
  const keys = new KeyRing({ id: 'k1', key: createSecretKey(randomBytes(32)) });
  objects = new SealedObjects({ store, keys, spoolFolder: join(folder, 'spool') });
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  care = new ObjectCare({ database: db.database, store, clock, logger });
});

const write = (boundTo: string): Promise<StoredObject> =>
  objects.writeObject(randomBytes(500), { boundTo, maxBytes: 1000 });
async function keep(boundTo: string): Promise<StoredObject> {
  const stored = await write(boundTo);
  await db.database.transactSql((sql) => insertStoredObject(sql, stored, { boundTo, at: new Date() }));
  return stored;
}
const keys = async (): Promise<string[]> => (await store.list({ prefix: 'o/' })).map(({ key }) => key);

test('an orphan and the bytes of what was erased are removed and logged; papers stay', async () => {
  const [kept, orphan, erased] = [await keep('a'), await write('b'), await keep('c')];
  await db.database.read(
    'UPDATE stored_object SET wrapped_key = NULL, destroyed_at = now() WHERE id = $1::uuid',
    [erased.objectId],
  );
  expect(await care.removeOrphans()).toBe(2);
  expect(await keys()).toEqual([kept.key]);
  expect(lines.map(({ object }) => object).sort()).toEqual([orphan.key, erased.key].sort());
});

test('what is younger than a day belongs to a deposit under way', async () => {
  const { key } = await write('a');
  const parts = { database: db.database, store, logger: pino({ level: 'silent' }) };
  expect(await new ObjectCare({ ...parts, clock: { now: () => new Date() } }).removeOrphans()).toBe(0);
  expect(await keys()).toEqual([key]);
});

test('while the log is in doubt nothing is removed: the rows may be those of an older backup', async () => {
  await write('a');
  await db.database.read(
    `INSERT INTO log_refusal (id, raised_at, kind, detail) VALUES ($1::uuid, now(), 'rows', 'test')`,
    [newId()],
  );
  expect(await care.removeOrphans()).toBe(0);
  await db.database.read('DELETE FROM log_refusal');
  expect(await care.removeOrphans()).toBe(1);
});

test('reading again finds what is missing or damaged, and notes what is whole', async () => {
  const [whole, missing, damaged, erased] = [
    await keep('a'),
    await keep('b'),
    await keep('c'),
    await keep('d'),
  ];
  await store.delete(missing.key);
  await db.database.read(`UPDATE stored_object SET bound_to = 'elsewhere' WHERE id = $1::uuid`, [
    damaged.objectId,
  ]);
  await db.database.read(
    'UPDATE stored_object SET wrapped_key = NULL, destroyed_at = now() WHERE id = $1::uuid',
    [erased.objectId],
  );
  const found: string[] = [];
  const sound: string[] = [];
  const parts = {
    database: db.database,
    objects,
    clock,
    onFault: async (key: string) => void found.push(key),
    onWhole: async (keys: readonly string[]) => void sound.push(...keys),
  };
  const round = { periodSeconds: 86_400, seconds: 60 };
  expect((await scrubObjects(parts, round)).items).toBe(3);
  expect(found.sort()).toEqual([missing.key, damaged.key].sort());
  expect(sound).toEqual([whole.key]);
  // What was read is not due again before its time.
  expect((await scrubObjects(parts, round)).items).toBe(0);
});
