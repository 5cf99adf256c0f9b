/** Rows of consents. Changes of state name the state they leave, so that two answers never both win. */
import type { Sql } from '../platform/database.ts';
import type { ConsentState, Grant, View } from './consent.ts';

export interface NewGrant {
  readonly id: string;
  readonly requestId: string;
  readonly componentKey: string;
  readonly ownerId: string;
  readonly documentId: string;
  readonly agencyId: string;
  readonly dossierId: string;
  readonly view: View;
  readonly singleUse: boolean;
  readonly askedAt: Date;
  readonly validUntil: Date;
  readonly textVersion: string;
  readonly textSha256: string;
}

export async function insertGrant(sql: Sql, grant: NewGrant): Promise<void> {
  await sql.query(
    `INSERT INTO consent_grant (id, request_id, component_key, owner_id, document_id, agency_id, dossier_id, view, state,
                                single_use, asked_at, valid_until, text_version, text_sha256)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::uuid, $5::uuid, $6::text, $7::uuid, $8::text, 'asked', $9::bool,
             $10::timestamptz, $11::timestamptz, $12::text, $13::text)`,
    [
      grant.id,
      grant.requestId,
      grant.componentKey,
      grant.ownerId,
      grant.documentId,
      grant.agencyId,
      grant.dossierId,
      grant.view,
      grant.singleUse,
      grant.askedAt,
      grant.validUntil,
      grant.textVersion,
      grant.textSha256,
    ],
  );
}

/** The newest consent of a component. `lock`: held against a withdrawal until the transaction ends. */
export async function latestGrant(
  sql: Sql,
  key: { requestId: string; componentKey: string },
  options: { lock?: boolean } = {},
): Promise<Grant | undefined> {
  const [row] = await sql.query<GrantRow>(
    `SELECT ${COLUMNS} FROM consent_grant WHERE request_id = $1::uuid AND component_key = $2::text
     ORDER BY asked_at DESC, id DESC LIMIT 1 ${options.lock ? 'FOR UPDATE' : ''}`,
    [key.requestId, key.componentKey],
  );
  return row && grantOf(row);
}

export async function findGrant(
  sql: Sql,
  id: string,
  options: { lock?: boolean } = {},
): Promise<Grant | undefined> {
  const [row] = await sql.query<GrantRow>(
    `SELECT ${COLUMNS} FROM consent_grant WHERE id = $1::uuid ${options.lock ? 'FOR UPDATE' : ''}`,
    [id],
  );
  return row && grantOf(row);
}

export async function grantsOfOwner(
  sql: Sql,
  page: { ownerId: string; states: readonly ConsentState[]; limit: number },
): Promise<Grant[]> {
  const rows = await sql.query<GrantRow>(
    `SELECT ${COLUMNS} FROM consent_grant WHERE owner_id = $1::uuid AND state = ANY ($2::text[])
     ORDER BY asked_at DESC, id DESC LIMIT $3::int`,
    [page.ownerId, [...page.states], page.limit],
  );
  return rows.map(grantOf);
}

export async function answerGrant(
  sql: Sql,
  answer: {
    id: string;
    state: 'given' | 'refused';
    at: Date;
    method: string;
    answeredBy: string;
    language: string;
  },
): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE consent_grant SET state = $2::text, answered_at = $3::timestamptz, method = $4::text, answered_by = $5::uuid,
            language = $6::text
     WHERE id = $1::uuid AND state = 'asked' AND valid_until > $3::timestamptz RETURNING 1 AS one`,
    [answer.id, answer.state, answer.at, answer.method, answer.answeredBy, answer.language],
  );
  return rows.length === 1;
}

export async function withdrawGrant(sql: Sql, id: string, at: Date): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE consent_grant SET state = 'withdrawn', withdrawn_at = $2::timestamptz
     WHERE id = $1::uuid AND state = 'given' RETURNING 1 AS one`,
    [id, at],
  );
  return rows.length === 1;
}

export async function markUsed(sql: Sql, grant: Pick<Grant, 'id' | 'singleUse'>, at: Date): Promise<void> {
  await sql.query(
    `UPDATE consent_grant SET used_at = $2::timestamptz, state = CASE WHEN $3::bool THEN 'used-up' ELSE state END
     WHERE id = $1::uuid`,
    [grant.id, at, grant.singleUse],
  );
}

interface GrantRow {
  id: string;
  request_id: string;
  component_key: string;
  owner_id: string;
  document_id: string;
  agency_id: string;
  dossier_id: string;
  view: View;
  state: ConsentState;
  single_use: boolean;
  asked_at: Date;
  valid_until: Date;
  answered_at: Date | null;
  withdrawn_at: Date | null;
  text_version: string;
  text_sha256: string;
}

const COLUMNS = `id::text, request_id::text, component_key, owner_id::text, document_id::text, agency_id, dossier_id::text, view,
  state, single_use, asked_at, valid_until, answered_at, withdrawn_at, text_version, text_sha256`;

const grantOf = (row: GrantRow): Grant => ({
  id: row.id,
  requestId: row.request_id,
  componentKey: row.component_key,
  ownerId: row.owner_id,
  documentId: row.document_id,
  agencyId: row.agency_id,
  dossierId: row.dossier_id,
  view: row.view,
  state: row.state,
  singleUse: row.single_use,
  askedAt: row.asked_at,
  validUntil: row.valid_until,
  answeredAt: row.answered_at,
  withdrawnAt: row.withdrawn_at,
  textVersion: row.text_version,
  textSha256: row.text_sha256,
});
