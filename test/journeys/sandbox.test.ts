/** An integrator on day one: the sandbox's nine outcomes, the guide's own code, and a client that matches the API. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientSource } from '../../scripts/client-source.ts';
import { markDigitising } from '../../scripts/sandbox/digitising.ts';
import { CLIENT, SCOPES, TEST_CASES } from '../../scripts/sandbox/outcomes.ts';
import { produce, seedSandbox } from '../../scripts/sandbox/seed.ts';
import { openClient, type VaultClient } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config/index.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let vault: Vault;
let folder: string;
let client: VaultClient;
const keyFile = (): string => join(folder, 'keys', `client-${CLIENT}.jwk.json`);

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'motlan-sandbox-'));
  const config = parseConfig({
    VAULT_DATA_DIR: folder,
    DATABASE_URL: db.url,
    LOG_LEVEL: 'error',
    DELIVERY_HOSTS: '127.0.0.1:*',
  });
  vault = await createVault({ ...config, port: 0 });
  client = await openClient({ url: vault.url, clientId: CLIENT, keyFile: keyFile(), scopes: SCOPES });
  const seed = {
    url: vault.url,
    client,
    digitising: (code: string, component: string) => markDigitising(vault.database, code, component),
  };
  await seedSandbox(seed);
  await seedSandbox(seed);
});

afterAll(async () => {
  await vault?.close();
  await db?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('the nine outcomes, each as its test person has it', async () => {
  const produced: Record<string, string> = {};
  for (const each of TEST_CASES) produced[each.outcome] = await produce(client, each);
  expect(produced).toEqual(Object.fromEntries(TEST_CASES.map(({ outcome }) => [outcome, outcome])));
  expect(TEST_CASES).toHaveLength(9);
});

test('the guide’s table is the table of the sandbox', async () => {
  const guide = await readFile('scripts/sandbox/GUIDE.md', 'utf8');
  for (const { outcome, dossier } of TEST_CASES)
    expect(guide).toMatch(new RegExp(`\\| \`${outcome}\` +\\| \`H24\\.991-261124-${dossier}\``));
});

test('the code of the guide runs as it stands and prints what it says', async () => {
  const guide = await readFile('scripts/sandbox/GUIDE.md', 'utf8');
  const blocks = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  expect(blocks).toHaveLength(2);
  const code = blocks.join('\n').replace("'./src/client/index.ts'", `'${resolve('src/client/index.ts')}'`);
  const file = join(folder, 'try.ts');
  await writeFile(file, code);
  const expected = blocks.flatMap((block) =>
    [...block.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, said]) => said),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [file], {
    env: { ...process.env, SANDBOX_URL: vault.url, SANDBOX_KEY: keyFile(), RECEIVER_PORT: '4650' },
    timeout: 60_000,
  });
  expect(stdout.trim().split('\n')).toEqual(expected);
});

test('the client’s operations are those of the API', async () => {
  const response = await fetch(`${vault.url}/api/v1/openapi.json`);
  const document = (await response.json()) as Record<string, unknown>;
  // When this is red: start a vault and run `npm run client`.
  expect(await readFile('src/client/operations.ts', 'utf8')).toBe(clientSource(document));
});
