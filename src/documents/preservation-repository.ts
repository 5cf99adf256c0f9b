/** Which signatures are due for more proof, and what became of them. */
import type { Sql } from '../platform/database.ts';
import type { RenditionKind } from './document.ts';
import { HANDED_OUT } from './document.ts';
import { OBJECT_COLUMNS, type StoredObjectRow } from './stored-object-repository.ts';

/** A version whose handed-out file holds signatures of ours that want raising. */
export interface DueSignature {
  readonly versionId: string;
  readonly documentId: string;
  /** All fields of ours in the file. */
  readonly fields: readonly string[];
  /** Its proof of time ends soon; otherwise its level stayed low. */
  readonly aging: boolean;
  /** Of the file handed out now. */
  readonly kind: RenditionKind;
  readonly object: StoredObjectRow;
}

interface Row extends StoredObjectRow {
  readonly version_id: string;
  readonly document_id: string;
  readonly fields: readonly string[];
  readonly aging: boolean;
  readonly kind: RenditionKind;
}

const DUE = `
SELECT d.version_id::text, v.document_id::text, d.fields, d.aging, r.kind, ${OBJECT_COLUMNS}
FROM (SELECT s.version_id, array_agg(s.field_name) AS fields, bool_or(s.renew_before <= $1::timestamptz) AS aging,
             min(s.tried_at) AS tried_at
      FROM signature_record s
      WHERE s.version_id IN (SELECT version_id FROM signature_record
                             WHERE (upgrade = 'queued' OR renew_before <= $1::timestamptz)
                               AND (tried_at IS NULL OR tried_at < $2::timestamptz))
      GROUP BY s.version_id) d
JOIN document_version v ON v.id = d.version_id
JOIN LATERAL (SELECT kind, object_id FROM rendition
              WHERE version_id = d.version_id AND position = 0 AND kind = ANY ($4::text[])
              ORDER BY array_position($4::text[], kind) LIMIT 1) r ON true
JOIN stored_object o ON o.id = r.object_id
WHERE o.wrapped_key IS NOT NULL
ORDER BY d.tried_at NULLS FIRST, d.version_id LIMIT $3::int`;

export async function dueSignatures(
  sql: Sql,
  wanted: { readonly agingBefore: Date; readonly triedBefore: Date; readonly limit: number },
): Promise<DueSignature[]> {
  const rows = await sql.query<Row>(DUE, [
    wanted.agingBefore,
    wanted.triedBefore,
    wanted.limit,
    [...HANDED_OUT],
  ]);
  return rows.map((row) => ({
    versionId: row.version_id,
    documentId: row.document_id,
    fields: row.fields,
    aging: row.aging ?? false,
    kind: row.kind,
    object: row,
  }));
}

/** @param tried.final trying again cannot help: it leaves the queue, and its status says so */
export async function markTried(
  sql: Sql,
  { versionId }: DueSignature,
  tried: { readonly at: Date; readonly final: boolean },
): Promise<void> {
  await sql.query(
    `UPDATE signature_record SET tried_at = $2::timestamptz,
       upgrade = CASE WHEN $3::bool AND upgrade = 'queued' THEN 'refused' ELSE upgrade END,
       renew_before = CASE WHEN $3::bool THEN NULL ELSE renew_before END
     WHERE version_id = $1::uuid`,
    [versionId, tried.at, tried.final],
  );
}

export async function recordExpiry(
  sql: Sql,
  { versionId }: DueSignature,
  reached: { readonly level: string; readonly renewBefore: Date | null; readonly at: Date },
): Promise<void> {
  await sql.query(
    `UPDATE signature_record SET level = $2::text, upgrade = 'none', renew_before = $3::timestamptz, tried_at = $4::timestamptz
     WHERE version_id = $1::uuid`,
    [versionId, reached.level, reached.renewBefore, reached.at],
  );
}

/**
 * Makes room for the raised file in front of the one handed out until now, which stays.
 * @returns false where another file is handed out by now, or its key was destroyed
 */
export async function putPreserved(
  sql: Sql,
  item: DueSignature,
  made: { readonly sha256: string },
): Promise<boolean> {
  const current = await sql.query(
    `SELECT r.object_id FROM rendition r JOIN stored_object o ON o.id = r.object_id
     WHERE r.version_id = $1::uuid AND r.position = 0 AND r.kind = $2::text AND r.object_id = $3::uuid
       AND o.wrapped_key IS NOT NULL
     FOR UPDATE`,
    [item.versionId, item.kind, item.object.id],
  );
  if (current.length !== 1) return false;
  await sql.query(
    `UPDATE rendition SET position = (SELECT max(position) + 1 FROM rendition
                                      WHERE version_id = $1::uuid AND kind = 'sealed')
     WHERE version_id = $1::uuid AND kind = 'sealed' AND position = 0`,
    [item.versionId],
  );
  await sql.query('UPDATE document_version SET sha256 = $2::text WHERE id = $1::uuid', [
    item.versionId,
    made.sha256,
  ]);
  return true;
}
