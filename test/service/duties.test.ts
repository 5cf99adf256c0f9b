import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Duties } from '../../src/platform/duties.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { fixedClock } from '../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(async () => {
  await own[Symbol.asyncDispose]();
});

const duties = () =>
  new Duties({
    database: own.database,
    clock: fixedClock('2026-11-24T03:00:00Z'),
    logger: createLogger('silent'),
  });

test('of two instances one runs a duty at a time; another duty runs beside it', async () => {
  await using first = duties();
  await using second = duties();
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const runs: string[] = [];
  const held = async (): Promise<void> => {
    runs.push('first');
    begun.resolve();
    await release.promise;
  };
  first.every({ name: 'scrub', seconds: 3600, run: held });
  second.every({ name: 'scrub', seconds: 3600, run: async () => void runs.push('second') });
  second.every({ name: 'outbox', seconds: 3600, run: async () => void runs.push('outbox') });
  const running = first.runNow('scrub');
  await begun.promise;
  expect(await second.runNow('scrub')).toBe(false);
  expect(await second.runNow('outbox')).toBe(true);
  release.resolve();
  expect(await running).toBe(true);
  expect(await second.runNow('scrub')).toBe(true);
  expect(runs).toEqual(['first', 'outbox', 'second']);
});

test('a failing duty is seen as failed and runs again; an unknown one is named with those there are', async () => {
  await using kept = duties();
  let tries = 0;
  kept.every({
    name: 'renew',
    seconds: 3600,
    run: async () => {
      tries += 1;
      if (tries === 1) throw new Error('the authority is away');
    },
  });
  expect(await kept.runNow('renew')).toBe(false);
  expect(kept.states()).toMatchObject([{ name: 'renew', running: false, succeeded: false }]);
  expect(await kept.runNow('renew')).toBe(true);
  expect(kept.states()).toMatchObject([{ succeeded: true, lastEndedAt: new Date('2026-11-24T03:00:00Z') }]);
  expect(() => kept.runNow('sweep')).toThrow('there is no duty sweep; there are renew');
  expect(() => kept.every({ name: 'renew', seconds: 1, run: async () => undefined })).toThrow('already');
});

test('a duty whose lock is gone with its connection is told to stop, and the next run takes a new one', async () => {
  await using kept = duties();
  const begun = Promise.withResolvers<void>();
  let stopped = false;
  let first = true;
  kept.every({
    name: 'long',
    seconds: 3600,
    run: async (signal) => {
      if (!first) return;
      first = false;
      begun.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      stopped = true;
    },
  });
  const running = kept.runNow('long');
  await begun.promise;
  await own.database.read(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7421`,
  );
  await running;
  expect(stopped).toBe(true);
  expect(await kept.runNow('long')).toBe(true);
});

test('stopping aborts what runs and waits for it', async () => {
  const kept = duties();
  const begun = Promise.withResolvers<void>();
  let ended = false;
  kept.every({
    name: 'long',
    seconds: 3600,
    run: async (signal) => {
      begun.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended = true;
    },
  });
  const running = kept.runNow('long');
  await begun.promise;
  await kept[Symbol.asyncDispose]();
  expect(ended).toBe(true);
  await running;
  expect(await kept.runNow('long')).toBe(false);
});
