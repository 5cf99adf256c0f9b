/**
 * Wraps the secrets of all objects anew under the newest master key. Only the small wrapped keys in the rows change,
 * never an object. A reader that holds the former row still opens it with the former key, so nobody waits; a run that
 * was cut leaves rows of both kinds and goes on from there.
 */
import type { SealedObjects } from '../../storage/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { OBJECT_COLUMNS, type StoredObjectRow, storedObjectOf } from './stored-object-repository.ts';

export interface RotationParts {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly clock: Clock;
}

export interface RotationOrder {
  /** The id of the newest master key. */
  readonly to: string;
  /** Rows in one transaction. */
  readonly batch: number;
  readonly progress?: (state: { readonly done: number; readonly left: number }) => void;
  readonly signal?: AbortSignal;
}

export interface RotationResult {
  readonly done: number;
  /** Objects whose wrapping does not open: their row or key was changed, or the key left the ring too early. */
  readonly failed: readonly { readonly id: string; readonly why: string }[];
}

export class MasterKeyRotation {
  readonly #parts: RotationParts;

  constructor(parts: RotationParts) {
    this.#parts = parts;
  }

  /** Master keys in use, with how many objects each wraps. */
  async status(): Promise<{ id: string; count: number }[]> {
    return this.#parts.database.read<{ id: string; count: number }>(
      `SELECT master_key_id AS id, count(*)::int AS count FROM stored_object WHERE destroyed_at IS NULL
       GROUP BY master_key_id ORDER BY master_key_id`,
    );
  }

  /** Goes through all objects once, or until the signal. The event tells how many were moved. */
  async run(order: RotationOrder): Promise<RotationResult> {
    const failed: { id: string; why: string }[] = [];
    let done = 0;
    let left = await this.#left(order.to);
    for (let after = FIRST; !order.signal?.aborted; ) {
      const batch = await this.#moveBatch(order, after);
      if (batch.last === undefined) break;
      after = batch.last;
      done += batch.moved;
      left -= batch.moved;
      failed.push(...batch.failed);
      order.progress?.({ done, left });
    }
    if (done > 0) await this.#record(order.to, done, failed.length);
    return { done, failed };
  }

  async #left(to: string): Promise<number> {
    const [row] = await this.#parts.database.read<{ count: number }>(
      'SELECT count(*)::int AS count FROM stored_object WHERE destroyed_at IS NULL AND master_key_id <> $1::text',
      [to],
    );
    return row?.count ?? 0;
  }

  async #moveBatch(
    { to, batch }: RotationOrder,
    after: string,
  ): Promise<{ last: string | undefined; moved: number; failed: { id: string; why: string }[] }> {
    const { database, objects } = this.#parts;
    const rows = await database.read<StoredObjectRow & { bound_to: string }>(
      `SELECT ${OBJECT_COLUMNS}, o.bound_to FROM stored_object o
       WHERE o.id > $1::uuid AND o.destroyed_at IS NULL AND o.master_key_id <> $2::text ORDER BY o.id LIMIT $3::int`,
      [after, to, batch],
    );
    const failed: { id: string; why: string }[] = [];
    const moved: { id: string; before: Buffer; after: Buffer; to: string }[] = [];
    for (const row of rows) {
      const stored = storedObjectOf(row);
      if (!stored) continue;
      try {
        const { wrappedKey, masterKeyId } = objects.rewrap(stored, { boundTo: row.bound_to });
        moved.push({
          id: row.id,
          before: Buffer.from(stored.wrappedKey),
          after: Buffer.from(wrappedKey),
          to: masterKeyId,
        });
      } catch (error) {
        failed.push({ id: row.id, why: error instanceof Error ? error.message : String(error) });
      }
    }
    if (moved.length > 0) {
      // An object that was erased, or moved by somebody else, meanwhile stays as it is.
      await database.transactSql((sql) =>
        sql.query(
          `UPDATE stored_object o SET wrapped_key = decode(m.after, 'hex'), master_key_id = m.key
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS m (id, before, after, key)
           WHERE o.id = m.id::uuid AND o.wrapped_key = decode(m.before, 'hex') AND o.destroyed_at IS NULL`,
          [
            moved.map(({ id }) => id),
            moved.map(({ before }) => before.toString('hex')),
            moved.map(({ after: wrapped }) => wrapped.toString('hex')),
            moved.map(({ to: key }) => key),
          ],
        ),
      );
    }
    return { last: rows.at(-1)?.id, moved: moved.length, failed };
  }

  async #record(to: string, moved: number, failed: number): Promise<void> {
    await this.#parts.database.transactSql((sql) =>
      appendEvent(sql, {
        type: 'key.rotated',
        at: this.#parts.clock.now(),
        actor: { kind: 'vault' },
        outcome: 'done',
        detail: { key: 'master', to, moved, failed },
      }),
    );
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000';
