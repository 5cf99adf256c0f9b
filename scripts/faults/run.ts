/**
 * `npm run faults -- [name…] [--n N] [--seed S]`: does harm, counts what did not survive it, writes
 * `faults/results.json`. Exit status 1 where anything was lost, unnoticed or done twice, or where a control found
 * nothing. What cannot run here is counted and named.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chanceOf, failures, type Round, type Tally } from './round.ts';

const NOT_ROUNDS = ['fault-proxy', 'round', 'run'];
const extension = import.meta.filename.slice(-3);
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
  .map((file) => file.slice(0, -3))
  .filter((name) => !NOT_ROUNDS.includes(name));

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { n: { type: 'string' }, seed: { type: 'string' } },
});
const unknown = positionals.filter((name) => !known.includes(name));
const isNumber = values.n === undefined || /^[1-9][0-9]{0,6}$/.test(values.n);

if (unknown.length > 0 || !isNumber) {
  process.stderr.write(`usage: npm run faults -- [${known.join(' | ')}] [--n N] [--seed S]\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await runAll(positionals.length > 0 ? positionals : known, values.seed ?? randomUUID());
}

async function runAll(names: readonly string[], seed: string): Promise<number> {
  process.stdout.write(`seed ${seed}\n`);
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const name of names) {
    const { round } = (await import(`./${name}${extension}`)) as { round: Round };
    const missing = round.missing?.();
    if (missing !== undefined) {
      count.skipped += 1;
      process.stdout.write(`skipped: ${name}, ${missing}\n`);
      continue;
    }
    const start = Date.now();
    const tally = await round.run(Number(values.n ?? round.n), chanceOf(`${seed}/${name}`));
    const control = await round.control.run(round.control.n, chanceOf(`${seed}/${name}/control`));
    const holds = failures(tally) === 0 && failures(control) > 0;
    count[holds ? 'passed' : 'failed'] += 1;
    const seconds = Math.round((Date.now() - start) / 1000);
    record(name, { seed, what: round.what, seconds, ...tally, upperBound: 3 / tally.n, control });
    process.stdout.write(`${line(name, round, { tally, control, seconds })}\n`);
  }
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
  process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`);
  return count.failed > 0 ? 1 : 0;
}

function line(name: string, round: Round, result: { tally: Tally; control: Tally; seconds: number }): string {
  const { n, lost, undetected, duplicates } = result.tally;
  const bound =
    lost + undetected + duplicates === 0 ? `, at most ${((3 / n) * 100).toFixed(2)} % (95 %)` : '';
  const red = failures(result.control) > 0 ? 'is red, as it must be' : 'FOUND NOTHING: the round is blind';
  const counts = `${n} × ${round.what}: ${lost} lost, ${undetected} undetected, ${duplicates} twice${bound}`;
  return `${name}: ${counts}; without ${round.control.without} it ${red}; ${result.seconds} s`;
}

function record(name: string, result: object): void {
  const path = join('faults', 'results.json');
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
  mkdirSync('faults', { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...before, [name]: result }, null, 2)}\n`);
}
