/** Rows of sealed objects: written in the transaction that gives the bytes a meaning, emptied when they are erased. */
import type { StoredObject } from '../../storage/index.ts';
import type { Sql } from '../platform/database.ts';

export interface StoredObjectRow {
  readonly id: string;
  readonly key: string;
  readonly store_version_id: string;
  readonly sha256: string;
  readonly size: string;
  readonly wrapped_key: Uint8Array | null;
  readonly master_key_id: string;
  readonly format: string;
}

/** The columns of `StoredObjectRow`, of a table aliased `o`. */
export const OBJECT_COLUMNS =
  'o.id::text, o.key, o.store_version_id, o.sha256, o.size::text, o.wrapped_key, o.master_key_id, o.format';

export async function insertStoredObject(
  sql: Sql,
  stored: StoredObject,
  facts: { boundTo: string; at: Date },
): Promise<void> {
  await sql.query(
    `INSERT INTO stored_object (id, key, store_version_id, sha256, size, wrapped_key, master_key_id, format, bound_to, created_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::bigint, $6::bytea, $7::text, $8::text, $9::text, $10::timestamptz)`,
    [
      stored.objectId,
      stored.key,
      stored.versionId,
      stored.sha256,
      stored.size,
      Buffer.from(stored.wrappedKey),
      stored.masterKeyId,
      stored.format,
      facts.boundTo,
      facts.at,
    ],
  );
}

/** @returns null where the key was destroyed. */
export function storedObjectOf(row: StoredObjectRow): StoredObject | null {
  if (row.wrapped_key === null) return null;
  if (row.format !== 'sealed/1')
    throw new Error('a stored object has a format that this version does not know');
  return {
    objectId: row.id,
    key: row.key,
    versionId: row.store_version_id,
    sha256: row.sha256,
    size: Number(row.size),
    wrappedKey: Buffer.from(row.wrapped_key),
    masterKeyId: row.master_key_id,
    format: row.format,
  };
}

/** Destroys the keys of every object of a document: erasure, effective with the commit. @returns the keys of the bytes. */
export async function destroyObjectKeys(sql: Sql, documentId: string, at: Date): Promise<string[]> {
  const rows = await sql.query<{ key: string }>(
    `UPDATE stored_object SET wrapped_key = NULL, destroyed_at = $2::timestamptz
     WHERE destroyed_at IS NULL AND id IN (
       SELECT r.object_id FROM rendition r JOIN document_version v ON v.id = r.version_id WHERE v.document_id = $1::uuid)
     RETURNING key`,
    [documentId, at],
  );
  return rows.map(({ key }) => key);
}
