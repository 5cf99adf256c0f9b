/** `motlan keys …`: which master keys wrap how many objects, a new one, and the move of all objects to the newest. */
import { MasterKeyRotation } from './documents/master-key-rotation.ts';
import { systemClock } from './platform/clock.ts';
import { inSurroundings, type TaskOutput } from './task-surroundings.ts';
import { addEmbeddedMasterKey } from './vault-storage.ts';

export const KEYS_USAGE = `Usage:
  keys status        how many objects each master key wraps
  keys new           adds a master key where the vault keeps its own (development); running vaults take it up at once
  keys rotate [--batch N]
      wraps the key of every object anew under the newest master key. No object is rewritten, readers notice nothing,
      and a run that was cut goes on where it stopped. Where MASTER_KEYS is set: put the new key behind the old one and
      restart every instance, put it first and restart again, then rotate; when status shows nothing under the old key
      any more, leave it out.`;

/** @returns the exit status: 0 done, 1 something could not be wrapped anew, 2 wrong use or no vault. */
export async function keysTask(args: readonly string[], output: TaskOutput): Promise<number> {
  const [verb, ...rest] = args;
  const batch = rest.length === 0 ? 500 : rest[0] === '--batch' && rest.length === 2 ? Number(rest[1]) : 0;
  const known = verb === 'rotate' || (rest.length === 0 && (verb === 'status' || verb === 'new'));
  if (!known || !Number.isInteger(batch) || batch < 1 || batch > 10_000) {
    output.err(KEYS_USAGE);
    return 2;
  }
  return inSurroundings(output, async ({ config, paths, database, objects, keys }) => {
    const rotation = new MasterKeyRotation({ database, objects, clock: systemClock });
    if (verb === 'new') {
      if (config.masterKeys.kind === 'given') {
        output.err('MASTER_KEYS is set: make a key with "keygen master" and put it there.');
        return 2;
      }
      const id = addEmbeddedMasterKey(paths, systemClock.now());
      output.out(`New objects are wrapped under ${id} from now on. Move the others with "keys rotate".`);
      return 0;
    }
    if (verb === 'status') {
      for (const { id, count } of await rotation.status())
        output.out(`${id}: ${count} objects${id === keys.currentId ? ' (newest key)' : ''}`);
      return 0;
    }
    const result = await rotation.run({
      to: keys.currentId,
      batch,
      progress: ({ done, left }) => output.out(`${done} wrapped anew, ${left} left`),
    });
    for (const { id, why } of result.failed) output.err(`object ${id}: ${why}`);
    output.out(
      `${result.done} objects are under ${keys.currentId} now; ${result.failed.length} could not be moved.`,
    );
    return result.failed.length === 0 ? 0 : 1;
  });
}
