/** A fresh database with the vault's tables, and a log with keys of its own, for tests of the ledger. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import pg from 'pg';
import { appendEvent } from '../../src/ledger/event.ts';
import { formatVerifierKey, logSigner, notePublicKey, noteVerifier } from '../../src/ledger/log/index.ts';
import { LogObjects } from '../../src/ledger/log-objects.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { MemoryStore } from '../../storage/index.ts';
import { createTestDatabase } from './test-database.ts';

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  await client.query(statement).finally(() => client.end());
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
  const fresh = await createTestDatabase();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = notePublicKey(ORIGIN, 'log', publicKey);
  const store = new MemoryStore();
  const { database } = fresh;
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
    url: fresh.url,
    name: fresh.name,
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
    appendAtOnce: (count: number, ownerIds?: readonly string[]): Promise<string[]> =>
      database.transactSql(async (sql) => {
        const ids: string[] = [];
        for (let n = 0; n < count; n += 1)
          ids.push(await appendEvent(sql, { ...reading(), ...(ownerIds ? { ownerIds } : {}) }));
        return ids;
      }),
    async [Symbol.asyncDispose]() {
      await fresh[Symbol.asyncDispose]();
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
