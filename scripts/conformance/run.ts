/**
 * `npm run conformance [-- --keep FOLDER] [--judge NAME]`: makes files of every kind, asks every judge that is present about them, and
 * asks our own verifier about files of other producers. Prints accepted/total for each; a judge that is not installed
 * is a named skip, one that refuses fails the run. Last line: `N passed, N failed[, N skipped]`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mutool, opensslCms, opensslTs, pdfsig, qpdf } from './command-judges.ts';
import type { Judge } from './judge.ts';
import { logJudges } from './log-judge.ts';
import { type Made, makeOutputs } from './outputs.ts';
import { foreignProducers } from './producers.ts';
import { bouncyCastle, dss, pyhanko, veraPdf } from './program-judges.ts';

const JUDGES: readonly Judge[] = [
  pdfsig,
  mutool,
  opensslCms,
  opensslTs,
  qpdf,
  bouncyCastle,
  pyhanko,
  dss,
  veraPdf,
];

const count = { passed: 0, failed: 0, skipped: 0 };

function skip(name: string, why: string): void {
  count.skipped += 1;
  console.log(`skipped: ${name}: ${why}`);
}

async function ask(judge: Judge, made: Made): Promise<void> {
  const missing = judge.missing();
  if (missing !== undefined) return skip(judge.name, missing);
  const outputs = made.outputs.filter(judge.concerns);
  const started = performance.now();
  const refused = await judge.judge(outputs, made);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${judge.name}: ${outputs.length - refused.size}/${outputs.length} accepted (${seconds} s)`);
  for (const [name, why] of refused) console.log(`  refused ${name}: ${why}`);
  count.passed += outputs.length - refused.size;
  count.failed += refused.size;
}

async function askLog(folder: string): Promise<void> {
  for (const { name, missing, judge } of logJudges) {
    const why = missing();
    if (why !== undefined) {
      skip(name, why);
      continue;
    }
    const { accepted, total, refused, unreachable } = await judge(folder);
    if (unreachable !== undefined) {
      skip(name, `its packages cannot be had (${unreachable})`);
      continue;
    }
    console.log(`${name}: ${accepted}/${total} accepted`);
    for (const line of refused) console.log(`  refused ${line}`);
    count.passed += accepted;
    count.failed += total - accepted;
  }
}

async function askOurselves(folder: string): Promise<void> {
  for (const producer of foreignProducers) {
    const missing = producer.missing();
    if (missing !== undefined) {
      skip(`our verifier on files of ${producer.name}`, missing);
      continue;
    }
    const place = join(folder, producer.id);
    mkdirSync(place, { recursive: true });
    const files = await producer.produce(place);
    const wrong = files.filter(({ problem }) => problem !== undefined);
    console.log(
      `our verifier on files of ${producer.name}: ${files.length - wrong.length}/${files.length} as expected`,
    );
    for (const { name, problem } of wrong) console.log(`  ${name}: ${problem}`);
    count.passed += files.length - wrong.length;
    count.failed += wrong.length;
  }
}

const { values: options } = parseArgs({
  options: { keep: { type: 'string' }, judge: { type: 'string', default: '' } },
});
const kept = options.keep;
const folder = kept === undefined ? mkdtempSync(join(tmpdir(), 'motlan-conformance-')) : resolve(kept);
mkdirSync(folder, { recursive: true });
try {
  const made = await makeOutputs(folder, process.env.MOTLAN_SAMPLES);
  console.log(
    `${made.outputs.length} files of our own in ${kept === undefined ? 'a temporary folder' : folder}`,
  );
  if (process.env.MOTLAN_SAMPLES === undefined) skip('sealed samples', 'MOTLAN_SAMPLES names no folder');
  for (const judge of JUDGES.filter(({ name }) => name.toLowerCase().includes(options.judge.toLowerCase())))
    await ask(judge, made);
  await askOurselves(folder);
  await askLog(folder);
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}
const skipped = count.skipped === 0 ? '' : `, ${count.skipped} skipped`;
console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
process.exitCode = count.failed === 0 ? 0 : 1;
