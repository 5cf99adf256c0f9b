/** Rows of sealed objects: written in the transaction that gives the bytes a meaning, emptied when they are erased. */
import type { StoredObject } from '../../storage/index.ts';
import type { Sql } from '../platform/database.ts';
import { HANDED_OUT, type RenditionKind } from './document.ts';

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

/** The stored object now; null where its key was destroyed or it is none. */
export async function storedObjectById(sql: Sql, id: string): Promise<StoredObject | null> {
  const [row] = await sql.query<StoredObjectRow>(
    `SELECT ${OBJECT_COLUMNS} FROM stored_object o WHERE o.id = $1::uuid`,
    [id],
  );
  return row ? storedObjectOf(row) : null;
}

export interface FileOfVersion {
  readonly objectId: string;
  readonly kind: RenditionKind;
  readonly position: number;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}

/** The originals of a version and what the vault hands out of it; derived files can be made again. */
export async function filesOfVersion(sql: Sql, versionId: string): Promise<FileOfVersion[]> {
  const rows = await sql.query<Omit<FileOfVersion, 'size'> & { readonly size: string }>(
    `SELECT o.id::text AS "objectId", r.kind, r.position, r.media_type AS "mediaType", o.size::text AS size, o.sha256
     FROM rendition r JOIN stored_object o ON o.id = r.object_id
     WHERE r.version_id = $1::uuid AND o.destroyed_at IS NULL AND r.kind = ANY ($2::text[])
     ORDER BY r.kind, r.position`,
    [versionId, [...HANDED_OUT]],
  );
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
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
