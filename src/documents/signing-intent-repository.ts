/** Intents: written before a key is used, so that every signature ever made is recorded even over a power cut. */
import type { Sql } from '../platform/database.ts';

export interface SigningIntent {
  readonly id: string;
  readonly purpose: 'agency-copy' | 'officer-scan' | 'issue';
  readonly documentId: string;
  readonly unsignedSha256: string;
  readonly certificateSha256: string;
  readonly at: Date;
}

export const openIntent = (sql: Sql, intent: SigningIntent): Promise<void> => openIntents(sql, [intent]);

/** As `openIntent` for many, with one statement. */
export async function openIntents(sql: Sql, intents: readonly SigningIntent[]): Promise<void> {
  const rows = intents.map((intent) => ({
    id: intent.id,
    purpose: intent.purpose,
    document_id: intent.documentId,
    unsigned_sha256: intent.unsignedSha256,
    certificate_sha256: intent.certificateSha256,
    opened_at: intent.at.toISOString(),
  }));
  await sql.query(
    `INSERT INTO signing_intent (id, purpose, document_id, unsigned_sha256, certificate_sha256, opened_at)
     SELECT id, purpose, document_id, unsigned_sha256, certificate_sha256, opened_at
     FROM jsonb_to_recordset($1::jsonb) AS given (id uuid, purpose text, document_id uuid, unsigned_sha256 text,
       certificate_sha256 text, opened_at timestamptz)`,
    [JSON.stringify(rows)],
  );
}

/** @returns false when the intent was voided meanwhile: its document must not be written. */
export const closeIntent = async (
  sql: Sql,
  id: string,
  outcome: 'kept' | 'void',
  at: Date,
): Promise<boolean> => (await closeIntents(sql, [id], outcome, at)).has(id);

/** @returns those that were still open; documents of the others must not be written. */
export async function closeIntents(
  sql: Sql,
  ids: readonly string[],
  outcome: 'kept' | 'void',
  at: Date,
): Promise<ReadonlySet<string>> {
  const closed = await sql.query<{ id: string }>(
    `UPDATE signing_intent SET closed_at = $3::timestamptz, outcome = $2::text
     WHERE id = ANY($1::uuid[]) AND closed_at IS NULL RETURNING id::text AS id`,
    [[...ids], outcome, at],
  );
  return new Set(closed.map(({ id }) => id));
}

/** Voids what is open for these documents: signatures that an earlier process may have made and never kept. */
export async function voidIntentsOf(sql: Sql, documentIds: readonly string[], at: Date): Promise<void> {
  if (documentIds.length === 0) return;
  await sql.query(
    `UPDATE signing_intent SET closed_at = $2::timestamptz, outcome = 'void'
     WHERE document_id = ANY($1::uuid[]) AND closed_at IS NULL`,
    [[...documentIds], at],
  );
}

/** Closes as void what was opened before `before` and never finished: the work of a process that died. */
export async function voidAbandonedIntents(sql: Sql, before: Date, at: Date): Promise<number> {
  const rows = await sql.query(
    `UPDATE signing_intent SET closed_at = $2::timestamptz, outcome = 'void'
     WHERE closed_at IS NULL AND opened_at < $1::timestamptz RETURNING 1 AS one`,
    [before, at],
  );
  return rows.length;
}

export async function recordSignature(
  sql: Sql,
  record: {
    versionId: string;
    fieldName: string;
    purpose: SigningIntent['purpose'];
    intentId: string;
    certificateSha256: string;
    level: string;
    upgrade: string;
    /** When the proof of its time ages; see `endToKeep`. */
    renewBefore?: Date | null;
    at: Date;
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO signature_record (version_id, field_name, purpose, intent_id, certificate_sha256, level, upgrade, signed_at,
                                   renew_before)
     VALUES ($1::uuid, $2::text, $3::text, $4::uuid, $5::text, $6::text, $7::text, $8::timestamptz, $9::timestamptz)`,
    [
      record.versionId,
      record.fieldName,
      record.purpose,
      record.intentId,
      record.certificateSha256,
      record.level,
      record.upgrade,
      record.at,
      record.renewBefore ?? null,
    ],
  );
}
