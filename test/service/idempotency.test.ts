/** A key whose holder died is taken over at once; a living holder's is waited for. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IdempotencyKeys } from '../../src/http/index.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { Instance } from '../../src/platform/instance.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
});

const request = { caller: 'system:test', operation: 'deposit', fingerprint: ['a'] };

test('what a dead instance left is taken over, and it can settle nothing any more', async () => {
  const dying = await Instance.start(db.url);
  const first = await new IdempotencyKeys(db.database, clock, dying).claim({ ...request, key: 'key-0001' });
  await dying[Symbol.asyncDispose]();
  await using living = await Instance.start(db.url);
  const second = await new IdempotencyKeys(db.database, clock, living).claim({ ...request, key: 'key-0001' });
  expect([first.kind, second.kind]).toEqual(['mine', 'mine']);
  if (first.kind !== 'mine' || second.kind !== 'mine') throw new Error('both were claimed');
  const reply = { status: 201, body: { documentId: 'x' } };
  await expect(db.database.transactSql((sql) => first.claim.settle(sql, reply))).rejects.toMatchObject({
    code: 'request-in-progress',
  });
  await db.database.transactSql((sql) => second.claim.settle(sql, reply));
  const keys = new IdempotencyKeys(db.database, clock, living);
  expect(await keys.claim({ ...request, key: 'key-0001' })).toMatchObject({ kind: 'answered', status: 201 });
});

test('a living instance keeps its claim: who comes second gets the answer of the first', async () => {
  await using one = await Instance.start(db.url);
  await using other = await Instance.start(db.url);
  const first = await new IdempotencyKeys(db.database, clock, one).claim({ ...request, key: 'key-0002' });
  if (first.kind !== 'mine') throw new Error('the first claims');
  const waiting = new IdempotencyKeys(db.database, clock, other).claim({ ...request, key: 'key-0002' });
  await db.database.transactSql((sql) => first.claim.settle(sql, { status: 201, body: { documentId: 'y' } }));
  expect(await waiting).toMatchObject({ kind: 'answered', body: { documentId: 'y' } });
});
