/** Paper to a sealed copy over HTTP: the whole way, what is refused, what is set apart, and what a broken way leaves. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { parseConfig } from '../../src/config/index.ts';
import { createVault, type Vault } from '../../src/vault.ts';
import { Browser } from '../support/identity-site.ts';
import { makePdf } from '../support/pdf.ts';
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

const landCertificate = [
  {
    text: 'GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT',
    x: 105,
    y: 60,
    size: 16,
    bold: true,
    anchor: 'middle' as const,
  },
  { text: 'Số phát hành: MH 000118', x: 30, y: 90 },
  { text: 'Thửa đất số: 118', x: 30, y: 102 },
  { text: 'Tờ bản đồ số: 7', x: 30, y: 114 },
  { text: 'Địa chỉ thửa đất: xã Thanh Bình', x: 30, y: 126 },
  { text: 'Diện tích: 96,5', x: 30, y: 138 },
];

/** A PNG whose header promises many pixels and whose data give none. */
function pngBomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length, 0);
    head.write(type, 4, 'latin1');
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(Buffer.concat([Buffer.from(type, 'latin1'), data])) >>> 0, 0);
    return Buffer.concat([head, data, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

async function turnedWithPosition(bytes: Uint8Array): Promise<Buffer> {
  const sharp = (await import('sharp')).default;
  return sharp(bytes)
    .rotate(270)
    .withExif({
      IFD0: { Make: 'Pixel (minh hoa)' },
      IFD3: { GPSLatitude: '21/1 1/1 30/1', GPSLatitudeRef: 'N' },
    })
    .withMetadata({ orientation: 6, density: 200 })
    .jpeg()
    .toBuffer();
}

async function twoPageTiff(bytes: Uint8Array): Promise<Buffer> {
  const sharp = (await import('sharp')).default;
  const one = await sharp(bytes).png().toBuffer();
  const two = await sharp(bytes).flop().png().toBuffer();
  return sharp([one, two], { join: { animated: true } })
    .withMetadata({ density: 200 })
    .tiff({ compression: 'lzw' })
    .toBuffer();
}

async function scriptPdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage([595, 842]);
  pdf.addJavaScript('x', 'app.alert(1)');
  return pdf.save();
}

async function attachmentPdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage([595, 842]);
  await pdf.attach(Buffer.from('hidden'), 'hidden.txt', { mimeType: 'text/plain' });
  return pdf.save();
}

/** A value for every required field of a type. */
async function requiredOf(code: string): Promise<Record<string, unknown>> {
  const { entries } = JSON.parse(await readFile('src/catalogue/data/document-types.json', 'utf8')) as {
    entries: {
      code: string;
      fields: { name: string; kind: string; required: boolean; options?: { value: string }[] }[];
    }[];
  };
  const type = entries.find((entry) => entry.code === code);
  const example: Record<string, unknown> = {
    date: '2019-03-20',
    'partial-date': '1990-05-04',
    'personal-number': '000190000017',
    integer: 1,
    decimal: 1,
    boolean: true,
  };
  return Object.fromEntries(
    (type?.fields ?? [])
      .filter(({ required }) => required)
      .map(({ name, kind, options }) => [name, example[kind] ?? options?.[0]?.value ?? 'Nguyễn Thị Lan']),
  );
}

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

