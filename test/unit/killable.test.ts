/** A killable child is killed for time, memory and crashes, and the pool goes on. */
import { expect, test } from '@jest/globals';
import { KillablePool } from '../../src/platform/killable.ts';

const module = new URL('../support/tasks/misbehave.ts', import.meta.url).href;

test('whatever a task does, the outcome says so and the next task runs', async () => {
  await using pool = new KillablePool({ size: 1, milliseconds: 5_000, megabytes: 400 });
  expect(await pool.run({ module, name: 'spin' }, null, { milliseconds: 200 })).toEqual({
    kind: 'killed',
    why: 'time',
  });
  expect(await pool.run({ module, name: 'hoard' }, null)).toEqual({ kind: 'killed', why: 'memory' });
  expect(await pool.run({ module, name: 'crash' }, null)).toEqual({ kind: 'killed', why: 'crash' });
  expect(await pool.run({ module, name: 'refuse' }, null)).toEqual({
    kind: 'threw',
    name: 'TypeError',
    message: 'no',
  });
  expect(await pool.run({ module, name: 'missing' }, null)).toMatchObject({ kind: 'threw' });
  const bytes = new Uint8Array([1, 2, 3]);
  const outcome = await pool.run({ module, name: 'echo' }, bytes);
  expect(outcome.kind === 'done' && Buffer.from(outcome.value as Uint8Array)).toEqual(Buffer.from(bytes));
});

test('a full queue answers busy', async () => {
  await using pool = new KillablePool({ size: 1, waiting: 1 });
  const first = pool.run({ module, name: 'echo' }, 1);
  const second = pool.run({ module, name: 'echo' }, 2);
  expect(await pool.run({ module, name: 'echo' }, 3)).toEqual({ kind: 'busy' });
  expect(await first).toEqual({ kind: 'done', value: 1 });
  expect(await second).toEqual({ kind: 'done', value: 2 });
});
