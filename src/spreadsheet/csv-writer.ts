/**
 * Writes CSV that spreadsheets open as it was meant: UTF-8 with a byte-order mark, CRLF, every cell quoted. A cell that
 * would run as a formula (`=`, `+`, `-`, `@`, tab) gets an apostrophe in front, as OWASP advises for CSV injection.
 */

export function writeCsv(rows: readonly (readonly string[])[]): Buffer {
  const lines = rows.map((row) => row.map(cell).join(','));
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`);
}

const cell = (text: string): string => `"${(isFormula(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** Would a spreadsheet take the text for a formula? */
export const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text);
