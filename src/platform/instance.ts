/**
 * This process among the instances on one database: a number that an advisory lock keeps while the process lives. Who
 * finds work that another instance had begun asks whether its lock is still held: after a kill -9 it is gone at once,
 * without waiting for a lease to end.
 */
import { randomInt } from 'node:crypto';
import pg from 'pg';

/** Space of the advisory locks of instances; no other part of the vault uses it. */
export const INSTANCE_LOCKS = 7_422;

/** SQL that is true when no living instance has the number that the expression gives (never for NULL). */
export const instanceIsGone = (number: string): string => `(${number} IS NOT NULL AND NOT EXISTS (
  SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ${INSTANCE_LOCKS}
    AND l.objid = ${number}::oid AND l.objsubid = 2
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())))`;

export class Instance implements AsyncDisposable {
  readonly number = randomInt(1, 2_000_000_000);
  readonly #url: string;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(url: string) {
    this.#url = url;
  }

  /** Takes the lock, on a connection of its own. @throws Error when the database does not answer */
  static async start(url: string): Promise<Instance> {
    const instance = new Instance(url);
    await instance.#connect();
    return instance;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'mot-lan instance',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    const lost = (): void => {
      if (this.#client === client) this.#client = undefined;
      if (!this.#closed) this.#retrySoon();
    };
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1::int, $2::int)', [INSTANCE_LOCKS, this.number]);
    client.once('end', lost);
    this.#client = client;
  }

  /** Until it is back, others may take over what this instance holds: what it settles then is refused by its token. */
  #retrySoon(): void {
    this.#retry = setTimeout(() => {
      this.#connect().catch(() => this.#closed || this.#retrySoon());
    }, 500);
    this.#retry.unref();
  }
}
