/** Puts leaves into the queue of the log, in the transaction of the event they tell of. */

import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type LeafRecord, leafOf } from './log/leaf.ts';

/**
 * Queues the leaf of one event. Call it in the event's own transaction, once an event.
 * @throws Failure `unavailable` (`log-in-doubt`) while the log refuses writes: the transaction must not commit.
 */
export const enqueueLeaf = (sql: Sql, event: LeafRecord): Promise<void> => enqueueLeaves(sql, [event]);

/** As `enqueueLeaf`, for many events with one statement. */
export async function enqueueLeaves(sql: Sql, events: readonly LeafRecord[]): Promise<void> {
  const ids = events.map(({ id }) => id);
  const leaves = events.map((event) => leafOf(event).toString('hex'));
  await refusingInDoubt(() => sql.query(ENQUEUE, [ids, leaves]));
}

/** Turns the database's refusal of a leaf into the failure that edges know; passes any other error on. */
export async function refusingInDoubt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!`${error instanceof Error ? error.message : error}`.includes('the log refuses writes')) throw error;
    throw new Failure(
      'unavailable',
      {
        en: 'The vault is closed for changes and readings until its operator has examined the log. Nothing was changed.',
        vi: 'Kho tạm ngừng ghi và đọc cho đến khi người vận hành kiểm tra xong nhật ký. Chưa có gì thay đổi.',
      },
      { code: 'log-in-doubt', retryAfter: 300, cause: error },
    );
  }
}

// Hex, because arrays of bytes pass unharmed through only one of the two kinds of transaction.
const ENQUEUE = `
INSERT INTO log_queue (event_id, leaf)
SELECT queued.id::uuid, decode(queued.leaf, 'hex') FROM unnest($1::text[], $2::text[]) AS queued (id, leaf)`;
