/**
 * Signatures that stayed low because nobody stamped are raised later, and archives are stamped again before they age:
 * through the running vault, with a timestamp authority that is away at first. What was acknowledged stays readable.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config/index.ts';
import { mainJob } from '../../src/main-job/main-job.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { openDevelopmentPki } from '../../src/signing/index.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let vault: Vault;
let folder: string;
let away = true;
const authority = createServer((request, response) => {
  void (async () => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    if (away) {
      response.writeHead(503).end();
      return;
    }
    const { timestampAuthority } = await openDevelopmentPki(join(folder, 'keys', 'pki'), {
      now: () => new Date(),
    });
    response.end(await timestampAuthority(Buffer.concat(parts)));
  })();
});

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'motlan-preservation-'));
  await new Promise<void>((resolve) => authority.listen(0, '127.0.0.1', resolve));
  const tsa = `http://127.0.0.1:${(authority.address() as AddressInfo).port}/`;
  const env = { VAULT_DATA_DIR: folder, DATABASE_URL: db.url, LOG_LEVEL: 'error', TSA_URL: tsa };
  vault = await createVault({ ...parseConfig(env), port: 0 });
});

afterAll(async () => {
  await vault?.close();
  authority.closeAllConnections();
  authority.close();
  await db?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Standing {
  readonly level: string;
  readonly upgrade: string;
  readonly renew_before: Date | null;
  readonly sha256: string;
}
const standing = () =>
  db.database.read<Standing>(
    `SELECT s.level, s.upgrade, s.renew_before, v.sha256 FROM signature_record s
     JOIN document_version v ON v.id = s.version_id WHERE s.purpose = 'agency-copy' ORDER BY s.signed_at`,
  );
const files = () =>
  db.database.read<{ position: number; sha256: string }>(
    `SELECT r.position, o.sha256 FROM rendition r JOIN stored_object o ON o.id = r.object_id
     WHERE r.kind = 'sealed' ORDER BY r.position`,
  );
const events = () =>
  db.database.read<{ detail: { level: string; added: string; sha256: string } }>(
    `SELECT detail FROM ledger_event WHERE type = 'document.preserved' ORDER BY occurred_at`,
  );
const tryAgain = () =>
  db.database.transactSql((sql) => sql.query('UPDATE signature_record SET tried_at = NULL'));

test('a deposit without a timestamp is B-B, is raised when the authority is back, and is renewed before it ages', async () => {
  const lines: string[] = [];
  const deposit = async () =>
    mainJob({
      url: vault.url,
      keyFolder: join(folder, 'keys'),
      trustFile: vault.trustFile,
      bytes: await makeScan(new Date()),
      say: (line) => lines.push(line),
    });
  expect({ ...(await deposit()), lines }).toMatchObject({ ok: true });
  const [low] = await standing();
  expect(low).toMatchObject({ level: 'B-B', upgrade: 'queued' });

  expect(await vault.duties.runNow('preservation')).toBe(true);
  expect((await standing())[0]).toMatchObject({ level: 'B-B', upgrade: 'queued' });
  expect(await events()).toEqual([]);

  away = false;
  await tryAgain();
  expect(await vault.duties.runNow('preservation')).toBe(true);
  const [raised] = await standing();
  expect(raised).toMatchObject({ level: 'B-LT', upgrade: 'none', renew_before: expect.any(Date) });
  // The file handed out is the raised one; the acknowledged one stands behind it.
  expect(await files()).toEqual([
    { position: 0, sha256: raised?.sha256 },
    { position: 1, sha256: low?.sha256 },
  ]);
  expect(await events()).toMatchObject([{ detail: { level: 'B-LT', sha256: raised?.sha256 } }]);
  await vault.duties.runNow('preservation');
  expect(await events()).toHaveLength(1);

  await db.database.transactSql((sql) =>
    sql.query("UPDATE signature_record SET tried_at = NULL, renew_before = now() + interval '10 days'"),
  );
  await vault.duties.runNow('preservation');
  const [archived] = await standing();
  expect(archived).toMatchObject({ level: 'B-LTA', upgrade: 'none' });
  expect(archived?.renew_before?.getTime()).toBeGreaterThan(Date.now() + 365 * 86_400_000);
  expect((await files()).map(({ position }) => position)).toEqual([0, 1, 2]);
});

test('the named checks of a paper are told to whoever has its code; its owner only to people who are signed in', async () => {
  const [paper] = await db.database.read<{ code: string }>(
    'SELECT verification_code AS code FROM document LIMIT 1',
  );
  const ask = (body: object) =>
    fetch(`${vault.url}/api/v1/verifications/by-code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const reply = await ask({ code: paper?.code.toLowerCase().replaceAll('-', ' ') });
  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({
    verdict: 'valid',
    checks: {
      integrity: { passed: true },
      status: { passed: true },
      issuer: { passed: true, reason: 'signer-trusted' },
      timestamp: { passed: true, reason: 'time-proven' },
    },
  });
  const holder = { fullName: 'Nguyễn Văn A', birthDate: '1990-01-01', personalNumber: '000190000001' };
  expect((await ask({ code: paper?.code, holder })).status).toBe(401);
  expect((await ask({ code: '0000-0000-0000-0000' })).status).toBe(404);
  expect((await ask({ code: 'no code' })).status).toBe(404);
});

test('with authorities at hand a deposit is B-LT at once', async () => {
  const result = await mainJob({
    url: vault.url,
    keyFolder: join(folder, 'keys'),
    trustFile: vault.trustFile,
    bytes: await makeScan(new Date(Date.now() - 86_400_000)),
    say: () => undefined,
  });
  expect(result.ok).toBe(true);
  expect((await standing()).at(-1)).toMatchObject({
    level: 'B-LT',
    upgrade: 'none',
    renew_before: expect.any(Date),
  });
});
