// Sealing PDFs: prefix untouched, every signature intact, marks upright in their corner, refusals with reasons.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PDFDocument, PDFName } from 'pdf-lib';
import { oids } from '../../../src/asn1/index.ts';
import {
  completeSignature,
  createKeySigner,
  markProfiles,
  markTime,
  openDevelopmentPki,
  type PreparedSignature,
  preparedSignatureSchema,
  prepareSignature,
  type Signer,
  sealPdf,
} from '../../../src/signing/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { itWith, run } from '../../support/command.ts';
import { findSignatures, type MadePdf, makePdf } from '../../support/pdf.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'seal-'));
const time = new Date('2026-11-24T07:05:09Z');
let pki: TestPki;
let signer: Signer;

beforeAll(async () => {
  pki = await createTestPki(fixedClock('2026-11-24T07:05:09Z'));
  signer = await pki.signer();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const officer = {
  profile: markProfiles.officer,
  values: { name: 'Nguyễn Thị Số Hóa', time: markTime(time) },
};
const agency = {
  profile: markProfiles.agencyCopy,
  values: { form: 'SAO Y', agency: 'Ủy ban nhân dân xã An Bình', time: markTime(time) },
};

async function sealTwice(pdf: Uint8Array) {
  const first = await sealPdf(pdf, { signer, time, mark: officer, fieldName: 'Officer' });
  return { first, second: await sealPdf(first.bytes, { signer, time, mark: agency }) };
}

describe.each<[string, MadePdf]>([
  ['a classic table', {}],
  ['a cross-reference stream', { streams: true }],
])('a file with %s', (_, made) => {
  it('keeps its bytes and has both signatures intact', async () => {
    const pdf = await makePdf(made);
    const { first, second } = await sealTwice(pdf);
    expect(Buffer.from(second.bytes).subarray(0, first.bytes.length).equals(first.bytes)).toBe(true);
    expect(Buffer.from(first.bytes).subarray(0, pdf.length).equals(pdf)).toBe(true);
    const found = findSignatures(second.bytes);
    expect(found.map(({ name, intact, type }) => ({ name, intact, type }))).toEqual([
      { name: 'Officer', intact: true, type: 'ETSI.CAdES.detached' },
      { name: 'Signature', intact: true, type: 'ETSI.CAdES.detached' },
    ]);
    const [, , start = 0, length = 0] = found[1]!.byteRange;
    expect(start + length).toBe(second.bytes.length);
  });

  it('is noticed when a byte of it changes', async () => {
    const { bytes } = await sealPdf(await makePdf(made), { signer, time });
    const changed = Uint8Array.from(bytes);
    changed[12]! ^= 1;
    expect(findSignatures(changed)[0]?.intact).toBe(false);
  });

  itWith('pdfsig')('is accepted by pdfsig', async () => {
    const path = join(folder, 'judged.pdf');
    writeFileSync(path, (await sealTwice(await makePdf(made))).second.bytes);
    const { output } = run('pdfsig', ['-nocert', path]);
    expect(output.match(/Signature is Valid/g)).toHaveLength(2);
    expect(output).toContain('Total document signed');
  });

  itWith('qpdf')('is well-formed to qpdf', async () => {
    const path = join(folder, 'checked.pdf');
    writeFileSync(path, (await sealTwice(await makePdf(made))).second.bytes);
    expect(run('qpdf', ['--check', path])).toMatchObject({ status: 0 });
  });
});

describe('a mark', () => {
  const boxes: MadePdf = { mediaBox: [-100, 50, 800, 1000], cropBox: [-50, 100, 600, 800] };
  // Distances from the visible top edge and the visible near side must be the margins, however the page lies.
  it.each([0, 90, 180, 270] as const)('stands in its corner on a page turned by %d', async (rotate) => {
    const { bytes } = await sealPdf(await makePdf({ ...boxes, rotate }), { signer, time, mark: officer });
    const { rect, matrix } = findSignatures(bytes)[0]!;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = rect;
    const [left, bottom, right, top] = [-50, 100, 550, 900];
    const fromVisibleTop = { 0: top - y2, 90: x1 - left, 180: y1 - bottom, 270: right - x2 }[rotate];
    const fromVisibleLeft = { 0: x1 - left, 90: y1 - bottom, 180: right - x2, 270: top - y2 }[rotate];
    expect(fromVisibleTop).toBeCloseTo(18, 3);
    expect(fromVisibleLeft).toBeCloseTo(28, 3);
    const turn = Math.round((Math.atan2(matrix[1] ?? 0, matrix[0] ?? 0) * 180) / Math.PI);
    expect((turn + 360) % 360).toBe(rotate);
  });

  it('does not cover a signature that stands there', async () => {
    const once = await sealPdf(await makePdf(), { signer, time, mark: officer });
    const twice = await sealPdf(once.bytes, { signer, time, mark: officer });
    const [lower, upper] = findSignatures(twice.bytes)
      .map(({ rect }) => rect)
      .reverse();
    expect(lower![3]!).toBeLessThanOrEqual(upper![1]!);
  });

  itWith('pdftotext')('reads as the Vietnamese it was given', async () => {
    const path = join(folder, 'text.pdf');
    writeFileSync(path, (await sealTwice(await makePdf())).second.bytes);
    const { output } = run('pdftotext', [path, '-']);
    for (const line of [
      'Nguyễn Thị Số Hóa',
      'SAO Y',
      'Ủy ban nhân dân xã An Bình',
      '2026-11-24T14:05:09+07:00',
    ]) {
      expect(output.normalize('NFC')).toContain(line);
    }
  });

  it('takes images and QR codes', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
      'base64',
    );
    const image = { profile: markProfiles.sealImage, values: {}, image: png };
    const qr = {
      profile: markProfiles.exportQr,
      values: { caption: 'Tra cứu tại kho' },
      qr: 'https://kho.example.vn/v/abc',
    };
    const first = await sealPdf(await makePdf({ pages: 2 }), { signer, time, mark: image });
    const second = await sealPdf(first.bytes, { signer, time, mark: qr });
    expect(findSignatures(second.bytes).map(({ intact }) => intact)).toEqual([true, true]);
    await expect(
      sealPdf(first.bytes, { signer, time, mark: { ...image, image: Buffer.from('no') } }),
    ).rejects.toMatchObject({
      kind: 'mark-incomplete',
    });
  });

  it('says which value is missing', async () => {
    const mark = { profile: markProfiles.agencyCopy, values: { form: 'SAO Y', time: 'x' } };
    await expect(sealPdf(await makePdf(), { signer, time, mark })).rejects.toThrow(
      /needs a value for "agency"/,
    );
  });
});

