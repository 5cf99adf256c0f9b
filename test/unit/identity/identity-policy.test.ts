/** The rules of giving roles, taking emergency roles, and acting for others; and the demonstration's invented people. */
import { describe, expect, test } from '@jest/globals';
import type { PersonActor, Role } from '../../../src/identity/actor.ts';
import { DEMO_CHILD, DEMO_PEOPLE } from '../../../src/identity/demo-people.ts';
import {
  canBreakGlass,
  canEndRole,
  canGrantRole,
  canManageClients,
  canReadRoles,
  canRecordRepresentation,
} from '../../../src/identity/identity-policy.ts';
import { parsePersonalNumber } from '../../../src/identity/personal-number.ts';
import { covers, majorityOf, type Representation } from '../../../src/identity/representation.ts';

const HERE = 'H24.991';
const THERE = 'H17.991';
const who = (accountId: string, ...roles: [Role, string][]): PersonActor => ({
  kind: 'person',
  accountId,
  personId: `person of ${accountId}`,
  assurance: 2,
  roles: roles.map(([role, agencyId]) => ({ role, agencyId })),
  sessionId: 'session',
});
const manager = who('manager', ['manager', HERE]);
const operator = who('operator', ['operator', 'H24']);
const officer = who('officer', ['desk-officer', HERE]);
const citizen = who('citizen');
const system = { kind: 'system', clientId: 'tthc', agencyId: HERE, scopes: [] } as const;
const nobody = { accountId: 'joiner', roles: [] };
const allowed = { allowed: true };

describe('giving a role', () => {
  const at = (role: Role, agencyId = HERE) => ({ role, agencyId });

  test.each<[string, ReturnType<typeof canGrantRole>]>([
    ['a manager, at the own agency', canGrantRole(manager, at('desk-officer'), nobody)],
    ['a manager makes an auditor', canGrantRole(manager, at('auditor'), nobody)],
    ['an operator makes a manager anywhere', canGrantRole(operator, at('manager', THERE), nobody)],
    ['an operator makes an operator', canGrantRole(operator, at('operator', 'H24'), nobody)],
  ])('allowed: %s', (_name, decision) => {
    expect(decision).toEqual(allowed);
  });

  test.each<[string, ReturnType<typeof canGrantRole>, string]>([
    ['a manager elsewhere', canGrantRole(manager, at('desk-officer', THERE), nobody), 'not-administrator'],
    ['an officer', canGrantRole(officer, at('desk-officer'), nobody), 'not-administrator'],
    ['a citizen', canGrantRole(citizen, at('manager'), nobody), 'not-administrator'],
    ['a system', canGrantRole(system, at('manager'), nobody), 'not-administrator'],
    [
      'an operator, a role with contents',
      canGrantRole(operator, at('desk-officer'), nobody),
      'not-administrator',
    ],
    ['a manager makes an operator', canGrantRole(manager, at('operator'), nobody), 'role-of-operators'],
    [
      'to oneself',
      canGrantRole(manager, at('head'), { accountId: 'manager', roles: manager.roles }),
      'own-role',
    ],
    [
      'the auditor also works there',
      canGrantRole(manager, at('auditor'), { accountId: 'officer', roles: officer.roles }),
      'conflict-of-interest',
    ],
    [
      'the auditor gets other work',
      canGrantRole(manager, at('head'), { accountId: 'x', roles: [{ role: 'auditor', agencyId: HERE }] }),
      'conflict-of-interest',
    ],
  ])('denied: %s', (_name, decision, reason) => {
    expect(decision).toEqual({ allowed: false, reason });
  });
});

test('ending a role: the holder, the manager, never another officer', () => {
  const assignment = { role: 'desk-officer', agencyId: HERE, accountId: 'officer' } as const;
  expect(canEndRole(officer, assignment)).toEqual(allowed);
  expect(canEndRole(manager, assignment)).toEqual(allowed);
  expect(canEndRole(who('other', ['desk-officer', HERE]), assignment).allowed).toBe(false);
  expect(canEndRole(operator, assignment).allowed).toBe(false);
  expect(canEndRole(manager, { role: 'operator', agencyId: HERE, accountId: 'op' }).allowed).toBe(false);
});

