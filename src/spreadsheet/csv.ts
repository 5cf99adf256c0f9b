/**
 * Reads comma-separated values as RFC 4180 writes them and as spreadsheets save them: UTF-8 with or without a
 * byte-order mark, CRLF or LF, commas or (where the heading has no comma) semicolons, quoted cells with line
 * breaks. Input is hostile: size, rows and columns are bounded, and a fault names its line.
 */

export interface CsvLimits {
  readonly bytes: number;
  readonly rows: number;
  readonly columns: number;
}

export interface CsvRow {
  /** Line in the file where the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type CsvResult =
  | { readonly ok: true; readonly rows: CsvRow[] }
  | { readonly ok: false; readonly line: number; readonly vi: string; readonly en: string };

export const csvLimits: CsvLimits = { bytes: 50_000_000, rows: 100_001, columns: 200 };

/** Rows with their line numbers, the heading first; lines without any content are left out. */
export function parseCsv(bytes: Uint8Array, limits: CsvLimits = csvLimits): CsvResult {
  if (bytes.byteLength > limits.bytes) {
    const megabytes = Math.floor(limits.bytes / 1_000_000);
    return fault(
      1,
      `Tệp lớn hơn ${megabytes} MB; hãy chia nhỏ.`,
      `The file is over ${megabytes} MB; split it.`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fault(
      1,
      'Tệp không phải UTF-8; trong Excel hãy lưu dạng “CSV UTF-8”.',
      'The file is not UTF-8; in Excel save it as “CSV UTF-8”.',
    );
  }
  const heading = text.slice(0, text.search(/[\r\n]|$/));
  return readRows(text, !heading.includes(',') && heading.includes(';') ? ';' : ',', limits);
}

function readRows(text: string, separator: string, limits: CsvLimits): CsvResult {
  const rows: CsvRow[] = [];
  let line = 1;
  let rowLine = 1;
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : bareCell(text, at, separator);
    if (cell === undefined) {
      return fault(line, 'Ô mở dấu nháy kép mà không đóng.', 'A quoted cell is opened and never closed.');
    }
    cells.push(cell.value);
    line += cell.lines;
    at = cell.end;
    const next = text[at];
    if (next === separator) {
      at += 1;
      if (at === text.length) cells.push('');
      if (cells.length < limits.columns) continue;
      return fault(
        rowLine,
        `Có hơn ${limits.columns} cột.`,
        `There are more than ${limits.columns} columns.`,
      );
    }
    if (next !== undefined && next !== '\n' && next !== '\r') {
      return fault(
        line,
        'Sau ô có dấu nháy kép còn ký tự thừa.',
        'Text follows the closing quote of a cell.',
      );
    }
    if (next === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    if (cells.some((value) => value.trim() !== '')) rows.push({ line: rowLine, cells });
    if (rows.length > limits.rows) {
      return fault(
        rowLine,
        `Có hơn ${limits.rows - 1} dòng dữ liệu; hãy chia nhỏ.`,
        `There are more than ${limits.rows - 1} rows of data; split the file.`,
      );
    }
    cells = [];
    line += 1;
    rowLine = line;
  }
  return { ok: true, rows };
}

interface Cell {
  readonly value: string;
  readonly end: number;
  readonly lines: number;
}

function quotedCell(text: string, start: number): Cell | undefined {
  const parts: string[] = [];
  let from = start + 1;
  for (;;) {
    const close = text.indexOf('"', from);
    if (close < 0) return undefined;
    parts.push(text.slice(from, close));
    if (text[close + 1] !== '"') {
      const value = parts.join('"');
      return { value, end: close + 1, lines: value.split('\n').length - 1 };
    }
    from = close + 2;
  }
}

function bareCell(text: string, start: number, separator: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(start, end), end, lines: 0 };
}

const fault = (line: number, vi: string, en: string): CsvResult => ({ ok: false, line, vi, en });