describe('what was read', () => {
  test('words are read behind the counter, found without marks, and marked', async () => {
    expect(await vault.duties.runNow('read-pages')).toBe(true);
    const lan = await signedIn('lan');
    const found = await send<{
      hits: { document: { id: string }; page: number; snippet: { text: string; found: boolean }[] }[];
    }>(lan, 'POST', '/api/v1/me/text-search', { query: 'GIAY khai sinh' });
    expect(found.status).toBe(200);
    const [hit] = found.body.hits;
    expect(hit?.page).toBe(1);
    expect(hit?.snippet.some(({ text, found: marked }) => marked && text.includes('KHAI SINH'))).toBe(true);
    const nothing = await send<{ hits: unknown[] }>(
      await signedIn('hung'),
      'POST',
      '/api/v1/me/text-search',
      {
        query: 'giấy khai sinh',
      },
    );
    expect(nothing.status === 403 || nothing.body.hits.length === 0).toBe(true);
    const office = await send<{ hits: unknown[] }>(thu, 'POST', '/api/v1/text-search', {
      query: 'tram y te',
    });
    expect(office.body.hits).toHaveLength(1);
    const events = await db.database.read<{ n: number }>(
      `SELECT count(*)::int AS n FROM ledger_event WHERE type = 'document.searched'`,
    );
    expect(events[0]?.n).toBeGreaterThanOrEqual(2);
    const derived = await db.database.read<{ kind: string }>(
      `SELECT kind FROM rendition WHERE kind = 'text'`,
    );
    expect(derived).toHaveLength(1);
  });

  test('rules propose values with their place, and what the clerk changes is kept to measure them', async () => {
    const scan = await openScan({ againBecause: 'đo quy tắc' });
    await upload(
      thu,
      scan.id,
      await scanPage(birthCertificate({ registration: '119' }), { seal: true, signature: true, dpi: 200 }),
    );
    await vault.duties.runNow('read-pages');
    const { body } = await send<{
      ready: boolean;
      proposals: { field: string; value: string; page: number; box: number[] }[];
    }>(thu, 'GET', `/api/v1/scans/${scan.id}/proposals`);
    expect(body.ready).toBe(true);
    const proposed = Object.fromEntries(body.proposals.map(({ field, value }) => [field, value]));
    expect(proposed).toMatchObject({
      fullName: 'TRẦN VĂN MINH HỌA',
      birthDate: '2019-03-12',
      personalNumber: '000219000127',
      registrationDate: '2019-03-20',
    });
    expect(body.proposals.every(({ page: number, box }) => number === 1 && box.length === 4)).toBe(true);
    const [finding] = (await send<ScanAnswer>(thu, 'GET', `/api/v1/scans/${scan.id}`)).body.findings.filter(
      ({ verdict }) => verdict === 'warn',
    );
    const overrides = finding
      ? [{ code: finding.code, page: finding.page, reason: 'đã so với bản chính' }]
      : [];
    await send(thu, 'POST', `/api/v1/scans/${scan.id}/signature`, { overrides });
    const changed = {
      ...values,
      metadata: { ...values.metadata, fullName: 'Trần Văn Minh Họa', birthPlace: 'Trạm y tế xã khác' },
    };
    expect((await send<ScanAnswer>(thu, 'POST', `/api/v1/scans/${scan.id}/values`, changed)).body.state).toBe(
      'extracted',
    );
    const kept = await db.database.read<{ field: string; outcome: string }>(
      'SELECT field, outcome FROM scan_reading WHERE scan_id = $1::uuid',
      [scan.id],
    );
    const outcome = Object.fromEntries(kept.map(({ field, outcome: how }) => [field, how]));
    expect(outcome).toMatchObject({ fullName: 'confirmed', birthPlace: 'corrected' });
  });
});

describe('the pages', () => {
  const token = (html: string): string => /name="_csrf" value="([^"]*)"/.exec(html)?.[1] ?? '';

  test('a new clerk goes the whole way by forms alone', async () => {
    const start = await thu.open('/so-hoa');
    expect(start.text).toContain('Số hóa một giấy');
    const form = await thu.open('/so-hoa/moi');
    const _csrf = token(form.text);
    const refused = await thu.post('/so-hoa/moi', {
      _csrf,
      'co-quan': 'H24.991',
      loai: 'KQ.G15.000031',
      'hinh-thuc': 'photocopy',
    });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('bản photo');
    const incomplete = await thu.post('/so-hoa/moi', {
      _csrf,
      loai: 'KQ.G15.000031',
      'hinh-thuc': 'original',
    });
    expect(incomplete.status).toBe(422);
    const opened = await thu.post('/so-hoa/moi', {
      _csrf,
      'co-quan': 'H24.991',
      loai: 'LOCAL.LAND-CERTIFICATE',
      'hinh-thuc': 'original',
      'so-dinh-danh': '000 190 000 017',
      'ho-ten': 'Nguyễn Thị Lan',
      'so-to': '1',
    });
    expect(opened.status).toBe(303);
    const place = opened.headers.get('Location') ?? '';
    const upload = new FormData();
    upload.append(
      'file',
      new Blob([Uint8Array.from(await scanPage(landCertificate, { seal: true, signature: true, dpi: 200 }))]),
      'a.jpg',
    );
    const sent = await thu.fetch(`${place}/chup-them`, {
      method: 'POST',
      body: upload,
      headers: { Origin: vault.url },
    });
    expect(sent.status).toBe(303);
    const examined = await thu.open(place);
    expect(examined.text).toContain('Ảnh đạt');
    expect((await thu.post(`${place}/ky-ban-chup`, { _csrf })).status).toBe(303);
    await vault.duties.runNow('read-pages');
    const compare = await thu.open(place);
    expect(compare.text).toContain('value="MH 000118"');
    const typed = {
      _csrf,
      viec: 'ky',
      'o-certificateSerial': 'MH 000118',
      'o-parcelNumber': '118',
      'o-mapSheet': '7',
      'o-landAddress': 'xã Thanh Bình',
      'o-area': '96,5',
      'co-quan-cap': 'UBND xã Thanh Bình',
      'ngay-cap': '20/03/2019',
    };
    const unattested = await thu.post(place, typed);
    expect(unattested.status).toBe(422);
    expect(await unattested.text()).toContain('value="MH 000118"');
    const done = await thu.post(place, { ...typed, 'da-doi-chieu': 'yes' });
    expect(done.status === 303 ? '' : await done.text()).toBe('');
    const receipt = await thu.open(place);
    expect(receipt.text).toContain('Đã lưu vào kho');
    expect(receipt.text).not.toContain('000190000017');
  });
});

