/** The whole vault as one process over real rows and files: the main job, and the gate in front of every route. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parseConfig } from '../../src/config/index.ts';
import { mainJob } from '../../src/main-job/main-job.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { SystemClient } from '../../src/main-job/system-client.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { operationsOf } from '../../src/web/reference/operation.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let vault: Vault;
let folder: string;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'motlan-vault-'));
  const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: db.url, LOG_LEVEL: 'error' });
  vault = await createVault({ ...config, port: 0 });
});

afterAll(async () => {
  await vault?.close();
  await db?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('one paper goes all the way through the public API', async () => {
  const lines: string[] = [];
  const result = await mainJob({
    url: vault.url,
    keyFolder: join(folder, 'keys'),
    trustFile: vault.trustFile,
    bytes: await makeScan(new Date()),
    say: (line) => lines.push(line),
  });
  expect({ ok: result.ok, lines }).toMatchObject({ ok: true });
  expect(result.sha256Original).toBe(result.sha256In);
  expect(result.verification?.signatures.at(-1)).toMatchObject({ field: 'AgencyCopy', verdict: 'valid' });
});

const SAMPLE_PARAMETERS: Readonly<Record<string, string>> = {
  agency: 'H24.991',
  code: 'H24.991-261124-0001',
  component: 'legal-residence',
};

/** A path with a guess in the place of each parameter. */
const guessed = (path: string): string =>
  path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => SAMPLE_PARAMETERS[name] ?? '01900000-0000-7000-8000-000000000000',
  );

test('no route but the public ones answers a stranger, and each denial is an event', async () => {
  const guarded = vault.routes.filter(({ declaration }) => declaration.auth.kind !== 'public');
  expect(guarded.length).toBeGreaterThan(30);
  const wrong: string[] = [];
  for (const { declaration } of guarded) {
    const [before] = await db.database.read<{ n: number }>(
      `SELECT count(*)::int AS n FROM ledger_event WHERE type = 'access.denied'`,
    );
    const response = await fetch(`${vault.url}${guessed(declaration.path)}`, {
      method: declaration.method.toUpperCase(),
      redirect: 'manual',
    });
    await response.body?.cancel();
    const [after] = await db.database.read<{ n: number }>(
      `SELECT count(*)::int AS n FROM ledger_event WHERE type = 'access.denied'`,
    );
    // A page may send a stranger to the sign-in page instead.
    const refused = response.status === 401 || (declaration.page === true && response.status === 303);
    if (!refused || after?.n !== (before?.n ?? 0) + 1)
      wrong.push(`${declaration.operationId}: ${response.status}`);
  }
  expect(wrong).toEqual([]);
});

test('a system of another agency learns nothing of a request, a dossier or a deposit', async () => {
  const scopes = ['documents:deposit', 'dossiers:write', 'reuse:request', 'reuse:retrieve'];
  const other = await SystemClient.open({
    url: vault.url,
    keyFolder: join(folder, 'keys'),
    clientId: 'tthc-h17',
    scopes,
  });
  const rows = await db.database.read<{ id: string; code: string }>(
    'SELECT r.id::text, s.code FROM reuse_request r JOIN dossier s ON s.id = r.dossier_id LIMIT 1',
  );
  const [known] = rows;
  const unknown = '01900000-0000-7000-8000-000000000000';
  const answers = await Promise.all(
    [known?.id, unknown].map(async (id) => {
      const problem = await other
        .raw('GET', `/api/v1/reuse-requests/${id}`)
        .catch((error: Error) => error.message);
      return String(problem);
    }),
  );
  expect(answers[0]).toBe(answers[1]);
  expect(answers[0]).toMatch(/404/);
  await expect(other.raw('GET', `/api/v1/agencies/H24.991/dossiers/${known?.code}`)).rejects.toThrow(/404/);
});

