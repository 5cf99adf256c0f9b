/** A vault is backed up while it runs and comes back whole in an empty place; damage and mistakes are named. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type Manifest,
  openKeys,
  placeKeyFiles,
  readKeyFiles,
  readManifest,
  restoreBackup,
  takeBackup,
  wholePart,
} from '../../src/backup/index.ts';
import { parseConfig } from '../../src/config/index.ts';
import { fsckTask } from '../../src/fsck-task.ts';
import { mainJob } from '../../src/main-job/main-job.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { FilesystemStore } from '../../storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const PASSPHRASE = 'sáu từ mà không ai đoán ra';
let root: string;
let first: TestDatabase;
let second: TestDatabase;
let vault: Vault;
const folderOf = (name: string): string => join(root, name);
const silent = (): void => undefined;

const start = (name: string, db: TestDatabase): Promise<Vault> =>
  createVault({
    ...parseConfig({ VAULT_DATA_DIR: folderOf(name), DATABASE_URL: db.url, LOG_LEVEL: 'error' }),
    port: 0,
  });
const work = async (at: Vault, name: string): Promise<boolean> => {
  const { ok } = await mainJob({
    url: at.url,
    keyFolder: join(folderOf(name), 'keys'),
    trustFile: at.trustFile,
    bytes: await makeScan(new Date()),
    say: silent,
  });
  return ok;
};
const backUp = async (name: string, signal?: AbortSignal): Promise<Manifest> =>
  takeBackup({
    pool: first.database.pool,
    store: await FilesystemStore.open(join(folderOf('first'), 'objects')),
    folder: folderOf(name),
    now: new Date('2026-11-24T03:00:00Z'),
    keys: { files: readKeyFiles(join(folderOf('first'), 'keys')), passphrase: PASSPHRASE },
    progress: silent,
    ...(signal && { signal }),
  });
const restore = async (name: string, target: TestDatabase): Promise<Manifest> =>
  restoreBackup({
    folder: folderOf(name),
    databaseUrl: target.url,
    store: await FilesystemStore.open(join(folderOf('second'), 'objects')),
    progress: silent,
  });

async function fsck(name: string, db: TestDatabase): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const before = { ...process.env };
  Object.assign(process.env, { VAULT_DATA_DIR: folderOf(name), DATABASE_URL: db.url });
  try {
    const keep = (line: string): void => void lines.push(line);
    return { status: await fsckTask([], { out: keep, err: keep }), lines };
  } finally {
    process.env = before;
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'motlan-backup-'));
  first = await createTestDatabase();
  second = await createTestDatabase({ empty: true });
  vault = await start('first', first);
  expect(await work(vault, 'first')).toBe(true);
});
afterAll(async () => {
  await vault?.close();
  await first?.[Symbol.asyncDispose]();
  await second?.[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

test('an interrupted backup is no backup, and the same command goes on', async () => {
  const stop = new AbortController();
  stop.abort(new Error('Interrupted'));
  await expect(backUp('backup', stop.signal)).rejects.toThrow('Interrupted');
  expect(() => readManifest(folderOf('backup'))).toThrow('is no finished backup');
  await expect(restore('backup', second)).rejects.toThrow('is no finished backup');
  const manifest = await backUp('backup');
  expect(manifest.objects.count).toBeGreaterThan(1);
  expect(existsSync(join(folderOf('backup'), 'journal.jsonl'))).toBe(false);
  await expect(backUp('backup')).rejects.toThrow('holds a finished backup already');
});

test('the keys are sealed: no passphrase, no keys', async () => {
  const { keys } = readManifest(folderOf('backup'));
  if (!keys) throw new Error('the backup has no keys');
  const sealed = await wholePart(folderOf('backup'), keys);
  expect(sealed.toString('latin1')).not.toContain('PRIVATE KEY');
  expect(() => openKeys(sealed, 'một câu khác hẳn, cũng dài')).toThrow('do not open');
  const changed = Buffer.from(sealed);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  expect(() => openKeys(changed, PASSPHRASE)).toThrow('do not open');
  const files = openKeys(sealed, PASSPHRASE);
  expect([...files.keys()]).toEqual(expect.arrayContaining(['master.key', 'log.pem']));
  expect([...files.keys()]).not.toContain('database-password');
  expect(placeKeyFiles(join(folderOf('second'), 'keys'), files)).toEqual([]);
});

test('a damaged file is named, and not one row is written', async () => {
  const { tables } = readManifest(folderOf('backup'));
  const events = tables.find(({ name }) => name === 'ledger_event');
  const file = join(folderOf('backup'), events?.part.path ?? '');
  const whole = readFileSync(file);
  const changed = Buffer.from(whole);
  changed[whole.length >> 1] = (whole[whole.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, changed);
  await expect(restore('backup', second)).rejects.toThrow('is not what the backup recorded');
  expect(await second.database.read('SELECT 1 FROM document')).toEqual([]);
  writeFileSync(file, whole);
});

test('in an empty place the vault comes back: same rows, same bytes, same log, and it works on', async () => {
  const manifest = await restore('backup', second);
  const count = async (db: TestDatabase, table: string) =>
    (await db.database.read<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n;
  for (const { name, rows } of manifest.tables)
    expect([name, await count(second, name)]).toEqual([name, rows]);
  expect(await fsck('second', second)).toEqual({ status: 0, lines: ['Rows, objects and log agree.'] });
  const restored = await start('second', second);
  try {
    expect(await second.database.read('SELECT 1 FROM log_refusal')).toEqual([]);
    expect(await work(restored, 'second')).toBe(true);
  } finally {
    await restored.close();
  }
  expect((await fsck('second', second)).status).toBe(0);
});

test('nothing is restored over a vault, and a newer release is named', async () => {
  await expect(restore('backup', second)).rejects.toThrow('holds a vault already');
  const file = join(folderOf('backup'), 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const [one] = manifest.migrations;
  writeFileSync(
    file,
    JSON.stringify({ ...manifest, migrations: [...manifest.migrations, { ...one, name: '9999_later' }] }),
  );
  await expect(restore('backup', second)).rejects.toThrow('9999_later');
});

test('a missing object stops the backup by name', async () => {
  const [row] = await first.database.read<{ key: string }>(
    'SELECT key FROM stored_object ORDER BY created_at LIMIT 1',
  );
  const store = await FilesystemStore.open(join(folderOf('first'), 'objects'));
  await store.delete(row?.key ?? '');
  await expect(backUp('short')).rejects.toThrow(row?.key);
  expect(existsSync(join(folderOf('short'), 'manifest.json'))).toBe(false);
  rmSync(folderOf('short'), { recursive: true });
});
