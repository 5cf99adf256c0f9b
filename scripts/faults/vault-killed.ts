/**
 * kill -9 on a vault with its embedded database, at a moment drawn by chance while several callers deposit at once; the
 * vault starts again on what is left, and the callers try again. Nothing acknowledged may be lost, nothing done twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HarmedVault } from './driver/harmed-vault.ts';
import { plantAndFind } from './driver/plants.ts';
import type { Chance, Round, Tally } from './round.ts';

const PARALLEL = 3;

export const round: Round = {
  what: 'a vault killed with its database while papers are deposited',
  n: 4,
  run: kill,
  control: { without: 'what acknowledged deposits left behind', n: 1, run: plantAndFind },
};

async function kill(n: number, chance: Chance): Promise<Tally> {
  await using harmed = await HarmedVault.make({ ownDatabase: true });
  const { caller } = harmed;
  let [lost, undetected, duplicates] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    const intended = Array.from({ length: PARALLEL }, () => caller.intend());
    const sending = intended.map((each) => caller.deposit(each));
    await sleep(chance.below(900));
    harmed.vault.kill();
    await Promise.all([...sending, harmed.vault.gone]);
    await harmed.start();
    await Promise.all(intended.map((each) => caller.depositUntilAcknowledged(each)));
    for (const { invariant, where, what } of await harmed.check()) {
      process.stdout.write(`  ${invariant} ${where} ${what}\n`);
      if (invariant === 'I5') duplicates += 1;
      else if (invariant === 'I1' || invariant === 'I4') lost += 1;
      else undetected += 1;
    }
  }
  return { n, lost, undetected, duplicates, kinds: { 'acknowledged deposits': caller.deposits.length } };
}
