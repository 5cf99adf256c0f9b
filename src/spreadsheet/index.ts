/** The face of spreadsheets: tables in and out, as CSV and XLSX. */
export { type CsvResult, csvLimits, parseCsv } from './csv.ts';
export { isFormula, writeCsv } from './csv-writer.ts';
export { readTable } from './read-table.ts';
export {
  columnName,
  type SheetCell,
  type SheetLimits,
  type SheetResult,
  type SheetRow,
  sheetLimits,
} from './sheet.ts';
export { writeXlsx } from './xlsx-writer.ts';
