/**
 * Database or object store away, in the midst of deposits: the answer is 503 with a time to try again, readiness is
 * false while the process lives, and whatever the moment of the cut, trying again gives one whole document.
 */
import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkVault } from '../../scripts/faults/checker/check.ts';
import { keptVault } from '../../scripts/faults/checker/kept-vault.ts';
import { metadataOf } from '../../scripts/faults/driver/caller.ts';
import { FaultProxy } from '../../scripts/faults/fault-proxy.ts';
import { parseConfig } from '../../src/config/index.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { SystemClient } from '../../src/main-job/system-client.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let proxy: FaultProxy;
let vault: Vault;
let folder: string;
let token: SystemClient;
let scan: Uint8Array;

beforeAll(async () => {
  db = await createTestDatabase();
  const url = new URL(db.url);
  proxy = await FaultProxy.start({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  url.hostname = '127.0.0.1';
  folder = await mkdtemp(join(tmpdir(), 'motlan-outage-'));
  const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: url.href, LOG_LEVEL: 'error' });
  vault = await createVault({ ...config, port: 0, logLevel: 'silent' as 'error' });
  token = await SystemClient.open({
    url: vault.url,
    keyFolder: join(folder, 'keys'),
    clientId: 'tthc-h24',
    scopes: ['documents:deposit'],
  });
  scan = await makeScan(new Date());
});

afterAll(async () => {
  if (proxy) proxy.otherwise = {};
  await vault?.close();
  await proxy?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Sent {
  readonly status: number;
  readonly documentId?: string;
  readonly sha256Original?: string;
  readonly problem?: string;
}

/** One deposit; what went wrong is told in the words of the problem. */
async function deposit(key: string, mark: string): Promise<Sent> {
  const form = new FormData();
  form.set('metadata', JSON.stringify(metadataOf(mark)));
  form.set('file', new Blob([Uint8Array.from(scan)], { type: 'application/pdf' }), 'scan.pdf');
  try {
    const response = await token.raw('POST', '/api/v1/documents', {
      body: form,
      headers: { 'Idempotency-Key': key },
    });
    return { ...((await response.json()) as object), status: response.status };
  } catch (error) {
    const problem = String(error);
    return { status: Number(/answered (\d+)/.exec(problem)?.[1] ?? 0), problem };
  }
}

async function depositUntilKept(key: string, mark: string): Promise<Sent> {
  for (let n = 0; n < 60; n += 1) {
    const sent = await deposit(key, mark);
    if (sent.status === 201) return sent;
    expect([503, 409, 401, 429]).toContain(sent.status);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the deposit was not taken again after the outage');
}

const findings = async (): Promise<string[]> =>
  (await checkVault(keptVault({ dataDir: folder, databaseUrl: db.url }))).map(
    ({ invariant, where, what }) => `${invariant} ${where} ${what}`,
  );
const statusOf = async (path: string): Promise<number> => (await fetch(`${vault.url}${path}`)).status;
const countOf = async (mark: string): Promise<number | undefined> =>
  (
    await db.database.read<{ n: number }>(
      `SELECT count(*)::int AS n FROM document WHERE metadata->>'certificateSerial' = $1`,
      [mark],
    )
  )[0]?.n;

test('the database away: 503, not ready, alive; back again, everything goes on', async () => {
  const [key, mark] = [randomUUID(), 'MH outage-1'];
  proxy.otherwise = { reset: true };
  const sent = await deposit(key, mark);
  expect([sent.status, sent.problem]).toEqual([503, expect.stringMatching(/thử lại/)]);
  expect(await statusOf('/readyz')).toBe(503);
  expect(await statusOf('/healthz')).toBe(200);
  proxy.otherwise = {};
  const kept = await depositUntilKept(key, mark);
  expect(kept.sha256Original).toBe(createHash('sha256').update(scan).digest('hex'));
  expect(await countOf(mark)).toBe(1);
  expect(await statusOf('/readyz')).toBe(200);
  expect(await findings()).toEqual([]);
});

test('an answer of the database lost at any moment of a deposit: trying again gives one document', async () => {
  for (let at = 0; at < 24; at += 3) {
    const [key, mark] = [randomUUID(), `MH lost-${at}`];
    proxy.plan(...Array.from({ length: at }, () => ({})), { loseAnswer: true });
    await deposit(key, mark);
    proxy.plan();
    await depositUntilKept(key, mark);
    expect([mark, await countOf(mark)]).toEqual([mark, 1]);
  }
  expect(await findings()).toEqual([]);
});

test('the object store away: 503, not ready, nothing half kept', async () => {
  const objects = join(folder, 'objects');
  const [key, mark] = [randomUUID(), 'MH store'];
  await rename(objects, `${objects}.away`);
  await writeFile(objects, '');
  await chmod(objects, 0o600);
  const sent = await deposit(key, mark);
  expect(sent.status).toBe(503);
  expect(await statusOf('/readyz')).toBe(503);
  expect(await countOf(mark)).toBe(0);
  await rm(objects);
  await rename(`${objects}.away`, objects);
  await depositUntilKept(key, mark);
  expect(await countOf(mark)).toBe(1);
  expect(await findings()).toEqual([]);
});
