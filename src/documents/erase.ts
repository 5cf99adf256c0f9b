/**
 * Erasure of one document, inside the transaction of whoever decided it: the data keys of every file of every version
 * are destroyed, and with them every derivative that is an object; metadata, owners and free words are emptied; rows of
 * other modules that repeat its contents go through their own erasers. What stays is that a document was here: ids,
 * digests, statuses, events.
 */
import type { Sql } from '../platform/database.ts';
import { destroyObjectKeys } from './stored-object-repository.ts';

/** A module that keeps rows made from contents removes those of a document. Runs in the erasure's transaction. */
export type Eraser = (sql: Sql, documentId: string) => Promise<void>;

/** @returns keys of the objects that are noise from the commit on; removing their bytes is housekeeping */
export async function eraseDocument(
  sql: Sql,
  documentId: string,
  terms: { readonly at: Date; readonly erasers: readonly Eraser[] },
): Promise<string[]> {
  for (const erase of terms.erasers) await erase(sql, documentId);
  const keys = await destroyObjectKeys(sql, documentId, terms.at);
  await sql.query('UPDATE document_version SET metadata = NULL, reason = NULL WHERE document_id = $1::uuid', [
    documentId,
  ]);
  await sql.query(
    'UPDATE status_event SET reason = NULL WHERE document_id = $1::uuid AND reason IS NOT NULL',
    [documentId],
  );
  await sql.query('DELETE FROM document_owner WHERE document_id = $1::uuid', [documentId]);
  await sql.query(
    `UPDATE document SET metadata = '{}', symbol = NULL, abstract = NULL, issued_on = NULL, external_id = NULL,
            erased_at = $2::timestamptz
     WHERE id = $1::uuid`,
    [documentId, terms.at],
  );
  return keys;
}
