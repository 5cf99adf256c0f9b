/** The ledger inside the whole vault: proofs that outlive it, a witness, what operators see, and a refusal mended. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config/index.ts';
import {
  formatVerifierKey,
  notePublicKey,
  noteVerifier,
  parseVerifierKey,
  witnessSigner,
} from '../../src/ledger/log/index.ts';
import { logCommand } from '../../src/ledger/log-command.ts';
import { Witness, witnessServer } from '../../src/ledger/witness.ts';
import { logTask } from '../../src/log-task.ts';
import { Browser } from '../../src/main-job/browser.ts';
import { mainJob } from '../../src/main-job/main-job.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let vault: Vault;
let folder: string;
let vkey: string;
let settings: Record<string, string>;
const logs: ReturnType<typeof noteVerifier>[] = [];
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
let server: ReturnType<typeof witnessServer>;

const run = async (command: typeof logCommand, ...args: string[]) => {
  const lines: string[] = [];
  const output = {
    out: (line: string) => void lines.push(line),
    err: (line: string) => void lines.push(line),
  };
  return { status: await (command as typeof logTask)(args, output), text: lines.join('\n') };
};

async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await ask();
    if (found !== undefined) return found;
    await sleep(250);
  }
  throw new Error('waited in vain');
}

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'motlan-ledger-'));
  const witness = new Witness({
    signer: witnessSigner('witness.example', privateKey, () => Math.floor(Date.now() / 1000)),
    logs,
    folder: join(folder, 'witness'),
  });
  server = witnessServer(witness).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const witnessKey = formatVerifierKey(notePublicKey('witness.example', 'witness', publicKey));
  settings = {
    VAULT_DATA_DIR: folder,
    DATABASE_URL: db.url,
    LOG_LEVEL: 'silent',
    LEDGER_ORIGIN: 'vault.example/log',
    LEDGER_KEY_FILE: join(folder, 'log.pem'),
    LOG_WITNESSES: `${witnessKey} http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const made = await run(logCommand, 'keygen', '--out', settings.LEDGER_KEY_FILE!, 'vault.example/log');
  vkey = made.text;
  logs.push(noteVerifier(parseVerifierKey(vkey)));
  const config = parseConfig({ ...settings, LOG_LEVEL: 'error' });
  vault = await createVault({ ...config, port: 0 });
});

afterAll(async () => {
  await vault?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await db?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('a usage-log line and a paper are proved offline, under the witness, to their owner alone', async () => {
  const scan = await makeScan(new Date());
  const job = await mainJob({
    url: vault.url,
    keyFolder: join(folder, 'keys'),
    trustFile: vault.trustFile,
    bytes: scan,
    say: () => undefined,
  });
  expect(job.ok).toBe(true);
  const lan = new Browser(vault.url);
  await lan.signIn('lan');
  const { usages } = (await (await lan.open('/api/v1/me/usages')).response.json()) as {
    usages: { id: string; action: string; document: { id: string } | null }[];
  };
  const line = usages.find(({ action, document }) => action === 'reuse.retrieved' && document !== null)!;

  const page = await (await lan.open('/ai-da-xem')).response.text();
  expect(page).toContain(`/api/v1/me/usages/${line.id}/proof`);
  const proof = await eventually(async () => {
    const { response } = await lan.open(`/api/v1/me/usages/${line.id}/proof`);
    return response.status === 200 ? response.text() : undefined;
  });
  const paper = await eventually(async () => {
    const { response } = await lan.open(`/api/v1/documents/${line.document!.id}/proof`);
    return response.status === 200 ? response.text() : undefined;
  });
  const sealed = Buffer.from(
    await (await lan.open(`/giay-to/${line.document!.id}/tep`)).response.arrayBuffer(),
  );

  const other = new Browser(vault.url);
  await other.signIn('minh');
  for (const path of [`/api/v1/me/usages/${line.id}/proof`, `/api/v1/documents/${line.document!.id}/proof`])
    expect([path, (await other.open(path)).response.status]).toEqual([path, 404]);

  const files = { line: join(folder, 'line'), paper: join(folder, 'paper'), pdf: join(folder, 'pdf') };
  await writeFile(files.line, proof);
  await writeFile(files.paper, paper);
  await writeFile(files.pdf, sealed);
  const [witnessKey] = settings.LOG_WITNESSES!.split(' ');
  const policy = join(folder, 'policy');
  await writeFile(policy, `log ${vkey}\nwitness w ${witnessKey}\nquorum w\n`);
  const checked = await run(logCommand, 'verify', '--policy', policy, files.line);
  expect(checked).toMatchObject({ status: 0 });
  expect(checked.text).toContain(`use.event: ${line.id}`);
  expect(checked.text).toContain('cosigned by witness.example');
  const document = await run(logCommand, 'verify', '--policy', policy, '--document', files.pdf, files.paper);
  expect(document).toMatchObject({ status: 0 });
  expect(document.text).toContain(`paper.sha256: ${createHash('sha256').update(sealed).digest('hex')}`);
  await writeFile(files.pdf, Buffer.concat([sealed, Buffer.from('\n')]));
  const changed = await run(logCommand, 'verify', '--policy', policy, '--document', files.pdf, files.paper);
  expect(changed).toMatchObject({
    status: 1,
    text: expect.stringContaining('does not speak of this document'),
  });
});

test('anybody reads the state of the log in plain words, in both languages', async () => {
  for (const [language, word] of [
    ['vi', 'Nhật ký ai cũng kiểm tra được'],
    ['en', 'The log that anyone can check'],
  ]) {
    const response = await fetch(`${vault.url}/nhat-ky?lang=${language}`);
    const html = await response.text();
    expect([language, response.status, html.includes(word!)]).toEqual([language, 200, true]);
    expect(html).toContain('vault.example/log');
    expect(html).toContain('witness.example');
  }
});

test('an auditor reads the agency’s ledger by page and as CSV; others do not', async () => {
  const auditor = new Browser(vault.url);
  await auditor.signIn('thanh-tra');
  const { response } = await auditor.open('/so-nhat-ky?viec=reuse.retrieved');
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(html).toContain('reuse.retrieved');
  expect((await auditor.open('/so-nhat-ky?tu=31.12.2026')).response.status).toBe(422);
  const csv = await (await auditor.open('/so-nhat-ky/tai-ve.csv')).response.text();
  expect(csv).toContain('"reuse.retrieved"');
  expect(csv).not.toContain('Nguyễn Thị Lan');
  const [told] = await db.database.read(`SELECT 1 FROM ledger_event WHERE type = 'ledger.read'`);
  expect(told).toBeDefined();
  const lan = new Browser(vault.url);
  await lan.signIn('lan');
  for (const path of ['/so-nhat-ky', '/so-nhat-ky/tai-ve.csv'])
    expect([path, (await lan.open(path)).response.status]).toEqual([path, 403]);
});

test('a doubt closes the vault, is seen by operators, and is cleared with an event', async () => {
  const before = { ...process.env };
  Object.assign(process.env, settings, { LOG_LEVEL: 'error' });
  try {
    expect(await run(logTask as typeof logCommand, 'refusals')).toMatchObject({ status: 0 });
    await db.database.read(
      `INSERT INTO log_refusal (id, raised_at, kind, detail) VALUES (gen_random_uuid(), now(), 'rows', 'planted')`,
    );
    expect((await fetch(`${vault.url}/readyz`)).status).toBe(503);
    expect(await (await fetch(`${vault.url}/metrics`)).text()).toContain('motlan_log_refusals 1');
    const reasons = await run(logTask as typeof logCommand, 'refusals');
    expect(reasons).toMatchObject({ status: 1, text: expect.stringContaining('rows: planted') });
    expect(await run(logTask as typeof logCommand, 'clear-refusal')).toMatchObject({
      status: 0,
      text: expect.stringContaining('cleared rows: planted'),
    });
    expect((await fetch(`${vault.url}/readyz`)).status).toBe(200);
    expect(
      await db.database.read(`SELECT detail FROM ledger_event WHERE type = 'ledger.refusal-cleared'`),
    ).toEqual([{ detail: { kind: 'rows', found: 'planted' } }]);
  } finally {
    process.env = before;
  }
  expect(await readFile(settings.LEDGER_KEY_FILE!, 'utf8')).toContain('PRIVATE KEY');
});
