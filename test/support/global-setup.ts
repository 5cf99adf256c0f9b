/**
 * One PostgreSQL server for all test files: an embedded one, or the one that TEST_DATABASE_URL names (its user must
 * be allowed to create databases). A template database is migrated once; `test-database.ts` clones it.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate } from '../../src/platform/migrator.ts';

export interface TestServer {
  stop(): Promise<void>;
}

declare global {
  var motlanTestServer: TestServer | undefined;
}

export default async function globalSetup(): Promise<void> {
  const external = process.env.TEST_DATABASE_URL;
  const dataDir = external === undefined ? mkdtempSync(join(tmpdir(), 'motlan-test-')) : undefined;
  const embedded =
    dataDir === undefined ? undefined : await startEmbeddedPostgres({ dataDir, throwAway: true });
  const server = new URL(external ?? embedded?.url ?? '');
  const template = `motlan_template_${randomUUID().replaceAll('-', '')}`;
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server.href });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await onServer(`CREATE DATABASE ${template}`);
  const url = new URL(server);
  url.pathname = `/${template}`;
  await migrate(url.href);
  process.env.TEST_DATABASE_URL = server.href;
  process.env.TEST_DATABASE_TEMPLATE = template;
  globalThis.motlanTestServer = {
    stop: async () => {
      await onServer(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
      await embedded?.stop();
      if (dataDir !== undefined) removeEmbeddedPostgres(dataDir);
    },
  };
}
