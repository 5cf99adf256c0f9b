/** Rows of results that agencies push: what stands under an agency's own identifier, and its first keeping. */
import type { Sql } from '../platform/database.ts';
import type { ResultOrder, ResultReceipt } from './result-service.ts';

/** A result that stands under its identifier. */
export interface HeldResult {
  readonly sha256: string;
  readonly receipt: Pick<ResultReceipt, 'documentId' | 'verificationCode' | 'version'>;
}

export async function findResult(
  sql: Sql,
  { agencyId, externalId }: Pick<ResultOrder, 'agencyId' | 'externalId'>,
): Promise<HeldResult | undefined> {
  const [row] = await sql.query<{ sha256: string; id: string; code: string; version: number }>(
    `SELECT r.content_sha256 AS sha256, r.document_id::text AS id, d.verification_code AS code, r.version
       FROM issued_result r JOIN document d ON d.id = r.document_id
      WHERE r.agency_id = $1::text AND r.external_id = $2::text`,
    [agencyId, externalId],
  );
  return (
    row && {
      sha256: row.sha256,
      receipt: { documentId: row.id, verificationCode: row.code, version: row.version },
    }
  );
}

/** Keeps the identifier of a first push. */
export const insertResult = async (
  sql: Sql,
  order: Pick<ResultOrder, 'agencyId' | 'externalId'>,
  { documentId, sha256, at }: { readonly documentId: string; readonly sha256: string; readonly at: Date },
): Promise<void> => {
  await sql.query(
    `INSERT INTO issued_result (agency_id, external_id, document_id, content_sha256, version, pushed_at)
     VALUES ($1::text, $2::text, $3::uuid, $4::text, 1, $5::timestamptz)`,
    [order.agencyId, order.externalId, documentId, sha256, at],
  );
};
