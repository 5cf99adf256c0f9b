/**
 * The log's own judge: Go's checksum-database packages make the vectors that test/vectors/log.test.ts holds our writer
 * to. Here they are made anew and compared, so that neither side can drift.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { hasProgram, run } from './judge.ts';

export const logJudge = {
  name: "Go's sumdb (log)",
  missing: (): string | undefined => (hasProgram('go') ? undefined : 'Go is not installed'),
  /** @returns what went wrong: `unreachable` when its packages cannot be had, `refused` when it differs */
  judge: async (folder: string): Promise<{ readonly refused?: string; readonly unreachable?: string }> => {
    const program = join(mkdtempSync(join(folder, 'log-')), 'judge');
    const built = await run('go', ['build', '-o', program, '.'], {
      cwd: 'scripts/conformance/log',
      seconds: 240,
    });
    if (built.status !== 0) return { unreachable: lastLine(built.out) };
    const made = await run(program, ['vectors']);
    if (made.status !== 0) return { refused: lastLine(made.out) };
    const kept: unknown = JSON.parse(readFileSync('test/vectors/data/log.json', 'utf8'));
    return isDeepStrictEqual(JSON.parse(made.out), kept) ? {} : { refused: 'its vectors are other ones' };
  },
};

const lastLine = (out: string): string => out.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
