/**
 * An archive of scans as a folder: a `manifest.csv` with a line a paper, plain or inside a BagIt bag (RFC 8493), whose
 * checksums are then held. Paths are hostile: none may lead out of the folder.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, normalize, relative, sep } from 'node:path';
import {
  type CalendarDate,
  type Catalogue,
  calendarDateAt,
  calendarDateSchema,
  type Field,
  metadataSchema,
} from '../catalogue/index.ts';
import { parseCsv } from '../spreadsheet/index.ts';
import { dateIn } from './field-values.ts';
import { PAPER_GROUPS, type ScanGroup } from './scan.ts';

/** One paper of the archive, checked as far as the folder and the catalogue tell. */
export interface ArchiveEntry {
  /** Line in the manifest, from 1. */
  readonly line: number;
  /** Relative to the folder, in the order of the pages. */
  readonly files: readonly string[];
  readonly type: string;
  readonly issuer: string;
  readonly symbol: string | null;
  readonly abstract: string | null;
  readonly issuedOn: CalendarDate | null;
  readonly ownerNumber: string;
  readonly ownerName: string;
  readonly dossier: string | null;
  readonly group: ScanGroup;
  readonly sheets: number | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface RowFault {
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

export interface ReadArchive {
  readonly entries: readonly ArchiveEntry[];
  readonly faults: readonly RowFault[];
  /** Of the manifest's bytes: the same archive is the same campaign. */
  readonly sha256: string;
}

const COLUMNS = [
  'files',
  'type',
  'issuer',
  'symbol',
  'abstract',
  'issuedOn',
  'ownerNumber',
  'ownerName',
  'dossier',
  'group',
  'sheets',
];
const PICTURES = /\.(jpe?g|png|tiff?|pdf)$/i;

/** Reads and checks everything; nothing is imported by it. @throws Error where the folder holds no manifest */
export async function readArchive(folder: string, catalogue: Catalogue, now: Date): Promise<ReadArchive> {
  const bag = existsSync(join(folder, 'bagit.txt'));
  const root = bag ? join(folder, 'data') : folder;
  const place = join(root, 'manifest.csv');
  if (!existsSync(place)) {
    throw new Error(
      `There is no manifest.csv in ${root}. Write one with the columns ${COLUMNS.join(', ')} and meta.<field>.`,
    );
  }
  const bytes = await readFile(place);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const table = parseCsv(bytes);
  if (!table.ok)
    return { entries: [], faults: [{ line: table.line, column: '', message: table.en }], sha256 };
  const [head, ...rows] = table.rows;
  const headings = (head?.cells ?? []).map((cell) => cell.trim());
  const faults: RowFault[] = headings
    .filter((name) => !COLUMNS.includes(name) && !name.startsWith('meta.'))
    .map((name) => ({
      line: 1,
      column: name,
      message: `Unknown column. Known are ${COLUMNS.join(', ')} and meta.<field>.`,
    }));
  if (bag) faults.push(...(await bagFaults(folder)));
  const entries: ArchiveEntry[] = [];
  for (const row of rows) {
    const cells = Object.fromEntries(
      headings.map((name, at) => [name, (row.cells[at] ?? '').normalize('NFC').trim()]),
    );
    const read = await readRow(cells, { line: row.line, root, catalogue, now });
    faults.push(...read.faults);
    if (read.entry) entries.push(read.entry);
  }
  return { entries, faults, sha256 };
}

async function readRow(
  cells: Readonly<Record<string, string>>,
  terms: { readonly line: number; readonly root: string; readonly catalogue: Catalogue; readonly now: Date },
): Promise<{ entry?: ArchiveEntry; faults: RowFault[] }> {
  const { line, root, catalogue, now } = terms;
  const faults: RowFault[] = [];
  const fault = (column: string, message: string): void => void faults.push({ line, column, message });
  const files = await filesOf(cells.files ?? '', root, fault);
  const type = catalogue.documentType(cells.type ?? '', calendarDateAt(now));
  if (!type) fault('type', 'No document type of this code is in the catalogue today.');
  const issuer = catalogue.agencyVersions(cells.issuer ?? '')[0];
  if (!issuer) fault('issuer', 'No agency of this identifier is in the catalogue, past or present.');
  const issued = cells.issuedOn ?? '';
  const day = issued === '' ? null : (dateIn(issued) ?? issued);
  const issuedOn = day === null ? { success: true as const, data: null } : calendarDateSchema.safeParse(day);
  if (!issuedOn.success) fault('issuedOn', 'Write the date as 2019-03-20 or 20/03/2019.');
  if (!/^\d{12}$/.test(cells.ownerNumber ?? '')) fault('ownerNumber', 'The owner has 12 digits.');
  if (!/\p{L}/u.test(cells.ownerName ?? '')) fault('ownerName', 'Name the owner.');
  const sheets = cells.sheets ? Number(cells.sheets) : null;
  if (sheets !== null && !(Number.isInteger(sheets) && sheets > 0))
    fault('sheets', 'Sheets are a whole number above 0.');
  const group = PAPER_GROUPS.find((each) => each === (cells.group || 'component'));
  if (!group) fault('group', `Groups are ${PAPER_GROUPS.join(', ')}.`);
  const metadata: Record<string, unknown> = {};
  for (const field of type?.fields ?? []) {
    const text = cells[`meta.${field.name}`];
    if (text) metadata[field.name] = cellValue(field, text);
  }
  if (type) {
    const checked = metadataSchema(type).safeParse(metadata);
    for (const issue of checked.error?.issues ?? []) fault(`meta.${issue.path.join('.')}`, issue.message);
  }
  if (faults.length > 0 || !type || !issuer || !group || !issuedOn.success) return { faults };
  const entry: ArchiveEntry = {
    line,
    files,
    type: type.code,
    issuer: issuer.id,
    symbol: cells.symbol || null,
    abstract: cells.abstract || null,
    issuedOn: issuedOn.data as CalendarDate | null,
    ownerNumber: cells.ownerNumber ?? '',
    ownerName: cells.ownerName ?? '',
    dossier: cells.dossier || null,
    group,
    sheets,
    metadata,
  };
  return { entry, faults };
}

function cellValue(field: Field, text: string): unknown {
  if (field.kind === 'integer' || field.kind === 'decimal') return Number(text.replace(',', '.'));
  if (field.kind === 'boolean') return /^(true|1|có|yes)$/i.test(text);
  if (field.kind === 'date' || field.kind === 'partial-date') return dateIn(text) ?? text;
  return text;
}

/** Files by name, or those of a folder by name; never outside of the archive. */
async function filesOf(
  cell: string,
  root: string,
  fault: (column: string, message: string) => void,
): Promise<string[]> {
  const found: string[] = [];
  for (const part of cell
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '')) {
    const place = normalize(join(root, part));
    const inside = relative(root, place);
    if (inside.startsWith('..') || inside.startsWith(sep) || inside === '') {
      fault('files', `${part} lies outside of the archive.`);
      continue;
    }
    const facts = await stat(place).catch(() => undefined);
    if (facts?.isFile()) found.push(inside);
    else if (facts?.isDirectory()) {
      const names = (await readdir(place)).filter((name) => PICTURES.test(name)).sort();
      if (names.length === 0) fault('files', `${part} holds no picture or PDF.`);
      found.push(...names.map((name) => join(inside, name)));
    } else fault('files', `${part} is not in the archive.`);
  }
  if (found.length === 0 && cell.trim() === '') fault('files', 'Name the files of the paper, or its folder.');
  return found;
}

/** Files of a bag whose SHA-256 is not what its manifest says (RFC 8493 §2.1.3). */
async function bagFaults(folder: string): Promise<RowFault[]> {
  const place = join(folder, 'manifest-sha256.txt');
  if (!existsSync(place)) {
    return [
      { line: 0, column: '', message: 'The bag has no manifest-sha256.txt; other digests are not believed.' },
    ];
  }
  const faults: RowFault[] = [];
  for (const row of (await readFile(place, 'utf8')).split(/\r?\n/)) {
    const match = /^([0-9a-f]{64})\s+(.+)$/i.exec(row);
    if (!match?.[1] || !match[2]) continue;
    const file = normalize(join(folder, match[2]));
    const inside = !relative(folder, file).startsWith('..');
    const digest = inside && existsSync(file) ? await digestOfFile(file) : undefined;
    if (digest !== match[1].toLowerCase()) {
      faults.push({
        line: 0,
        column: match[2],
        message: digest ? 'Its SHA-256 is not the one of the bag.' : 'It is missing.',
      });
    }
  }
  return faults;
}

async function digestOfFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const piece of createReadStream(path)) digest.update(piece as Buffer);
  return digest.digest('hex');
}
