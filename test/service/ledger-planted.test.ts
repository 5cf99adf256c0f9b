/** A few of the harms that `npm run faults -- planted --n 200` plants: each is found by fsck and named. */
import { expect, test } from '@jest/globals';
import { plantAll } from '../../scripts/faults/planted.ts';
import { chanceOf } from '../../scripts/faults/round.ts';

test('harm planted in rows, objects, tiles, bundles and checkpoints is found and named, every kind once', async () => {
  const missed: string[] = [];
  const tally = await plantAll(55, chanceOf('every kind once'), { ledger: true, missed });
  expect({ n: tally.n, undetected: tally.undetected, missed }).toEqual({ n: 55, undetected: 0, missed: [] });
  expect(Object.keys(tally.kinds ?? {}).length).toBeGreaterThan(40);
}, 120_000);
