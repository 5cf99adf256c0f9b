/**
 * Kills a whole vault at each named crash point while it is called over HTTP, starts it again, and lets its callers try
 * again with what they had meant. The independent checker then judges rows, objects, log and the callers' notes.
 */
import { CRASH_POINTS } from '../../src/platform/crash-points.ts';
import { HarmedVault } from './driver/harmed-vault.ts';
import { plantAndFind } from './driver/plants.ts';
import type { Chance, Round, Tally } from './round.ts';

/** Batches are issued in a round of their own. */
const POINTS = CRASH_POINTS.filter((point) => !point.startsWith('batch.'));

export const round: Round = {
  what: 'a vault killed at a named crash point',
  n: POINTS.length,
  run: crash,
  control: {
    without: 'an object, an event, a single deposit, a revocation, a leaf or a root',
    n: 1,
    run: plantAndFind,
  },
};

async function crash(n: number, chance: Chance): Promise<Tally> {
  await using harmed = await HarmedVault.make({ ownDatabase: false });
  const { caller } = harmed;
  const kinds: Record<string, number> = {};
  let [lost, undetected, duplicates] = [0, 0, 0];
  const told: string[] = [];
  const first = chance.below(POINTS.length);
  let known = await caller.depositUntilAcknowledged(caller.intend());
  for (let i = 0; i < n; i += 1) {
    const point = POINTS[(first + i) % POINTS.length] ?? 'deposit.before-commit';
    kinds[point] = (kinds[point] ?? 0) + 1;
    const armed = await harmed.start(point);
    const intended = caller.intend();
    if (point.startsWith('retrieval.')) await caller.read(known);
    else if (point.startsWith('status.')) await caller.revoke(known.documentId);
    else await caller.deposit(intended);
    if (!(await armed.ends(20_000))) {
      told.push(`${point} was not reached`);
      undetected += 1;
    }
    await harmed.start();
    if (point.startsWith('status.')) {
      // A lost answer may have been a revocation: then the second one is refused, and the document says so.
      await caller.revoke(known.documentId);
      if ((await caller.ask(known.documentId)) !== 'revoked') undetected += 1;
      known = await caller.depositUntilAcknowledged(intended);
    } else if (point.startsWith('retrieval.')) {
      if ((await caller.read(known)) !== 'right') lost += 1;
    } else {
      known = await caller.depositUntilAcknowledged(intended);
    }
    for (const { invariant, where, what } of await harmed.check()) {
      told.push(`${point}: ${invariant} ${where} ${what}`);
      if (invariant === 'I5') duplicates += 1;
      else if (invariant === 'I1' || invariant === 'I4') lost += 1;
      else undetected += 1;
    }
  }
  for (const line of new Set(told)) process.stdout.write(`  ${line}\n`);
  kinds['acknowledged deposits'] = caller.deposits.length;
  return { n, lost, undetected, duplicates, kinds };
}
