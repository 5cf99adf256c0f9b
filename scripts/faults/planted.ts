/**
 * Plants harm in the rows, objects, tiles, bundles and checkpoints of a vault that holds papers, one at a time, and runs
 * `fsck` over it: each must be found and named. A plant is undone before the next one; what changes nothing (a swap of
 * equals) is drawn again. The control runs the same plants past a vault in which nobody examines the ledger's rows.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { parseConfig } from '../../src/config/index.ts';
import { examineObjects } from '../../src/documents/objects-fsck.ts';
import { examineLog, LogObjects } from '../../src/ledger/index.ts';
import { openLogKey } from '../../src/ledger/log-key.ts';
import { mainJob } from '../../src/main-job/main-job.ts';
import { makeScan } from '../../src/main-job/sample-scan.ts';
import { dataPaths } from '../../src/platform/data-directory.ts';
import { Database, type Sql } from '../../src/platform/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { createVault } from '../../src/vault.ts';
import { openKeyRing, openObjectStore } from '../../src/vault-storage.ts';
import { MemoryStore, type ObjectStore, SealedObjects } from '../../storage/index.ts';
import { objectPlants } from './planting/object-plants.ts';
import { rowPlants } from './planting/row-plants.ts';
import type { Maker, Plant, Still } from './planting/still.ts';
import type { Chance, Round, Tally } from './round.ts';

export const round: Round = {
  what: 'harm planted in rows, objects, tiles, bundles and checkpoints',
  n: 60,
  run: (n, chance) => plantAll(n, chance, { ledger: true }),
  control: {
    without: 'the examination of the log and of the ledger',
    n: 12,
    run: (n, chance) => plantAll(n, chance, { ledger: false }),
  },
};

/** For tests: plants `n` harms and tells which were not named. */
export async function plantAll(
  n: number,
  chance: Chance,
  { ledger, missed = [] }: { ledger: boolean; missed?: string[] },
): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'planted-'));
  const server = await startEmbeddedPostgres({ dataDir: folder });
  try {
    await using stack = new AsyncDisposableStack();
    const still = await settle(folder, server.url, stack);
    const kinds: Record<string, number> = {};
    let undetected = 0;
    const whole = await findings(still, { statements: [] }, true);
    if (whole.length > 0)
      throw new Error(`the vault is not whole before anything is planted: ${whole.join('; ')}`);
    const makers = [...rowPlants, ...objectPlants];
    for (let done = 0; done < n; done += 1) {
      const plant = await draw(still, makers, done, chance);
      kinds[plant.name] = (kinds[plant.name] ?? 0) + 1;
      const found = await findings(still, plant, ledger);
      if (!found.some((line) => line.includes(plant.named))) {
        undetected += 1;
        missed.push(`${plant.name}: ${plant.named} (found: ${found.slice(0, 3).join('; ') || 'nothing'})`);
      }
    }
    return { n, lost: 0, undetected, duplicates: 0, kinds };
  } finally {
    await server.stop();
    removeEmbeddedPostgres(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a vault until it holds a few papers and their log, and gives it as it lies. */
async function settle(folder: string, url: string, stack: AsyncDisposableStack): Promise<Still> {
  const config = parseConfig({ VAULT_DATA_DIR: folder, DATABASE_URL: url, LOG_LEVEL: 'error' });
  const vault = await createVault({ ...config, port: 0 });
  try {
    for (let paper = 0; paper < 3; paper += 1) {
      const job = await mainJob({
        url: vault.url,
        keyFolder: join(folder, 'keys'),
        trustFile: vault.trustFile,
        bytes: await makeScan(new Date(Date.UTC(2026, 10, 1 + paper))),
        say: () => undefined,
      });
      if (!job.ok && paper === 0) throw new Error('the main job failed');
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
  } finally {
    await vault.close();
  }
  const paths = dataPaths(folder);
  const database = stack.use(new Database({ url }));
  const store = await openObjectStore(config, paths);
  const objects = new Map<string, Buffer>();
  for (const prefix of ['o/', 'log/'])
    for (const { key } of await store.list({ prefix })) objects.set(key, (await store.get(key)).bytes);
  const log = await openLogKey(config.ledger.origin, join(paths.keys, 'log.pem'), false);
  return { database, objects, keys: openKeyRing(config, paths), log, spool: join(paths.spool, 'sealed') };
}

/** What fsck says of the vault with the plant in it. */
async function findings(
  still: Still,
  plant: Pick<Plant, 'statements' | 'change'>,
  ledger: boolean,
): Promise<string[]> {
  const copied = new Map([...still.objects].map(([key, bytes]) => [key, Buffer.from(bytes)]));
  plant.change?.(copied);
  const client = await still.database.pool.connect();
  try {
    await client.query("BEGIN; SET LOCAL session_replication_role = 'replica'");
    for (const statement of plant.statements ?? []) await client.query(statement);
    const store = await storeOf(client, copied);
    const sql: Sql = { query: async (text, values = []) => (await client.query(text, [...values])).rows };
    const objects = new SealedObjects({ store, keys: still.keys, spoolFolder: still.spool });
    const later = new Date(Date.now() + 48 * 3_600_000);
    const found: string[] = [];
    for await (const { where, what } of examineObjects({ sql, store, objects, now: later })) {
      if (ledger || where.startsWith('o/')) found.push(`${where}: ${what}`);
    }
    if (!ledger) return found;
    for await (const { where, what } of examineLog({
      sql,
      objects: new LogObjects(store),
      log: still.log.log,
    }))
      found.push(`${where}: ${what}`);
    return found;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** The copied objects in a store of their own; the rows, inside the transaction, learn the versions it gives out. */
async function storeOf(client: pg.PoolClient, objects: ReadonlyMap<string, Buffer>): Promise<ObjectStore> {
  const store = new MemoryStore();
  for (const [key, bytes] of objects) {
    const { versionId } = await store.put(key, bytes);
    await client.query('UPDATE stored_object SET store_version_id = $2 WHERE key = $1', [key, versionId]);
  }
  return store;
}

async function draw(still: Still, makers: readonly Maker[], turn: number, chance: Chance): Promise<Plant> {
  // Each kind has its turn; a kind that finds nothing to harm leaves it to the next.
  for (let step = 0; ; step += 1) {
    const plant = await makers[(turn + step) % makers.length]?.(still, chance);
    if (plant !== undefined) return plant;
    if (step > makers.length) throw new Error('nothing to harm');
  }
}
