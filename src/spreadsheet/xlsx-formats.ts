/**
 * What number formats say of a cell (ECMA-376 part 1 §18.8.30): a date, or a number padded with zeros. A workbook keeps
 * dates as days since 1899-12-30, and personal numbers often as numbers that only a format gives back their zeros.
 */
import { scanXml } from './xml-scan.ts';

export type CellFormat =
  | { readonly kind: 'plain' }
  | { readonly kind: 'date' }
  | { readonly kind: 'zeros'; readonly width: number };

const plain: CellFormat = { kind: 'plain' };
const day = 86_400_000;

/** The format of each cell style, by its index. */
export function cellFormats(styles: string | undefined): CellFormat[] {
  const codes = new Map<number, string>();
  const formats: CellFormat[] = [];
  let inCells = false;
  scanXml(styles ?? '', {
    open: (name, attribute) => {
      if (name === 'numFmt') codes.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '');
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) formats.push(formatOf(Number(attribute('numFmtId') ?? 0), codes));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
    text: () => undefined,
  });
  return formats;
}

function formatOf(id: number, codes: ReadonlyMap<number, string>): CellFormat {
  // Built-in dates: 14–17 and 22, and 27–36 and 50–58 in East Asian editions.
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
    return { kind: 'date' };
  const code = codes.get(id)?.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  if (code === undefined) return plain;
  if (/[dy]/i.test(code)) return { kind: 'date' };
  return /^0{2,15}$/.test(code) ? { kind: 'zeros', width: code.length } : plain;
}

/** A serial day as `YYYY-MM-DD`; the day 1900-02-29, which only the program believes in, shifts what lies before it. */
export function serialDate(serial: number, from1904: boolean): string {
  const whole = Math.floor(serial);
  const days = from1904 ? whole + 1462 : whole < 60 ? whole + 1 : whole;
  const date = new Date(Date.UTC(1899, 11, 30) + days * day);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999
    ? String(serial)
    : date.toISOString().slice(0, 10);
}
