/** Other people's programs as judges: present or a skip that says so. */
import { spawnSync } from 'node:child_process';
import { it } from '@jest/globals';

/** True when the program can be started. */
export function hasCommand(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** `it` when the program is present, else a skip with its name in the title. */
export function itWith(program: string): typeof it {
  if (hasCommand(program)) return it;
  return ((title: string) =>
    it.skip(`${title} (${program} is not installed)`, () => undefined)) as unknown as typeof it;
}

/** Runs a program and returns status and everything it said. */
export function run(
  name: string,
  args: readonly string[],
): { readonly status: number; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(name, args, { encoding: 'utf8' });
  return { status: status ?? -1, output: `${stdout}${stderr}${error?.message ?? ''}` };
}
