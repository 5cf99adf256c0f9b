/**
 * Empties the outbox into the queues of those who must learn of an event. Rows of the queues are written and the event is
 * deleted in one transaction: a crash in between leaves the event where it was. Several instances may drain at once; each
 * takes rows that no other holds.
 */
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import type { OutboxType } from '../platform/outbox.ts';

/** An event as it lies in the outbox. */
export interface WaitingEvent {
  readonly id: string;
  readonly type: OutboxType;
  readonly subject: string;
  readonly agencyId: string | null;
  readonly personId: string | null;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
  readonly occurredAt: Date;
}

/** Puts what concerns it into its own queue, in the transaction that empties the outbox. No network. */
export interface OutboxReader {
  take(sql: Sql, event: WaitingEvent, now: Date): Promise<void>;
}

export class OutboxDrain {
  readonly #parts: {
    readonly database: Database;
    readonly clock: Clock;
    readonly readers: readonly OutboxReader[];
  };

  constructor(parts: { database: Database; clock: Clock; readers: readonly OutboxReader[] }) {
    this.#parts = parts;
  }

  /** Until nothing waits. @returns how many events were handed on */
  async drain(signal?: AbortSignal): Promise<number> {
    let total = 0;
    while (!signal?.aborted) {
      const taken = await this.#batch();
      total += taken;
      if (taken === 0) break;
    }
    return total;
  }

  #batch(): Promise<number> {
    const { database, clock, readers } = this.#parts;
    return database.transactSql(async (sql) => {
      const events = await sql.query<WaitingEvent>(
        `DELETE FROM outbox_event o USING (
           SELECT w.id FROM outbox_event w ORDER BY w.id LIMIT 100 FOR UPDATE SKIP LOCKED) taken
         WHERE o.id = taken.id
         RETURNING o.id::text AS id, o.type, o.subject, o.agency_id AS "agencyId", o.person_id::text AS "personId",
                   o.data, o.occurred_at AS "occurredAt"`,
      );
      const now = clock.now();
      for (const event of events.sort((a, b) => (a.id < b.id ? -1 : 1)))
        for (const reader of readers) await reader.take(sql, event, now);
      return events.length;
    });
  }
}
