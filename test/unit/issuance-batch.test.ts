import { expect, test } from '@jest/globals';
import { Catalogue } from '../../src/catalogue/catalogue.ts';
import { checkImport } from '../../src/catalogue/catalogue-check.ts';
import { readCatalogueFiles } from '../../src/catalogue/catalogue-files.ts';
import { shippedCatalogueFiles } from '../../src/catalogue/shipped-catalogue.ts';
import { batchForm, failedRows } from '../../src/issuance/batch-files.ts';
import { readBatchSheet, splitRows } from '../../src/issuance/batch-sheet.ts';
import { readTable } from '../../src/spreadsheet/index.ts';

const nothing = { units: [], agencies: [], documentTypes: [], procedures: [] };
const { entries } = readCatalogueFiles(shippedCatalogueFiles());
const today = '2026-11-24';
const found = new Catalogue(checkImport(nothing, entries).merged).documentType(
  'LOCAL.UPPER-SECONDARY-DIPLOMA',
  today,
);
if (!found) throw new Error('missing');
const type = found;

const read = (csv: string | Buffer) => {
  const table = readTable(typeof csv === 'string' ? Buffer.from(csv) : csv);
  if (!table.ok) throw new Error(table.en);
  return readBatchSheet(table.rows, { type, today });
};
const head = 'Họ, chữ đệm, tên,Ngày sinh,Số định danh cá nhân,Trường,Năm tốt nghiệp,Số hiệu văn bằng';
const quoted = head.replace('Họ, chữ đệm, tên', '"Họ, chữ đệm, tên"');
const row = (name: string, more: Partial<Record<'birth' | 'number' | 'year' | 'serial', string>> = {}) =>
  `"${name}",${more.birth ?? '04/05/2008'},${more.number ?? ''},THPT Nguyễn Bỉnh Khiêm,${more.year ?? '2026'},${more.serial ?? `A${Math.random()}`}`;
const faults = (csv: string) =>
  read(csv).faults.map(({ row: line, column }) => `${line}:${column.slice(0, 1)}`);

test('a right table gives its rows, with names composed and dates in one form', () => {
  const sheet = read(
    `\uFEFF${quoted}\n${row('Nguyễn  Thị Đào'.normalize('NFD'), { number: '000308123456', serial: 'A1' })}\n${row('Lê An', { birth: '2008-5-4'.replace('5-4', '05-04') })}\n`,
  );
  expect(sheet.faults).toEqual([]);
  expect(sheet.rows).toHaveLength(2);
  expect(sheet.rows[0]).toEqual({
    row: 2,
    fields: {
      fullName: 'Nguyễn Thị Đào',
      birthDate: '2008-05-04',
      personalNumber: '000308123456',
      schoolName: 'THPT Nguyễn Bỉnh Khiêm',
      graduationYear: 2026,
      diplomaNumber: 'A1',
    },
  });
});

test('twelve planted mistakes are each told with row and column', () => {
  const table = [
    quoted,
    row('Đúng Một', { serial: 'A1' }),
    row(''),
    row('=cmd|calc'),
    row('12345'),
    row('Ngày Sai', { birth: '31/02/2008' }),
    row('Năm Hai Số', { birth: '04/05/08' }),
    row('Tương Lai', { birth: '01/01/2030' }),
    row('Quá Xưa', { birth: '01/01/1008' }),
    row('Thiếu Không', { number: '8203123456' }),
    row('Rút Gọn', { number: '8.20E+10' }),
    row('Năm Chữ', { year: 'hai sáu' }),
    row('Trùng Số', { serial: 'A1' }),
    row('Thiếu Số', { serial: ' ' }),
  ].join('\n');
  expect(faults(table)).toEqual([
    '3:A',
    '4:A',
    '5:A',
    '6:B',
    '7:B',
    '8:B',
    '9:B',
    '10:C',
    '11:C',
    '12:E',
    '14:F',
    '13:F',
  ]);
  expect(read(table).rows.map(({ row: line }) => line)).toEqual([2]);
});

test('titles above, merged headings, stars and English names are understood', () => {
  const sheet = read(
    `DANH SÁCH TỐT NGHIỆP,,,,,\n"Full name *",Thông tin,,Trường,Năm tốt nghiệp,Số hiệu văn bằng\n,Ngày sinh,Số định danh cá nhân,,,\n${row('Lê An')}\n`,
  );
  expect(sheet.faults).toEqual([]);
  expect(sheet.rows).toHaveLength(1);
});

test('a wrong sheet, a missing column, a column twice and an empty table say so', () => {
  expect(read('Mặt hàng,Giá\nGạo,1\n').faults[0]?.message.vi).toContain('mẫu tải về');
  expect(
    read(`"Họ, chữ đệm, tên",Ngày sinh\nLê An,04/05/2008\n`)
      .faults.map(({ message }) => message.en)
      .join(),
  ).toContain('missing');
  expect(read(`${quoted},Trường\n${row('Lê An')},x\n`).faults[0]?.column).toBe('G (Trường)');
  expect(read(`${quoted}\n`).faults).toHaveLength(1);
});

test('a person or a serial number twice is told with the first row', () => {
  const sheet = read(
    `${quoted}\n${row('Lê An', { number: '000308123456' })}\n${row('Lê Ân', { number: '000308123456' })}\n`,
  );
  expect(sheet.faults).toMatchObject([{ row: 3, message: { vi: 'Trùng với dòng 2.' } }]);
});

test('the form can be filled in, and the list of failed rows can be sent again', () => {
  const form = readTable(batchForm(type));
  if (!form.ok) throw new Error(form.en);
  expect(form.rows[0]?.cells.map(({ text }) => text)).toContain('Họ, chữ đệm, tên *');
  expect(form.rows[0]?.cells.map(({ text }) => text).join()).not.toContain('sổ gốc');
  const bad = read(`${quoted}\n${row('=1+1')}\n${row('Lê An')}\n`);
  const failed = failedRows({ heading: bad.heading, rows: splitRows(bad, bad.faults).faulty });
  expect(failed.toString()).toContain("'=1+1");
  const mended = read(Buffer.from(failed.toString().replace("'=1+1", 'Lê Bình')));
  expect(mended.faults).toEqual([]);
  expect(mended.rows.map(({ fields }) => fields.fullName)).toEqual(['Lê Bình']);
});

test('more rows than allowed are refused as a whole', () => {
  const cells = [{ text: 'x', numeric: false }];
  const heading = head.split(/,(?! )/).map((text) => ({ text, numeric: false }));
  const table = [
    { line: 1, cells: heading },
    ...Array.from({ length: 100_001 }, (_, n) => ({ line: n + 2, cells })),
  ];
  const sheet = readBatchSheet(table, { type, today });
  expect(sheet.rows).toEqual([]);
  expect(sheet.faults.some(({ message }) => message.vi.includes('100000'))).toBe(true);
});
