/** How long a session lives, on a clock that stands still until told, and what finding a person does to its row. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Request } from 'express';
import { insertAccount } from '../../src/identity/account-repository.ts';
import type { PersonActor } from '../../src/identity/actor.ts';
import { createAuthenticator } from '../../src/identity/authenticator.ts';
import { findOrCreatePerson, findPerson } from '../../src/identity/find-person.ts';
import { markDeceased, personById } from '../../src/identity/person-repository.ts';
import { Sessions } from '../../src/identity/session-service.ts';
import type { Database } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { type FixedClock, fixedClock } from '../support/clock.ts';
import { createTestDatabase } from '../support/test-database.ts';

const MINUTE = 60_000;
const LAN = { personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan', birthDate: '1990-05-04' };

let stack: AsyncDisposableStack;
let database: Database;
let clock: FixedClock;
let sessions: Sessions;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ({ database } = stack.use(await createTestDatabase()));
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  clock = fixedClock('2026-11-24T01:00:00Z');
  sessions = new Sessions({ database, clock });
});

const find = (claim: Parameters<typeof findOrCreatePerson>[1]) =>
  database.transactSql((sql) => findOrCreatePerson(sql, claim, { now: clock.now(), acceptInvented: true }));

async function signedIn(): Promise<{ token: string; personId: string }> {
  const { person } = await find(LAN);
  const session = await database.transactSql(async (sql) => {
    const owner = { issuer: 'https://issuer.example', subject: newId(), personId: person.id };
    const account = await insertAccount(sql, owner, clock.now());
    return sessions.open(sql, { accountId: account.id, personId: person.id, assurance: 2 });
  });
  return { token: session.token, personId: person.id };
}

const who = (token: string, secure = false) =>
  createAuthenticator({
    database,
    clock,
    baseUrl: secure ? 'https://kho.example' : 'http://127.0.0.1:3000',
    audience: 'x',
  }).authenticate({
    headers: { cookie: `${secure ? '__Host-session' : 'session'}=${token}` },
  } as Request);

describe('a session', () => {
  test('ends after half an hour at rest', async () => {
    const { token } = await signedIn();
    clock.advance(29 * MINUTE);
    expect(await who(token)).toMatchObject({ kind: 'person' });
    clock.advance(29 * MINUTE);
    expect(await who(token)).toMatchObject({ kind: 'person' });
    clock.advance(30 * MINUTE);
    expect(await who(token)).toEqual({ kind: 'anonymous' });
  });

  test('ends after twelve hours in any case', async () => {
    const { token } = await signedIn();
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      clock.advance(20 * MINUTE);
      expect(await who(token)).toMatchObject({ kind: 'person' });
    }
    clock.advance(20 * MINUTE);
    expect(await who(token)).toEqual({ kind: 'anonymous' });
  });

  test('goes on under a new token, and no longer under the old one', async () => {
    const { token } = await signedIn();
    const renewed = await sessions.renew((await who(token)) as PersonActor);
    expect(await who(token)).toEqual({ kind: 'anonymous' });
    expect(await who(renewed)).toMatchObject({ kind: 'person' });
  });

  test('over https is read from the __Host- cookie alone', async () => {
    const { token } = await signedIn();
    expect(await who(token, true)).toMatchObject({ kind: 'person' });
    const plain = createAuthenticator({ database, clock, baseUrl: 'https://kho.example', audience: 'x' });
    const request = { headers: { cookie: `session=${token}` } } as Request;
    expect(await plain.authenticate(request)).toEqual({ kind: 'anonymous' });
  });

  test('of somebody who died is over at once', async () => {
    const { token, personId } = await signedIn();
    await database.transactSql((sql) => markDeceased(sql, personId, clock.now()));
    expect(await who(token)).toEqual({ kind: 'anonymous' });
    await database.read('UPDATE person SET deceased_at = NULL WHERE id = $1::uuid', [personId]);
  });

  test('that is over is swept away, one that lives stays', async () => {
    const { token: old } = await signedIn();
    clock.advance(40 * MINUTE);
    const { token: fresh } = await signedIn();
    await sessions.sweep();
    const [row] = await database.read<{ live: number }>(
      'SELECT count(*)::int AS live FROM session WHERE last_seen_at >= $1::timestamptz',
      [clock.now()],
    );
    expect(row!.live).toBeGreaterThan(0);
    expect(await who(old)).toEqual({ kind: 'anonymous' });
    expect(await who(fresh)).toMatchObject({ kind: 'person' });
  });
});

describe('a person', () => {
  test('is added once, however many ask at once', async () => {
    const claim = { personalNumber: '000085000024', fullName: 'Trần Văn Hùng' };
    const found = await Promise.all(Array.from({ length: 8 }, () => find(claim)));
    expect(new Set(found.map(({ person }) => person.id)).size).toBe(1);
    expect(found.filter(({ created }) => created).length).toBe(1);
  });

  test('is completed by later words, never overwritten', async () => {
    const { person } = await find(LAN);
    const { match } = await find({
      ...LAN,
      fullName: 'Nguyen Thi Lan',
      gender: 'female',
      birthDate: '1991-01-02',
    });
    expect(match).toEqual({ number: 'exact', name: 'spelling', birthDate: 'differs' });
    expect(await database.transactSql((sql) => personById(sql, person.id))).toMatchObject({
      fullName: LAN.fullName,
      birthDate: LAN.birthDate,
      gender: 'female',
    });
  });

  test('is found by an old number, unless two have had it', async () => {
    const old = ['000000048'];
    const sau = await find({ personalNumber: '000148000048', fullName: 'Lê Thị Sáu', oldNumbers: old });
    const look = () => database.transactSql((sql) => findPerson(sql, { personalNumber: '000000048' }));
    expect(await look()).toMatchObject({ person: { id: sau.person.id }, match: { number: 'old-number' } });
    await find({ personalNumber: '000150000055', fullName: 'Lê Văn Bảy', oldNumbers: old });
    expect(await look()).toBeUndefined();
  });

  test('with another 12-digit number is another person, whatever the old number says', async () => {
    const first = await find({
      personalNumber: '000160000061',
      fullName: 'A Thị B',
      oldNumbers: ['000000061'],
    });
    const second = await find({
      personalNumber: '000160000068',
      fullName: 'C Thị D',
      oldNumbers: ['000000061'],
    });
    expect(second.created).toBe(true);
    expect(second.person.id).not.toBe(first.person.id);
  });

  test.each([
    ['a malformed number', { personalNumber: '12345', fullName: 'X' }, 'personal-number-malformed'],
    ['no number', { fullName: 'X' }, 'personal-number-missing'],
    ['no name', { personalNumber: '000199000078' }, 'name-missing'],
  ])('is not made from %s', async (_name, claim, code) => {
    await expect(find(claim)).rejects.toMatchObject({ kind: 'invalid', code });
  });
});
