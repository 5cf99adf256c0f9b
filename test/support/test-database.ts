/** A migrated database for one test file or one test, cloned from the template, dropped when disposed of. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Database } from '../../src/platform/database.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
  readonly database: Database;
}

export interface TestDatabaseOptions {
  /** Without tables, for tests of the migrations themselves. */
  readonly empty?: boolean;
  readonly connections?: number;
}

/**
 * `await using db = await createTestDatabase()` inside a test; for a whole file keep it in `beforeAll` and
 * dispose of it in `afterAll`.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { TEST_DATABASE_URL: server, TEST_DATABASE_TEMPLATE: template } = process.env;
  if (server === undefined || template === undefined) {
    throw new Error('no database server: tests that need one belong to the project "full" of jest.config.js');
  }
  const name = `motlan_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${options.empty ? 'template0' : template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = new Database({ url: url.href, connections: options.connections });
  return {
    url: url.href,
    name,
    database,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
