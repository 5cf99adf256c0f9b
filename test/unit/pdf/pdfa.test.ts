// PDF/A pages: what ISO 19005 asks for is there, the text is the text, and the same request gives the same bytes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import {
  buildPdfa,
  buildScanPdfa,
  openPdf,
  type PdfaRequest,
  type PdfDict,
  PdfStream,
  readPages,
} from '../../../src/pdf/index.ts';
import { itWith, run } from '../../support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'pdfa-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const request: PdfaRequest = {
  title: 'Giấy chứng nhận <thử> & "kiểm"',
  created: new Date('2026-11-24T07:05:09Z'),
  pages: [
    {
      width: 595,
      height: 842,
      elements: [
        {
          kind: 'text',
          text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
          x: 297,
          y: 780,
          size: 13,
          font: 'tinos-bold',
          align: 'center',
        },
        { kind: 'text', text: 'Nguyễn Thị Ưởng, Đặng Quỳnh Ỷ', x: 60, y: 700, size: 12, font: 'tinos' },
        { kind: 'line', from: [200, 750], to: [390, 750], width: 1 },
        { kind: 'qr', text: 'https://kho.example.vn/v/1', x: 40, y: 600, size: 70 },
      ],
    },
  ],
};

function parts(bytes: Uint8Array) {
  const { last } = openPdf(bytes);
  const metadata = last.get(last.catalog, 'Metadata');
  const [intent] = last.array(last.catalog, 'OutputIntents') ?? [];
  const profile = last.get(last.resolve(intent ?? null) as PdfDict, 'DestOutputProfile');
  if (!(metadata instanceof PdfStream) || !(profile instanceof PdfStream))
    throw new Error('PDF/A parts are missing');
  return {
    last,
    xmp: Buffer.from(last.decode(metadata)).toString('utf8'),
    profile: Buffer.from(last.decode(profile)),
  };
}

describe('a generated page', () => {
  it('claims 2B, embeds its profile and has an identifier', () => {
    const { last, xmp, profile } = parts(buildPdfa(request));
    expect(xmp).toContain('<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>');
    expect(xmp).toContain('Giấy chứng nhận &lt;thử&gt; &amp; &quot;kiểm&quot;');
    expect(profile.toString('latin1', 12, 24)).toBe('mntrRGB XYZ ');
    expect(profile.readUInt32BE(0)).toBe(profile.length);
    expect(last.array(last.trailer, 'ID')).toHaveLength(2);
    expect(last.trailer.has('Info')).toBe(false);
  });

  it('is the same bytes for the same request', () => {
    expect(buildPdfa(request).equals(buildPdfa(request))).toBe(true);
  });

  it('becomes 3B with attachments, which another library finds', async () => {
    const attachment = {
      name: 'du-lieu.json',
      mimeType: 'application/json',
      bytes: Buffer.from('{"a":1}'),
      relationship: 'Data',
    } as const;
    const bytes = buildPdfa({ ...request, attachments: [attachment] });
    const { last, xmp } = parts(bytes);
    expect(xmp).toContain('<pdfaid:part>3</pdfaid:part>');
    const [file] = last.array(last.catalog, 'AF') ?? [];
    expect(last.get(last.resolve(file ?? null) as PdfDict, 'AFRelationship')).toMatchObject({
      value: 'Data',
    });
    await expect(PDFDocument.load(bytes)).resolves.toBeDefined();
  });

  it('refuses letters its font lacks', () => {
    const elements = [{ kind: 'text', text: '漢', x: 0, y: 0, size: 9, font: 'tinos' }] as const;
    expect(() => buildPdfa({ ...request, pages: [{ width: 100, height: 100, elements }] })).toThrow(
      /no letter for "漢"/,
    );
  });

  it('composes decomposed Vietnamese', () => {
    const text = 'Nguyễn Thị Ưởng';
    const page = (written: string) => ({
      width: 300,
      height: 100,
      elements: [{ kind: 'text', text: written, x: 9, y: 9, size: 9, font: 'tinos' }] as const,
    });
    const composed = buildPdfa({ ...request, pages: [page(text)] });
    expect(buildPdfa({ ...request, pages: [page(text.normalize('NFD'))] }).equals(composed)).toBe(true);
  });

  itWith('pdftotext')('reads as it was written', () => {
    const path = join(folder, 'page.pdf');
    writeFileSync(path, buildPdfa(request));
    const { output } = run('pdftotext', [path, '-']);
    expect(output.normalize('NFC')).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
    expect(output.normalize('NFC')).toContain('Nguyễn Thị Ưởng, Đặng Quỳnh Ỷ');
  });

  itWith('qpdf')('is well-formed to qpdf', () => {
    const path = join(folder, 'checked.pdf');
    writeFileSync(path, buildPdfa(request));
    expect(run('qpdf', ['--check', path]).status).toBe(0);
  });
});

describe('scanned pages', () => {
  const scan = (channels: 1 | 3) => {
    const raw = sharp({ create: { width: 1654, height: 2339, channels: 3, background: 'white' } });
    return (channels === 1 ? raw.greyscale() : raw).jpeg().toBuffer();
  };

  it('hold each JPEG unchanged at its size', async () => {
    const images = [await scan(3), await scan(1)];
    const bytes = buildScanPdfa({ title: 'Bản quét', created: new Date(), images, resolution: 200 });
    for (const image of images) expect(bytes.includes(image)).toBe(true);
    const { last } = openPdf(bytes);
    const sizes = readPages(last).map(({ dict }) => (last.array(dict, 'MediaBox') ?? []).slice(2));
    expect(sizes[0]).toEqual([expect.closeTo(595.44, 2), expect.closeTo(842.04, 2)]);
  });

  it('refuse what is no JPEG of grey or RGB', async () => {
    const cmyk = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const build = (image: Buffer) => () =>
      buildScanPdfa({ title: 'x', created: new Date(), images: [image], resolution: 200 });
    expect(build(cmyk)).toThrow(/RGB JPEG/);
    expect(build(Buffer.from('GIF89a'))).toThrow(/not a JPEG/);
  });
});
