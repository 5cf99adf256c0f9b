/** Paper to a sealed copy over HTTP: the whole way, what is refused, what is set apart, and what a broken way leaves. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config/index.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { Browser } from '../support/identity-site.ts';
import { birthCertificate, scanPage } from '../support/scanned-paper.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let vault: Vault;
let folder: string;
let thu: Browser;
let page: Buffer;

interface ScanAnswer {
  id: string;
  state: string;
  findings: { code: string; verdict: string; page?: number }[];
  resultCode: string | null;
  reason: string | null;
}

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'motlan-digi-'));
  const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: db.url, LOG_LEVEL: 'error' });
  vault = await createVault({ ...config, port: 0 });
  thu = await signedIn('mot-cua');
  page = await scanPage(birthCertificate(), { seal: true, signature: true, dpi: 200 });
});

afterAll(async () => {
  await vault?.close();
  await db?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function signedIn(subject: string): Promise<Browser> {
  const browser = new Browser(vault.url);
  await browser.signIn(subject);
  return browser;
}

async function send<T>(
  browser: Browser,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const response = await browser.fetch(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as T };
}

const opening = (more: object = {}) => ({
  agency: 'H24.991',
  type: 'KQ.G15.000031',
  form: 'original',
  owners: [{ personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan' }],
  sheets: 1,
  ...more,
});

async function upload(
  browser: Browser,
  scanId: string,
  ...files: Uint8Array[]
): Promise<{ status: number; body: ScanAnswer & { code?: string; detail?: string; type?: string } }> {
  const form = new FormData();
  form.set('device', 'Máy quét phẳng (minh họa)');
  for (const file of files) form.append('file', new Blob([Uint8Array.from(file)]), 'page');
  const response = await browser.fetch(`/api/v1/scans/${scanId}/files`, { method: 'POST', body: form });
  return { status: response.status, body: (await response.json()) as ScanAnswer };
}

const openScan = async (more: object = {}): Promise<ScanAnswer> => {
  const { status, body } = await send<ScanAnswer>(thu, 'POST', '/api/v1/scans', opening(more));
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
};

const values = {
  issuer: 'H24.991',
  symbol: '118/2019',
  issuedOn: '2019-03-20',
  metadata: {
    fullName: 'Trần Văn Minh Họa',
    birthDate: '2019-03-12',
    birthPlace: 'Trạm y tế xã Thanh Bình',
    registrationNumber: '118',
    registrationDate: '2019-03-20',
  },
};

describe('one paper', () => {
  let scan: ScanAnswer;
  let receipt: { documentId: string; resultCode: string; sha256Original: string; verificationCode: string };

  test('goes from the scanner to the vault through the lawful steps', async () => {
    scan = await openScan();
    const captured = await upload(thu, scan.id, page);
    expect(captured).toMatchObject({ status: 200, body: { state: 'examined', findings: [] } });
    const signed = await send<ScanAnswer>(thu, 'POST', `/api/v1/scans/${scan.id}/signature`, {});
    expect(signed).toMatchObject({ status: 200, body: { state: 'signed-by-scanner' } });
    const confirmed = await send<ScanAnswer>(thu, 'POST', `/api/v1/scans/${scan.id}/values`, values);
    expect(confirmed).toMatchObject({ status: 200, body: { state: 'extracted' } });
    const attested = await send<ScanAnswer>(thu, 'POST', `/api/v1/scans/${scan.id}/attestation`, {
      compared: true,
    });
    expect(attested).toMatchObject({ status: 200, body: { state: 'attested' } });
    const kept = await send<typeof receipt>(thu, 'POST', `/api/v1/scans/${scan.id}/accession`);
    expect(kept).toMatchObject({
      status: 201,
      body: { documentId: scan.id, resultCode: '000190000017.KQ.G15.000031.001' },
    });
    receipt = kept.body;
  });

  test('each state is one step and one event, in order', async () => {
    const steps = await db.database.read<{ state: string }>(
      'SELECT state FROM scan_step WHERE scan_id = $1::uuid ORDER BY number',
      [scan.id],
    );
    expect(steps.map(({ state }) => state)).toEqual([
      'opened',
      'captured',
      'examined',
      'signed-by-scanner',
      'extracted',
      'attested',
      'coded',
      'accessioned',
    ]);
    const events = await db.database.read<{ type: string }>(
      `SELECT type FROM ledger_event WHERE document_id = $1::uuid ORDER BY id`,
      [scan.id],
    );
    expect(events.map(({ type }) => type)).toEqual([
      'digitisation.opened',
      'digitisation.captured',
      'digitisation.examined',
      'digitisation.signed',
      'digitisation.extracted',
      'digitisation.attested',
      'digitisation.coded',
      'document.deposited',
    ]);
  });

  test('the owner gets both signatures valid, and the original to the byte', async () => {
    const lan = await signedIn('lan');
    const original = await lan.fetch(`/api/v1/documents/${scan.id}/content?rendition=original`);
    const bytes = Buffer.from(await original.arrayBuffer());
    expect(bytes.equals(page)).toBe(true);
    expect(receipt.sha256Original).toBe(createHash('sha256').update(page).digest('hex'));
    const sealed = Buffer.from(await (await lan.fetch(`/api/v1/documents/${scan.id}/content`)).arrayBuffer());
    const form = new FormData();
    form.set('file', new Blob([Uint8Array.from(sealed)], { type: 'application/pdf' }), 'x.pdf');
    const verified = await fetch(`${vault.url}/api/v1/verifications`, { method: 'POST', body: form });
    const report = (await verified.json()) as { signatures: { field: string; verdict: string }[] };
    expect(report.signatures.map(({ field, verdict }) => [field, verdict])).toEqual([
      ['OfficerScan', expect.stringMatching(/^valid/)],
      ['AgencyCopy', 'valid'],
    ]);
  });

  test('openssl accepts the statement, and it names what was done', async () => {
    const get = async (name: string): Promise<Buffer> =>
      Buffer.from(await (await thu.fetch(`/api/v1/scans/${scan.id}/${name}`)).arrayBuffer());
    const [statement, signature] = [await get('statement.json'), await get('statement.p7s')];
    const place = (name: string): string => join(folder, name);
    await writeFile(place('statement.json'), statement);
    await writeFile(place('statement.p7s'), signature);
    const verify = (content: string): string =>
      execFileSync(
        'openssl',
        [
          'cms',
          '-verify',
          '-binary',
          '-inform',
          'DER',
          '-in',
          place('statement.p7s'),
          '-content',
          place(content),
          '-CAfile',
          vault.trustFile ?? '',
          '-purpose',
          'any',
          '-out',
          place('out'),
        ],
        { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' },
      );
    verify('statement.json');
    expect(JSON.parse(statement.toString('utf8'))).toMatchObject({
      document: scan.id,
      operator: { name: 'Hoàng Thị Thu' },
      device: 'Máy quét phẳng (minh họa)',
      conversion: { words: expect.stringContaining('CHUYỂN ĐỔI TỪ VĂN BẢN GIẤY') },
      originals: [{ sha256: receipt.sha256Original, mediaType: 'image/jpeg' }],
      attestedBy: [{ name: 'Hoàng Thị Thu' }],
    });
    await writeFile(place('altered.json'), statement.toString('utf8').replace('Hoàng', 'Hoang'));
    expect(() => verify('altered.json')).toThrow();
  });

  test('the same paper is asked for in the vault first', async () => {
    const again = await send<{ inVault: { id: string }[] }>(thu, 'POST', '/api/v1/scans', opening());
    expect(again).toMatchObject({ status: 200, body: { inVault: [{ id: scan.id }] } });
    const because = await send<ScanAnswer>(
      thu,
      'POST',
      '/api/v1/scans',
      opening({ againBecause: 'Giấy của người con thứ hai' }),
    );
    expect(because.status).toBe(201);
  });
});

test.each(['photocopy', 'paper-certified-copy', 'shown-only', 'state-secret'])(
  '%s is refused with its reason',
  async (form) => {
    const answer = await send<{ type: string; detail: string }>(
      thu,
      'POST',
      '/api/v1/scans',
      opening({ form }),
    );
    expect(answer.status).toBe(409);
    expect(answer.body.type).toContain(`not-digitised-${form}`);
  },
);

test('a scan of another agency is not there', async () => {
  const scan = await openScan({ againBecause: 'thử quyền' });
  const stranger = await signedIn('mot-cua-2');
  const answer = await send(stranger, 'GET', `/api/v1/scans/${scan.id}`);
  expect(answer.status).toBe(404);
});
