/** The reader opens what it should, revision by revision, and refuses hostile structure with a reason. */
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import {
  Budget,
  inspectPdf,
  inspectPdfInChild,
  openPdf,
  PdfDict,
  PdfError,
  PdfRef,
  PdfStream,
  PdfString,
  readPages,
} from '../../../src/pdf/index.ts';
import { KillablePool } from '../../../src/platform/killable.ts';
import { appendRevision, simplePdf, streamBody } from '../../support/pdf-builder.ts';

function faultOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof PdfError) {
      return error.fault;
    }
    throw error;
  }
  return 'none';
}

describe('revisions', () => {
  test('each revision sees the objects in force at its own end', () => {
    const first = simplePdf('one');
    const second = appendRevision(first, [{ num: 4, body: streamBody('', 'two') }]);
    const file = openPdf(second);
    expect(file.revisions.map((r) => r.end)).toEqual([first.length, second.length]);
    const read = (end: number): string => {
      const revision = file.revisionAt(end);
      const stream = revision?.object(new PdfRef(4, 0));
      return stream instanceof PdfStream && revision ? Buffer.from(revision.decode(stream)).toString() : '';
    };
    expect(read(first.length)).toBe('one');
    expect(read(second.length)).toBe('two');
    expect(file.revisionAt(first.length - 20)).toBeUndefined();
  });

  test('a freed object is null in the later revision only', () => {
    const first = simplePdf();
    const file = openPdf(appendRevision(first, [], { freed: [4] }));
    expect(file.last.object(new PdfRef(4, 0))).toBeNull();
    expect(file.revisionAt(first.length)?.object(new PdfRef(4, 0))).toBeInstanceOf(PdfStream);
  });

  test('matter behind the last end is told apart', () => {
    const pdf = simplePdf();
    const tail = (text: string): string => openPdf(Buffer.concat([pdf, Buffer.from(text)])).trailing.kind;
    expect(tail('\r\n\n')).toBe('none');
    expect(tail('4 0 obj\n<< >>\nendobj\n')).toBe('objects');
    expect(tail('4 0 obj\n<< >>\nendobj\n5 0 obj << /A ')).toBe('incomplete');
    expect(tail('<html>')).toBe('other');
  });
});

describe('objects', () => {
  test('strings, names, numbers and references are read as written', () => {
    const pdf = simplePdf('', [
      { num: 5, body: '<< /A#42 (a\\(\\101\\)\\\n(b)) /H <4a4B4> /N [-1.5 +2 .5 7 0 R null true] >>' },
    ]);
    const dict = openPdf(pdf).last.object(new PdfRef(5, 0));
    expect(dict).toBeInstanceOf(PdfDict);
    if (dict instanceof PdfDict) {
      const text = dict.get('AB');
      const hex = dict.get('H');
      expect(text instanceof PdfString && Buffer.from(text.bytes).toString()).toBe('a(A)(b)');
      expect(hex instanceof PdfString && Buffer.from(hex.bytes).toString()).toBe('JK@');
      expect(dict.get('N')).toEqual([-1.5, 2, 0.5, new PdfRef(7, 0), null, true]);
    }
  });

  test('object streams and cross-reference streams are read', () => {
    const header = '%PDF-1.7\n';
    const packed =
      '1 0 2 34 3 76 << /Type /Catalog /Pages 2 0 R >> << /Type /Pages /Kids [3 0 R] /Count 1 >> << /Type /Page /Parent 2 0 R >>';
    const first = packed.indexOf('<<');
    const bodies = packed.slice(first);
    const directory = [1, 2, 3]
      .map(
        (num, i) => `${num} ${[0, bodies.indexOf('<< /Type /Pages'), bodies.indexOf('<< /Type /Page /')][i]}`,
      )
      .join(' ');
    const data = deflateSync(Buffer.from(`${directory} ${bodies}`));
    const objectStream = Buffer.concat([
      Buffer.from(`9 0 obj\n`),
      streamBody(`/Type /ObjStm /N 3 /First ${directory.length + 1} /Filter /FlateDecode`, data),
      Buffer.from('\nendobj\n'),
    ]);
    const at = header.length + objectStream.length;
    const rows = [
      [0, 0, 0],
      [2, 9, 0],
      [2, 9, 1],
      [2, 9, 2],
    ].flatMap(([type = 0, a = 0, b = 0]) => [type, a >> 8, a & 255, b]);
    const table = Buffer.from([...rows, 1, 0, header.length, 0, 1, at >> 8, at & 255, 0]);
    const pdf = Buffer.concat([
      Buffer.from(header),
      objectStream,
      Buffer.from('10 0 obj\n'),
      streamBody('/Type /XRef /W [1 2 1] /Index [0 4 9 2] /Size 11 /Root 1 0 R', table),
      Buffer.from(`\nendobj\nstartxref\n${at}\n%%EOF`),
    ]);
    expect(readPages(openPdf(pdf).last)).toHaveLength(1);
  });
});

