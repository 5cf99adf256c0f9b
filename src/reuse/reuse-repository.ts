/** Rows of reuse: requests, their last answers, reliance, and paper asked for all the same. */
import type { Sql } from '../platform/database.ts';

export interface ReuseRequest {
  readonly id: string;
  readonly agencyId: string;
  readonly procedureCode: string;
  readonly dossierId: string;
  readonly ownerId: string | null;
  readonly basis: 'consent' | 'legal-duty';
  readonly article: string | null;
  readonly purpose: string;
  readonly view: 'minimum' | 'full';
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly match: Readonly<Record<string, string>>;
  readonly actorKind: string;
  readonly actorId: string;
  readonly askedAt: Date;
}

export async function insertRequest(sql: Sql, request: ReuseRequest): Promise<void> {
  await sql.query(
    `INSERT INTO reuse_request (id, agency_id, procedure_code, dossier_id, owner_id, basis, article, purpose, view, conditions,
                                match, actor_kind, actor_id, asked_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::uuid, $5::uuid, $6::text, $7::text, $8::text, $9::text, $10::jsonb, $11::jsonb,
             $12::text, $13::text, $14::timestamptz)`,
    [
      request.id,
      request.agencyId,
      request.procedureCode,
      request.dossierId,
      request.ownerId,
      request.basis,
      request.article,
      request.purpose,
      request.view,
      JSON.stringify(request.conditions),
      JSON.stringify(request.match),
      request.actorKind,
      request.actorId,
      request.askedAt,
    ],
  );
}

export async function findRequest(sql: Sql, id: string): Promise<ReuseRequest | undefined> {
  const [row] = await sql.query<RequestRow>(
    `SELECT id::text, agency_id, procedure_code, dossier_id::text, owner_id::text, basis, article, purpose, view, conditions, match,
            actor_kind, actor_id, asked_at
     FROM reuse_request WHERE id = $1::uuid`,
    [id],
  );
  return (
    row && {
      id: row.id,
      agencyId: row.agency_id,
      procedureCode: row.procedure_code,
      dossierId: row.dossier_id,
      ownerId: row.owner_id,
      basis: row.basis,
      article: row.article,
      purpose: row.purpose,
      view: row.view,
      conditions: row.conditions,
      match: row.match,
      actorKind: row.actor_kind,
      actorId: row.actor_id,
      askedAt: row.asked_at,
    }
  );
}

/** Keeps the last answer of each component. */
export async function keepItems(
  sql: Sql,
  requestId: string,
  items: readonly { componentKey: string; outcome: string; documentId: string | null }[],
  at: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO reuse_item (request_id, component_key, outcome, document_id, answered_at)
     SELECT $1::uuid, key, outcome, document::uuid, $5::timestamptz FROM unnest($2::text[], $3::text[], $4::text[]) AS item (key, outcome, document)
     ON CONFLICT (request_id, component_key) DO UPDATE
       SET outcome = excluded.outcome, document_id = excluded.document_id, answered_at = excluded.answered_at`,
    [
      requestId,
      items.map((item) => item.componentKey),
      items.map((item) => item.outcome),
      items.map((item) => item.documentId),
      at,
    ],
  );
}

export async function recordReliance(
  sql: Sql,
  reliance: {
    dossierId: string;
    componentKey: string;
    documentId: string;
    versionId: string;
    agencyId: string;
    grantId: string | null;
    at: Date;
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO reliance (dossier_id, component_key, document_id, version_id, agency_id, grant_id, relied_at)
     VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, $6::uuid, $7::timestamptz) ON CONFLICT DO NOTHING`,
    [
      reliance.dossierId,
      reliance.componentKey,
      reliance.documentId,
      reliance.versionId,
      reliance.agencyId,
      reliance.grantId,
      reliance.at,
    ],
  );
}

export async function insertPaperRequest(
  sql: Sql,
  paper: {
    id: string;
    requestId: string;
    componentKey: string;
    agencyId: string;
    reasonCode: string;
    note: string | null;
    actorId: string;
    at: Date;
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO paper_request (id, request_id, component_key, agency_id, reason_code, note, actor_id, asked_at)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::timestamptz)`,
    [
      paper.id,
      paper.requestId,
      paper.componentKey,
      paper.agencyId,
      paper.reasonCode,
      paper.note,
      paper.actorId,
      paper.at,
    ],
  );
}

interface RequestRow {
  id: string;
  agency_id: string;
  procedure_code: string;
  dossier_id: string;
  owner_id: string | null;
  basis: 'consent' | 'legal-duty';
  article: string | null;
  purpose: string;
  view: 'minimum' | 'full';
  conditions: Record<string, boolean>;
  match: Record<string, string>;
  actor_kind: string;
  actor_id: string;
  asked_at: Date;
}
