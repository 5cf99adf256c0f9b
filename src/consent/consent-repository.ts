/** Rows of consents. Changes of state name the state they leave, so that two answers never both win. */
import type { Sql } from '../platform/database.ts';
import type { ConsentMethod, ConsentState, Grant, View } from './consent.ts';

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
  readonly eraseBy: Date;
  readonly textVersion: string;
  readonly textSha256: string;
}

export async function insertGrant(sql: Sql, grant: NewGrant): Promise<void> {
  await sql.query(
    `INSERT INTO consent_grant (id, request_id, component_key, owner_id, document_id, agency_id, dossier_id, view, state,
                                single_use, asked_at, valid_until, text_version, text_sha256, erase_by)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::uuid, $5::uuid, $6::text, $7::uuid, $8::text, 'asked', $9::bool,
             $10::timestamptz, $11::timestamptz, $12::text, $13::text, $14::timestamptz)`,
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
      grant.eraseBy,
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
    `${SELECT} WHERE g.request_id = $1::uuid AND g.component_key = $2::text
     ORDER BY g.asked_at DESC, g.id DESC LIMIT 1 ${options.lock ? 'FOR UPDATE OF g' : ''}`,
    [key.requestId, key.componentKey],
  );
  if (options.lock && row?.representation_id) await lockRepresentation(sql, row);
  return row && grantOf(row);
}

/** The newest consent of each component of a request. */
export async function latestGrants(sql: Sql, requestId: string): Promise<Grant[]> {
  const [grants] = await latestGrantsOf(sql, [requestId]);
  return grants ?? [];
}

/** The same for many requests, in their order. */
export async function latestGrantsOf(sql: Sql, requestIds: readonly string[]): Promise<Grant[][]> {
  const rows = await sql.query<GrantRow>(
    `SELECT DISTINCT ON (g.request_id, g.component_key) ${COLUMNS} ${FROM} WHERE g.request_id = ANY ($1::uuid[])
     ORDER BY g.request_id, g.component_key, g.asked_at DESC, g.id DESC`,
    [[...requestIds]],
  );
  const grants = rows.map(grantOf);
  return requestIds.map((id) => grants.filter(({ requestId }) => requestId === id));
}

/** Held until the transaction ends, so that no office ends between the decision and the answer. */
async function lockRepresentation(sql: Sql, row: GrantRow): Promise<void> {
  const [held] = await sql.query<{ ends: Date | null }>(
    `SELECT least(ended_at, valid_until) AS ends FROM representation WHERE id = $1::uuid FOR SHARE`,
    [row.representation_id],
  );
  row.representation_ends = held?.ends ?? null;
}

export async function findGrant(
  sql: Sql,
  id: string,
  options: { lock?: boolean } = {},
): Promise<Grant | undefined> {
  const [row] = await sql.query<GrantRow>(
    `${SELECT} WHERE g.id = $1::uuid ${options.lock ? 'FOR UPDATE OF g' : ''}`,
    [id],
  );
  return row && grantOf(row);
}

/** The grants of some owners, newest first: a person's own and those of whom the person acts for. */
export async function grantsOfOwners(
  sql: Sql,
  page: { ownerIds: readonly string[]; requestId?: string; limit: number },
): Promise<Grant[]> {
  const rows = await sql.query<GrantRow>(
    `${SELECT} WHERE g.owner_id = ANY ($1::uuid[]) AND ($3::uuid IS NULL OR g.request_id = $3::uuid)
     ORDER BY g.asked_at DESC, g.id DESC LIMIT $2::int`,
    [[...page.ownerIds], page.limit, page.requestId ?? null],
  );
  return rows.map(grantOf);
}

/** How many requests wait for an answer of these owners. */
export async function countWaiting(sql: Sql, ownerIds: readonly string[], now: Date): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(DISTINCT request_id)::int AS n FROM consent_grant
     WHERE owner_id = ANY ($1::uuid[]) AND state = 'asked' AND valid_until > $2::timestamptz`,
    [[...ownerIds], now],
  );
  return row?.n ?? 0;
}

export interface GrantAnswer {
  readonly id: string;
  readonly state: 'given' | 'refused';
  readonly at: Date;
  readonly method: ConsentMethod;
  readonly answeredBy: string;
  readonly language: string;
  readonly representationId?: string | null;
  readonly assistedBy?: string | null;
  readonly sessionId?: string | null;
  readonly evidenceId?: string | null;
}

/** @returns false where it was answered before or its time has passed */
export async function answerGrant(sql: Sql, answer: GrantAnswer): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE consent_grant SET state = $2::text, answered_at = $3::timestamptz, method = $4::text, answered_by = $5::uuid,
            language = $6::text, representation_id = $7::uuid, assisted_by = $8::text, session_id = $9::uuid,
            evidence_id = $10::uuid
     WHERE id = $1::uuid AND state = 'asked' AND valid_until > $3::timestamptz RETURNING 1 AS one`,
    [
      answer.id,
      answer.state,
      answer.at,
      answer.method,
      answer.answeredBy,
      answer.language,
      answer.representationId ?? null,
      answer.assistedBy ?? null,
      answer.sessionId ?? null,
      answer.evidenceId ?? null,
    ],
  );
  return rows.length === 1;
}

export async function withdrawGrant(
  sql: Sql,
  withdrawal: { id: string; at: Date; by: string },
): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE consent_grant SET state = 'withdrawn', withdrawn_at = $2::timestamptz, withdrawn_by = $3::text
     WHERE id = $1::uuid AND state = 'given' RETURNING 1 AS one`,
    [withdrawal.id, withdrawal.at, withdrawal.by],
  );
  return rows.length === 1;
}

/** Whether bytes may still go out under a grant: asked again while an answer runs. */
export const GRANT_STANDS = `
SELECT 1 AS one FROM consent_grant g LEFT JOIN representation r ON r.id = g.representation_id
WHERE g.id = $1::uuid AND g.state IN ('given', 'used-up') AND g.valid_until > $2::timestamptz
  AND (r.id IS NULL OR least(r.ended_at, r.valid_until) IS NULL OR least(r.ended_at, r.valid_until) > $2::timestamptz)`;

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
  type_code: string;
  method: ConsentMethod | null;
  answered_by: string | null;
  representation_id: string | null;
  representation_ends: Date | null;
  assisted_by: string | null;
}

const COLUMNS = `g.id::text, g.request_id::text, g.component_key, g.owner_id::text, g.document_id::text, g.agency_id,
  g.dossier_id::text, g.view, g.state, g.single_use, g.asked_at, g.valid_until, g.answered_at, g.withdrawn_at,
  g.text_version, g.text_sha256, d.type_code, g.method, g.answered_by::text, g.representation_id::text,
  least(r.ended_at, r.valid_until) AS representation_ends, g.assisted_by`;
const FROM = `FROM consent_grant g JOIN document d ON d.id = g.document_id
  LEFT JOIN representation r ON r.id = g.representation_id`;
const SELECT = `SELECT ${COLUMNS} ${FROM}`;

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
  documentType: row.type_code,
  method: row.method,
  answeredBy: row.answered_by,
  representationId: row.representation_id,
  representationEnds: row.representation_ends,
  assistedBy: row.assisted_by,
});
