/** Everything that should not come in: told in words that help, nothing of it kept, each attempt one event. */
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { appendRevision, simplePdf, streamBody } from '../support/pdf-builder.ts';
import {
  type Answer,
  type Caller,
  createWholeVault,
  form,
  LAN,
  landCertificate,
  pdfWith,
  type WholeVault,
} from '../support/whole-vault.ts';

let site: WholeVault;
let system: Caller;
let scan: Buffer;

beforeAll(async () => {
  site = await createWholeVault({ MAX_FILE_MB: '1', MAX_PAGES: '20' });
  system = await site.system('tthc-h24', ['documents:deposit', 'dossiers:write']);
  scan = Buffer.from(await makeScan(new Date()));
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
});

interface Kept {
  readonly objects: number;
  readonly documents: number;
  readonly people: number;
  readonly dossiers: number;
}

async function kept(): Promise<Kept> {
  const [row] = await site.database.read<Kept>(
    `SELECT (SELECT count(*)::int FROM stored_object) AS objects, (SELECT count(*)::int FROM document) AS documents,
            (SELECT count(*)::int FROM person) AS people, (SELECT count(*)::int FROM dossier) AS dossiers`,
  );
  return row as Kept;
}

/** Refused with this status and word, in both languages; rows and objects as before; one event. */
async function refused(attempt: () => Promise<Answer>, status: number, word: string): Promise<Answer> {
  const [before, denied] = [await kept(), await site.count('access.denied')];
  const answer = await attempt();
  expect(answer).toMatchObject({ status, body: { type: `urn:mot-lan:problem:${word}`, status } });
  for (const language of ['vi', 'en'] as const)
    expect(answer.body.translations[language].detail.length).toBeGreaterThan(20);
  expect(await kept()).toEqual(before);
  expect(await site.count('access.denied')).toBe(denied + 1);
  return answer;
}

const deposit = (bytes: Uint8Array, metadata: object = landCertificate()) =>
  system.send('POST', '/api/v1/documents', form({ metadata }, [{ bytes }]));

/** A PDF that asks for a password: the empty one does not open it. */
const locked = (): Buffer => {
  const noise = `<${'5a'.repeat(32)}>`;
  const encrypt = `<< /Filter /Standard /V 1 /R 2 /P -44 /O ${noise} /U ${noise} >>`;
  const id = `[<${'00'.repeat(16)}> <${'00'.repeat(16)}>]`;
  const trailer = `/Size 100 /Root 1 0 R /Encrypt ${encrypt} /ID ${id}`;
  return appendRevision(simplePdf(), [{ num: 90, body: 'null' }], { trailer });
};

/** Object streams that unfold to gigabytes. */
const flateBomb = (): Buffer => {
  const inner = deflateSync(Buffer.alloc(60_000_000), { level: 9 });
  const parts = Array.from({ length: 12 }, (_, n) => ({
    num: 20 + n,
    body: streamBody('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', inner),
  }));
  return simplePdf('', parts);
};

/** The header of a picture of 2.5 gigapixels, and nothing behind it that could be one. */
const pixelBomb = (): Buffer => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
  };
  const header = Buffer.from('0000c3500000c3500806000000', 'hex');
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

describe('a file that is no paper', () => {
  test('empty, of another kind, or none at all', async () => {
    await refused(() => deposit(Buffer.alloc(0)), 422, 'empty-file');
    await refused(() => deposit(Buffer.from('a letter, perhaps')), 415, 'unknown-file-kind');
    await refused(() => deposit(Buffer.from('504b0304140000000800', 'hex')), 415, 'unknown-file-kind');
    const none = form({ metadata: landCertificate() }, []);
    await refused(() => system.send('POST', '/api/v1/documents', none), 422, 'no-file');
    const heic = Buffer.concat([Buffer.from('00000018', 'hex'), Buffer.from('ftypheic'), Buffer.alloc(64)]);
    await refused(() => deposit(heic), 415, 'heic');
    await refused(
      () => system.send('POST', '/api/v1/documents', { metadata: landCertificate() }),
      415,
      'unsupported',
    );
  });

  test('cut off, locked, active, or without pages', async () => {
    await refused(() => deposit(scan.subarray(0, scan.length >> 1)), 422, 'damaged-pdf');
    await refused(() => deposit(locked()), 422, 'password-protected');
    const active = appendRevision(simplePdf(), [
      {
        num: 1,
        body: '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>',
      },
    ]);
    await refused(() => deposit(active), 422, 'active-content');
    const hollow = appendRevision(simplePdf(), [{ num: 2, body: '<< /Type /Pages /Kids [] /Count 0 >>' }]);
    const answer = await deposit(hollow);
    expect(answer.status).toBe(422);
    const picture = await sharp({ create: { width: 900, height: 900, channels: 3, background: '#eee' } })
      .jpeg()
      .toBuffer();
    await refused(() => deposit(picture.subarray(0, picture.length >> 1)), 422, 'damaged-picture');
    const mixed = form({ metadata: landCertificate() }, [{ bytes: scan }, { bytes: picture }]);
    await refused(() => system.send('POST', '/api/v1/documents', mixed), 422, 'mixed-files');
  });

  test('too large, of too many pages, or a bomb', async () => {
    await refused(() => deposit(Buffer.alloc(1_000_001, '%PDF-1.7 ')), 413, 'too-large');
    const long = await PDFDocument.create();
    for (let page = 0; page < 21; page += 1) long.addPage([300, 300]);
    await refused(async () => deposit(await long.save()), 422, 'too-many-pages');
    await refused(() => deposit(pixelBomb()), 422, 'too-many-pixels');
    const started = Date.now();
    const bomb = flateBomb();
    const answers = await Promise.all([deposit(bomb), site.nobody.send('GET', '/healthz')]);
    // Unfolded or not, it ends soon, in a child, and the vault goes on answering.
    expect(answers[0].status === 201 || answers[0].status === 422).toBe(true);
    expect(answers[1].status).toBe(200);
    expect(Date.now() - started).toBeLessThan(60_000);
  });
});