test('the same key gives one document, another body under it is refused', async () => {
  const scopes = ['documents:deposit'];
  const system = await SystemClient.open({
    url: vault.url,
    keyFolder: join(folder, 'keys'),
    clientId: 'tthc-h24',
    scopes,
  });
  const scan = await makeScan(new Date());
  const key = 'the-same-key-0001';
  const send = (serial: string): Promise<Response> => {
    const form = new FormData();
    form.set(
      'metadata',
      JSON.stringify({
        agency: 'H24.991',
        type: 'LOCAL.LAND-CERTIFICATE',
        issuer: 'H24.991',
        provenance: 'counter-scan',
        metadata: {
          certificateSerial: serial,
          parcelNumber: '1',
          mapSheet: '2',
          landAddress: 'Xã Thanh Bình',
          area: 1,
        },
        owners: [{ personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan' }],
      }),
    );
    form.set('file', new Blob([Uint8Array.from(scan)]), 'scan.pdf');
    return system.raw('POST', '/api/v1/documents', { body: form, headers: { 'Idempotency-Key': key } });
  };
  const replies = await Promise.all([send('MH 1'), send('MH 1'), send('MH 1')]);
  const receipts = (await Promise.all(replies.map((reply) => reply.json()))) as { documentId: string }[];
  expect(new Set(receipts.map(({ documentId }) => documentId)).size).toBe(1);
  await expect(send('MH 2')).rejects.toThrow(/422/);
});

test('what is not a paper is refused with words that help, and nothing is kept', async () => {
  const scopes = ['documents:deposit'];
  const system = await SystemClient.open({
    url: vault.url,
    keyFolder: join(folder, 'keys'),
    clientId: 'tthc-h24',
    scopes,
  });
  const count = async (): Promise<number | undefined> =>
    (await db.database.read<{ n: number }>('SELECT count(*)::int AS n FROM stored_object'))[0]?.n;
  const before = await count();
  const metadata = JSON.stringify({
    agency: 'H24.991',
    type: 'LOCAL.LAND-CERTIFICATE',
    issuer: 'H24.991',
    provenance: 'counter-scan',
    metadata: { certificateSerial: 'x', parcelNumber: '1', mapSheet: '2', landAddress: 'y', area: 1 },
    owners: [{ personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan' }],
  });
  const offer = (bytes: Uint8Array): Promise<Response> => {
    const form = new FormData();
    form.set('metadata', metadata);
    form.set('file', new Blob([Uint8Array.from(bytes)]), 'x');
    return system.raw('POST', '/api/v1/documents', { body: form });
  };
  const scan = await makeScan(new Date());
  await expect(offer(new Uint8Array())).rejects.toThrow(/422/);
  await expect(offer(Buffer.from('not a paper at all'))).rejects.toThrow(/415/);
  await expect(offer(scan.subarray(0, 4000))).rejects.toThrow(/422/);
  expect(await count()).toBe(before);
});

test('rows, objects and log agree, and a damaged object is named', async () => {
  const { fsckTask } = await import('../../src/fsck-task.ts');
  const lines: string[] = [];
  const output = { out: (line: string) => lines.push(line), err: (line: string) => lines.push(line) };
  const before = { ...process.env };
  Object.assign(process.env, { VAULT_DATA_DIR: folder, DATABASE_URL: db.url });
  try {
    // The sequencer is up to a second behind the last event.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect({ status: await fsckTask([], output), lines }).toEqual({
      status: 0,
      lines: ['Rows, objects and log agree.'],
    });
    const [row] = await db.database.read<{ key: string }>('SELECT key FROM stored_object LIMIT 1');
    const damaged = await damageOne(join(folder, 'objects'), row?.key ?? '');
    expect(damaged).toBe(true);
    lines.length = 0;
    expect(await fsckTask([], output)).toBe(1);
    expect(lines.some((line) => line.startsWith(`${row?.key}:`))).toBe(true);
  } finally {
    process.env = before;
  }
});

/** Flips one byte in the middle of the file that holds the newest version of a key. */
async function damageOne(root: string, key: string): Promise<boolean> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !path.includes(key)) continue;
    const bytes = await readFile(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await chmod(path, 0o600);
    await writeFile(path, bytes);
    return true;
  }
  return false;
}

test('the API is described in valid OpenAPI 3.1, and every operation has a page in both languages', async () => {
  const description = (await (await fetch(`${vault.url}/api/v1/openapi.json`)).json()) as Record<
    string,
    unknown
  >;
  const verdict = await new Validator().validate(structuredClone(description));
  expect({ valid: verdict.valid, errors: verdict.errors ?? [] }).toEqual({ valid: true, errors: [] });
  const described = operationsOf(description);
  const declared = vault.routes.filter(
    ({ declaration }) => declaration.page !== true && declaration.path.startsWith('/api/'),
  );
  expect(described.map(({ id }) => id).sort()).toEqual(
    expect.arrayContaining(
      declared.map(({ declaration }) => declaration.operationId).filter((id) => id !== 'getOpenApi'),
    ),
  );
  const wrong: string[] = [];
  const groups = new Set(described.map(({ tag }) => `/api?nhom=${encodeURIComponent(tag)}`));
  for (const path of ['/api', ...groups, ...described.map(({ id }) => `/api/${id}`)]) {
    for (const language of ['vi', 'en']) {
      const page = await fetch(`${vault.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
      const html = await page.text();
      if (page.status !== 200 || html.length > 45_000)
        wrong.push(`${path} ${language}: ${page.status}, ${html.length}`);
    }
  }
  expect(wrong).toEqual([]);
  expect((await fetch(`${vault.url}/api/nothing`)).status).toBe(404);
});
