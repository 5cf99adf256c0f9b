import { expect, test } from '@jest/globals';
import { rateFor, type ScrubItem, scrub } from '../../src/platform/scrub.ts';

async function* items(
  count: number,
  check: (n: number) => Promise<string | undefined>,
): AsyncGenerator<ScrubItem> {
  for (let n = 0; n < count; n += 1) yield { where: `item ${n}`, bytes: 100, check: () => check(n) };
}

test('a scrub reads everything once and names each fault, also one that throws', async () => {
  const read: number[] = [];
  const faults: string[] = [];
  const result = await scrub({
    items: items(20, async (n) => {
      read.push(n);
      if (n === 7) throw new Error('unreadable');
      return n === 13 ? 'other bytes' : undefined;
    }),
    bytesPerSecond: 1e9,
    onFault: ({ where, what }) => void faults.push(`${where}: ${what}`),
  });
  expect(read.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(faults.sort()).toEqual(['item 13: other bytes', 'item 7: unreadable']);
  expect(result).toEqual({ items: 20, bytes: 2000, faults: 2 });
});

test('a scrub stops at the signal', async () => {
  const stop = new AbortController();
  const result = await scrub({
    items: items(1000, async (n) => {
      if (n === 5) stop.abort();
      return undefined;
    }),
    bytesPerSecond: 1e9,
    onFault: () => undefined,
    parallel: 1,
    signal: stop.signal,
  });
  expect(result.items).toBe(6);
});

test('the rate fits the period, and never falls to nothing', () => {
  expect(rateFor(30e9, 30 * 86_400)).toBe(64 * 1024);
  expect(rateFor(300e9, 30 * 86_400)).toBeCloseTo(115_740.7, 0);
});
