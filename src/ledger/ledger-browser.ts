/**
 * The ledger as an agency's auditor reads it: that agency's events by page, newest first, with their places in the log.
 * Ids, words of the closed vocabulary and times; no contents. Each page read is an event too.
 */
import type { PersonActor } from '../identity/actor.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { appendEvent } from './event.ts';
import type { LedgerFilter, LedgerLine } from './log-pages.tsx';

export interface LedgerOrder {
  readonly actor: PersonActor;
  readonly requestId: string;
  readonly filter: LedgerFilter;
  /** Id of the last line of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export class LedgerBrowser {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { database: Database; clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  /** Only the agencies at which the caller is an auditor; without one, nothing. */
  async read({ actor, requestId, filter, after, limit }: LedgerOrder): Promise<LedgerLine[]> {
    const agencies = actor.roles.filter(({ role }) => role === 'auditor').map(({ agencyId }) => agencyId);
    return this.#database.transactSql(async (sql) => {
      const rows = await sql.query<Omit<LedgerLine, 'index'> & { index: string | null }>(LINES, [
        agencies,
        filter.viec ?? null,
        filter.ketqua ?? null,
        filter.tu ?? null,
        filter.den ?? null,
        after ?? null,
        limit,
      ]);
      await appendEvent(sql, {
        type: 'ledger.read',
        at: this.#clock.now(),
        actor,
        outcome: 'permitted',
        agencyId: agencies[0] ?? null,
        requestId,
        detail: { lines: rows.length },
      });
      return rows.map((row) => ({ ...row, index: row.index === null ? null : Number(row.index) }));
    });
  }
}

// Days are those of Vietnam. The place in the log is looked up for the lines of one page only.
const LINES = `
WITH page AS (
  SELECT e.id, e.occurred_at, e.type, e.outcome, e.actor_kind, e.actor_id, e.document_id, e.dossier_id
  FROM ledger_event e
  WHERE e.agency_id = ANY ($1::text[])
    AND ($2::text IS NULL OR e.type = $2::text) AND ($3::text IS NULL OR e.outcome = $3::text)
    AND ($4::text IS NULL OR e.occurred_at >= ($4::text)::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
    AND ($5::text IS NULL OR e.occurred_at < (($5::text)::date + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
    AND ($6::uuid IS NULL OR (e.occurred_at, e.id) < (SELECT occurred_at, id FROM ledger_event WHERE id = $6::uuid))
  ORDER BY e.occurred_at DESC, e.id DESC LIMIT $7::int
)
SELECT page.id::text, page.occurred_at AS at, page.type, page.outcome, page.actor_kind AS "actorKind",
       page.actor_id AS "actorId", page.document_id::text AS "documentId", dossier.code AS dossier,
       (SELECT (first + array_position(event_ids, page.id) - 1)::text FROM log_run
        WHERE newest >= page.id AND page.id = ANY (event_ids) ORDER BY newest LIMIT 1) AS index
FROM page LEFT JOIN dossier ON dossier.id = page.dossier_id
ORDER BY page.occurred_at DESC, page.id DESC`;
