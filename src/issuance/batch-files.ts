/** The files a clerk gets: the form to fill in, and the rows to mend and send again. */
import type { DocumentType } from '../catalogue/index.ts';
import { writeCsv, writeXlsx } from '../spreadsheet/index.ts';
import type { FaultyRow } from './batch.ts';
import { sheetFields } from './batch-sheet.ts';

/** An .xlsx with one text column a field; a star marks what must be filled in. */
export const batchForm = (type: Pick<DocumentType, 'names' | 'fields'>): Buffer =>
  writeXlsx({
    title: type.names.vi,
    rows: [sheetFields(type).map(({ labels, required }) => (required ? `${labels.vi} *` : labels.vi))],
  });

/** Headings of the two columns that the list of rows to mend has behind the clerk's own. */
export const mendHeadings = ['Cần sửa', 'Dòng gốc'] as const;

/** The rows with faults as they came, with what to mend and which row each was; the file can be sent again as it is. */
export const failedRows = ({
  heading,
  rows,
}: {
  readonly heading: readonly string[];
  readonly rows: readonly FaultyRow[];
}): Buffer =>
  writeCsv([
    [...heading, ...mendHeadings],
    ...rows.map(({ row, cells, faults }) => [
      ...heading.map((_, index) => cells[index] ?? ''),
      faults
        .map(({ column, message }) => (column === '' ? message.vi : `${column}: ${message.vi}`))
        .join(' | '),
      String(row),
    ]),
  ]);
