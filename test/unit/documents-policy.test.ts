/** Who may do what with documents and dossiers: pure policies, every role against every other. */
import { describe, expect, test } from '@jest/globals';
import {
  canAddVersion,
  canDeposit,
  DEPOSIT_ROLES,
  mayRead,
  readerOf,
} from '../../src/documents/documents-policy.ts';
import {
  canDepositDossier,
  canExportDossier,
  canListDossiers,
  canRecordDossier,
} from '../../src/documents/dossiers-policy.ts';
import { canDecideErasure, canOrderErasure } from '../../src/documents/erasure.ts';
import {
  type Actor,
  type PersonActor,
  ROLES,
  type Role,
  type SystemActor,
} from '../../src/identity/index.ts';

const official = (role: Role, agencyId = 'H24.991', personId = 'p'): PersonActor => ({
  kind: 'person',
  accountId: 'a',
  personId,
  assurance: 2,
  roles: [{ role, agencyId }],
  sessionId: 's',
});
const system = (more: Partial<SystemActor> = {}): SystemActor => ({
  kind: 'system',
  clientId: 'c',
  agencyId: 'H24.991',
  scopes: ['documents:deposit', 'dossiers:write', 'reuse:retrieve'],
  ...more,
});
const rolesOf = (may: (actor: Actor) => { allowed: boolean }): Role[] =>
  ROLES.filter((role) => may(official(role)).allowed);

test('roles deposit, record, list, export, order and decide as told, and at their agency only', () => {
  const policies: [(actor: Actor) => { allowed: boolean }, readonly Role[]][] = [
    [(actor) => canDeposit(actor, 'H24.991'), DEPOSIT_ROLES],
    [(actor) => canAddVersion(actor, { depositorId: 'H24.991', erasedAt: null }), DEPOSIT_ROLES],
    [
      (actor) => canRecordDossier(actor, 'H24.991'),
      ['desk-officer', 'post-office-clerk', 'civil-status-officer'],
    ],
    [
      (actor) => canDepositDossier(actor, 'H24.991'),
      ['desk-officer', 'post-office-clerk', 'civil-status-officer'],
    ],
    [
      (actor) => canListDossiers(actor, 'H24.991'),
      ['desk-officer', 'post-office-clerk', 'civil-status-officer', 'manager'],
    ],
    [(actor) => canExportDossier(actor, 'H24.991'), ['desk-officer', 'civil-status-officer']],
    [(actor) => canOrderErasure(actor, { depositorId: 'H24.991' }), ['auditor']],
    [(actor) => canDecideErasure(actor, { agencyId: 'H24.991', orderedBy: 'q' }), ['head', 'manager']],
  ];
  for (const [may, roles] of policies) {
    expect(rolesOf(may)).toEqual([...roles]);
    for (const role of ROLES) expect(may(official(role, 'H17.991')).allowed).toBe(false);
    expect(may({ kind: 'anonymous' }).allowed).toBe(false);
  }
});

test('nobody decides on the erasure they ordered, and nothing corrects a self-upload or what is erased', () => {
  expect(canDecideErasure(official('head'), { agencyId: 'H24.991', orderedBy: 'p' })).toEqual({
    allowed: false,
    reason: 'same-person',
  });
  expect(canAddVersion(official('desk-officer'), { depositorId: null, erasedAt: null }).allowed).toBe(false);
  expect(
    canAddVersion(official('desk-officer'), { depositorId: 'H24.991', erasedAt: new Date() }).allowed,
  ).toBe(false);
});

test('a system needs its scope, its own agency, and no borrowed consent for an agency’s dossiers', () => {
  expect(canRecordDossier(system(), 'H24.991').allowed).toBe(true);
  expect(canRecordDossier(system(), 'H17.991').allowed).toBe(false);
  expect(canRecordDossier(system({ scopes: [] }), 'H24.991').allowed).toBe(false);
  expect(canDepositDossier(system({ scopes: ['dossiers:write'] }), 'H24.991').allowed).toBe(false);
  const borrowed = system({ onBehalfOf: { personId: 'lan', grantId: 'g', details: [] } });
  expect(canExportDossier(borrowed, 'H24.991').allowed).toBe(false);
});

describe('a system that a person allowed', () => {
  const detail = {
    type: 'document_access' as const,
    datatypes: ['LOCAL.LAND-CERTIFICATE'],
    actions: ['view' as const],
    procedure: '1.004222',
    dossier: 'H24.991-261124-0001',
    purpose: 'Đăng ký thường trú',
  };
  const actor = system({ onBehalfOf: { personId: 'lan', grantId: 'g1', details: [detail] } });
  const standing = { as: 'owner', principal: { kind: 'person', id: 'lan' } } as const;
  const paper = { typeCode: 'LOCAL.LAND-CERTIFICATE' };
  const wish = { action: 'view', dossier: detail.dossier } as const;

  test('reads what was ticked, for the dossier named, in the person’s name', () => {
    expect(readerOf(actor)).toBe('lan');
    expect(mayRead(actor, paper, standing, wish)).toEqual({ allowed: true, as: 'delegated', grantId: 'g1' });
  });

  test.each([
    ['another type', { paper: { typeCode: 'LOCAL.PASSPORT' } }],
    ['another dossier', { wish: { ...wish, dossier: 'H24.991-261124-0002' } }],
    ['no dossier', { wish: { ...wish, dossier: null } }],
    ['another action', { wish: { ...wish, action: 'download' as const } }],
    ['a paper that the person has no standing over', { standing: undefined }],
    ['its own name', { actor: system() }],
  ])('does not read %s', (_, change) => {
    const asked = { actor, paper, standing, wish, ...change };
    expect(mayRead(asked.actor, asked.paper, asked.standing, asked.wish).allowed).toBe(false);
  });
});

test('a person of level 1 looks, and takes no file along', () => {
  const standing = { as: 'owner', principal: { kind: 'person', id: 'p' } } as const;
  const actor: PersonActor = { ...official('head'), roles: [], assurance: 1 };
  expect(mayRead(actor, { typeCode: 'X' }, standing, { action: 'view', dossier: null }).allowed).toBe(true);
  expect(mayRead(actor, { typeCode: 'X' }, standing, { action: 'download', dossier: null })).toEqual({
    allowed: false,
    reason: 'assurance',
  });
});