test('an emergency role is for those who work there, and never one that signs or oversees', () => {
  expect(canBreakGlass(officer, { role: 'civil-status-officer', agencyId: HERE })).toEqual(allowed);
  expect(canBreakGlass(officer, { role: 'civil-status-officer', agencyId: THERE }).allowed).toBe(false);
  expect(canBreakGlass(citizen, { role: 'desk-officer', agencyId: HERE }).allowed).toBe(false);
  for (const role of ['head', 'certifier', 'manager', 'auditor', 'operator'] as const) {
    expect(canBreakGlass(officer, { role, agencyId: HERE })).toEqual({
      allowed: false,
      reason: 'role-not-for-emergencies',
    });
  }
  const auditor = who('auditor', ['auditor', HERE]);
  expect(canBreakGlass(auditor, { role: 'desk-officer', agencyId: HERE })).toEqual({
    allowed: false,
    reason: 'conflict-of-interest',
  });
});

test('roles and systems of an agency are seen and managed by those in charge of it', () => {
  const auditor = who('auditor', ['auditor', HERE]);
  expect(canReadRoles(auditor, HERE)).toEqual(allowed);
  expect(canReadRoles(auditor, THERE).allowed).toBe(false);
  expect(canReadRoles(officer, HERE).allowed).toBe(false);
  expect(canManageClients(manager, HERE)).toEqual(allowed);
  expect(canManageClients(manager, THERE).allowed).toBe(false);
  expect(canManageClients(auditor, HERE).allowed).toBe(false);
});

test('families are recorded by civil status, organisations by the desk, delegates by nobody but the principal', () => {
  const registrar = who('registrar', ['civil-status-officer', HERE]);
  expect(canRecordRepresentation(registrar, 'guardian')).toEqual(allowed);
  expect(canRecordRepresentation(officer, 'guardian').allowed).toBe(false);
  expect(canRecordRepresentation(officer, 'legal')).toEqual(allowed);
  for (const actor of [registrar, officer, manager, operator]) {
    expect(canRecordRepresentation(actor, 'delegate').allowed).toBe(false);
  }
});

describe('a representation', () => {
  const now = new Date('2026-11-24T03:00:00Z');
  const base: Representation = {
    id: 'r',
    principalKind: 'organisation',
    principalId: 'o',
    representativeId: 'p',
    kind: 'delegate',
    documentTypes: ['KQ.G15.000031'],
    validFrom: new Date('2026-11-01T00:00:00Z'),
    validUntil: new Date('2026-12-01T00:00:00Z'),
    basis: 'decision 1',
    appointedBy: 'l',
    endedAt: null,
  };
  const wish = { access: 'act', documentType: 'KQ.G15.000031', now } as const;

  test('gives what it says', () => expect(covers(base, wish)).toBe(true));
  test.each<[string, Partial<Representation>]>([
    ['of another type of document', { documentTypes: ['other'] }],
    ['that has not begun', { validFrom: new Date('2026-11-25T00:00:00Z') }],
    ['at its very end', { validUntil: now }],
    ['that was ended', { endedAt: now }],
    ['of an heir who wants to act', { kind: 'heir', documentTypes: [] }],
  ])('one %s gives nothing', (_name, change) => expect(covers({ ...base, ...change }, wish)).toBe(false));
  test('an heir reads', () =>
    expect(covers({ ...base, kind: 'heir', documentTypes: [] }, { ...wish, access: 'view' })).toBe(true));

  test('childhood ends at midnight in Vietnam, on 1 March for a child of 29 February', () => {
    expect(majorityOf('2021-06-01').toISOString()).toBe('2039-05-31T17:00:00.000Z');
    expect(majorityOf('2008-02-29').toISOString()).toBe('2026-02-28T17:00:00.000Z');
  });
});

test('everyone in the demonstration is invented, and consistent with the own number', () => {
  for (const { personalNumber, birthDate, gender } of [...DEMO_PEOPLE, DEMO_CHILD]) {
    const sex = gender === 'male' ? 'male' : 'female';
    const parsed = parsePersonalNumber(personalNumber, { acceptInvented: true, birthDate, sex });
    expect(parsed).toMatchObject({ ok: true, value: { placeCode: '000', warnings: [] } });
    expect(parsePersonalNumber(personalNumber, { acceptInvented: false }).ok).toBe(false);
  }
  expect(new Set(DEMO_PEOPLE.map(({ personalNumber }) => personalNumber)).size).toBe(DEMO_PEOPLE.length);
});
