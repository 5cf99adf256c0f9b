/**
 * P8: leaves appended durably (queued, placed, tiles and bundles kept, root signed and published) against the bare
 * batched INSERT … unnest of the same leaves. Objects go to the filesystem adapter, which flushes to disk. CPU is
 * this process's; the notes give leaves a second by the clock and the longest time a leaf waited for its checkpoint.
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logSigner } from '../../src/ledger/log/index.ts';
import { LogObjects } from '../../src/ledger/log-objects.ts';
import { takeSequencer } from '../../src/ledger/sequencer.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { Database } from '../../src/platform/database.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate } from '../../src/platform/migrator.ts';
import { FilesystemStore } from '../../storage/index.ts';
import { type ComparisonResult, compare } from './harness.ts';

const LEAVES = 20_000;
const BATCH = 1_000;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-log-'));
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(server.url);
    await using database = new Database({ url: server.url });
    await database.read('CREATE TABLE bare_leaf (event_id uuid PRIMARY KEY, leaf bytea NOT NULL)');
    const store = await FilesystemStore.open(mkdtempSync(join(tmpdir(), 'bench-log-objects-')));
    const { privateKey } = generateKeyPairSync('ed25519');
    const sequencer = await takeSequencer({
      pool: database.pool,
      objects: new LogObjects(store),
      signer: logSigner('bench.example/log', privateKey),
      clock: systemClock,
    });
    if (sequencer === undefined) throw new Error('another sequencer runs');
    await using held = sequencer;
    const leaves = Array.from({ length: LEAVES }, () => randomBytes(130));
    const insert = async (table: string): Promise<void> => {
      for (let start = 0; start < LEAVES; start += BATCH) {
        const ids = Array.from({ length: BATCH }, () => randomUUID());
        await database.pool.query(
          `INSERT INTO ${table} (event_id, leaf) SELECT * FROM unnest($1::uuid[], $2::bytea[])`,
          [ids, leaves.slice(start, start + BATCH)],
        );
      }
    };
    let longest = 0;
    let fastest = Number.POSITIVE_INFINITY;
    const append = async (): Promise<void> => {
      const started = performance.now();
      const filling = insert('log_queue');
      let done = false;
      void filling.then(() => (done = true));
      for (;;) {
        const before = performance.now();
        const finished = done;
        const { placed } = await held.step();
        if (placed > 0) longest = Math.max(longest, performance.now() - before);
        else if (finished) break;
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await filling;
      fastest = Math.min(fastest, performance.now() - started);
    };
    const result = await compare({
      name: 'log-append',
      baseline: { name: 'INSERT … unnest', operations: LEAVES, run: () => insert('bare_leaf') },
      vault: { name: 'append', operations: LEAVES, run: append },
      target: 0.6,
    });
    const notes = {
      'leaves/s': Math.round(LEAVES / (fastest / 1000)),
      'longest step ms': Math.round(longest),
    };
    return { 'log-append': { ...result, notes } };
  } finally {
    await server.stop();
    removeEmbeddedPostgres(dataDir);
  }
}
