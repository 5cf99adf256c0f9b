/**
 * The owner's usage log: every event about their papers, refusals too, newest first. Reading it is an event of its own.
 */
import type { PersonActor } from '../identity/actor.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { appendEvent, type EventOutcome, type EventType } from './event.ts';

export interface UsageLine {
  readonly eventId: string;
  readonly time: Date;
  readonly action: EventType;
  readonly outcome: EventOutcome;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly agencyId: string | null;
  readonly documentId: string | null;
  readonly documentType: string | null;
  readonly dossierCode: string | null;
  readonly procedureCode: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface UsagePage {
  /** Id of the last line of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export class UsageLog {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { database: Database; clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  async read(
    actor: PersonActor,
    page: UsagePage,
    requestId: string,
  ): Promise<{ total: number; lines: UsageLine[] }> {
    return this.#database.transactSql(async (sql) => {
      const [count] = await sql.query<{ total: number }>(
        'SELECT count(*)::int AS total FROM event_subject WHERE owner_id = $1::uuid',
        [actor.personId],
      );
      const rows = await sql.query<UsageRow>(LINES, [actor.personId, page.after ?? null, page.limit]);
      await appendEvent(sql, {
        type: 'usage.read',
        at: this.#clock.now(),
        actor,
        outcome: 'permitted',
        ownerIds: [actor.personId],
        requestId,
        detail: { lines: rows.length },
      });
      return { total: count?.total ?? 0, lines: rows.map(lineOf) };
    });
  }

  /** Permits the proof of one line: an event of its own. @returns false where the line is not in this person's log */
  async permitProof(actor: PersonActor, eventId: string, requestId: string): Promise<boolean> {
    return this.#database.transactSql(async (sql) => {
      const found = await sql.query(
        'SELECT FROM event_subject WHERE owner_id = $1::uuid AND event_id = $2::uuid',
        [actor.personId, eventId],
      );
      await appendEvent(sql, {
        type: 'usage.read',
        at: this.#clock.now(),
        actor,
        outcome: found.length > 0 ? 'permitted' : 'denied',
        ownerIds: [actor.personId],
        requestId,
        detail: { proof: found.length > 0 ? eventId : null },
      });
      return found.length > 0;
    });
  }

  /** One line, only if it is in this person's log. */
  async line(actor: PersonActor, eventId: string): Promise<UsageLine | undefined> {
    if (!/^[0-9a-f-]{36}$/.test(eventId)) return undefined;
    const [row] = await this.#database.read<UsageRow>(LINE, [actor.personId, eventId]);
    return row && lineOf(row);
  }
}

interface UsageRow {
  id: string;
  occurred_at: Date;
  type: EventType;
  outcome: EventOutcome;
  actor_kind: string;
  actor_id: string | null;
  agency_id: string | null;
  document_id: string | null;
  type_code: string | null;
  code: string | null;
  procedure_code: string | null;
  detail: Record<string, unknown>;
}

const SELECT_LINE = `
SELECT e.id::text, e.occurred_at, e.type, e.outcome, e.actor_kind, e.actor_id, e.agency_id, e.document_id::text, d.type_code,
       s.code, s.procedure_code, e.detail
FROM event_subject u
JOIN ledger_event e ON e.id = u.event_id
LEFT JOIN document d ON d.id = e.document_id
LEFT JOIN dossier s ON s.id = e.dossier_id
WHERE u.owner_id = $1::uuid`;
const LINE = `${SELECT_LINE} AND e.id = $2::uuid`;
const LINES = `${SELECT_LINE}
  AND ($2::uuid IS NULL OR (u.occurred_at, u.event_id) < (SELECT occurred_at, id FROM ledger_event WHERE id = $2::uuid))
ORDER BY u.occurred_at DESC, u.event_id DESC LIMIT $3::int`;

const lineOf = (row: UsageRow): UsageLine => ({
  eventId: row.id,
  time: row.occurred_at,
  action: row.type,
  outcome: row.outcome,
  actorKind: row.actor_kind,
  actorId: row.actor_id,
  agencyId: row.agency_id,
  documentId: row.document_id,
  documentType: row.type_code,
  dossierCode: row.code,
  procedureCode: row.procedure_code,
  detail: row.detail,
});
