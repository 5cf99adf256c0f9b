/**
 * The vault's own look after its bytes: what lies there without a row is removed once it is old enough, what has a row
 * is read again from time to time. A fault is told, never mended by guessing: the copy that is right lies in a backup.
 */
import { createHash } from 'node:crypto';
import { isObjectStoreError, type ObjectStore, type SealedObjects } from '../../storage/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Logger } from '../platform/logger.ts';
import { rateFor, type ScrubItem, scrub } from '../platform/scrub.ts';
import { OBJECT_COLUMNS, type StoredObjectRow, storedObjectOf } from './stored-object-repository.ts';

export interface ObjectCareParts {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly objects: SealedObjects;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A deposit under way has objects without rows; older ones are left over from a crash. */
export const RECONCILE_MS = 24 * 3_600_000;
/** Everything is read again within this time. */
const SCRUB_PERIOD_SECONDS = 30 * 86_400;
const PAGE = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

export class ObjectCare {
  readonly #parts: ObjectCareParts;
  /** Where the reading goes on; a new process begins anew. */
  #after = FIRST;
  #rate = 0;

  constructor(parts: ObjectCareParts) {
    this.#parts = parts;
  }

  /**
   * Removes objects older than a day that have no row, and the bytes of erased ones. Does nothing while the log is in
   * doubt: after an older database was restored, what looks like an orphan may be a paper.
   * @returns how many were removed
   */
  async removeOrphans(signal?: AbortSignal): Promise<number> {
    const { database, store, clock, logger } = this.#parts;
    const oldest = clock.now().getTime() - RECONCILE_MS;
    let removed = 0;
    for (let after: string | undefined; !signal?.aborted; ) {
      const doubts = await database.read('SELECT 1 AS one FROM log_refusal LIMIT 1');
      if (doubts.length > 0) return removed;
      const page = await store.list({ prefix: 'o/', after, limit: PAGE });
      const living = await this.#living(page.map(({ key }) => key));
      for (const { key, writtenAt } of page) {
        after = key;
        if (living.has(key) || writtenAt.getTime() > oldest) continue;
        try {
          await store.delete(key);
          removed += 1;
          logger.warn({ object: key }, 'an object without a row was removed');
        } catch (error) {
          // Retention may forbid it for years; then it stays, and is noise.
          if (!isObjectStoreError(error, 'retained')) throw error;
        }
      }
      if (page.length < PAGE) break;
    }
    return removed;
  }

  /**
   * Reads on where the last call stopped, for so many seconds at most, at the rate that reads everything within thirty
   * days. @returns faults found; each is an alarm in the log
   */
  async readAgain(seconds: number, signal?: AbortSignal): Promise<number> {
    const { logger } = this.#parts;
    const limit = AbortSignal.timeout(seconds * 1000);
    if (this.#after === FIRST) this.#rate = await this.#neededRate();
    const { faults } = await scrub({
      items: this.#items(),
      bytesPerSecond: this.#rate,
      parallel: 1,
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
      onFault: ({ where, what }) =>
        logger.error(
          { alarm: 'object-damaged', object: where, detail: what },
          'an object is damaged or missing',
        ),
    });
    return faults;
  }

  async #living(keys: readonly string[]): Promise<Set<string>> {
    const rows = await this.#parts.database.read<{ key: string }>(
      'SELECT key FROM stored_object WHERE key = ANY ($1::text[]) AND destroyed_at IS NULL',
      [keys],
    );
    return new Set(rows.map(({ key }) => key));
  }

  async #neededRate(): Promise<number> {
    const [row] = await this.#parts.database.read<{ bytes: string }>(
      'SELECT coalesce(sum(size), 0)::text AS bytes FROM stored_object WHERE destroyed_at IS NULL',
    );
    return rateFor(Number(row?.bytes ?? 0), SCRUB_PERIOD_SECONDS);
  }

  async *#items(): AsyncGenerator<ScrubItem> {
    for (;;) {
      const rows = await this.#parts.database.read<StoredObjectRow & { bound_to: string }>(
        `SELECT ${OBJECT_COLUMNS}, o.bound_to FROM stored_object o
         WHERE o.id > $1::uuid AND o.destroyed_at IS NULL ORDER BY o.id LIMIT 100`,
        [this.#after],
      );
      for (const row of rows) {
        this.#after = row.id;
        yield { where: row.key, bytes: Number(row.size), check: () => this.#check(row) };
      }
      if (rows.length < 100) {
        this.#after = FIRST;
        return;
      }
    }
  }

  async #check(row: StoredObjectRow & { bound_to: string }): Promise<string | undefined> {
    const stored = storedObjectOf(row);
    if (!stored) return undefined;
    const digest = createHash('sha256');
    try {
      const { chunks } = await this.#parts.objects.openRange(stored, { boundTo: row.bound_to });
      for await (const chunk of chunks) digest.update(chunk);
    } catch (error) {
      // A store that is down is no damage, and what was erased meanwhile is no loss.
      if (isObjectStoreError(error, 'unavailable') || !(await this.#living([row.key])).has(row.key))
        return undefined;
      throw error;
    }
    if (digest.digest('hex') !== row.sha256) return 'opens to another SHA-256 than was written';
    await this.#parts.database.read(
      'UPDATE stored_object SET checked_at = $2::timestamptz WHERE id = $1::uuid',
      [row.id, this.#parts.clock.now()],
    );
    return undefined;
  }
}
