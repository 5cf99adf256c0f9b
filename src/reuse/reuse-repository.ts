/** Rows of reuse: requests and their last answers. */
import type { Dossier } from '../documents/index.ts';
import type { Sql } from '../platform/database.ts';
import type { PreviewDecision } from './outcome.ts';
import type { Party, ReuseRequest } from './reuse-request.ts';

export async function insertRequest(sql: Sql, request: ReuseRequest): Promise<void> {
  await sql.query(
    `INSERT INTO reuse_request (id, agency_id, procedure_code, dossier_id, owner_id, basis, article, purpose, view, conditions,
                                match, actor_kind, actor_id, asked_at, components, parties, hints, given, preview,
                                full_view_reason, needed_until, session_id)
     VALUES ($1::uuid, $2::text, $3::text, $4::uuid, $5::uuid, $6::text, $7::text, $8::text, $9::text, $10::jsonb, $11::jsonb,
             $12::text, $13::text, $14::timestamptz, $15::text[], $16::jsonb, $17::jsonb, $18::jsonb, $19::text, $20::text,
             $21::timestamptz, $22::uuid)`,
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
      [...request.components],
      JSON.stringify(request.parties),
      JSON.stringify(request.hints),
      JSON.stringify(request.given),
      request.preview,
      request.fullViewReason,
      request.neededUntil,
      request.sessionId,
    ],
  );
}

export interface Found {
  readonly request: ReuseRequest;
  readonly dossier: Dossier;
}

export const findRequest = (sql: Sql, id: string): Promise<Found | undefined> =>
  one(sql, 'WHERE r.id = $1::uuid', [id]);

/** The newest request for a dossier of an agency: what the desk goes on with. */
export const latestRequest = (
  sql: Sql,
  key: { dossierId: string; agencyId: string },
): Promise<Found | undefined> =>
  one(
    sql,
    'WHERE r.dossier_id = $1::uuid AND r.agency_id = $2::text ORDER BY r.asked_at DESC, r.id DESC LIMIT 1',
    [key.dossierId, key.agencyId],
  );

async function one(sql: Sql, where: string, parameters: readonly unknown[]): Promise<Found | undefined> {
  const [row] = await sql.query<RequestRow>(
    `SELECT ${REQUEST_COLUMNS}
     FROM reuse_request r JOIN dossier s ON s.id = r.dossier_id ${where}`,
    parameters,
  );
  return row && foundOf(row);
}

/** Of `reuse_request r` and `dossier s`. */
export const REQUEST_COLUMNS = `r.id::text, r.agency_id, r.procedure_code, r.dossier_id::text, r.owner_id::text, r.basis, r.article, r.purpose, r.view,
            r.conditions, r.match, r.actor_kind, r.actor_id, r.asked_at, to_jsonb(r.components) AS components, r.parties, r.hints,
            r.given, r.preview, r.full_view_reason, r.needed_until, r.session_id::text, s.code AS dossier_code,
            s.owner_kind AS dossier_owner_kind, s.owner_id::text AS dossier_owner_id, s.state AS dossier_state, s.received_at,
            s.due_at, s.finished_at, s.revision`;

