/** A table as a spreadsheet holds it, whichever file it came from. */

export interface SheetCell {
  /** The text as shown: dates as `YYYY-MM-DD`, numbers without grouping; empty for an empty cell. */
  readonly text: string;
  /** True when the file keeps a number, so that leading zeros may have been lost. */
  readonly numeric: boolean;
}

export interface SheetRow {
  /** Row number as the program shows it, from 1. */
  readonly line: number;
  readonly cells: readonly SheetCell[];
}

export interface SheetLimits {
  readonly bytes: number;
  readonly rows: number;
  readonly columns: number;
}

export type SheetResult =
  | { readonly ok: true; readonly rows: readonly SheetRow[] }
  | { readonly ok: false; readonly line: number; readonly vi: string; readonly en: string };

/** 100,000 rows of data and some rows of heading. */
export const sheetLimits: SheetLimits = { bytes: 50_000_000, rows: 100_020, columns: 200 };

/** Thrown inside the readers and turned into a result at their edge. */
export class SheetFault extends Error {
  readonly vi: string;
  readonly line: number;

  constructor(vi: string, en: string, line = 0) {
    super(en);
    this.vi = vi;
    this.line = line;
  }
}

/** `A` → 0, `AA` → 26; -1 for anything else. */
export function columnIndex(letters: string): number {
  if (!/^[A-Z]{1,3}$/.test(letters)) return -1;
  let index = 0;
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

/** 0 → `A`, 26 → `AA`. */
export function columnName(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnName(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}
