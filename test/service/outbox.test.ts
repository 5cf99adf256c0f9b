/** The outbox: written with what it tells, or not at all. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sqlOf } from '../../src/platform/database.ts';
import { publish } from '../../src/platform/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
});

const event = { type: 'document.revoked.v1', at: new Date('2026-11-24T01:00:00Z'), subject: 'd-1' } as const;

test('an event is there with the commit, through either kind of transaction, and gone with a rollback', async () => {
  const first = await db.database.transactSql((sql) =>
    publish(sql, { ...event, agency: 'H24.991', data: { status: 'revoked', successor: null } }),
  );
  const person = '01900000-0000-7000-8000-000000000001';
  const second = await db.database.transact((tx) => publish(sqlOf(tx), { ...event, person }));
  await expect(
    db.database.transactSql(async (sql) => {
      await publish(sql, { ...event, subject: 'never' });
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  const rows = await db.database.read('SELECT * FROM outbox_event ORDER BY id');
  expect(rows).toEqual([
    {
      id: first,
      type: 'document.revoked.v1',
      subject: 'd-1',
      agency_id: 'H24.991',
      person_id: null,
      data: { status: 'revoked', successor: null },
      occurred_at: event.at,
    },
    expect.objectContaining({ id: second, agency_id: null, person_id: person, data: {} }),
  ]);
});
