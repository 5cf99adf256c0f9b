/**
 * A refusal: its event is kept before anything is answered. The one way in which services of every module write
 * `access.denied` after a policy of theirs said no.
 */
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import type { AnyActor } from './actor.ts';

export interface Refusal {
  readonly actor: AnyActor;
  /** The operation, as the event names it. */
  readonly operation: string;
  readonly because: string;
  readonly requestId?: string;
  readonly agencyId?: string | null;
  readonly documentId?: string | null;
  readonly dossierId?: string | null;
  readonly ownerIds?: readonly string[];
}

/** In the transaction that decided. */
export async function appendRefusal(sql: Sql, at: Date, refusal: Refusal): Promise<void> {
  const { operation, because, actor, requestId, agencyId, documentId, dossierId, ownerIds } = refusal;
  await appendEvent(sql, {
    type: 'access.denied',
    at,
    actor,
    outcome: 'denied',
    agencyId,
    documentId,
    dossierId,
    ownerIds,
    requestId,
    detail: { operation, because },
  });
}

/** In a transaction of its own, where nothing else was touched. */
export const recordRefusal = (database: Database, clock: Clock, refusal: Refusal): Promise<void> =>
  database.transactSql((sql) => appendRefusal(sql, clock.now(), refusal));
