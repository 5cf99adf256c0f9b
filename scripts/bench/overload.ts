/**
 * P9: the whole vault asked for twice what it can do. Goodput (answers within two seconds) at its peak against goodput
 * at twice that rate, alternating; refusals are 503 with Retry-After; memory after a minute of rest against before. The
 * crowd is a process of its own; PostgreSQL too, on both sides.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseConfig } from '../../src/config/index.ts';
import { removeEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { createVault } from '../../src/vault.ts';
import { type ComparisonResult, rangeOf } from './harness.ts';
import { OpenLoadClient, type OpenLoadResult } from './support/open-load.ts';
import { openSessionCookies } from './support/session-cookies.ts';

const SECONDS = 6;
const PATIENCE = 2000;
const ACCOUNTS = 400;
const REPETITIONS = 7;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'motlan-overload-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  stack.defer(() => removeEmbeddedPostgres(folder));
  const config = parseConfig({ VAULT_DATA_DIR: folder });
  const vault = stack.use(await createVault({ ...config, port: 0 }, { logger: createLogger('silent') }));
  const { cookies } = await vault.database.transactSql((sql) => openSessionCookies(sql, ACCOUNTS));
  const client = stack.use(new OpenLoadClient());
  const url = `${vault.url}/api/v1/me/documents`;
  const at = (rate: number): Promise<OpenLoadResult> =>
    client.run({ url, rate, seconds: SECONDS, patience: PATIENCE, cookies });
  const idle = process.memoryUsage().rss;
  const peakRate = await findPeak(at);
  const peak: number[] = [];
  const over: OpenLoadResult[] = [];
  for (let n = 0; n < REPETITIONS; n += 1) {
    peak.push((await at(peakRate)).goodput);
    over.push(await at(2 * peakRate));
    await sleep(1000);
  }
  const highest = process.memoryUsage().rss;
  await sleep(60_000);
  const rested = process.memoryUsage().rss;
  const ratio = rangeOf(over.map(({ goodput }, n) => goodput / (peak[n] ?? 1)));
  const slowest = Math.max(...over.map(({ refusalP99 }) => refusalP99));
  const otherwise = over.reduce((total, result) => total + result.otherwise, 0);
  return {
    overload: {
      baseline: { name: 'goodput at peak', perCpuSecond: rangeOf(peak) },
      vault: { name: 'goodput at twice the rate', perCpuSecond: rangeOf(over.map(({ goodput }) => goodput)) },
      ratio,
      target: 0.9,
      reached: ratio.median >= 0.9,
      notes: {
        'offered at twice': Math.round(2 * peakRate),
        'refused a second': Math.round(rangeOf(over.map(({ refused }) => refused)).median),
        'refusal median ms': Math.round(rangeOf(over.map(({ refusalMedian }) => refusalMedian)).median),
        'refusal p99 ms, worst run': Math.round(slowest),
        'neither answered in time nor refused properly': otherwise,
        'RSS idle MB': Math.round(idle / 1e6),
        'RSS under load MB': Math.round(highest / 1e6),
        'RSS after 60 s MB': Math.round(rested / 1e6),
      },
    },
  };
}

/** The rate from which more requests bring no more answers. */
async function findPeak(at: (rate: number) => Promise<OpenLoadResult>): Promise<number> {
  let best = 0;
  for (let rate = 50; ; rate *= 1.4) {
    const { goodput } = await at(rate);
    if (goodput < best * 1.05) return best;
    best = Math.max(best, goodput);
  }
}
