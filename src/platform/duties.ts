/**
 * Periodic duties: what the vault does by itself every so often (re-reading bytes, draining queues, renewing archive
 * timestamps). Of all instances on one database a duty runs in one at a time, each under an advisory lock of its own,
 * so that different duties spread over the instances. A duty that fails is told to the log and tried again at its next
 * time; a lost database connection ends the running duties through their signal, because their lock is gone with it.
 */
import type pg from 'pg';
import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import type { Logger } from './logger.ts';

export interface Duty {
  /** Unique and stable: the lock's name. */
  readonly name: string;
  /** From the end of one run to the start of the next. */
  readonly seconds: number;
  /** Does what is due and returns; looks at the signal between steps and stops early when it is aborted. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** How a duty fares in this instance, for operators. */
export interface DutyState {
  readonly name: string;
  readonly seconds: number;
  readonly running: boolean;
  readonly lastEndedAt: Date | null;
  /** Of the last run here; null before the first. */
  readonly succeeded: boolean | null;
}

export interface DutiesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Kept {
  readonly duty: Duty;
  timer: NodeJS.Timeout | undefined;
  running: Promise<boolean> | undefined;
  lastEndedAt: Date | null;
  succeeded: boolean | null;
}

/** Space of the advisory locks of duties; no other part of the vault uses it. */
const LOCK_SPACE = 7_421;

export class Duties implements AsyncDisposable {
  readonly #options: DutiesOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #stopping = new AbortController();
  #connection: Promise<Connection> | undefined;

  constructor(options: DutiesOptions) {
    this.#options = options;
  }

  /** Runs a duty soon and then every so often. @throws Error when the name is taken */
  every(duty: Duty): void {
    if (this.#kept.has(duty.name)) throw new Error(`there is a duty ${duty.name} already`);
    const kept: Kept = { duty, timer: undefined, running: undefined, lastEndedAt: null, succeeded: null };
    this.#kept.set(duty.name, kept);
    this.#schedule(kept, Math.min(duty.seconds, 5));
  }

  /**
   * Runs a duty at once, or waits for the run under way.
   * @returns whether it ran here and succeeded; false when another instance has it or it failed
   * @throws Error when there is no such duty
   */
  runNow(name: string): Promise<boolean> {
    const kept = this.#kept.get(name);
    if (!kept) throw new Error(`there is no duty ${name}; there are ${[...this.#kept.keys()].join(', ')}`);
    return this.#run(kept);
  }

  states(): DutyState[] {
    return [...this.#kept.values()].map(({ duty, running, lastEndedAt, succeeded }) => ({
      name: duty.name,
      seconds: duty.seconds,
      running: running !== undefined,
      lastEndedAt,
      succeeded,
    }));
  }

  /** Asks running duties to stop and waits for them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    for (const { timer } of this.#kept.values()) clearTimeout(timer);
    await Promise.all([...this.#kept.values()].map(async ({ running }) => running));
    const connection = await this.#connection?.catch(() => undefined);
    connection?.client.release(true);
  }

  #schedule(kept: Kept, seconds: number): void {
    if (this.#stopping.signal.aborted) return;
    clearTimeout(kept.timer);
    kept.timer = setTimeout(() => void this.#run(kept), seconds * 1000);
    kept.timer.unref();
  }

  #run(kept: Kept): Promise<boolean> {
    kept.running ??= this.#underLock(kept).finally(() => {
      kept.running = undefined;
      this.#schedule(kept, kept.duty.seconds);
    });
    return kept.running;
  }

  async #underLock(kept: Kept): Promise<boolean> {
    const { duty } = kept;
    const { logger, clock } = this.#options;
    if (this.#stopping.signal.aborted) return false;
    try {
      const connection = await this.#connect();
      if (!(await connection.tryLock(duty.name))) return false;
      try {
        await duty.run(AbortSignal.any([this.#stopping.signal, connection.lost]));
        kept.succeeded = true;
      } finally {
        kept.lastEndedAt = clock.now();
        await connection.unlock(duty.name);
      }
    } catch (error) {
      kept.succeeded = false;
      if (!this.#stopping.signal.aborted) logger.warn({ duty: duty.name, error }, 'a duty failed');
    }
    return kept.succeeded ?? false;
  }

  #connect(): Promise<Connection> {
    this.#connection ??= openConnection(this.#options.database.pool, () => {
      this.#connection = undefined;
    }).catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }
}

/** One connection that holds the locks of this instance's running duties. */
interface Connection {
  readonly client: pg.PoolClient;
  /** Aborted when the connection, and with it every lock, is gone. */
  readonly lost: AbortSignal;
  tryLock(name: string): Promise<boolean>;
  unlock(name: string): Promise<void>;
}

async function openConnection(pool: pg.Pool, onLost: () => void): Promise<Connection> {
  const client = await pool.connect();
  const lost = new AbortController();
  client.on('error', (error) => {
    if (lost.signal.aborted) return;
    lost.abort(error);
    onLost();
    client.release(error);
  });
  // Duties begin and end as they like; a connection answers one question at a time.
  let before: Promise<unknown> = Promise.resolve();
  const ask = (text: string, name: string): Promise<boolean> => {
    const asked = before.then(async () => {
      const { rows } = await client.query<{ held: boolean }>(text, [LOCK_SPACE, name]);
      return rows[0]?.held === true;
    });
    before = asked.catch(() => undefined);
    return asked;
  };
  return {
    client,
    lost: lost.signal,
    tryLock: (name) => ask('SELECT pg_try_advisory_lock($1::int, hashtext($2)) AS held', name),
    unlock: async (name) => {
      if (!lost.signal.aborted) await ask('SELECT pg_advisory_unlock($1::int, hashtext($2)) AS held', name);
    },
  };
}
