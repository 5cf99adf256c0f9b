/** Rows of what was read on the pages of documents: derived, made again at will, searched without marks or case. */
import type { Sql } from '../platform/database.ts';
import { searchKey } from '../web/i18n/search-key.ts';
import type { PageReading, ScanPage } from './scan.ts';

/** The text of a page, line by line. */
export function textOf(reading: PageReading): string {
  const lines = new Map<number, string[]>();
  for (const word of reading.words) lines.set(word.line, [...(lines.get(word.line) ?? []), word.text]);
  return [...lines.values()].map((words) => words.join(' ')).join('\n');
}

/** Replaces what is kept of a document. Pages that were not read yet are left out. */
export async function keepDocumentText(
  sql: Sql,
  documentId: string,
  pages: readonly Pick<ScanPage, 'number' | 'reading'>[],
): Promise<void> {
  for (const { number, reading } of pages) {
    if (reading === null) continue;
    const text = textOf(reading).normalize('NFC').replaceAll('\0', '');
    await sql.query(
      `INSERT INTO document_text (document_id, page, text, folded) VALUES ($1::uuid, $2::int, $3::text, $4::text)
       ON CONFLICT (document_id, page) DO UPDATE SET text = excluded.text, folded = excluded.folded`,
      [documentId, number, text, searchKey(text)],
    );
  }
}

/**
 * Erases everything that digitisation keeps of a document outside its renditions: text for search, readings, values,
 * words on pages, findings. Called by whoever erases a document, in the erasing transaction.
 */
export async function forgetDigitisation(sql: Sql, documentId: string): Promise<void> {
  await sql.query('DELETE FROM document_text WHERE document_id = $1::uuid', [documentId]);
  await sql.query('DELETE FROM scan_reading WHERE scan_id = $1::uuid', [documentId]);
  await sql.query('UPDATE scan_page SET reading = NULL, look = NULL WHERE scan_id = $1::uuid', [documentId]);
  await sql.query(
    `UPDATE scan SET "values" = NULL, examination = NULL, result_code = NULL, owners = '[]', again_because = NULL
     WHERE id = $1::uuid`,
    [documentId],
  );
}