describe('words that do not fit', () => {
  const wrong = async (more: object, pointer: string, word = 'invalid') => {
    const answer = await refused(
      async () => deposit(await pdfWith('x'), { ...landCertificate(), ...more }),
      422,
      word,
    );
    expect(answer.body.errors.map((each: { pointer: string }) => each.pointer)).toContain(pointer);
  };

  test('a field missing, of another type, or unknown', async () => {
    const { metadata } = landCertificate();
    const { area: _, ...without } = metadata;
    await wrong({ metadata: { ...metadata, area: 'rộng' } }, '/body/metadata/area');
    const { landAddress: __, ...homeless } = metadata;
    await wrong({ metadata: homeless }, '/body/metadata/landAddress');
    await wrong({ metadata: { ...without, colour: 'red' } }, '/body/metadata/');
    await wrong({ issuedOn: '2026-02-30' }, '/body/issuedOn');
    await wrong({ issuedOn: '2199-01-01' }, '/body/issuedOn');
    const bare = form({ metadata: '{' }, [{ bytes: await pdfWith('x') }]);
    await refused(() => system.send('POST', '/api/v1/documents', bare), 422, 'metadata-missing');
  });

  test('codes that nobody knows', async () => {
    await wrong({ type: 'LOCAL.NOTHING' }, '/body/type');
    await wrong({ issuer: 'H99.999' }, '/body/issuer');
    await wrong({ provenance: 'self-upload' }, '/body/provenance');
    await wrong({ provenance: 'by-hand' }, '/body/provenance');
    const place = { code: 'H24.991-261124-0999', group: 'component', component: 'legal-residence' };
    await wrong({ dossier: place }, '/body/dossier/code');
    await wrong({ externalId: '000190000017' }, '/body/externalId');
  });

  test('people who are not who they are said to be', async () => {
    await wrong(
      { owners: [{ ...LAN, fullName: 'Nguyễn Thị Khác' }] },
      '/body/owners/0/fullName',
      'owner-mismatch',
    );
    await wrong(
      { owners: [{ ...LAN, birthDate: '1991-01-01' }] },
      '/body/owners/0/birthDate',
      'owner-mismatch',
    );
    await wrong({ owners: [] }, '/body/owners');
    await refused(
      async () =>
        deposit(await pdfWith('x'), landCertificate({ owners: [{ personalNumber: '12', fullName: 'Ai' }] })),
      422,
      'personal-number-malformed',
    );
    const nameless = landCertificate({ owners: [{ personalNumber: '000199009999' }] });
    await refused(async () => deposit(await pdfWith('x'), nameless), 422, 'name-missing');
  });
});

describe('callers who may not', () => {
  test('another agency, no token, an expired one', async () => {
    const other = await site.system('tthc-h17', ['documents:deposit']);
    const attempt = async (who: Caller) =>
      who.send(
        'POST',
        '/api/v1/documents',
        form({ metadata: landCertificate() }, [{ bytes: await pdfWith('x') }]),
      );
    await refused(() => attempt(other), 403, 'not-for-this-agency');
    await refused(() => attempt(site.nobody), 401, 'unauthenticated');
    const headers = { Authorization: 'Bearer an-old-token-that-nobody-knows-any-more' };
    const before = await site.count('access.denied');
    const stale = await site.nobody.raw('POST', '/api/v1/documents', { headers });
    expect(stale.status).toBe(401);
    expect(stale.headers.get('www-authenticate')).toContain('Bearer');
    expect(await site.count('access.denied')).toBe(before + 1);
  });

  test('a key that was used for something else', async () => {
    const send = async (metadata: object) => {
      const body = form({ metadata }, [{ bytes: await pdfWith('x') }]);
      const headers = { 'Idempotency-Key': 'one-key-for-all' };
      const response = await system.raw('POST', '/api/v1/documents', { body, headers });
      return { status: response.status, body: await response.json(), headers: response.headers } as Answer;
    };
    expect((await send(landCertificate())).status).toBe(201);
    const before = await kept();
    expect(await send(landCertificate({ symbol: 'khác' }))).toMatchObject({
      status: 422,
      body: { type: 'urn:mot-lan:problem:idempotency-mismatch' },
    });
    expect(await kept()).toEqual(before);
  });
});
