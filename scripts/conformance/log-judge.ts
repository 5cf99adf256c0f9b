/**
 * The log's own judges. Go's checksum-database packages make the vectors that test/vectors/log.test.ts holds our writer
 * to, and read a published log with its proofs; torchwood, by another hand, reads the same log under a policy that asks
 * for a witness. `accepted` of `total` counts what each was asked.
 */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { hasProgram, run } from './judge.ts';
import { publishLog } from './log-published.ts';

/** What a judge was asked and took; `unreachable` when its packages cannot be had. */
export interface LogVerdict {
  readonly accepted: number;
  readonly total: number;
  readonly refused: readonly string[];
  readonly unreachable?: string;
}

export interface LogJudge {
  readonly name: string;
  readonly missing: () => string | undefined;
  readonly judge: (folder: string) => Promise<LogVerdict>;
}

const missing = (): string | undefined => (hasProgram('go') ? undefined : 'Go is not installed');
const SIZE = 700;

export const logJudges: readonly LogJudge[] = [
  {
    name: "Go's sumdb (log)",
    missing,
    judge: async (folder) => {
      const place = mkdtempSync(join(folder, 'log-'));
      const program = join(place, 'judge');
      const built = await build(program, 'scripts/conformance/log');
      if (built !== undefined) return built;
      const { vkey } = await publishLog(place, SIZE);
      const refused: string[] = [];
      const made = await run(program, ['vectors']);
      const kept: unknown = JSON.parse(readFileSync('test/vectors/data/log.json', 'utf8'));
      if (made.status !== 0) refused.push(lastLine(made.out));
      else if (!isDeepStrictEqual(JSON.parse(made.out), kept)) refused.push('its vectors are other ones');
      const proofs = readdirSync(join(place, 'proofs')).map((name) => join(place, 'proofs', name));
      for (const args of [['check', place, vkey], ...proofs.map((proof) => ['proof', proof, vkey])]) {
        const verdict = await run(program, args);
        if (verdict.status !== 0) refused.push(`${args[1]}: ${lastLine(verdict.out)}`);
      }
      const total = 2 + proofs.length;
      return { accepted: total - refused.length, total, refused };
    },
  },
  {
    name: 'torchwood (log)',
    missing,
    judge: async (folder) => {
      const place = mkdtempSync(join(folder, 'log-c2sp-'));
      const program = join(place, 'judge');
      const built = await build(program, 'scripts/conformance/log-c2sp');
      if (built !== undefined) return built;
      const { policy } = await publishLog(place, SIZE);
      const { out } = await run(program, [place, policy]);
      const [, accepted = '0', total = '1'] = /accepted (\d+)\/(\d+)/.exec(out) ?? [];
      const refused = out.split('\n').filter((line) => line.startsWith('refused '));
      return { accepted: Number(accepted), total: Number(total), refused };
    },
  },
];

/** Builds a judge. @returns what kept it from being built, or undefined */
async function build(program: string, cwd: string): Promise<LogVerdict | undefined> {
  const built = await run('go', ['build', '-o', program, '.'], { cwd, seconds: 240 });
  if (built.status === 0) return undefined;
  return { accepted: 0, total: 0, refused: [], unreachable: lastLine(built.out) };
}

const lastLine = (out: string): string => out.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
