/**
 * A clerk's table read as papers to issue: headings found wherever they stand, every cell checked against its field,
 * every fault told with row and column and how to mend it. Pure. A table with one fault issues nothing until the fault
 * is mended or its row is left out.
 */
import type { CalendarDate, DocumentType, Field, Labels, Metadata } from '../catalogue/index.ts';
import { columnName, isFormula, type SheetCell, type SheetRow } from '../spreadsheet/index.ts';
import type { FaultyRow } from './batch.ts';
import { readCell } from './batch-cell.ts';
import { searchName } from './search-name.ts';

/** Filled by the register when the entry is written, so no table may give it. */
export const assignedFields: readonly string[] = ['registerEntry', 'copyRegisterNumber'];

export const mostRows = 100_000;

export interface SheetFaultAt {
  /** Row as the spreadsheet program shows it; 0 for the table as a whole. */
  readonly row: number;
  /** `C (Ngày sinh)`; empty for the row as a whole. */
  readonly column: string;
  readonly message: Labels;
}

export interface BatchRow {
  readonly row: number;
  readonly fields: Metadata;
}

export interface BatchSheet {
  /** Rows without a fault. */
  readonly rows: readonly BatchRow[];
  readonly faults: readonly SheetFaultAt[];
  /** The table as it came, for the list of rows to mend. */
  readonly heading: readonly string[];
  readonly source: ReadonlyMap<number, readonly string[]>;
}

/** The fields that a table for this type has columns for. */
export const sheetFields = (type: Pick<DocumentType, 'fields'>): Field[] =>
  type.fields.filter(({ name }) => !assignedFields.includes(name));

export function readBatchSheet(
  table: readonly SheetRow[],
  {
    type,
    today,
    legacy = false,
  }: {
    readonly type: Pick<DocumentType, 'fields'>;
    readonly today: CalendarDate;
    /** A paper register: its numbers are in the table. */
    readonly legacy?: boolean;
  },
): BatchSheet {
  const fields = legacy ? type.fields : sheetFields(type);
  const head = findHeading(table, fields);
  if ('fault' in head) return { rows: [], faults: [head.fault], heading: [], source: new Map() };
  const data = table.slice(head.end);
  const tooMany = data.length > mostRows;
  const faults: SheetFaultAt[] = [...head.faults];
  if (tooMany)
    faults.push(
      whole(
        `Bảng có hơn ${mostRows} dòng; hãy chia nhỏ.`,
        `The table has more than ${mostRows} rows; split it.`,
      ),
    );
  if (data.length === 0)
    faults.push(whole('Bảng chưa có dòng nào dưới tiêu đề.', 'There is no row under the heading.'));
  const rows: BatchRow[] = [];
  const source = new Map<number, readonly string[]>();
  for (const { line, cells } of tooMany ? [] : data) {
    source.set(
      line,
      cells.map(({ text }) => text),
    );
    const before = faults.length;
    const values = readRow({ line, cells }, head.columns, { faults, today });
    if (faults.length === before) rows.push({ row: line, fields: values });
  }
  return withoutDoubles({ rows, faults, heading: head.texts, source }, head.columns);
}

interface Column {
  readonly index: number;
  readonly field: Field;
  readonly title: string;
}

interface Heading {
  readonly columns: readonly Column[];
  readonly texts: readonly string[];
  /** Index of the first row of data. */
  readonly end: number;
  readonly faults: readonly SheetFaultAt[];
}

/**
 * The row, within the first twenty, that names the most fields. A heading over two rows (merged cells) is read
 * together: what the lower row leaves empty is taken from the row above.
 */
function findHeading(
  table: readonly SheetRow[],
  fields: readonly Field[],
): Heading | { fault: SheetFaultAt } {
  const names = new Map<string, Field>();
  for (const field of fields) {
    for (const name of [field.name, field.labels.vi, field.labels.en]) names.set(headingKey(name), field);
  }
  let best: { texts: string[]; end: number; found: number } = { texts: [], end: 0, found: 0 };
  for (const [index, row] of table.slice(0, 20).entries()) {
    const above = table[index - 1]?.cells ?? [];
    const texts = row.cells.map(({ text }, column) => text || above[column]?.text || '');
    for (let column = texts.length; column < above.length; column += 1) texts.push(above[column]?.text ?? '');
    const found = texts.filter((text) => names.has(headingKey(text))).length;
    if (found > best.found) best = { texts, end: index + 1, found };
  }
  if (best.found < 2) {
    return {
      fault: whole(
        `Không thấy dòng tiêu đề; cần các cột như: ${fields
          .slice(0, 4)
          .map(({ labels }) => labels.vi)
          .join(', ')}. Hãy dùng mẫu tải về.`,
        `No heading was found; columns such as ${fields
          .slice(0, 4)
          .map(({ labels }) => labels.en)
          .join(', ')} are needed. Use the downloaded form.`,
      ),
    };
  }
  return { ...columnsOf(best.texts, names, fields), texts: best.texts, end: best.end };
}

