/**
 * The rows of the vault: one pool, two ways to a transaction.
 *
 * `transact` gives a Prisma transaction client (`Tx`); `transactSql` gives a bare connection for the hot paths, where
 * Prisma costs several times the CPU. Both hand out `Sql`, so that a statement is written once. Repositories take a
 * `Tx` or a `Sql`, never the root client. Inside a transaction there is no network and no object I/O.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import { Failure } from './failure.ts';

/**
 * Runs one SQL statement with `$1`-style parameters inside a transaction. Results are safe in either kind of
 * transaction when they are int4, text, bool, timestamptz, jsonb or bytea; parameters want a cast (`$1::uuid`).
 */
export interface Sql {
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

declare const insideTransaction: unique symbol;
/** A Prisma client inside a transaction. The brand keeps the root client out of repositories. */
export type Tx = Prisma.TransactionClient & { readonly [insideTransaction]: true };
/** A bare connection inside a transaction. */
export type SqlTx = Sql & { readonly [insideTransaction]: true };

export interface TransactOptions {
  /** READ COMMITTED unless told; rows that decide something are locked explicitly. */
  readonly isolation?: 'RepeatableRead' | 'Serializable';
  /** Milliseconds the work may take; default 30,000. */
  readonly timeout?: number;
}

export interface DatabaseOptions {
  /** A `postgres://` URL of PostgreSQL 15 or later. */
  readonly url: string;
  /** Connections at most; default 10. */
  readonly connections?: number;
}

export class Database implements AsyncDisposable {
  readonly pool: pg.Pool;
  readonly #prisma: PrismaClient;
  readonly #inside = new AsyncLocalStorage<true>();
  /** Names of prepared statements by their text. */
  readonly #prepared = new Map<string, string>();

  constructor(options: DatabaseOptions) {
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.connections ?? 10,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 60_000,
      application_name: 'mot-lan',
    });
    // A connection that dies while idle is replaced at the next use; without a listener it would end the process.
    this.pool.on('error', () => undefined);
    this.#prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
  }

  /** One transaction through Prisma: commits when `work` resolves, rolls back when it rejects. */
  async transact<T>(work: (tx: Tx) => Promise<T>, options: TransactOptions = {}): Promise<T> {
    this.#refuseNesting();
    return this.#translated(() =>
      this.#prisma.$transaction((tx) => this.#inside.run(true, () => work(tx as Tx)), {
        isolationLevel: options.isolation,
        timeout: options.timeout ?? 30_000,
        maxWait: 10_000,
      }),
    );
  }

  /** One transaction on a bare connection, for hot paths. */
  async transactSql<T>(work: (sql: SqlTx) => Promise<T>): Promise<T> {
    this.#refuseNesting();
    return this.#translated(async () => {
      const client = await this.pool.connect();
      // A connection that is cut while it is out rejects the statement under way; without a listener the same error
      // would also end the process.
      const ignore = (): void => undefined;
      client.on('error', ignore);
      let failed: Error | undefined;
      try {
        await client.query('BEGIN');
        const result = await this.#inside.run(true, () => work(sqlOfConnection(client)));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        failed = error instanceof Error ? error : new Error(String(error));
        await client.query('ROLLBACK').then(
          () => (failed = undefined),
          () => undefined,
        );
        throw error;
      } finally {
        client.off('error', ignore);
        // A connection that cannot roll back is not given to anybody else.
        client.release(failed);
      }
    });
  }

  /** One statement outside any transaction: for probes and for reads that decide nothing. */
  async read<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#translated(async () => (await this.pool.query(text, [...parameters])).rows as Row[]);
  }

  /**
   * Statements of hot paths: each outside any transaction, hence one of its own, and prepared once a connection. Their
   * texts are constants.
   */
  readonly hot: Sql = {
    query: (text, parameters = []) =>
      this.#translated(async () => {
        const name = this.#prepared.get(text) ?? `hot-${this.#prepared.size}`;
        this.#prepared.set(text, name);
        return (await this.pool.query({ name, text, values: [...parameters] })).rows;
      }),
  };

  async close(): Promise<void> {
    await this.#prisma.$disconnect();
    if (!this.pool.ended) await this.pool.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #refuseNesting(): void {
    if (this.#inside.getStore()) {
      throw new Error('a transaction inside a transaction: pass the one you have to the repository');
    }
  }

  async #translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isConnectionFault(error)) {
        throw new Failure(
          'unavailable',
          {
            en: 'The database does not answer. Nothing was changed; try again in a moment.',
            vi: 'Cơ sở dữ liệu chưa trả lời. Chưa có gì thay đổi; hãy thử lại sau ít phút.',
          },
          { code: 'database-down', retryAfter: 5, cause: error },
        );
      }
      throw error;
    }
  }
}

/** The `Sql` of a Prisma transaction, so that code written for hot paths joins an ordinary transaction. */
export const sqlOf = (tx: Tx): Sql => ({
  query: (text, parameters = []) => tx.$queryRawUnsafe(text, ...parameters),
});

/** True when a unique constraint (PostgreSQL 23505) refused the row, through either kind of transaction. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const facts = factsOf(error);
  if (!facts.some(({ code }) => code === '23505' || code === 'P2002')) return false;
  return constraint === undefined || facts.some(({ text }) => text.includes(constraint));
}

const sqlOfConnection = (client: pg.PoolClient): SqlTx =>
  ({
    query: async (text: string, parameters: readonly unknown[] = []) =>
      (await client.query(text, parameters as unknown[])).rows,
  }) as unknown as SqlTx;

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '08003',
  '53300',
  'P1001',
  'P1002',
  'P1017',
  'P2024',
  'P2028',
]);
const CONNECTION_WORDS =
  /connection terminated|timeout exceeded when trying to connect|server closed the connection|can't reach database|pool is (ended|closed)|after calling end on the pool/i;

function isConnectionFault(error: unknown): boolean {
  if (error instanceof Failure) return false;
  return factsOf(error).some(
    ({ code, text }) => (code !== undefined && CONNECTION_CODES.has(code)) || CONNECTION_WORDS.test(text),
  );
}

/** The codes and words along an error's chain of causes and Prisma's nested driver errors. */
function factsOf(error: unknown): { code: string | undefined; text: string }[] {
  const facts: { code: string | undefined; text: string }[] = [];
  let at: unknown = error;
  for (let depth = 0; depth < 6 && typeof at === 'object' && at !== null; depth += 1) {
    const link = at as {
      code?: unknown;
      originalCode?: unknown;
      message?: unknown;
      cause?: unknown;
      meta?: unknown;
    };
    const meta = link.meta as { driverAdapterError?: unknown } | undefined;
    const code = [link.code, link.originalCode].find((value) => typeof value === 'string') as
      | string
      | undefined;
    facts.push({
      code,
      text: `${typeof link.message === 'string' ? link.message : ''} ${safeJson(link.meta)}`,
    });
    at = link.cause ?? meta?.driverAdapterError;
  }
  return facts;
}

function safeJson(value: unknown): string {
  try {
    return value === undefined ? '' : JSON.stringify(value);
  } catch {
    return '';
  }
}
