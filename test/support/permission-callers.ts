/**
 * Everybody who may come to the vault, as a role in a relation to the things of one commune: its own officers, those of
 * another, owners of its papers, those who represent them, and those who once did.
 */

import { insertAccount } from '../../src/identity/account-repository.ts';
import {
  type Assurance,
  accountsOfPerson,
  findOrCreatePerson,
  type PersonClaim,
  ROLES,
  type Role,
  type Scope,
} from '../../src/identity/index.ts';
import { insertAssignment } from '../../src/identity/role-repository.ts';
import { formTokenOf } from '../../src/identity/session.ts';
import type { WholeVault } from './whole-vault.ts';

export const HERE = 'H24.991';
export const ELSEWHERE = 'H17.991';

const RELATIONS = [
  /** Owns the paper. */
  'own',
  /** Owns it too, and signed in at level 1. */
  'own-level-1',
  /** Legal representative of an organisation that owns it too. */
  'legal',
  /** Delegate of that organisation for papers of this type. */
  'delegate',
  'delegate-other-type',
  /** Was a delegate for it until it was withdrawn; until the day came. */
  'delegate-withdrawn',
  'delegate-expired',
  /** Mother of a child that owns it too. */
  'parent',
  /** Heir of an owner who died. */
  'heir',
  /** Nothing to do with it. */
  'none',
] as const;

/** Roles that somebody held until yesterday. */
const ONCE = ['desk-officer', 'head', 'manager', 'auditor'] as const;

export type CallerName =
  | 'stranger'
  | `citizen/${(typeof RELATIONS)[number]}`
  | `${Role}/${'same' | 'other'}`
  | `${(typeof ONCE)[number]}/ended`
  | 'system/same'
  | 'system/other'
  | 'system/no-scope';

export const FORMER: readonly CallerName[] = ONCE.map((role) => `${role}/ended` as const);
export const CITIZENS: readonly CallerName[] = RELATIONS.map((relation) => `citizen/${relation}` as const);
const OFFICES: readonly CallerName[] = [
  ...ROLES.flatMap((role) => [`${role}/same`, `${role}/other`] as const),
  ...ONCE.map((role) => `${role}/ended` as const),
];
export const CALLERS: readonly CallerName[] = [
  'stranger',
  ...CITIZENS,
  ...OFFICES,
  'system/same',
  'system/other',
  'system/no-scope',
];

/** Asks as somebody. `page`: a browser's form with its token, and no redirect followed. */
export type Asking = (path: string, init: RequestInit & { readonly page?: boolean }) => Promise<Response>;

export interface PermissionCallers {
  readonly asking: ReadonlyMap<CallerName, Asking>;
  readonly personOf: (caller: CallerName) => PersonClaim & { readonly personalNumber: string };
  readonly idOf: (caller: CallerName) => string;
  readonly accountOf: (caller: CallerName) => string;
}

/** The demonstration's people where it has them; invented ones of place 000 for the rest. */
const KNOWN: Partial<Record<CallerName, string>> = {
  'citizen/own': '000190000017',
  'citizen/own-level-1': '000085000024',
  'citizen/legal': '000179000055',
};

export async function createCallers(site: WholeVault): Promise<PermissionCallers> {
  const { database, vault } = site;
  const asking = new Map<CallerName, Asking>();
  const people = new Map<
    CallerName,
    { id: string; account: string; claim: PersonClaim & { personalNumber: string } }
  >();
  const now = new Date();
  const past = new Date(now.getTime() - 86_400_000);
  for (const [index, caller] of CALLERS.entries()) {
    if (caller === 'stranger' || caller.startsWith('system/')) continue;
    const [role = '', relation = ''] = caller.split('/');
    const personalNumber = KNOWN[caller] ?? `00019900${String(3000 + index)}`;
    const token = await database.transactSql(async (sql) => {
      const claim = {
        personalNumber,
        fullName: KNOWN[caller] ? undefined : `Người Thử ${String.fromCodePoint(65 + (index % 26))}`,
      };
      const { person } = await findOrCreatePerson(sql, claim, { now, acceptInvented: true });
      const [present] = await accountsOfPerson(sql, person.id);
      const account =
        present ??
        (await insertAccount(sql, { issuer: 'test', subject: `test-${index}`, personId: person.id }, now));
      people.set(caller, {
        id: person.id,
        account: account.id,
        claim: { personalNumber, fullName: person.fullName },
      });
      if (role !== 'citizen')
        await insertAssignment(sql, {
          accountId: account.id,
          agencyId: relation === 'other' ? ELSEWHERE : HERE,
          role: role as Role,
          kind: 'regular',
          coversId: null,
          validFrom: past,
          validUntil: relation === 'ended' ? new Date(past.getTime() + 1000) : null,
          grantedBy: 'test',
          reason: 'test',
        });
      const assurance: Assurance = caller === 'citizen/own-level-1' ? 1 : 2;
      const opened = await vault.identity.sessions.open(sql, {
        accountId: account.id,
        personId: person.id,
        assurance,
      });
      return opened.token;
    });
    asking.set(caller, (path, { page, ...init }) => {
      const headers = new Headers(init.headers);
      headers.set('Cookie', `session=${token}`);
      if (page) {
        headers.set('Origin', vault.url);
        headers.set('X-CSRF-Token', formTokenOf(token));
      }
      return fetch(`${vault.url}${path}`, { ...init, headers, redirect: 'manual' });
    });
  }
  asking.set('stranger', (path, { page: _, ...init }) =>
    fetch(`${vault.url}${path}`, { ...init, redirect: 'manual' }),
  );
  const scopes: readonly Scope[] = [
    'documents:deposit',
    'documents:status',
    'dossiers:write',
    'reuse:request',
    'reuse:retrieve',
  ];
  for (const [caller, clientId, given] of [
    ['system/same', 'tthc-h24', scopes],
    ['system/other', 'tthc-h17', scopes],
    ['system/no-scope', 'tthc-h24', ['catalogue:read']],
  ] as const) {
    const system = await site.system(clientId, given);
    asking.set(caller, (path, { page: _, method = 'GET', ...init }) => system.raw(method, path, init));
  }
  const person = (caller: CallerName) => {
    const known = people.get(caller);
    if (!known) throw new Error(`${caller} is no person`);
    return known;
  };
  return {
    asking,
    personOf: (caller) => person(caller).claim,
    idOf: (caller) => person(caller).id,
    accountOf: (caller) => person(caller).account,
  };
}