describe('refusals', () => {
  it('names the reason for files that cannot be signed', async () => {
    await expect(sealPdf(Buffer.from('not a PDF'), { signer, time })).rejects.toMatchObject({
      kind: 'pdf-not-signable',
    });
    const cut = (await makePdf()).subarray(0, 300);
    await expect(sealPdf(cut, { signer, time })).rejects.toMatchObject({ kind: 'pdf-not-signable' });
  });

  it('respects a certification against all changes', async () => {
    const doc = await PDFDocument.load(await makePdf());
    const { context } = doc;
    const reference = { TransformMethod: 'DocMDP', TransformParams: { P: 1, V: '1.2' } };
    const certification = context.register(context.obj({ Type: 'Sig', Reference: [reference] }));
    doc.catalog.set(PDFName.of('Perms'), context.obj({ DocMDP: certification }));
    const certified = await doc.save({ useObjectStreams: false });
    await expect(sealPdf(certified, { signer, time })).rejects.toMatchObject({
      kind: 'signing-not-permitted',
    });
  });

  it('refuses certificates outside their validity and not meant for signing', async () => {
    const late = new Date('2039-01-01');
    await expect(sealPdf(await makePdf(), { signer, time: late })).rejects.toMatchObject({
      kind: 'certificate-not-valid',
    });
    const { key } = await pki.issue({});
    const authority = pki.root.issue({
      subject: [{ oid: oids.commonName, value: 'Không ký' }],
      key,
      profile: 'authority',
      notBefore: new Date('2026-01-01'),
      notAfter: new Date('2030-01-01'),
    });
    const unfit = createKeySigner({ key, certificate: authority });
    await expect(sealPdf(await makePdf(), { signer: unfit, time })).rejects.toMatchObject({
      kind: 'certificate-unfit',
    });
  });
});

describe('two steps', () => {
  const revive = (state: PreparedSignature) =>
    preparedSignatureSchema.parse(JSON.parse(JSON.stringify(state)));

  it('is the same file each time it is completed', async () => {
    const pdf = await makePdf();
    const prepared = revive(await prepareSignature(pdf, signer, { time, mark: officer }));
    const signature = await signer.sign(Buffer.from(prepared.toSign, 'base64'));
    const once = completeSignature(pdf, prepared, signature);
    const again = completeSignature(pdf, prepared, signature);
    expect(Buffer.from(again).equals(once)).toBe(true);
    expect(findSignatures(once)[0]).toMatchObject({ intact: true });
  });

  it('refuses another key, another digest, another file and a changed state', async () => {
    const pdf = await makePdf();
    const prepared = revive(await prepareSignature(pdf, signer, { time }));
    const good = await signer.sign(Buffer.from(prepared.toSign, 'base64'));
    const other = await (await pki.signer()).sign(Buffer.from(prepared.toSign, 'base64'));
    const wrong = expect.objectContaining({ kind: 'signature-wrong' });
    const damaged = expect.objectContaining({ kind: 'prepared-state-damaged' });
    expect(() => completeSignature(pdf, prepared, other)).toThrow(wrong);
    expect(() => completeSignature(pdf, prepared, Buffer.alloc(70))).toThrow(wrong);
    const changed = Uint8Array.from(pdf);
    changed[40]! ^= 1;
    expect(() => completeSignature(changed, prepared, good)).toThrow(damaged);
    expect(() => completeSignature(pdf.subarray(1), prepared, good)).toThrow(damaged);
    const range: PreparedSignature['byteRange'] = [0, 10, 20, prepared.byteRange[3]];
    expect(() => completeSignature(pdf, { ...prepared, byteRange: range }, good)).toThrow(damaged);
  });
});

describe('the development seal', () => {
  it('seals with an RSA key', async () => {
    const open = await openDevelopmentPki(join(folder, 'pki'), {
      now: () => time,
      keys: { agencySeal: 'rsa-2048' },
    });
    const sealed = await sealPdf(await makePdf(), { signer: open.signers.agencySeal, time });
    expect(findSignatures(sealed.bytes)[0]).toMatchObject({ intact: true });
  });
});
