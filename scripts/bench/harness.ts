/**
 * Measures two ways of doing the same thing against each other: alternating, after a warm-up, by CPU time of this
 * process, because rates on shared machines wander. Both sides' own numbers are printed, so that a slow baseline
 * cannot flatter.
 */

export interface Side {
  /** What it does, in a few words. */
  readonly name: string;
  /** Operations in one call of `run`. */
  readonly operations: number;
  run(): void | Promise<void>;
}

export interface Comparison {
  readonly name: string;
  readonly baseline: Side;
  readonly vault: Side;
  /** The least acceptable ratio; above 1 the vault must be cheaper than the baseline. */
  readonly target: number;
  /** Default 7, the least that is allowed. */
  readonly repetitions?: number;
  /** CPU seconds so far of other processes that do part of the work on both sides, such as the database's. */
  readonly elsewhere?: () => number;
}

export interface Range {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface SideResult {
  readonly name: string;
  /** Operations per second of CPU time. */
  readonly perCpuSecond: Range;
}

export interface ComparisonResult {
  readonly baseline: SideResult;
  readonly vault: SideResult;
  /** CPU of the baseline divided by CPU of the vault: above 1 the vault is cheaper. */
  readonly ratio: Range;
  readonly target: number;
  readonly reached: boolean;
  /** Measured beside it, where another program is present. */
  readonly notes?: Readonly<Record<string, number | string>>;
}

export async function compare(comparison: Comparison): Promise<ComparisonResult> {
  const { baseline, vault, target } = comparison;
  const cpuSeconds = (side: Side): Promise<number> => cpuOf(side, comparison.elsewhere ?? (() => 0));
  await cpuSeconds(baseline);
  await cpuSeconds(vault);
  const rates = { baseline: [] as number[], vault: [] as number[], ratio: [] as number[] };
  for (let i = 0; i < Math.max(7, comparison.repetitions ?? 7); i += 1) {
    const first = (await cpuSeconds(baseline)) / baseline.operations;
    const second = (await cpuSeconds(vault)) / vault.operations;
    rates.baseline.push(1 / first);
    rates.vault.push(1 / second);
    rates.ratio.push(first / second);
  }
  const ratio = rangeOf(rates.ratio);
  return {
    baseline: { name: baseline.name, perCpuSecond: rangeOf(rates.baseline) },
    vault: { name: vault.name, perCpuSecond: rangeOf(rates.vault) },
    ratio,
    target,
    reached: ratio.median >= target,
  };
}

async function cpuOf(side: Side, elsewhere: () => number): Promise<number> {
  const before = elsewhere();
  const start = process.cpuUsage();
  await side.run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 + elsewhere() - before;
}

export function rangeOf(values: readonly number[]): Range {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: sorted[sorted.length >> 1] ?? 0,
    min: sorted[0] ?? 0,
    max: sorted[sorted.length - 1] ?? 0,
  };
}
