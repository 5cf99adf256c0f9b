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

export async function openIntent(sql: Sql, intent: SigningIntent): Promise<void> {
  await sql.query(
    `INSERT INTO signing_intent (id, purpose, document_id, unsigned_sha256, certificate_sha256, opened_at)
     VALUES ($1::uuid, $2::text, $3::uuid, $4::text, $5::text, $6::timestamptz)`,
    [
      intent.id,
      intent.purpose,
      intent.documentId,
      intent.unsignedSha256,
      intent.certificateSha256,
      intent.at,
    ],
  );
}

/** @returns false when the intent was voided meanwhile: its document must not be written. */
export async function closeIntent(
  sql: Sql,
  id: string,
  outcome: 'kept' | 'void',
  at: Date,
): Promise<boolean> {
  const closed = await sql.query(
    `UPDATE signing_intent SET closed_at = $3::timestamptz, outcome = $2::text
     WHERE id = $1::uuid AND closed_at IS NULL RETURNING 1 AS one`,
    [id, outcome, at],
  );
  return closed.length === 1;
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
    at: Date;
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO signature_record (version_id, field_name, purpose, intent_id, certificate_sha256, level, upgrade, signed_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::uuid, $5::text, $6::text, $7::text, $8::timestamptz)`,
    [
      record.versionId,
      record.fieldName,
      record.purpose,
      record.intentId,
      record.certificateSha256,
      record.level,
      record.upgrade,
      record.at,
    ],
  );
}
