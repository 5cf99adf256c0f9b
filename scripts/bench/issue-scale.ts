/**
 * Does a diploma cost the same in a large batch as in a small one? CPU of each in a batch of a thousand against each in
 * a batch of ten thousand; `BENCH_SCALE=100000` looks at a hundred thousand. Above 0.85 the cost does not grow.
 */
import { type ComparisonResult, rangeOf } from './harness.ts';
import { openIssuingBench } from './support/issuing.ts';

const SMALL = 1_000;
const LARGE = Number(process.env.BENCH_SCALE ?? 10_000);
const TARGET = 0.85;

export async function bench(): Promise<Readonly<Record<string, ComparisonResult>>> {
  await using issuing = await openIssuingBench();
  const perSecond = async (count: number): Promise<number> => {
    const start = process.cpuUsage();
    await issuing.issue(count);
    const { user, system } = process.cpuUsage(start);
    return (count * 1e6) / (user + system);
  };
  await perSecond(SMALL);
  const small: number[] = [];
  const large: number[] = [];
  // The large batch stands between small ones, so that a wandering machine is seen.
  const rounds = LARGE > 20_000 ? 1 : 3;
  for (let round = 0; round < rounds; round += 1) {
    for (let each = 0; each < 3; each += 1) small.push(await perSecond(SMALL));
    large.push(await perSecond(LARGE));
    for (let each = 0; each < 3; each += 1) small.push(await perSecond(SMALL));
  }
  const base = rangeOf(small);
  const ratio = rangeOf(large.map((rate) => rate / base.median));
  return {
    'issue-scale': {
      baseline: { name: `batch of ${SMALL}`, perCpuSecond: base },
      vault: { name: `batch of ${LARGE}`, perCpuSecond: rangeOf(large) },
      ratio,
      target: TARGET,
      reached: ratio.median >= TARGET,
    },
  };
}
