/** A fresh database with the vault's tables, and a log with keys of its own, for tests of the ledger. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { appendEvent } from '../../src/ledger/event.ts';
import { formatVerifierKey, logSigner, notePublicKey, noteVerifier } from '../../src/ledger/log/index.ts';
import { LogObjects } from '../../src/ledger/log-objects.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { Database } from '../../src/platform/database.ts';
import { MemoryStore } from '../../storage/index.ts';

const server = (): string => {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined)
    throw new Error('TEST_DATABASE_URL must name a PostgreSQL server where databases may be made');
  return url;
};

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server() });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** A database of its own with all migrations applied; dropped when disposed of. */
export async function freshDatabase(): Promise<{ url: string; name: string; drop(): Promise<void> }> {
  const name = `log_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(server());
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  for (const folder of readdirSync('prisma/migrations').sort()) {
    await client.query(readFileSync(`prisma/migrations/${folder}/migration.sql`, 'utf8'));
  }
  await client.end();
  return { url: url.href, name, drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Copies a database, as a backup would; nobody may be connected to the original. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${from}'`);
  await onServer(`CREATE DATABASE ${to} TEMPLATE ${from}`);
}

export const dropDatabase = (name: string): Promise<void> =>
  onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);

export const ORIGIN = 'vault.example/log';

/** Keys, objects and options of one log over a fresh database. */
export async function logFixture() {
  const fresh = await freshDatabase();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = notePublicKey(ORIGIN, 'log', publicKey);
  const store = new MemoryStore();
  const database = new Database({ url: fresh.url });
  const options = {
    pool: database.pool,
    objects: new LogObjects(store),
    signer: logSigner(ORIGIN, privateKey),
    log: noteVerifier(key),
    clock: systemClock,
    pause: 10,
    witnessPause: 10,
  };
  return {
    ...fresh,
    database,
    store,
    options,
    privateKey,
    vkey: formatVerifierKey(key),
    /** Appends events of a reading, each in its own transaction. */
    append: async (count: number): Promise<string[]> => {
      const ids: string[] = [];
      for (let n = 0; n < count; n += 1)
        ids.push(await database.transactSql((sql) => appendEvent(sql, reading())));
      return ids;
    },
    /** Appends many events in one transaction. */
    appendAtOnce: (count: number): Promise<string[]> =>
      database.transactSql(async (sql) => {
        const ids: string[] = [];
        for (let n = 0; n < count; n += 1) ids.push(await appendEvent(sql, reading()));
        return ids;
      }),
    async [Symbol.asyncDispose]() {
      await database.close();
      await fresh.drop();
    },
  };
}
export type LogFixture = Awaited<ReturnType<typeof logFixture>>;

const reading = () => ({
  type: 'document.read' as const,
  at: new Date(),
  actor: { kind: 'system' as const, clientId: 'desk', agencyId: randomUUID(), scopes: [] },
  outcome: 'permitted' as const,
  documentId: randomUUID(),
  ownerIds: [randomUUID()],
  detail: { sha256: 'ab'.repeat(32) },
});
