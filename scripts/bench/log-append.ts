/**
 * P8: leaves appended durably (queued, placed, tiles and bundles kept, root signed and published by the running log)
 * against the bare batched INSERT … unnest of the same leaves. Objects go to the filesystem adapter, which flushes to
 * disk. The CPU is that of this process and of the database's processes together, on both sides, since what the log
 * adds is shared between them; the notes give the ratio of this process alone and of the clock, leaves a second by
 * the clock, and the longest time from the commit of a leaf to the published checkpoint that covers it.
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logSigner, notePublicKey, noteVerifier } from '../../src/ledger/log/index.ts';
import { LogObjects } from '../../src/ledger/log-objects.ts';
import { LogService } from '../../src/ledger/log-service.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { Database } from '../../src/platform/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate } from '../../src/platform/migrator.ts';
import { FilesystemStore } from '../../storage/index.ts';
import { type ComparisonResult, compare, rangeOf, type Side } from './harness.ts';

const LEAVES = 40_000;
const BATCH = 1_000;
const ORIGIN = 'bench.example/log';

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-log-'));
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(server.url);
    await using database = new Database({ url: server.url });
    await database.read('CREATE TABLE bare_leaf (event_id uuid PRIMARY KEY, leaf bytea NOT NULL)');
    const objects = new LogObjects(
      await FilesystemStore.open(mkdtempSync(join(tmpdir(), 'bench-log-objects-'))),
    );
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await using log = new LogService({
      pool: database.pool,
      objects,
      signer: logSigner(ORIGIN, privateKey),
      log: noteVerifier(notePublicKey(ORIGIN, 'log', publicKey)),
      clock: systemClock,
    });
    await log.start();
    const leaves = Array.from({ length: LEAVES }, () => randomBytes(130));
    const insert = async (table: string, told: () => void = () => undefined): Promise<void> => {
      for (let start = 0; start < LEAVES; start += BATCH) {
        const ids = Array.from({ length: BATCH }, () => randomUUID());
        await database.pool.query(
          `INSERT INTO ${table} (event_id, leaf) SELECT * FROM unnest($1::uuid[], $2::bytea[])`,
          [ids, leaves.slice(start, start + BATCH)],
        );
        told();
      }
    };
    let longest = 0;
    let size = 0;
    const append = async (): Promise<void> => {
      const committed: { size: number; at: number }[] = [];
      const wanted = size + LEAVES;
      const filling = insert('log_queue', () => {
        size += BATCH;
        committed.push({ size, at: performance.now() });
      });
      for (let published = 0; published < wanted; await sleep(20)) {
        published = Number((await objects.getCheckpoint())?.split('\n')[1] ?? 0);
        while ((committed[0]?.size ?? Number.POSITIVE_INFINITY) <= published)
          longest = Math.max(longest, performance.now() - (committed.shift()?.at ?? 0));
      }
      await filling;
    };
    const own = { baseline: [] as number[], vault: [] as number[] };
    const clock = { baseline: [] as number[], vault: [] as number[] };
    const noted =
      (side: 'baseline' | 'vault', run: () => Promise<void>): Side['run'] =>
      async () => {
        const [cpu, started] = [process.cpuUsage(), performance.now()];
        await run();
        const { user, system } = process.cpuUsage(cpu);
        own[side].push(user + system);
        clock[side].push((performance.now() - started) / 1000);
      };
    const result = await compare({
      name: 'log-append',
      baseline: {
        name: 'INSERT … unnest',
        operations: LEAVES,
        run: noted('baseline', () => insert('bare_leaf')),
      },
      vault: { name: 'append', operations: LEAVES, run: noted('vault', append) },
      target: 0.6,
      elsewhere: await databaseCpu(database),
    });
    const ratio = (of: typeof own): string =>
      (rangeOf(of.baseline).median / rangeOf(of.vault).median).toFixed(2);
    const notes = {
      'this process alone': `${ratio(own)}×`,
      'by the clock': `${ratio(clock)}×`,
      'leaves/s by the clock': Math.round(LEAVES / rangeOf(clock.vault).median),
      'longest ms behind': Math.round(longest),
    };
    return { 'log-append': { ...result, notes } };
  } finally {
    await server.stop();
    removeEmbeddedPostgres(dataDir);
  }
}

/** CPU seconds of the database server and its children, where /proc tells them; 0 elsewhere. */
async function databaseCpu(database: Database): Promise<() => number> {
  const [row] = await database.read<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = statOf(String(row?.pid ?? 0))?.parent;
  if (!existsSync('/proc/self/stat')) return () => 0;
  return () => {
    let ticks = 0;
    for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
      const stat = statOf(pid);
      if (stat?.parent === postmaster || Number(pid) === postmaster) ticks += stat?.ticks ?? 0;
    }
    return ticks / 100;
  };
}

/** Parent, and CPU time with that of children that have ended (proc(5), fields 4 and 14 to 17). */
function statOf(pid: string): { parent: number; ticks: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? [];
    return { parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, one) => sum + one, 0) };
  } catch {
    return undefined;
  }
}
