/** `npm run bench [name…]`: runs benchmarks and writes `bench/results.json`. Exit status 1 where a target is missed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparisonResult } from './harness.ts';

/** Each benchmark is a file of this folder that exports `bench`. */
interface Benchmark {
  bench(): Promise<Readonly<Record<string, ComparisonResult>>>;
}

const NOT_BENCHMARKS = ['harness', 'run'];
const folder = import.meta.dirname;
const known = readdirSync(folder)
  .filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
  .map((file) => file.replace(/\.[jt]s$/, ''))
  .filter((name) => !NOT_BENCHMARKS.includes(name));
const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = wanted.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const name of wanted) {
    const { bench } = (await import(
      `./${name}${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`
    )) as Benchmark;
    const results = await bench();
    record(results);
    for (const [title, result] of Object.entries(results)) {
      process.stdout.write(`${line(title, result)}\n`);
      process.exitCode = result.reached ? process.exitCode : 1;
    }
  }
}

function record(results: Readonly<Record<string, ComparisonResult>>): void {
  const path = join('bench', 'results.json');
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
  mkdirSync('bench', { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...before, ...results }, null, 2)}\n`);
}

function line(title: string, { baseline, vault, ratio, target, reached, notes }: ComparisonResult): string {
  const rate = (side: ComparisonResult['vault']): string =>
    `${side.name} ${Math.round(side.perCpuSecond.median)}/s`;
  const range = `${ratio.median.toFixed(2)}× (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`;
  const beside = Object.entries(notes ?? {}).map(([key, value]) => `, ${key} ${value}`);
  return `${title}: ${rate(vault)} against ${rate(baseline)}: ${range}, target ${target}×: ${reached ? 'reached' : 'MISSED'}${beside.join('')}`;
}
