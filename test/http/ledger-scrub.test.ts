/** Re-reading as a duty of the whole vault: damage is found, named, told in every place, never served, and mended. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config/index.ts';
import { Browser } from '../../src/main-job/browser.ts';
import { mainJob } from '../../src/main-job/main-job.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let vault: Vault;
let folder: string;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'motlan-scrub-'));
  const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: db.url, LOG_LEVEL: 'error' });
  vault = await createVault({ ...config, port: 0, logLevel: 'silent' as 'error' });
  const job = await mainJob({
    url: vault.url,
    keyFolder: join(folder, 'keys'),
    trustFile: vault.trustFile,
    bytes: await makeScan(new Date()),
    say: () => undefined,
  });
  expect(job.ok).toBe(true);
});

afterAll(async () => {
  await vault?.close();
  await db?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const read = <Row>(text: string): Promise<Row[]> => db.database.read<Row>(text);
const forget = () => read('UPDATE stored_object SET checked_at = NULL');
const fileOf = async (key: string): Promise<string> => {
  const [, parent = '', name = ''] = /^(.*)\/([^/]+)$/.exec(key) ?? [];
  const place = join(folder, 'objects', 'data', parent);
  return join(place, (await readdir(place)).find((file) => file.startsWith(`${name}@`))!);
};
/** Changes one byte of a kept file, and gives what undoes it. */
const harm = async (key: string): Promise<() => Promise<void>> => {
  const file = await fileOf(key);
  const bytes = await readFile(file);
  const harmed = Buffer.from(bytes);
  harmed[harmed.length - 30]! ^= 1;
  await writeFile(file, harmed);
  return () => writeFile(file, bytes);
};
const metric = async (name: string): Promise<string | undefined> =>
  new RegExp(`^${name} (.*)$`, 'm').exec(await (await fetch(`${vault.url}/metrics`)).text())?.[1];

test('every object and the whole log are read again', async () => {
  expect(await vault.duties.runNow('scrub')).toBe(true);
  expect(await read('SELECT 1 FROM stored_object WHERE checked_at IS NULL')).toEqual([]);
  expect(await read('SELECT 1 FROM damaged_object')).toEqual([]);
  expect(await read('SELECT 1 FROM log_scrub WHERE round_ended_at IS NOT NULL')).toHaveLength(1);
  expect(await metric('motlan_damaged_objects')).toBe('0');
});

test('a damaged paper is named everywhere and not served, and mended once its bytes are back', async () => {
  const [object] = await read<{ key: string; document: string }>(
    `SELECT o.key, v.document_id::text AS document FROM stored_object o JOIN rendition r ON r.object_id = o.id
     JOIN document_version v ON v.id = r.version_id WHERE r.kind = 'sealed'`,
  );
  const undo = await harm(object!.key);
  await forget();
  await vault.duties.runNow('scrub');
  expect(await read('SELECT key FROM damaged_object')).toEqual([{ key: object!.key }]);
  expect(
    await read(`SELECT document_id::text AS document, detail->>'object' AS object FROM ledger_event
                WHERE type = 'object.damaged'`),
  ).toEqual([{ document: object!.document, object: object!.key }]);
  expect(await metric('motlan_damaged_objects')).toBe('1');
  const ready = await fetch(`${vault.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([200, { parts: { whole: false } }]);
  const lan = new Browser(vault.url);
  await lan.signIn('lan');
  const { response } = await lan.open(`/giay-to/${object!.document}/tep`);
  expect(response.status).toBeGreaterThanOrEqual(500);
  expect(await response.text()).not.toContain('%PDF');
  await undo();
  await forget();
  await vault.duties.runNow('scrub');
  expect(await read('SELECT key FROM damaged_object')).toEqual([]);
  expect(await read(`SELECT 1 FROM ledger_event WHERE type = 'object.mended'`)).toHaveLength(1);
});

test('a damaged bundle of the log closes the vault for writing, by name', async () => {
  // The checkpoint must cover what was just written, so that its tiles are at rest.
  await sleep(1000);
  const names = await readdir(join(folder, 'objects', 'data', 'log', 'tile', 'entries', '000.p'));
  const [width] = names.map((name) => Number(name.split('@')[0])).sort((one, other) => other - one);
  const undo = await harm(`log/tile/entries/000.p/${width}`);
  await vault.duties.runNow('scrub');
  expect(await read('SELECT key FROM damaged_object')).toEqual([{ key: `tile/entries/000.p/${width}` }]);
  expect(await read('SELECT kind FROM log_refusal')).toEqual([{ kind: 'corrupted-object' }]);
  expect((await fetch(`${vault.url}/readyz`)).status).toBe(503);
  await undo();
});
