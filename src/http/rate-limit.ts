/**
 * How often a caller may ask. Windows of one minute live in PostgreSQL, so that all instances count together; each
 * instance reports in steps, which keeps the count off the hot path and lets a caller exceed it by one step at most.
 */
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';

export interface RateVerdict {
  readonly allowed: boolean;
  /** Seconds until the window ends. */
  readonly retryAfter: number;
}

interface LocalWindow {
  readonly startsAt: number;
  unreported: number;
  /** The count of all instances as last heard. */
  known: number;
}

const WINDOW_MS = 60_000;
const MAX_CALLERS = 50_000;

export class RateLimiter {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #windows = new Map<string, LocalWindow>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** @param caller an opaque name such as `person:<id>` or a hashed address, joined with the operation */
  async take(caller: string, perMinute: number): Promise<RateVerdict> {
    const now = this.#clock.now().getTime();
    const startsAt = Math.floor(now / WINDOW_MS) * WINDOW_MS;
    let window = this.#windows.get(caller);
    if (window?.startsAt !== startsAt) {
      if (this.#windows.size >= MAX_CALLERS) this.#windows.clear();
      window = { startsAt, unreported: 0, known: 0 };
      this.#windows.set(caller, window);
    }
    window.unreported += 1;
    const step = Math.max(1, Math.floor(perMinute / 20));
    if (window.unreported >= step) {
      const report = window.unreported;
      window.unreported = 0;
      const [row] = await this.#database.read<{ count: number }>(COUNT, [caller, new Date(startsAt), report]);
      window.known = row?.count ?? window.known + report;
    }
    return {
      allowed: window.known + window.unreported <= perMinute,
      retryAfter: Math.max(1, Math.ceil((startsAt + WINDOW_MS - now) / 1000)),
    };
  }

  /** Forgets windows that ended; called by the housekeeping job. */
  async prune(): Promise<void> {
    await this.#database.read('DELETE FROM rate_window WHERE starts_at < $1::timestamptz', [
      new Date(this.#clock.now().getTime() - 10 * WINDOW_MS),
    ]);
  }
}

const COUNT = `
INSERT INTO rate_window (caller, starts_at, count) VALUES ($1::text, $2::timestamptz, $3::int)
ON CONFLICT (caller, starts_at) DO UPDATE SET count = rate_window.count + excluded.count RETURNING count`;
