import { expect, test } from '@jest/globals';
import { Gate } from '../../src/http/gate.ts';

const held = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, release: resolve };
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('so many at once, so many in line, the next is refused with the time to come back', async () => {
  const gate = new Gate({ running: 2, waiting: 1, patience: 10_000 });
  const first = held();
  const order: string[] = [];
  const work = (name: string, until: Promise<void>) => async (): Promise<string> => {
    order.push(name);
    await until;
    return name;
  };
  const running = [gate.pass(work('a', first.promise)), gate.pass(work('b', first.promise))];
  const waiting = gate.pass(work('c', Promise.resolve()));
  await settle();
  expect(gate.load).toEqual({ running: 2, waiting: 1 });
  await expect(gate.pass(work('d', Promise.resolve()))).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'overloaded',
    retryAfter: 2,
  });
  first.release();
  expect(await Promise.all([...running, waiting])).toEqual(['a', 'b', 'c']);
  expect(order).toEqual(['a', 'b', 'c']);
  expect(gate.load).toEqual({ running: 0, waiting: 0 });
});

test('work that fails gives its turn on; who left or waited too long does not begin', async () => {
  const gate = new Gate({ running: 1, waiting: 5, patience: 0 });
  const first = held();
  const failing = gate.pass(async () => {
    await first.promise;
    throw new Error('the work failed');
  });
  const gone = new AbortController();
  const begun: string[] = [];
  const left = gate.pass(async () => void begun.push('left'), gone.signal);
  const late = gate.pass(async () => void begun.push('late'));
  gone.abort();
  await expect(left).rejects.toMatchObject({ code: 'overloaded' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  first.release();
  await expect(failing).rejects.toThrow('the work failed');
  await expect(late).rejects.toMatchObject({ code: 'overloaded' });
  expect(begun).toEqual([]);
  expect(await gate.pass(async () => 'next')).toBe('next');
  expect(gate.load).toEqual({ running: 0, waiting: 0 });
});
