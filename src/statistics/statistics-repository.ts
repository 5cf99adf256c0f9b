/** Counts of dossiers and of demanded papers, grouped by what the rates ask; never a person. */
import type { Sql } from '../platform/database.ts';
import type { ReceivedGroup, SettledGroup } from './rates.ts';

/** Which agencies, from when, until before when. */
export interface Span {
  readonly agencies: readonly string[];
  readonly from: Date;
  readonly until: Date;
}

const parametersOf = ({ agencies, from, until }: Span): unknown[] => [[...agencies], from, until];
const monthOf = (column: string): string => `to_char(${column} AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM')`;

/** Dossiers received in the span, by agency, month, procedure and the components met from the vault. */
export const receivedGroups = (sql: Sql, span: Span): Promise<ReceivedGroup[]> =>
  sql.query<ReceivedGroup>(
    `SELECT agency_id AS "agencyId", ${monthOf('received_at')} AS month, procedure_code AS "procedureCode", reused,
            count(*)::int AS dossiers
     FROM dossier d
     CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(DISTINCT r.component_key ORDER BY r.component_key), '{}') AS reused
       FROM reliance r WHERE r.dossier_id = d.id
     ) AS taken
     WHERE agency_id = ANY ($1::text[]) AND received_at >= $2::timestamptz AND received_at < $3::timestamptz
     GROUP BY 1, 2, 3, 4`,
    parametersOf(span),
  );

/** Dossiers settled in the span, by agency, month, procedure, the components that stand in the vault, and the result. */
export const settledGroups = (sql: Sql, span: Span): Promise<SettledGroup[]> =>
  sql.query<SettledGroup>(
    `SELECT agency_id AS "agencyId", ${monthOf('finished_at')} AS month, procedure_code AS "procedureCode", present,
            coalesce("hasResult", false) AS "hasResult", coalesce("hasValidResult", false) AS "hasValidResult",
            count(*)::int AS dossiers
     FROM dossier d
     CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(DISTINCT key ORDER BY key), '{}') AS present FROM (
         SELECT component_key AS key FROM dossier_paper WHERE dossier_id = d.id AND component_key IS NOT NULL
         UNION ALL SELECT component_key FROM reliance WHERE dossier_id = d.id
       ) AS keys
     ) AS papers
     CROSS JOIN LATERAL (
       SELECT count(*) > 0 AS "hasResult", bool_or(sealed.found AND standing.status = 'active') AS "hasValidResult"
       FROM dossier_paper p
       CROSS JOIN LATERAL (
         SELECT s.status FROM status_event s WHERE s.document_id = p.document_id ORDER BY s.number DESC LIMIT 1
       ) AS standing
       CROSS JOIN LATERAL (
         SELECT EXISTS (
           SELECT 1 FROM signature_record r JOIN document_version v ON v.id = r.version_id
           WHERE v.document_id = p.document_id
         ) AS found
       ) AS sealed
       WHERE p.dossier_id = d.id AND p."group" = 'result'
     ) AS results
     WHERE agency_id = ANY ($1::text[]) AND finished_at >= $2::timestamptz AND finished_at < $3::timestamptz
     GROUP BY 1, 2, 3, 4, 5, 6`,
    parametersOf(span),
  );

export interface DemandCount {
  readonly agencyId: string;
  readonly reason: string;
  readonly times: number;
}

/** Papers demanded in spite of an answer, most first. */
export const demandCounts = (sql: Sql, span: Span): Promise<DemandCount[]> =>
  sql.query<DemandCount>(
    `SELECT agency_id AS "agencyId", reason_code AS reason, count(*)::int AS times FROM paper_request
     WHERE agency_id = ANY ($1::text[]) AND asked_at >= $2::timestamptz AND asked_at < $3::timestamptz
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
    parametersOf(span),
  );

export interface Demand {
  readonly id: string;
  readonly at: Date;
  readonly agencyId: string;
  readonly procedureCode: string;
  readonly componentKey: string;
  readonly reason: string;
}

/** Each demand without its free text and without the dossier: what was asked where, newest first. */
export const demandsOf = (sql: Sql, span: Span, limit: number): Promise<Demand[]> =>
  sql.query<Demand>(
    `SELECT p.id::text AS id, p.asked_at AS at, p.agency_id AS "agencyId", q.procedure_code AS "procedureCode",
            p.component_key AS "componentKey", p.reason_code AS reason
     FROM paper_request p JOIN reuse_request q ON q.id = p.request_id
     WHERE p.agency_id = ANY ($1::text[]) AND p.asked_at >= $2::timestamptz AND p.asked_at < $3::timestamptz
     ORDER BY p.asked_at DESC, p.id DESC LIMIT $4::int`,
    [...parametersOf(span), limit],
  );