describe('hostile structure', () => {
  test('loops of sections, references and pages end in a reason', () => {
    const pdf = simplePdf();
    const start = Number(/startxref\s+(\d+)/.exec(pdf.toString('latin1'))?.[1]);
    const looped = Buffer.from(
      pdf.toString('latin1').replace('/Root 1 0 R', `/Root 1 0 R /Prev ${start}`),
      'latin1',
    );
    expect(faultOf(() => openPdf(looped))).toBe('structure');
    const circle = openPdf(
      simplePdf('', [
        { num: 5, body: '6 0 R' },
        { num: 6, body: '5 0 R' },
      ]),
    );
    expect(faultOf(() => circle.last.resolve(new PdfRef(5, 0)))).toBe('structure');
    const pages = openPdf(appendRevision(pdf, [{ num: 3, body: '<< /Type /Pages /Kids [2 0 R] >>' }]));
    expect(faultOf(() => readPages(pages.last))).toBe('structure');
  });

  test('bombs and deep nesting exhaust the budget', () => {
    const bomb = deflateSync(Buffer.alloc(8_000_000));
    const file = openPdf(
      simplePdf('', [{ num: 5, body: streamBody('/Filter /FlateDecode', bomb) }]),
      new Budget({ decodedBytes: 1_000_000 }),
    );
    const stream = file.last.object(new PdfRef(5, 0));
    expect(faultOf(() => stream instanceof PdfStream && file.last.decode(stream))).toBe('budget');
    const deep = openPdf(simplePdf('', [{ num: 5, body: '['.repeat(5000) }]));
    expect(faultOf(() => deep.last.object(new PdfRef(5, 0)))).toBe('budget');
  });

  test('floods of values and tables of many sections are bounded', () => {
    const flood = openPdf(
      simplePdf('', [{ num: 5, body: `[${'1 '.repeat(2000)}]` }]),
      new Budget({ values: 1000 }),
    );
    expect(faultOf(() => flood.last.object(new PdfRef(5, 0)))).toBe('budget');
    const many = Array.from({ length: 20_000 }, (_, i) => ({ num: 100 + i * 2, body: 'null' }));
    const file = openPdf(appendRevision(simplePdf(), many, { trailer: '/Size 50000 /Root 1 0 R' }));
    expect(file.last.entry(100 + 19_999 * 2).kind).toBe('offset');
    expect(file.last.entry(101).kind).toBe('free');
  });

  test('an object that is not where the table says is refused', () => {
    const text = simplePdf().toString('latin1').replace('4 0 obj', '7 0 obj');
    expect(faultOf(() => openPdf(Buffer.from(text, 'latin1')).last.object(new PdfRef(4, 0)))).toBe(
      'structure',
    );
  });

  test('no truncation and no garbage makes the inspector throw', () => {
    const pdf = simplePdf();
    for (let cut = 0; cut < pdf.length; cut += 7) {
      expect(typeof inspectPdf(pdf.subarray(0, cut)).readable).toBe('boolean');
    }
    expect(inspectPdf(Buffer.from('no pdf at all'))).toMatchObject({ readable: false, fault: 'syntax' });
  });
});

describe('inspection', () => {
  test('tells pages, sizes and active content', async () => {
    const active = appendRevision(simplePdf(), [
      { num: 1, body: '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert) >> >>' },
    ]);
    await using pool = new KillablePool();
    expect(await inspectPdfInChild(pool, simplePdf())).toMatchObject({
      readable: true,
      pages: 1,
      pageSizes: [{ width: 595, height: 842 }],
      hasJavaScript: false,
      encrypted: false,
    });
    expect(await inspectPdfInChild(pool, active)).toMatchObject({ hasJavaScript: true, revisions: 2 });
  });
});
