/** Reads a table from CSV or XLSX, told apart by what the file holds and not by its name. */
import { parseCsv } from './csv.ts';
import { type SheetLimits, type SheetResult, sheetLimits } from './sheet.ts';
import { readXlsx } from './xlsx-reader.ts';

export function readTable(bytes: Uint8Array, limits: SheetLimits = sheetLimits): SheetResult {
  const archive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const compound = bytes[0] === 0xd0 && bytes[1] === 0xcf;
  if (archive || compound) return readXlsx(bytes, limits);
  const csv = parseCsv(bytes, limits);
  if (!csv.ok) return csv;
  const rows = csv.rows.map(({ line, cells }) => ({
    line,
    cells: cells.map((text) => ({ text: text.trim(), numeric: false })),
  }));
  return { ok: true, rows };
}
