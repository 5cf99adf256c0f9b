/**
 * Re-reads the objects of papers by and by, those longest unread first, at a rate that comes round within the period.
 * What does not hold is told and not served: reading verifies by itself, every time.
 */
import { isObjectStoreError, type SealedObjects } from '../../storage/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { rateFor, type ScrubItem, type ScrubResult, scrub } from '../platform/scrub.ts';
import { OBJECT_COLUMNS, type StoredObjectRow, storedObjectOf } from './stored-object-repository.ts';

export interface ObjectsScrubParts {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly clock: Clock;
  /** Told of each object that does not hold: its key, what is wrong, the paper it belongs to. */
  readonly onFault: (key: string, what: string, documentId: string | null) => Promise<void>;
  /** Told of objects that hold. */
  readonly onWhole: (keys: readonly string[]) => Promise<void>;
}

interface Row extends StoredObjectRow {
  readonly bound_to: string;
}

const PAGE = 100;

/**
 * One stretch of the round: as many bytes as `seconds` of the period come to, of objects not read since a quarter of it.
 * @param periodSeconds within which everything is to be read
 */
export async function scrubObjects(
  parts: ObjectsScrubParts,
  { periodSeconds, seconds, signal }: { periodSeconds: number; seconds: number; signal?: AbortSignal },
): Promise<ScrubResult> {
  const { database, objects, clock } = parts;
  const [total] = await database.read<{ bytes: string }>(
    'SELECT coalesce(sum(size), 0)::text AS bytes FROM stored_object WHERE destroyed_at IS NULL',
  );
  // A tenth faster than needed: restarts and growth must not make a round late.
  const rate = rateFor(Number(total?.bytes ?? 0) * 1.1, periodSeconds);
  const due = new Date(clock.now().getTime() - periodSeconds * 250);
  let budget = rate * seconds;
  const read: { id: string; key: string; sound: boolean }[] = [];
  async function* items(): AsyncGenerator<ScrubItem> {
    for (let after: string | undefined; budget > 0; ) {
      const page: Row[] = await database.read<Row>(DUE, [due, PAGE, after ?? null]);
      for (const row of page) {
        if (budget <= 0) return;
        budget -= Number(row.size);
        after = row.id;
        yield { where: row.key, bytes: Number(row.size), check: () => check(row) };
      }
      await flush();
      if (page.length < PAGE) return;
    }
  }
  const check = async (row: Row): Promise<string | undefined> => {
    const fault = await faultOf(objects, row, signal);
    // A store that is down is no damage, and what was erased meanwhile is no loss.
    if (fault === 'unavailable' || (fault !== undefined && (await isGone(row.id)))) return undefined;
    read.push({ id: row.id, key: row.key, sound: fault === undefined });
    if (fault === undefined) return undefined;
    const [, documentId = null] = /^document:([0-9a-f-]{36})/.exec(row.bound_to) ?? [];
    await parts.onFault(row.key, fault, documentId);
    return fault;
  };
  const isGone = async (id: string): Promise<boolean> => {
    const living = 'SELECT 1 FROM stored_object WHERE id = $1::uuid AND destroyed_at IS NULL';
    return (await database.read(living, [id])).length === 0;
  };
  const flush = async (): Promise<void> => {
    const done = read.splice(0);
    if (done.length === 0) return;
    await database.read('UPDATE stored_object SET checked_at = $2::timestamptz WHERE id = ANY ($1::uuid[])', [
      done.map(({ id }) => id),
      clock.now(),
    ]);
    await parts.onWhole(done.filter(({ sound }) => sound).map(({ key }) => key));
  };
  const result = await scrub({
    items: items(),
    bytesPerSecond: Math.max(rate * 4, 4_000_000),
    onFault: () => undefined,
    ...(signal ? { signal } : {}),
  });
  await flush();
  return result;
}

/** What is wrong; `unavailable` when the store did not answer, which says nothing of the object. */
async function faultOf(
  objects: SealedObjects,
  row: Row,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const stored = storedObjectOf(row);
    if (stored === null) return 'has no wrapped key although it was not destroyed';
    await objects.check(stored, { boundTo: row.bound_to, ...(signal ? { signal } : {}) });
    return undefined;
  } catch (error) {
    if (isObjectStoreError(error, 'unavailable')) return 'unavailable';
    return error instanceof Error ? error.message : String(error);
  }
}

// Never read first, then those longest unread; the page after one whose rows are not yet marked goes on behind it.
const DUE = `
SELECT ${OBJECT_COLUMNS}, o.bound_to FROM stored_object o
WHERE o.destroyed_at IS NULL AND (o.checked_at IS NULL OR o.checked_at < $1::timestamptz)
  AND ($3::uuid IS NULL OR (coalesce(o.checked_at, '-infinity'::timestamptz), o.id) >
    (SELECT coalesce(a.checked_at, '-infinity'::timestamptz), a.id FROM stored_object a WHERE a.id = $3::uuid)
    OR (SELECT a.checked_at FROM stored_object a WHERE a.id = $3::uuid) >= $1::timestamptz)
ORDER BY o.checked_at NULLS FIRST, o.id LIMIT $2::int`;