/** The paper that the last answer for a component named; undefined where it named none. */
export async function answeredDocument(
  sql: Sql,
  key: { requestId: string; componentKey: string },
): Promise<{ outcome: string; documentId: string | null } | undefined> {
  const [row] = await sql.query<{ outcome: string; document_id: string | null }>(
    `SELECT outcome, document_id::text FROM reuse_item WHERE request_id = $1::uuid AND component_key = $2::text`,
    [key.requestId, key.componentKey],
  );
  return row && { outcome: row.outcome, documentId: row.document_id };
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
       SET outcome = excluded.outcome, document_id = excluded.document_id, answered_at = excluded.answered_at
       WHERE (reuse_item.outcome, reuse_item.document_id) IS DISTINCT FROM (excluded.outcome, excluded.document_id)`,
    [
      requestId,
      items.map((item) => item.componentKey),
      items.map((item) => item.outcome),
      items.map((item) => item.documentId),
      at,
    ],
  );
}

export interface Awaited {
  readonly componentKey: string;
  readonly expectedAt: Date | null;
}

/** What decides beside the papers: previews, paper that is being digitised, holders who died, their old numbers. */
export interface Surroundings {
  readonly previews: readonly { componentKey: string; documentId: string; decision: PreviewDecision }[];
  readonly awaited: readonly Awaited[];
  readonly holders: readonly { id: string; oldNumbers: readonly string[]; deceased: boolean }[];
}

export async function surroundingsOf(
  sql: Sql,
  request: Pick<ReuseRequest, 'id' | 'dossierId'>,
  ownerIds: readonly string[],
): Promise<Surroundings> {
  const [row] = await sql.query<{
    previews: Surroundings['previews'] | null;
    awaited: { componentKey: string; expectedAt: string | null }[] | null;
    holders: Surroundings['holders'] | null;
  }>(SURROUNDINGS, [request.id, request.dossierId, [...ownerIds]]);
  return {
    previews: row?.previews ?? [],
    awaited: (row?.awaited ?? []).map(({ componentKey, expectedAt }) => ({
      componentKey,
      expectedAt: expectedAt === null ? null : new Date(expectedAt),
    })),
    holders: row?.holders ?? [],
  };
}

const SURROUNDINGS = `
SELECT (SELECT jsonb_agg(jsonb_build_object('componentKey', component_key, 'documentId', document_id, 'decision', decision))
        FROM reuse_preview WHERE request_id = $1::uuid) AS previews,
       (SELECT jsonb_agg(jsonb_build_object('componentKey', component_key, 'expectedAt', expected_at))
        FROM digitisation_task WHERE dossier_id = $2::uuid AND state = 'in-work') AS awaited,
       (SELECT jsonb_agg(jsonb_build_object('id', id, 'oldNumbers', old_numbers, 'deceased', deceased_at IS NOT NULL))
        FROM person WHERE id = ANY ($3::uuid[])) AS holders`;

export interface RequestRow {
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
  match: ReuseRequest['match'];
  actor_kind: string;
  actor_id: string;
  asked_at: Date;
  components: string[];
  parties: Party[];
  hints: ReuseRequest['hints'];
  given: ReuseRequest['given'];
  preview: ReuseRequest['preview'];
  full_view_reason: string | null;
  needed_until: Date | null;
  session_id: string | null;
  dossier_code: string;
  dossier_owner_kind: 'person' | 'organisation';
  dossier_owner_id: string;
  dossier_state: Dossier['state'];
  received_at: Date;
  due_at: Date | null;
  finished_at: Date | null;
  revision: number;
}

export const foundOf = (row: RequestRow): Found => ({
  request: {
    id: row.id,
    agencyId: row.agency_id,
    procedureCode: row.procedure_code,
    dossierId: row.dossier_id,
    ownerId: row.owner_id,
    basis: row.basis,
    article: row.article,
    purpose: row.purpose,
    view: row.view,
    fullViewReason: row.full_view_reason,
    preview: row.preview,
    neededUntil: row.needed_until,
    conditions: row.conditions,
    components: row.components,
    match: Array.isArray(row.match) ? row.match : [],
    parties: row.parties,
    hints: row.hints,
    given: row.given,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    sessionId: row.session_id,
    askedAt: row.asked_at,
  },
  dossier: {
    id: row.dossier_id,
    code: row.dossier_code,
    agencyId: row.agency_id,
    procedureCode: row.procedure_code,
    owner: { kind: row.dossier_owner_kind, id: row.dossier_owner_id },
    state: row.dossier_state,
    receivedAt: row.received_at,
    dueAt: row.due_at,
    finishedAt: row.finished_at,
    revision: row.revision,
  },
});
