// The bulk path: each file whole, signed, PDF/A, with its own fields; faults named before anything is signed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { openPdf, PdfStream, readPages } from '../../../src/pdf/index.ts';
import {
  type BulkLayout,
  createBulkTemplate,
  markProfiles,
  type Signer,
  sealPdf,
} from '../../../src/signing/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { itWith, run } from '../../support/command.ts';
import { findSignatures } from '../../support/pdf.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'bulk-'));
const time = new Date('2026-11-24T07:05:09Z');
let pki: TestPki;
beforeAll(async () => {
  pki = await createTestPki(fixedClock('2026-11-24T07:05:09Z'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const layout: BulkLayout = {
  title: 'Bằng tốt nghiệp của {name}',
  width: 842,
  height: 595,
  elements: [
    { kind: 'text', text: 'BẰNG TỐT NGHIỆP', x: 421, y: 500, size: 24, font: 'tinos-bold', align: 'center' },
    { kind: 'rectangle', x: 20, y: 20, width: 802, height: 555, lineWidth: 2 },
    { kind: 'text', text: 'Họ và tên: {name}', x: 100, y: 400, size: 14, font: 'tinos' },
    { kind: 'text', text: 'Số hiệu: {number}', x: 740, y: 60, size: 12, font: 'tinos', align: 'right' },
    { kind: 'qr', text: 'https://kho.example.vn/v/{number}', x: 60, y: 60, size: 70 },
  ],
  mark: {
    profile: { ...markProfiles.exportQr, corner: 'top-right' },
    values: { caption: 'Sổ gốc' },
    qr: 'https://kho.example.vn',
  },
  attachment: { name: 'du-lieu.json', mimeType: 'application/json', relationship: 'Data' },
};
const paper = (name: string, number: string) => ({
  fields: { name, number },
  identifier: `urn:uuid:${number}`,
  attachment: Buffer.from(JSON.stringify({ name, number })),
});

describe.each([['rsa-2048'], ['p-256'], ['p-384']] as const)('a template with %s', (key) => {
  let signer: Signer;
  beforeAll(async () => {
    signer = await pki.signer({ key });
  });

  it('makes files that differ in their fields and are each signed', async () => {
    const template = await createBulkTemplate(layout, signer);
    expect(template.fieldNames).toEqual(['name', 'number']);
    for (let number = 0; number < 12; number++) {
      const file = template.sign(paper(`Nguyễn Văn Thử ${number}`, String(1000 + number)), time);
      const [signature, second] = findSignatures(file);
      expect(second).toBeUndefined();
      expect(signature).toMatchObject({ intact: true, type: 'ETSI.CAdES.detached' });
      const [, , start = 0, length = 0] = signature!.byteRange;
      expect(start + length).toBe(file.length);
      const { last } = openPdf(file);
      const metadata = last.get(last.catalog, 'Metadata');
      const packet = metadata instanceof PdfStream ? Buffer.from(last.decode(metadata)).toString('utf8') : '';
      expect(packet).toContain(`Bằng tốt nghiệp của Nguyễn Văn Thử ${number}`);
      expect(packet).toContain(`<dc:identifier>urn:uuid:${1000 + number}</dc:identifier>`);
      expect(packet).toContain('<pdfaid:part>3</pdfaid:part>');
    }
  });

  it('signs later just as well, several at once', async () => {
    const template = await createBulkTemplate(layout, signer);
    const papers = [paper('Một', '1'), paper('Hai', '2'), paper('Ba', '3')];
    const files = await Promise.all(papers.map((each) => template.signLater(each, time)));
    expect(files.map((file) => findSignatures(file)[0]?.intact)).toEqual([true, true, true]);
  });

  itWith('pdfsig')('is accepted by pdfsig and qpdf', async () => {
    const path = join(folder, `${key}.pdf`);
    const template = await createBulkTemplate(layout, signer);
    writeFileSync(path, template.sign(paper('Nguyễn Thị Ưởng', '1234'), time));
    expect(run('pdfsig', ['-nocert', path]).output).toContain('Signature is Valid');
    expect(run('qpdf', ['--check', path]).status).toBe(0);
    expect(run('pdftotext', [path, '-']).output.normalize('NFC')).toContain('Họ và tên: Nguyễn Thị Ưởng');
  });
});

describe('a bulk file', () => {
  it('is one page to another library, and can be sealed again', async () => {
    const signer = await pki.signer();
    const template = await createBulkTemplate(layout, signer);
    const file = template.sign(paper('Nguyễn Văn Thử', '7'), time);
    expect((await PDFDocument.load(file)).getPageCount()).toBe(1);
    expect(readPages(openPdf(file).last)).toHaveLength(1);
    const again = await sealPdf(file, { signer, time });
    expect(findSignatures(again.bytes).map(({ intact }) => intact)).toEqual([true, true]);
  });

  it('is refused with the reason when a field, letter or attachment is wrong', async () => {
    const template = await createBulkTemplate(layout, await pki.signer());
    const whole = paper('Nguyễn Văn Thử', '7');
    expect(() => template.sign({ ...whole, fields: { name: 'x' } }, time)).toThrow('field "number"');
    expect(() => template.sign({ ...whole, fields: { name: '漢', number: '7' } }, time)).toThrow(
      'no letter for "漢"',
    );
    expect(() => template.sign({ fields: whole.fields }, time)).toThrow('the document gives none');
    expect(() => template.sign(whole, new Date('2040-01-01'))).toThrow('not valid at this time');
  });

  it('takes names in decomposed form as composed', async () => {
    const template = await createBulkTemplate(layout, await pki.signer());
    const name = 'Nguyễn Thị Ưởng';
    const content = (file: Buffer) => /BT.*?ET/s.exec(file.toString('latin1'))?.[0];
    const composed = content(template.sign(paper(name, '7'), time));
    expect(content(template.sign(paper(name.normalize('NFD'), '7'), time))).toBe(composed);
  });
});
