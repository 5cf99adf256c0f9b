/**
 * Catalogue files read into entries. Four kinds of entry, each as JSON (`{"kind": "procedures", "entries": […]}`)
 * or CSV (the kind is the file's name, `procedures.csv`; headings are field names, `names.vi` reaches inside;
 * lists are joined by `;`, deeper values are JSON). Nothing is kept unless everything is right, and every fault
 * names its file, row and column.
 */
import { basename, extname } from 'node:path';
import { z } from 'zod';
import { parseCsv } from '../spreadsheet/index.ts';
import { administrativeUnitSchema } from './administrative-unit.ts';
import { agencySchema } from './agency.ts';
import type { CatalogueEntries } from './catalogue.ts';
import { documentTypeSchema } from './document-type.ts';
import { procedureSchema } from './procedure.ts';

export interface CatalogueFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ImportProblem {
  readonly file: string;
  /** Line of a CSV file, or number of the entry in a JSON file, from 1; 0 for the file as a whole. */
  readonly row: number;
  /** Heading of the column or path of the field; empty for the row as a whole. */
  readonly column: string;
  readonly message: string;
}

/** An entry with the place it was read from, so that later checks can point at it. */
export interface Placed<T> {
  readonly entry: T;
  readonly file: string;
  readonly row: number;
}

export type PlacedEntries = { readonly [K in keyof CatalogueEntries]: Placed<CatalogueEntries[K][number]>[] };

const schemas = {
  units: administrativeUnitSchema,
  agencies: agencySchema,
  'document-types': documentTypeSchema,
  procedures: procedureSchema,
} as const;
type Kind = keyof typeof schemas;
const kinds = Object.keys(schemas) as Kind[];

/** Columns whose cell is a list joined by `;`. */
const lists = new Set([
  'predecessors',
  'legacyCodes',
  'issuerKinds',
  'reusableProvenances',
  'owners.kinds',
  'results',
  'replaces',
]);
const largestFile = 20_000_000;

export function readCatalogueFiles(files: readonly CatalogueFile[]): {
  readonly entries: PlacedEntries;
  readonly problems: ImportProblem[];
} {
  const entries: PlacedEntries = { units: [], agencies: [], documentTypes: [], procedures: [] };
  const problems: ImportProblem[] = [];
  for (const { name, bytes } of files) {
    const file = basename(name);
    const read = bytes.byteLength > largestFile ? tooLarge : rawRecords(file, bytes);
    if ('message' in read) {
      problems.push({ file, row: read.row, column: '', message: read.message });
      continue;
    }
    for (const { row, value } of read.records) {
      const result = schemas[read.kind].safeParse(value);
      if (result.success) place(entries, read.kind, { entry: result.data, file, row });
      else {
        for (const { path, message } of result.error.issues) {
          problems.push({ file, row, column: columnOf(path, read.columns), message });
        }
      }
    }
  }
  return { entries, problems };
}

interface Raw {
  readonly kind: Kind;
  readonly columns: readonly string[];
  readonly records: readonly { readonly row: number; readonly value: unknown }[];
}
interface Unreadable {
  readonly row: number;
  readonly message: string;
}

const tooLarge: Unreadable = { row: 0, message: 'Tệp lớn hơn 20 MB. / The file is over 20 MB.' };

function rawRecords(file: string, bytes: Uint8Array): Raw | Unreadable {
  const extension = extname(file).toLowerCase();
  if (extension === '.json') return fromJson(bytes);
  if (extension === '.csv') return fromCsv(file, bytes);
  return { row: 0, message: 'Chỉ nhận tệp .json hoặc .csv. / Only .json and .csv files are read.' };
}

function fromJson(bytes: Uint8Array): Raw | Unreadable {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { row: 0, message: `Không phải JSON: / Not JSON: ${error instanceof Error ? error.message : ''}` };
  }
  const envelope = z.strictObject({ kind: z.enum(kinds), entries: z.array(z.unknown()) }).safeParse(value);
  if (!envelope.success) {
    return {
      row: 0,
      message: `Cần {"kind": …, "entries": […]}, kind là một trong / one of: ${kinds.join(', ')}.`,
    };
  }
  const records = envelope.data.entries.map((entry, index) => ({ row: index + 1, value: entry }));
  return { kind: envelope.data.kind, columns: [], records };
}

function fromCsv(file: string, bytes: Uint8Array): Raw | Unreadable {
  const stem = basename(file).slice(0, -4).toLowerCase();
  const kind = kinds.find((each) => stem === each);
  if (!kind) {
    return {
      row: 0,
      message: `Tên tệp CSV phải là / a CSV file must be called: ${kinds.map((k) => `${k}.csv`).join(', ')}.`,
    };
  }
  const csv = parseCsv(bytes);
  if (!csv.ok) return { row: csv.line, message: `${csv.vi} / ${csv.en}` };
  const [heading, ...rows] = csv.rows;
  if (!heading) return { row: 1, message: 'Tệp trống. / The file is empty.' };
  const columns = heading.cells.map((cell) => cell.trim());
  const repeated = columns.find((column, index) => columns.indexOf(column) !== index);
  if (repeated !== undefined) {
    return {
      row: heading.line,
      message: `Cột “${repeated}” lặp lại. / The column “${repeated}” is repeated.`,
    };
  }
  return {
    kind,
    columns,
    records: rows.map(({ line, cells }) => ({ row: line, value: recordOf(columns, cells) })),
  };
}

/** An empty cell leaves its field out; surplus cells become a field of their own, which the schema then refuses. */
function recordOf(columns: readonly string[], cells: readonly string[]): unknown {
  const record: Record<string, unknown> = Object.create(null);
  for (const [index, cell] of cells.entries()) {
    if (cell.trim() === '') continue;
    const path = (columns[index] || `column ${index + 1}`).split('.');
    let target = record;
    for (const step of path.slice(0, -1)) {
      const inner = target[step];
      const next: Record<string, unknown> = isRecord(inner) ? inner : Object.create(null);
      target[step] = next;
      target = next;
    }
    target[path.at(-1) ?? ''] = cellValue(columns[index] ?? '', cell.trim());
  }
  return record;
}

function cellValue(column: string, cell: string): unknown {
  if (lists.has(column)) return cell.split(';').map((item) => item.trim());
  if (cell === 'true' || cell === 'false') return cell === 'true';
  if (/^[[{]/.test(cell)) {
    try {
      return JSON.parse(cell);
    } catch {
      return cell;
    }
  }
  return /(^|\.)(months|min|max)$/.test(column) && /^\d+$/.test(cell) ? Number(cell) : cell;
}

/** The heading that a fault's path falls under; the path itself where there are no headings. */
function columnOf(path: readonly PropertyKey[], columns: readonly string[]): string {
  const text = path.map(String).join('.');
  const under = columns.filter((column) => text === column || text.startsWith(`${column}.`));
  return under.sort((a, b) => b.length - a.length)[0] ?? text;
}

function place(entries: PlacedEntries, kind: Kind, placed: Placed<unknown>): void {
  const target = kind === 'document-types' ? 'documentTypes' : kind;
  (entries[target] as Placed<unknown>[]).push(placed);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
