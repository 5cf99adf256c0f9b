/** The files a clerk gets: the form to fill in, and the rows to mend and send again. */
import type { DocumentType } from '../catalogue/index.ts';
import { writeCsv, writeXlsx } from '../spreadsheet/index.ts';
import { type BatchSheet, sheetFields } from './batch-sheet.ts';

/** An .xlsx with one text column a field; a star marks what must be filled in. */
export const batchForm = (type: Pick<DocumentType, 'names' | 'fields'>): Buffer =>
  writeXlsx({
    title: type.names.vi,
    rows: [sheetFields(type).map(({ labels, required }) => (required ? `${labels.vi} *` : labels.vi))],
  });

/** The rows with faults as they came, with a last column that says what to mend; the file can be sent again as it is. */
export function failedRows({ heading, source, faults }: BatchSheet): Buffer {
  const byRow = Map.groupBy(
    faults.filter(({ row }) => row > 0),
    ({ row }) => row,
  );
  const rows = [...byRow].sort(([a], [b]) => a - b);
  return writeCsv([
    [...heading, 'Cần sửa'],
    ...rows.map(([row, list]) => {
      const cells = heading.map((_, index) => source.get(row)?.[index] ?? '');
      return [...cells, list.map(({ column, message }) => `${column}: ${message.vi}`).join(' | ')];
    }),
  ]);
}
