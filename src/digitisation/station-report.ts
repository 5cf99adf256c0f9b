/** Productivity and quality by station: how much, how often right at the first pass, how well the rules read. */
import type { Database } from '../platform/database.ts';

export interface StationLine {
  readonly station: string;
  readonly papers: number;
  readonly pages: number;
  readonly kept: number;
  readonly rejected: number;
  /** Share of papers whose first examination rejected nothing. */
  readonly firstPass: number;
  readonly warnings: number;
  /** Share of the rules' proposals that clerks kept as they were; null where nothing was proposed. */
  readonly readRight: number | null;
}

/** Papers of an agency from `since` on, the busiest station first. Counts only: no owner, no value. */
export async function stationReport(
  database: Database,
  agencyId: string,
  since: Date,
): Promise<StationLine[]> {
  return database.read<StationLine>(
    `WITH paper AS (
       SELECT s.id, coalesce(s.station, s.device, '–') AS station, s.state,
              (SELECT count(*) FROM scan_page p WHERE p.scan_id = s.id) AS pages,
              (SELECT (e.detail->>'rejected')::int = 0 FROM ledger_event e
               WHERE e.document_id = s.id AND e.type = 'digitisation.examined' ORDER BY e.id LIMIT 1) AS first_pass,
              (SELECT count(*) FROM jsonb_array_elements(s.examination->'findings') f WHERE f->>'verdict' = 'warn') AS warnings,
              (SELECT count(*) FROM scan_reading r WHERE r.scan_id = s.id AND r.outcome = 'confirmed') AS read_right,
              (SELECT count(*) FROM scan_reading r WHERE r.scan_id = s.id AND r.proposed IS NOT NULL) AS proposed
       FROM scan s WHERE s.agency_id = $1::text AND s.created_at >= $2::timestamptz)
     SELECT station, count(*)::int AS papers, sum(pages)::int AS pages,
            count(*) FILTER (WHERE state = 'accessioned')::int AS kept,
            count(*) FILTER (WHERE state = 'rejected')::int AS rejected,
            coalesce(avg(first_pass::int), 0)::float8 AS "firstPass", sum(warnings)::int AS warnings,
            (sum(read_right) / nullif(sum(proposed), 0))::float8 AS "readRight"
     FROM paper GROUP BY station ORDER BY papers DESC, station`,
    [agencyId, since],
  );
}
