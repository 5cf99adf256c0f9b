/** What was found damaged when it was read again: kept in rows until it is mended, told in the ledger once each way. */
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { appendEvent } from './event.ts';

export interface Damage {
  readonly key: string;
  readonly what: string;
  readonly foundAt: Date;
}

export interface DamageParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Told of each damage once, when it is first found. */
  readonly onDamage: (damage: Damage) => void;
}

export class DamageBook {
  readonly #parts: DamageParts;

  constructor(parts: DamageParts) {
    this.#parts = parts;
  }

  /** @param what in words; @param documentId the paper that the object belongs to, where it is known */
  async found(key: string, what: string, documentId: string | null = null): Promise<void> {
    const { database, clock, onDamage } = this.#parts;
    const at = clock.now();
    const isNew = await database.transactSql(async (sql) => {
      const rows = await sql.query(
        `INSERT INTO damaged_object (key, what, found_at) VALUES ($1::text, $2::text, $3::timestamptz)
         ON CONFLICT (key) DO NOTHING RETURNING 1`,
        [key, what, at],
      );
      return rows.length > 0;
    });
    if (!isNew) return;
    onDamage({ key, what, foundAt: at });
    // Apart from the row: while the log refuses writes, the damage is still on record.
    await database.transactSql((sql) =>
      appendEvent(sql, {
        type: 'object.damaged',
        at,
        actor: { kind: 'vault' },
        outcome: 'failed',
        documentId,
        detail: { object: key, found: what },
      }),
    );
  }

  /** These hold; those of them that did not are mended. */
  async hold(keys: readonly string[]): Promise<void> {
    const { database, clock } = this.#parts;
    const standing = await database.read('SELECT 1 FROM damaged_object LIMIT 1');
    if (standing.length === 0) return;
    await database.transactSql(async (sql) => {
      const mended = await sql.query<{ key: string }>(
        'DELETE FROM damaged_object WHERE key = ANY ($1::text[]) RETURNING key',
        [[...keys]],
      );
      for (const { key } of mended) {
        await appendEvent(sql, {
          type: 'object.mended',
          at: clock.now(),
          actor: { kind: 'vault' },
          outcome: 'done',
          detail: { object: key },
        });
      }
    });
  }

  /** What is damaged now, at most a thousand. */
  standing(): Promise<Damage[]> {
    return this.#parts.database.read(
      'SELECT key, what, found_at AS "foundAt" FROM damaged_object ORDER BY found_at, key LIMIT 1000',
    );
  }
}