function columnsOf(texts: readonly string[], names: ReadonlyMap<string, Field>, fields: readonly Field[]) {
  const columns: Column[] = [];
  const faults: SheetFaultAt[] = [];
  for (const [index, text] of texts.entries()) {
    const field = names.get(headingKey(text));
    const title = `${columnName(index)} (${text.slice(0, 60)})`;
    if (!field) continue;
    if (columns.some((column) => column.field === field)) {
      faults.push({
        row: 0,
        column: title,
        message: { vi: 'Cột này có hai lần.', en: 'This column stands twice.' },
      });
    } else columns.push({ index, field, title });
  }
  for (const field of fields) {
    if (field.required && !columns.some((column) => column.field === field)) {
      faults.push(whole(`Thiếu cột “${field.labels.vi}”.`, `The column “${field.labels.en}” is missing.`));
    }
  }
  return { columns, faults };
}

function readRow(
  { line, cells }: SheetRow,
  columns: readonly Column[],
  { faults, today }: { readonly faults: SheetFaultAt[]; readonly today: CalendarDate },
): Metadata {
  const values: Metadata = {};
  for (const { index, field, title } of columns) {
    const cell: SheetCell = cells[index] ?? { text: '', numeric: false };
    const add = (vi: string, en: string) => faults.push({ row: line, column: title, message: { vi, en } });
    if (cell.text.trim() === '') {
      if (field.required) add(`Chưa ghi ${field.labels.vi}.`, `${field.labels.en} is missing.`);
    } else if (isFormula(cell.text) && field.kind !== 'integer' && field.kind !== 'decimal') {
      add(
        'Ô bắt đầu như một công thức (= + - @); hãy ghi lại bằng chữ.',
        'The cell begins like a formula (= + - @); write it as text.',
      );
    } else {
      const value = readCell(field, cell, today);
      if (value.ok) values[field.name] = value.value;
      else add(value.problem.vi, value.problem.en);
    }
  }
  return values;
}

/** A serial number belongs to one paper; a person has one paper of a kind in one table. */
export const uniqueFields: readonly string[] = ['diplomaNumber', 'personalNumber', 'certificateSerial'];

function withoutDoubles(sheet: BatchSheet, columns: readonly Column[]): BatchSheet {
  const faults = [...sheet.faults];
  const bad = new Set<number>();
  for (const { field, title } of columns.filter((column) => uniqueFields.includes(column.field.name))) {
    const first = new Map<string, number>();
    for (const { row, fields } of sheet.rows) {
      const value = fields[field.name];
      if (typeof value !== 'string') continue;
      const earlier = first.get(value);
      if (earlier === undefined) first.set(value, row);
      else {
        bad.add(row);
        faults.push({
          row,
          column: title,
          message: { vi: `Trùng với dòng ${earlier}.`, en: `The same as in row ${earlier}.` },
        });
      }
    }
  }
  return { ...sheet, rows: sheet.rows.filter(({ row }) => !bad.has(row)), faults };
}

/** The rows without a fault, and the others with their cells as they came. */
export function splitRows(
  sheet: BatchSheet,
  faults: readonly SheetFaultAt[],
): { readonly good: readonly BatchRow[]; readonly faulty: readonly FaultyRow[] } {
  const byRow = Map.groupBy(
    faults.filter(({ row }) => row > 0),
    ({ row }) => row,
  );
  const faulty = [...byRow]
    .sort(([a], [b]) => a - b)
    .map(([row, list]) => ({
      row,
      cells: sheet.heading.map((_, index) => sheet.source.get(row)?.[index] ?? ''),
      faults: list.map(({ column, message }) => ({ column, message: { vi: message.vi, en: message.en } })),
    }));
  return { good: sheet.rows.filter(({ row }) => !byRow.has(row)), faulty };
}

/** Headings are compared without case, marks, stars and what stands in brackets. */
export const headingKey = (text: string): string =>
  searchName(text.replace(/\([^)]*\)/g, '').replace(/[*:]/g, ''));

const whole = (vi: string, en: string): SheetFaultAt => ({ row: 0, column: '', message: { vi, en } });
