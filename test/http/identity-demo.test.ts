/** The demonstration: everyone on the list signs in with the role told, its systems get tokens, seeding twice is once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createDevelopmentIssuer,
  DEMO_AGENCIES,
  DEMO_CLIENTS,
  DEMO_PEOPLE,
  type DemoClientKey,
  developmentIssuerUrl,
  fetchClientToken,
  openDemoClientKeys,
  seedDemoIdentities,
} from '../../src/identity/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Database } from '../../src/platform/database.ts';
import { createIdentitySite, type IdentitySite } from '../support/identity-site.ts';
import { createTestDatabase } from '../support/test-database.ts';

let stack: AsyncDisposableStack;
let site: IdentitySite;
let database: Database;
let clientKeys: DemoClientKey[];

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ({ database } = stack.use(await createTestDatabase()));
  site = stack.use(await createIdentitySite(database));
  const folder = await mkdtemp(join(tmpdir(), 'demo-keys-'));
  stack.defer(() => rm(folder, { recursive: true }));
  clientKeys = await openDemoClientKeys(folder);
  expect((await openDemoClientKeys(folder)).map(({ kid }) => kid)).toEqual(clientKeys.map(({ kid }) => kid));
});
afterAll(() => stack.disposeAsync());

const seed = () =>
  database.transactSql((sql) =>
    seedDemoIdentities(sql, { now: new Date(), issuer: developmentIssuerUrl(site.baseUrl), clientKeys }),
  );

test('seeding twice gives the same people', async () => {
  const first = await seed();
  expect(await seed()).toEqual(first);
  const [row] = await database.read<{ persons: number; roles: number; representations: number }>(
    `SELECT (SELECT count(*)::int FROM person) AS persons, (SELECT count(*)::int FROM role_assignment) AS roles,
            (SELECT count(*)::int FROM representation) AS representations`,
  );
  expect(row).toEqual({
    persons: DEMO_PEOPLE.length + 1,
    roles: DEMO_PEOPLE.flatMap(({ roles }) => roles).length,
    representations: 3,
  });
});

test('everyone signs in, with the roles told', async () => {
  const { persons } = await seed();
  for (const demo of DEMO_PEOPLE) {
    const browser = site.browser();
    await browser.signIn(demo.subject);
    const who = await browser.who();
    expect(who).toMatchObject({ kind: 'person', personId: persons[demo.subject], assurance: demo.assurance });
    const roles = demo.roles.map(({ role, agency }) => ({ role, agencyId: DEMO_AGENCIES[agency] }));
    expect(new Set(who.roles as object[])).toEqual(new Set(roles));
  }
});

test('every system fetches a token with its key', async () => {
  await seed();
  for (const { clientId, scopes, agency } of DEMO_CLIENTS) {
    const key = clientKeys.find((candidate) => candidate.clientId === clientId)!;
    const { token } = await fetchClientToken({ baseUrl: site.baseUrl, ...key, scopes });
    const response = await fetch(`${site.baseUrl}/api/v1/who`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(await response.json()).toMatchObject({
      kind: 'system',
      clientId,
      agencyId: DEMO_AGENCIES[agency],
    });
  }
});

test('the development issuer cannot be made in production mode', () => {
  expect(() =>
    createDevelopmentIssuer({
      mode: 'production',
      baseUrl: 'https://kho.example',
      keys: { signing: [], cookies: [] },
      accounts: DEMO_PEOPLE,
      client: { id: 'x', secret: 'x', redirectUri: 'https://kho.example/dang-nhap/tra-ve' },
      database,
      clock: systemClock,
      frame: () => {
        throw new Error('no page is shown');
      },
    }),
  ).toThrow('production');
});
