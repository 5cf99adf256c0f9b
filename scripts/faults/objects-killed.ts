/**
 * Kills (SIGKILL) a process that puts objects into a filesystem store, at a moment drawn by chance, again and again
 * on one folder. What it had acknowledged must be there, whole; what is there must be whole.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { FilesystemStore } from '../../storage/index.ts';
import type { Chance, Round, Tally } from './round.ts';

const CHILD = join(import.meta.dirname, 'children', `put-until-killed${import.meta.filename.slice(-3)}`);
/** A kill falls within this time after the first object was begun: long enough for a few puts. */
const WINDOW_MS = 120;

export const round: Round = {
  what: 'a process killed while it puts objects',
  n: 30,
  run: (n, chance) => kill(n, chance, false),
  control: {
    without: 'durable bytes before the acknowledgement',
    n: 15,
    run: (n, chance) => kill(n, chance, true),
  },
};

async function kill(n: number, chance: Chance, early: boolean): Promise<Tally> {
  const root = await mkdtemp(join(tmpdir(), 'motlan-kill-'));
  try {
    let [lost, undetected] = [0, 0];
    const kinds = { acknowledged: 0, 'begun and not acknowledged': 0 };
    for (let i = 0; i < n; i += 1) {
      const prefix = `k${i}`;
      const acknowledged = await putUntilKilled(root, prefix, { early, afterMs: chance.below(WINDOW_MS) });
      const store = await FilesystemStore.open(root);
      const there = (await store.list({ prefix: `${prefix}/` })).map(({ key }) => key);
      for (const key of there) if (!(await isWhole(store, key))) undetected += 1;
      lost += acknowledged.filter((key) => !there.includes(key)).length;
      kinds.acknowledged += acknowledged.length;
      kinds['begun and not acknowledged'] += there.filter((key) => !acknowledged.includes(key)).length;
      for (const key of there) await store.delete(key);
    }
    return { n, lost, undetected, duplicates: 0, kinds };
  } finally {
    await rm(root, { recursive: true });
  }
}

async function putUntilKilled(
  root: string,
  prefix: string,
  { early, afterMs }: { early: boolean; afterMs: number },
): Promise<readonly string[]> {
  const parameters = [CHILD, root, prefix, ...(early ? ['--early'] : [])];
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'ignore'] });
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (line.startsWith('kept ')) acknowledged.push(line.slice(5));
  });
  await Promise.race([once(lines, 'line'), once(child, 'exit')]);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await once(lines, 'close');
  return acknowledged;
}

async function isWhole(store: FilesystemStore, key: string): Promise<boolean> {
  const found = await store.get(key).catch(() => undefined);
  return found?.bytes.equals(Buffer.from(key.repeat(1024 * 256))) ?? false;
}
