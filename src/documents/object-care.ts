/**
 * The vault's own look after its bytes: what lies there without a row is removed once it is old enough. What has a row
 * is read again from time to time (`objects-scrub.ts`).
 */
import { isObjectStoreError, type ObjectStore } from '../../storage/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Logger } from '../platform/logger.ts';

export interface ObjectCareParts {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A deposit under way has objects without rows; older ones are left over from a crash. */
export const RECONCILE_MS = 24 * 3_600_000;
const PAGE = 500;

export class ObjectCare {
  readonly #parts: ObjectCareParts;

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

  async #living(keys: readonly string[]): Promise<Set<string>> {
    const rows = await this.#parts.database.read<{ key: string }>(
      'SELECT key FROM stored_object WHERE key = ANY ($1::text[]) AND destroyed_at IS NULL',
      [keys],
    );
    return new Set(rows.map(({ key }) => key));
  }
}
