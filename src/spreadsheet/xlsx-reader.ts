/**
 * Reads the first visible sheet of an Office Open XML workbook (ECMA-376 part 1, SpreadsheetML): texts, numbers as the
 * cell shows them, dates, booleans. Macros are refused, formulas give the value the program stored, and nothing outside
 * the file is fetched. CPU and memory are bounded by the limits; run it where it can be killed all the same.
 */
import {
  columnIndex,
  type SheetCell,
  SheetFault,
  type SheetLimits,
  type SheetResult,
  type SheetRow,
  sheetLimits,
} from './sheet.ts';
import { type CellFormat, cellFormats, serialDate } from './xlsx-formats.ts';
import { scanXml } from './xml-scan.ts';
import { ZipArchive } from './zip.ts';

const partLimit = 400_000_000;
const empty: SheetCell = { text: '', numeric: false };

/** The rows of the first visible sheet; rows without content are left out. */
export function readXlsx(bytes: Uint8Array, limits: SheetLimits = sheetLimits): SheetResult {
  try {
    return { ok: true, rows: readWorkbook(bytes, limits) };
  } catch (error) {
    if (error instanceof SheetFault) return { ok: false, line: error.line, vi: error.vi, en: error.message };
    throw error;
  }
}

function readWorkbook(bytes: Uint8Array, limits: SheetLimits): SheetRow[] {
  if (bytes.byteLength > limits.bytes)
    throw new SheetFault('Tệp quá lớn; hãy chia nhỏ.', 'The file is too large; split it.');
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) {
    throw new SheetFault(
      'Tệp là .xls kiểu cũ hoặc có mật khẩu; hãy lưu lại dạng .xlsx, không mật khẩu.',
      'The file is an old .xls or locked with a password; save it as .xlsx without a password.',
    );
  }
  const archive = new ZipArchive(bytes);
  if (archive.names.some((name) => /vbaProject\.bin$|macrosheets\//i.test(name))) {
    throw new SheetFault(
      'Tệp có macro; hãy lưu lại dạng .xlsx không macro.',
      'The file holds macros; save it as .xlsx without them.',
    );
  }
  const workbook = archive.text('xl/workbook.xml', 1_000_000);
  if (workbook === undefined)
    throw new SheetFault('Tệp không phải bảng tính Excel.', 'The file is no Excel workbook.');
  const { relation, from1904 } = firstSheet(workbook);
  const path = relationTarget(archive, relation);
  const sheet = path === undefined ? undefined : archive.text(path, partLimit);
  if (sheet === undefined)
    throw new SheetFault('Không thấy trang tính trong tệp.', 'The workbook has no sheet.');
  const strings = sharedStrings(archive.text('xl/sharedStrings.xml', partLimit));
  const formats = cellFormats(archive.text('xl/styles.xml', 20_000_000));
  return readSheet(sheet, { strings, formats, from1904, limits });
}

function firstSheet(workbook: string): { relation: string; from1904: boolean } {
  let relation: string | undefined;
  let from1904 = false;
  scanXml(workbook, {
    open: (name, attribute) => {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute('date1904') ?? '');
      if (name === 'sheet' && relation === undefined && (attribute('state') ?? 'visible') === 'visible') {
        relation = attribute('id');
      }
    },
    close: () => undefined,
    text: () => undefined,
  });
  return { relation: relation ?? '', from1904 };
}

function relationTarget(archive: ZipArchive, id: string): string | undefined {
  let target: string | undefined;
  scanXml(archive.text('xl/_rels/workbook.xml.rels', 1_000_000) ?? '', {
    open: (name, attribute) => {
      if (name === 'Relationship' && attribute('Id') === id && attribute('TargetMode') !== 'External') {
        target = attribute('Target');
      }
    },
    close: () => undefined,
    text: () => undefined,
  });
  if (target === undefined) return undefined;
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

/** Phonetic runs (`rPh`) are reading aids, not text. */
function sharedStrings(xml: string | undefined): string[] {
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let phonetic = false;
  scanXml(xml ?? '', {
    open: (name) => {
      if (name === 'si') current = '';
      else if (name === 't') inText = true;
      else if (name === 'rPh') phonetic = true;
    },
    close: (name) => {
      if (name === 'si') strings.push(current);
      else if (name === 't') inText = false;
      else if (name === 'rPh') phonetic = false;
    },
    text: (text) => {
      if (inText && !phonetic) current += text;
    },
  });
  return strings;
}

interface SheetContext {
  readonly strings: readonly string[];
  readonly formats: readonly CellFormat[];
  readonly from1904: boolean;
  readonly limits: SheetLimits;
}

function readSheet(xml: string, context: SheetContext): SheetRow[] {
  const { limits } = context;
  const rows: SheetRow[] = [];
  let line = 0;
  let cells: SheetCell[] = [];
  let column = 0;
  let type = 'n';
  let style = 0;
  let value = '';
  let inValue = false;
  scanXml(xml, {
    open: (name, attribute) => {
      if (name === 'row') {
        line = Number(attribute('r') ?? line + 1);
        cells = [];
        column = -1;
      } else if (name === 'c') {
        const place = attribute('r');
        column = place === undefined ? column + 1 : columnIndex(place.replace(/\d+$/, ''));
        if (column < 0 || column >= limits.columns) {
          throw new SheetFault(
            `Có hơn ${limits.columns} cột.`,
            `There are more than ${limits.columns} columns.`,
            line,
          );
        }
        type = attribute('t') ?? 'n';
        style = Number(attribute('s') ?? 0);
        value = '';
      } else if (name === 'v' || name === 't') inValue = true;
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false;
      else if (name === 'c') {
        while (cells.length < column) cells.push(empty);
        cells[column] = cellOf(type, value, context.formats[style], context);
      } else if (name === 'row') {
        if (cells.some(({ text }) => text !== '')) rows.push({ line, cells });
        if (rows.length > limits.rows) {
          throw new SheetFault(
            `Có hơn ${limits.rows} dòng; hãy chia nhỏ.`,
            `There are more than ${limits.rows} rows; split the table.`,
            line,
          );
        }
      }
    },
    text: (text) => {
      if (inValue) value += text;
    },
  });
  return rows;
}

function cellOf(
  type: string,
  value: string,
  format: CellFormat | undefined,
  context: SheetContext,
): SheetCell {
  switch (type) {
    case 's':
      return { text: (context.strings[Number(value)] ?? '').trim(), numeric: false };
    case 'inlineStr':
    case 'str':
    case 'd':
      return { text: value.trim(), numeric: false };
    case 'b':
      return { text: value === '1' ? 'true' : 'false', numeric: false };
    case 'e':
      return { text: value === '' ? '#ERROR' : value, numeric: false };
    default: {
      const number = Number(value);
      if (value === '' || !Number.isFinite(number)) return empty;
      if (format?.kind === 'date') return { text: serialDate(number, context.from1904), numeric: false };
      const text = Number.isInteger(number) ? BigInt(number).toString() : String(number);
      if (format?.kind === 'zeros') return { text: text.padStart(format.width, '0'), numeric: false };
      return { text, numeric: true };
    }
  }
}