describe('bad input gets', () => {
  const sharpOf = async (bytes: Uint8Array) => (await import('sharp')).default(bytes);
  const open = () => openScan({ againBecause: 'thử đầu vào' });

  test.each<[string, () => Promise<Uint8Array>, number, RegExp]>([
    ['an empty file', async () => new Uint8Array(), 422, /empty-file/],
    ['what is no picture', async () => Buffer.from('not a picture at all'), 415, /unknown-file-kind/],
    [
      'a HEIC picture without a decoder',
      async () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
      415,
      /heic/,
    ],
    ['a PDF that is cut off', async () => (await makePdf()).subarray(0, 400), 422, /damaged-pdf/],
  ])('%s: refused with a way on', async (_, make, status, type) => {
    const scan = await open();
    const answer = await upload(thu, scan.id, await make());
    expect(answer.status).toBe(status);
    expect(answer.body.type).toMatch(type);
  });

  test.each<[string, () => Promise<Uint8Array>, string]>([
    ['one pixel', async () => (await sharpOf(page)).resize(1, 1).png().toBuffer(), 'too-small'],
    ['a picture cut off', async () => page.subarray(0, Math.floor(page.length / 2)), 'damaged'],
    ['a pixel bomb', async () => pngBomb(60_000, 60_000), 'too-many-pixels'],
    [
      'an animation',
      async () => {
        const sharp = (await import('sharp')).default;
        const frame = { create: { width: 400, height: 400, channels: 3 as const, background: '#fff' } };
        const frames = [await sharp(frame).png().toBuffer(), await sharp(frame).negate().png().toBuffer()];
        return sharp(frames, { join: { animated: true } })
          .png()
          .toBuffer()
          .catch(() => pngBomb(60_000, 60_000));
      },
      '',
    ],
  ])('%s: a finding, and the paper can go on', async (_, make, code) => {
    const scan = await open();
    const answer = await upload(thu, scan.id, await make());
    expect(answer.status).toBe(200);
    const rejected = answer.body.findings.filter(({ verdict }) => verdict === 'reject');
    if (code !== '') expect(rejected.map((finding) => finding.code)).toContain(code);
    const removed = await send<ScanAnswer>(thu, 'DELETE', `/api/v1/scans/${scan.id}/files/0`);
    expect(removed.status).toBe(200);
    const again = await upload(thu, scan.id, page);
    expect(again.body.findings.filter(({ verdict }) => verdict === 'reject')).toEqual([]);
  });

  test.each<[string, () => Promise<Uint8Array>]>([
    [
      'CMYK',
      async () =>
        (await sharpOf(page)).toColourspace('cmyk').jpeg().withMetadata({ density: 200 }).toBuffer(),
    ],
    [
      '16 bits',
      async () =>
        (await sharpOf(page)).toColourspace('rgb16').png().withMetadata({ density: 200 }).toBuffer(),
    ],
    ['EXIF on its side, with a position', async () => turnedWithPosition(page)],
    ['several pages in one TIFF', async () => twoPageTiff(page)],
  ])('%s: taken, kept to the byte, shown as a plain picture', async (name, make) => {
    const scan = await open();
    const bytes = await make();
    const answer = await upload(thu, scan.id, bytes);
    expect({
      status: answer.status,
      rejected: answer.body.findings?.filter(({ verdict }) => verdict === 'reject'),
    }).toEqual({
      status: 200,
      rejected: [],
    });
    const detail = await send<{
      files: { sha256: string }[];
      pages: { measures: { carriesPosition: boolean } }[];
    }>(thu, 'GET', `/api/v1/scans/${scan.id}`);
    expect(detail.body.files[0]?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const shown = Buffer.from(await (await thu.fetch(`/api/v1/scans/${scan.id}/pages/1`)).arrayBuffer());
    const facts = await (await sharpOf(shown)).metadata();
    expect({ space: facts.space, depth: facts.depth, exif: facts.exif }).toEqual({
      space: 'srgb',
      depth: 'uchar',
      exif: undefined,
    });
    expect(facts.height).toBeGreaterThan(facts.width);
    if (name.startsWith('EXIF')) expect(detail.body.pages[0]?.measures.carriesPosition).toBe(true);
    if (name.startsWith('several')) expect(detail.body.pages).toHaveLength(2);
  });

  test('a PDF with a script or an attachment is set apart, shown nowhere, and the dossier goes on', async () => {
    for (const bytes of [await scriptPdf(), await attachmentPdf()]) {
      const scan = await open();
      const answer = await upload(thu, scan.id, bytes);
      expect(answer.body).toMatchObject({ state: 'quarantined' });
      expect((await thu.fetch(`/api/v1/scans/${scan.id}/pages/1`)).status).toBe(404);
      expect((await thu.open(`/so-hoa/${scan.id}`)).text).toContain('để riêng');
      const slip = await send<ScanAnswer>(thu, 'POST', `/api/v1/scans/${scan.id}/rejection`, {
        reason: 'not-allowed',
      });
      expect(slip.body.state).toBe('rejected');
    }
  });

  test('a signed electronic original is kept as what it is', async () => {
    const [row] = await db.database.read<{ id: string }>(
      `SELECT v.document_id::text AS id FROM rendition r JOIN document_version v ON v.id = r.version_id WHERE r.kind = 'sealed' LIMIT 1`,
    );
    const lan = await signedIn('lan');
    const signed = Buffer.from(await (await lan.fetch(`/api/v1/documents/${row?.id}/content`)).arrayBuffer());
    const scan = await openScan({ type: 'LOCAL.LAND-CERTIFICATE', againBecause: 'bản điện tử' });
    const taken = await upload(thu, scan.id, signed);
    expect(taken.body).toMatchObject({ state: 'captured', electronicOriginal: true });
    const confirmed = await send<ScanAnswer>(thu, 'POST', `/api/v1/scans/${scan.id}/values`, {
      issuer: 'H24.991',
      metadata: { certificateSerial: 'MH 1', parcelNumber: '1', mapSheet: '2', landAddress: 'x', area: 1 },
    });
    expect(confirmed.status).toBe(200);
    const kept = await send<{ sha256: string; sha256Original: string }>(
      thu,
      'POST',
      `/api/v1/scans/${scan.id}/accession`,
    );
    expect(kept.status).toBe(201);
    expect(kept.body.sha256).toBe(createHash('sha256').update(signed).digest('hex'));
    const [document] = await db.database.read<{ provenance: string }>(
      'SELECT provenance FROM document WHERE id = $1::uuid',
      [scan.id],
    );
    expect(document?.provenance).toBe('electronic-result');
    const broken = Buffer.from(signed);
    broken[broken.indexOf('/MediaBox') + 12] = 0x33;
    const other = await open();
    expect((await upload(thu, other.id, broken)).body).toMatchObject({
      state: 'quarantined',
      reason: 'signature-broken',
    });
  });

  test('an upload that broke off is sent again: what arrived is not taken twice', async () => {
    const scan = await open();
    await upload(thu, scan.id, page);
    const again = await upload(
      thu,
      scan.id,
      page,
      await scanPage([{ text: 'Trang hai', x: 30, y: 50 }], { dpi: 200 }),
    );
    expect(again.status).toBe(200);
    const [files] = await db.database.read<{ n: number }>(
      'SELECT count(*)::int AS n FROM scan_file WHERE scan_id = $1::uuid',
      [scan.id],
    );
    expect(files?.n).toBe(2);
  });
});

test('a sensitive paper needs a second person', async () => {
  const scan = await openScan({ type: 'LOCAL.DISABILITY', againBecause: null });
  await upload(thu, scan.id, page);
  await send(thu, 'POST', `/api/v1/scans/${scan.id}/signature`, {
    overrides: [{ code: 'seen-before', page: 1, reason: 'giấy thử' }],
  });
  const confirmed = await send<ScanAnswer>(thu, 'POST', `/api/v1/scans/${scan.id}/values`, {
    issuer: 'H24.991',
    metadata: await requiredOf('LOCAL.DISABILITY'),
  });
  expect(confirmed).toMatchObject({ status: 200 });
  const first = await send<ScanAnswer>(thu, 'POST', `/api/v1/scans/${scan.id}/attestation`, {
    compared: true,
  });
  expect(first.body.state).toBe('extracted');
  expect((await send(thu, 'POST', `/api/v1/scans/${scan.id}/attestation`, { compared: true })).status).toBe(
    403,
  );
  const ngoc = await signedIn('ho-tich');
  const second = await send<ScanAnswer>(ngoc, 'POST', `/api/v1/scans/${scan.id}/attestation`, {
    compared: true,
  });
  expect(second.body.state).toBe('attested');
  expect((await send(ngoc, 'POST', `/api/v1/scans/${scan.id}/accession`)).status).toBe(201);
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
