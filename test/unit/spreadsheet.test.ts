import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFormula, parseCsv, readTable, writeCsv, writeXlsx } from '../../src/spreadsheet/index.ts';
import { serialDate } from '../../src/spreadsheet/xlsx-formats.ts';

const rowsOf = (bytes: Uint8Array) => {
  const table = readTable(bytes);
  if (!table.ok) throw new Error(table.en);
  return table.rows.map(({ cells }) => cells.map(({ text }) => text));
};
const fault = (bytes: Uint8Array): string => {
  const table = readTable(bytes);
  return table.ok ? 'read' : table.en;
};

describe('CSV', () => {
  test('quotes, line breaks, semicolons, byte-order mark; lines are counted as in the file', () => {
    const csv = parseCsv(Buffer.from('\uFEFFa;b\r\n"x\ny";"say ""so"""\r\n\r\n1;\r\n'));
    expect(csv).toEqual({
      ok: true,
      rows: [
        { line: 1, cells: ['a', 'b'] },
        { line: 2, cells: ['x\ny', 'say "so"'] },
        { line: 5, cells: ['1', ''] },
      ],
    });
  });

  test('what is broken names its line', () => {
    expect(parseCsv(Buffer.from('a,b\n"x'))).toMatchObject({ ok: false, line: 2 });
    expect(parseCsv(Buffer.from('a,b\n"x"y,1'))).toMatchObject({ ok: false, line: 2 });
    expect(parseCsv(Buffer.from([0xff, 0xfe]))).toMatchObject({ ok: false, line: 1 });
    expect(parseCsv(Buffer.from('a\n1\n2\n'), { bytes: 100, rows: 2, columns: 5 })).toMatchObject({
      ok: false,
    });
  });

  test('property: what is written is read back, and nothing written runs as a formula', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((each) => each.trim() === each && each !== '');
    fc.assert(
      fc.property(
        fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        (rows) => {
          const csv = parseCsv(writeCsv(rows));
          if (!csv.ok) throw new Error(csv.en);
          expect(csv.rows.map(({ cells }) => cells)).toEqual(
            rows.map((row) => row.map((each) => (isFormula(each) ? `'${each}` : each))),
          );
          for (const { cells } of csv.rows) for (const each of cells) expect(isFormula(each)).toBe(false);
        },
      ),
    );
  });
});

/** A ZIP archive around given parts, deflated. */
function zip(files: Record<string, string>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = deflateRawSync(Buffer.from(text));
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(Buffer.byteLength(text), 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), data]);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), facts, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...central, end]);
}

const book = (sheet: string, more: Record<string, string> = {}) =>
  zip({
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="h" state="hidden" r:id="r9"/><sheet name="a" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
    'xl/worksheets/s.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
    ...more,
  });

describe('XLSX', () => {
  test('what is written is read back, zeros and all', () => {
    const rows = [
      ['Họ tên *', 'Số'],
      ['Đào & <"Na">', '000123'],
    ];
    expect(rowsOf(writeXlsx({ title: 'a/b', rows }))).toEqual(rows);
    expect(writeXlsx({ title: 'a', rows })).toEqual(writeXlsx({ title: 'a', rows }));
  });

  test('shared texts, numbers, dates, padded numbers, gaps, errors', () => {
    const bytes = book(
      '<row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3"><v>8.5</v></c><c r="D3" s="1"><v>39572</v></c><c r="E3" s="2"><v>190123456</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c></row>',
      {
        'xl/sharedStrings.xml':
          '<sst><si><t>x</t></si><si><r><t>Lê </t></r><r><t>An</t></r><rPh><t>no</t></rPh></si></sst>',
        'xl/styles.xml':
          '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000000000000"/></numFmts><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>',
      },
    );
    expect(rowsOf(bytes)).toEqual([['Lê An', '', '8.5', '2008-05-04', '000190123456', 'true', '#REF!']]);
    const table = readTable(bytes);
    expect(table.ok && table.rows[0]?.line).toBe(3);
    expect(table.ok && table.rows[0]?.cells.map(({ numeric }) => numeric).indexOf(true)).toBe(2);
  });

  test('days are counted as the program counts them', () => {
    expect([1, 59, 61, 44197].map((n) => serialDate(n, false))).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-03-01',
      '2021-01-01',
    ]);
    expect(serialDate(0, true)).toBe('1904-01-01');
  });

  test('macros, old files, entities, bombs and damage are refused by name', () => {
    expect(fault(book('', { 'xl/vbaProject.bin': 'x' }))).toContain('macros');
    expect(fault(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))).toContain('.xls');
    expect(fault(book('', { 'xl/sharedStrings.xml': '<!DOCTYPE a [<!ENTITY b "c">]><sst/>' }))).toContain(
      'cannot be read',
    );
    expect(fault(zip({ 'a.txt': 'x' }))).toContain('no Excel workbook');
    expect(fault(Buffer.from('PK\x03\x04 and then nothing'))).toContain('damaged');
    expect(fault(book('').subarray(0, 200))).toContain('damaged');
    const bomb = zip({ 'xl/workbook.xml': ' '.repeat(5_000_000) });
    expect(fault(bomb)).toContain('too large');
    expect(fault(book('<row><c r="ZZZ1"><v>1</v></c></row>'))).toContain('columns');
  });

  test('a size that lies about the bomb behind it does not help', () => {
    const bytes = zip({ 'xl/workbook.xml': ' '.repeat(5_000_000) });
    const at = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    bytes.writeUInt32LE(10, at + 24);
    expect(fault(bytes)).toContain('too large');
  });

  test('property: no bytes make it throw', () => {
    const valid = book('<row r="1"><c r="A1"><v>1</v></c></row>');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: valid.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (at, byte) => {
          const bytes = Buffer.from(valid);
          bytes[at] = byte;
          readTable(bytes);
        },
      ),
      { numRuns: 500 },
    );
  });
});
