/** One-time codes: sent through the port and nowhere else, void after five tries, after use, after their time. */
import { expect, test } from '@jest/globals';
import { makeShownCode, type SecretMessage, sendCode, tryCode, useCode } from '../../src/consent/index.ts';
import { createTestDatabase } from '../support/test-database.ts';

const personId = '01900000-0000-7000-8000-000000000001';
const requestId = '01900000-0000-7000-8000-000000000002';
const at = new Date('2026-11-24T09:00:00+07:00');
const later = (minutes: number): Date => new Date(at.getTime() + minutes * 60_000);

test('a sent code works once, for its request, within ten minutes and five tries', async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const sent: SecretMessage[] = [];
  const sender = {
    send: async (_sql: unknown, message: SecretMessage) => {
      sent.push(message);
      return { sent: true, to: '09••••318' } as const;
    },
  };
  const send = () =>
    database.transactSql((sql) => sendCode(sql, sender, { personId, requestId, at, language: 'vi' }));
  const attempt = (given: string, when = later(1), request = requestId) =>
    tryCode(database, { purpose: 'one-time-code', personId, requestId: request, given, at: when });

  const answer = await send();
  const secret = sent[0]?.secret ?? '';
  expect(secret).toMatch(/^\d{6}$/);
  expect(JSON.stringify(answer)).not.toContain(secret);
  const kept = await database.read('SELECT * FROM consent_secret');
  expect(JSON.stringify(kept)).not.toContain(secret);
  expect(await attempt(secret, later(11))).toBeUndefined();
  expect(await attempt(secret, later(1), '01900000-0000-7000-8000-000000000003')).toBeUndefined();
  const id = (await attempt(`${secret.slice(0, 3)} ${secret.slice(3)}`)) ?? '';
  const uses = await Promise.all([1, 2].map(() => database.transactSql((sql) => useCode(sql, id, later(1)))));
  expect(uses.sort()).toEqual([false, true]);
  expect(await attempt(secret)).toBeUndefined();

  await send();
  const second = sent[1]?.secret ?? '';
  const wrong = second === '000000' ? '000001' : '000000';
  for (let tries = 0; tries < 5; tries += 1) expect(await attempt(wrong)).toBeUndefined();
  expect(await attempt(second)).toBeUndefined();
  for (let more = 0; more < 3; more += 1) await send();
  await expect(send()).rejects.toThrow(/Five codes/);
});

test('a new shown code voids the one before', async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const make = (when: Date) => database.transactSql((sql) => makeShownCode(sql, { personId, at: when }));
  const attempt = (given: string) =>
    tryCode(database, { purpose: 'qr', personId, requestId, given, at: later(2) });
  const first = await make(at);
  const second = await make(later(1));
  expect(await attempt(first.secret)).toBeUndefined();
  expect(await attempt(second.secret.toLowerCase())).toBeDefined();
});
