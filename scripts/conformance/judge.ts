/** What a judge is: a program of other authors that says of each file whether it accepts it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Made, Output } from './outputs.ts';

export interface Judge {
  readonly name: string;
  /** Why it cannot judge here; undefined when it can. */
  readonly missing: () => string | undefined;
  /** The outputs it is asked about. */
  readonly concerns: (output: Output) => boolean;
  /** Why each refused file is refused, by output name; files that are not named are accepted. */
  readonly judge: (outputs: readonly Output[], made: Made) => Promise<ReadonlyMap<string, string>>;
}

/** Where `.ci/run` puts judges that no distribution has. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mot-lan');

export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

export interface Ran {
  readonly status: number | null;
  readonly out: string;
}

/** Runs a program to its end; both outputs together. A program that takes too long is ended and counts as failed. */
export function run(
  program: string,
  args: readonly string[],
  options: {
    readonly seconds?: number;
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
  } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
      cwd: options.cwd,
    });
    const parts: Buffer[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), (options.seconds ?? 60) * 1000);
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ status: -1, out: error.message });
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, out: Buffer.concat(parts).toString('utf8') });
    });
  });
}

/** Asks one program per file, two at a time. */
export async function eachFile(
  outputs: readonly Output[],
  ask: (output: Output) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  const waiting = [...outputs];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const why = await ask(next);
      if (why !== undefined) refused.set(next.name, why);
    }
  };
  await Promise.all([work(), work()]);
  return refused;
}

/**
 * What a judge that started once for all files printed: `path TAB accepted` or `path TAB refused TAB reason`. A file
 * about which it said nothing is refused.
 */
export function readAnswers(outputs: readonly Output[], ran: Ran): ReadonlyMap<string, string> {
  const answers = new Map(
    ran.out.split('\n').flatMap((line): [string, string[]][] => {
      const [path = '', ...rest] = line.split('\t');
      return rest.length === 0 ? [] : [[path, rest]];
    }),
  );
  return new Map(
    outputs.flatMap(({ name, path }): [string, string][] => {
      const [word, reason] = answers.get(path) ?? [
        'silent',
        ran.out.trim().split('\n').slice(-3).join(' | ').slice(0, 400),
      ];
      return word === 'accepted' ? [] : [[name, reason ?? word ?? '']];
    }),
  );
}

/** One line a file for such a judge. */
export const manifestLine = ({ path, level, signatures, pdfa, foreign }: Output): string =>
  [path, level, signatures, pdfa ?? '-', foreign === true ? 'foreign' : 'own'].join('\t');
