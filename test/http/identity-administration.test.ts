/** Administration over HTTP: the first operator, a new agency, joiners, cover, emergencies, leavers, systems, delegates. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bootstrap } from '../../src/identity/index.ts';
import type { Database } from '../../src/platform/database.ts';
import {
  askToken,
  assertion,
  type Browser,
  createIdentitySite,
  HUNG,
  type IdentitySite,
  LAN,
  MAI,
} from '../support/identity-site.ts';
import { createTestDatabase } from '../support/test-database.ts';

const HERE = 'H24.991';
let stack: AsyncDisposableStack;
let site: IdentitySite;
let database: Database;
let bootstrap: Bootstrap;
let operator: Browser;
let manager: Browser;
let officer: Browser;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ({ database } = stack.use(await createTestDatabase()));
  site = stack.use(await createIdentitySite(database));
  ({ bootstrap } = site.identity);
  operator = site.browser();
  await operator.signIn(LAN.subject);
  manager = site.browser();
  officer = site.browser();
});
afterAll(() => stack.disposeAsync());

const claim = (person: typeof LAN) => ({
  person: { personalNumber: person.personalNumber, fullName: person.fullName, birthDate: person.birthDate },
});

interface Answer {
  readonly id: string;
  readonly type: string;
  readonly organisationId: string;
  readonly ended: readonly string[];
  readonly items: readonly { readonly kind: string }[];
}

async function send(browser: Browser, method: string, path: string, body?: unknown) {
  const response = await browser.fetch(`/api/v1${path}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as Answer,
  };
}
const count = async (type: string): Promise<number> => {
  const [row] = await database.read<{ n: number }>(
    'SELECT count(*)::int AS n FROM ledger_event WHERE type = $1',
    [type],
  );
  return row!.n;
};

describe('a vault without anybody', () => {
  test('has its first operator by the printed token, once', async () => {
    const { token } = await bootstrap.issue('H24');
    expect(
      (await send(operator, 'POST', '/administration/bootstrap', { token: 'x'.repeat(43) })).status,
    ).toBe(403);
    expect((await send(operator, 'POST', '/administration/bootstrap', { token })).status).toBe(201);
    expect((await operator.who()).roles).toEqual([{ role: 'operator', agencyId: 'H24' }]);
    expect((await send(operator, 'POST', '/administration/bootstrap', { token })).status).toBe(409);
    await expect(bootstrap.issue('H24')).rejects.toThrow('operator already');
  });

  test('gets a new agency’s manager, who has not signed in yet', async () => {
    const path = `/agencies/${HERE}/roles`;
    const reason = 'manager of the new commune';
    const given = await send(operator, 'POST', path, { role: 'manager', receiver: claim(HUNG), reason });
    expect(given.status).toBe(201);
    await manager.signIn(HUNG.subject);
    expect((await manager.who()).roles).toEqual([{ role: 'manager', agencyId: HERE }]);
    expect(
      (await send(operator, 'POST', path, { role: 'manager', receiver: claim(HUNG), reason })).status,
    ).toBe(409);
    const unknown = await send(operator, 'POST', '/agencies/H99/roles', {
      role: 'manager',
      receiver: claim(HUNG),
      reason,
    });
    expect(unknown.status).toBe(404);
  });
});

describe('the people of an agency', () => {
  const path = `/agencies/${HERE}/roles`;
  const reason = 'works at the desk';
  let deskRole: string;

  test('join', async () => {
    const given = await send(manager, 'POST', path, { role: 'desk-officer', receiver: claim(MAI), reason });
    expect(given.status).toBe(201);
    deskRole = given.body.id;
    await officer.signIn(MAI.subject);
    expect((await officer.who()).roles).toEqual([{ role: 'desk-officer', agencyId: HERE }]);
  });

  test('are not taken for somebody else of another name', async () => {
    const receiver = { person: { ...claim(MAI).person, fullName: 'Nguyễn Văn Khác' } };
    expect((await send(manager, 'POST', path, { role: 'head', receiver, reason })).status).toBe(409);
  });

  test('cannot raise themselves or others, and each attempt is an event', async () => {
    const before = await count('access.denied');
    const { accountId } = await manager.who();
    const own = await send(manager, 'POST', path, { role: 'head', receiver: { accountId }, reason });
    expect(own).toMatchObject({ status: 403, body: { type: 'urn:mot-lan:problem:own-role' } });
    const elsewhere = await send(manager, 'POST', '/agencies/H17.991/roles', {
      role: 'desk-officer',
      receiver: claim(MAI),
      reason,
    });
    expect(elsewhere.status).toBe(403);
    expect(await count('access.denied')).toBe(before + 2);
    expect((await send(officer, 'POST', path, { role: 'head', receiver: claim(LAN), reason })).status).toBe(
      403,
    );
  });

  test('are stood in for while on leave, no longer than the role itself', async () => {
    const { accountId } = await operator.who();
    const from = new Date(Date.now() - 1_000).toISOString();
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const covers = `${path}/${deskRole}/covers`;
    const cover = { accountId, from, until, reason: 'leave of one day' };
    expect((await send(manager, 'POST', covers, { ...cover, until: from })).status).toBe(422);
    expect((await send(manager, 'POST', covers, cover)).status).toBe(201);
    expect((await operator.who()).roles).toContainEqual({ role: 'desk-officer', agencyId: HERE });
    const ended = await send(manager, 'POST', `${path}/${deskRole}/end`);
    expect(ended.body.ended.length).toBe(2);
    expect((await operator.who()).roles).toEqual([{ role: 'operator', agencyId: 'H24' }]);
    expect((await officer.who()).roles).toEqual([]);
  });

  test('take an emergency role in sight of all, one at a time', async () => {
    await send(manager, 'POST', path, { role: 'desk-officer', receiver: claim(MAI), reason });
    const wish = { role: 'civil-status-officer', reason: 'the registrar is in hospital' };
    expect((await send(officer, 'POST', `/agencies/${HERE}/break-glass`, wish)).status).toBe(201);
    expect((await officer.who()).roles).toContainEqual({ role: 'civil-status-officer', agencyId: HERE });
    expect((await send(officer, 'POST', `/agencies/${HERE}/break-glass`, wish)).status).toBe(409);
    const head = await send(officer, 'POST', `/agencies/${HERE}/break-glass`, { ...wish, role: 'head' });
    expect(head.status).toBe(403);
    expect(await count('role.break-glass')).toBe(1);
    const { body } = await send(manager, 'GET', path);
    expect(body.items.map(({ kind }) => kind)).toContain('break-glass');
  });

  test('leave: every role ends and every session closes', async () => {
    const { accountId } = await officer.who();
    const left = await send(manager, 'POST', `/agencies/${HERE}/leavers`, { accountId });
    expect(left.body.ended.length).toBe(2);
    expect(await officer.who()).toEqual({ kind: 'anonymous' });
    await officer.signIn(MAI.subject);
    expect((await officer.who()).roles).toEqual([]);
  });
});

describe('the systems of an agency', () => {
  const path = `/agencies/${HERE}/clients`;
  const pair = () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const kid = randomUUID();
    return { kid, key: privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid } };
  };
  const token = async (keys: { kid: string; key: ReturnType<typeof pair>['key'] }) => {
    const client = { clientId: 'tthc-test', ...keys };
    const answer = await askToken(site.baseUrl, await assertion(client, `${site.baseUrl}/oauth`), {
      scope: 'reuse:request',
    });
    return answer.status;
  };

  test('are registered, change keys, and are disabled', async () => {
    const [first, second] = [pair(), pair()];
    const body = {
      clientId: 'tthc-test',
      name: 'Test',
      jwks: { keys: [first.jwk] },
      scopes: ['reuse:request'],
    };
    expect((await send(officer, 'POST', path, body)).status).toBe(403);
    expect((await send(manager, 'POST', '/agencies/H17.991/clients', body)).status).toBe(403);
    expect((await send(manager, 'POST', path, { ...body, scopes: ['everything'] })).status).toBe(422);
    expect((await send(manager, 'POST', path, body)).status).toBe(201);
    expect((await send(manager, 'POST', path, body)).status).toBe(409);
    expect(await token(first)).toBe(200);
    expect((await send(manager, 'PUT', `${path}/tthc-test/keys`, { keys: [second.jwk] })).status).toBe(200);
    expect(await token(first)).toBe(401);
    expect(await token(second)).toBe(200);
    expect((await send(manager, 'POST', `${path}/tthc-test/disable`)).status).toBe(204);
    expect(await token(second)).toBe(401);
    expect((await send(manager, 'POST', `${path}/tthc-test/disable`)).status).toBe(404);
  });
});

describe('acting for an organisation', () => {
  test('the representative appoints delegates, who end with the representative', async () => {
    await send(manager, 'POST', `/agencies/${HERE}/roles`, {
      role: 'desk-officer',
      receiver: claim(MAI),
      reason: 'works at the desk',
    });
    const registration = {
      registrationNumber: '0000000001',
      name: 'Công ty Thử',
      representative: claim(LAN).person,
      basis: 'registration certificate',
    };
    const registered = await send(officer, 'POST', '/organisations', registration);
    expect(registered.status).toBe(201);
    const delegates = `/organisations/${registered.body.organisationId}/delegates`;
    const appointment = {
      delegate: claim(MAI).person,
      documentTypes: [],
      until: new Date(Date.now() + 86_400_000).toISOString(),
      basis: 'power of attorney',
    };
    expect((await send(officer, 'POST', delegates, appointment)).status).toBe(403);
    expect((await send(operator, 'POST', delegates, appointment)).status).toBe(201);
    expect((await send(officer, 'GET', '/me/representations')).body.items).toMatchObject([
      { kind: 'delegate' },
    ]);

    const changed = await send(officer, 'POST', '/organisations', {
      ...registration,
      representative: claim(HUNG).person,
    });
    expect(changed.body.organisationId).toBe(registered.body.organisationId);
    expect((await send(officer, 'GET', '/me/representations')).body.items).toEqual([]);
    expect((await send(operator, 'GET', '/me/representations')).body.items).toEqual([]);
    expect(await count('representation.ended')).toBe(2);
  });
});
