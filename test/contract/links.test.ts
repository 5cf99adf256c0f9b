/** One suite for every link: the face against its simulator over real HTTP, with every fault; the circuit; the queue. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../scripts/sandbox/simulators/simulator.ts';
import { LGSP, SYSTEMS } from '../../scripts/sandbox/simulators/systems.ts';
import { parseAllowedHosts } from '../../src/config/index.ts';
import type { LinksFile } from '../../src/delivery/index.ts';
import {
  CONNECTORS,
  fetchCivilStatus,
  LINK_NAMES,
  Links,
  linkReader,
  OutboxDrain,
} from '../../src/delivery/index.ts';
import { findOrCreatePerson, personByNumber } from '../../src/identity/index.ts';
import { publish } from '../../src/platform/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const LAN = { personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan', birthDate: '1990-05-04' };
const DOCUMENT = '01900000-0000-7000-8000-00000000000d';
const AT = '2026-11-24T02:00:00Z';
const QUESTIONS: Record<string, unknown> = {
  'procedure-system/dossier-state': { dossier: 'H24.991-261124-0001' },
  'national-vault/feed': { document: DOCUMENT, change: 'issued', at: AT, keeper: 'kho.example.vn' },
  'national-vault/resolve': { personalNumber: LAN.personalNumber, types: ['KQ.G15.000031'], dossier: 'd' },
  'population/match': LAN,
  'civil-status/changes': { after: null },
  'merit/entitlements': { ...LAN, dossier: 'd' },
  'linked-procedures/bundle': {
    group: '3.000722',
    dossier: 'd',
    components: [{ component: 'birth', outcome: 'available', document: DOCUMENT }],
  },
  'education/diplomas': { issuer: 'H24.901.05', items: [{ document: DOCUMENT, change: 'issued', at: AT }] },
};
const operations = LINK_NAMES.flatMap((link) =>
  Object.keys(CONNECTORS[link].operations).map((operation) => ({ link, operation })),
);

let db: TestDatabase;
let now = new Date(AT);
const clock = { now: () => now };
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};
const simulators = new Map<string, Simulator>();
const simulator = (link: string): Simulator => {
  const found = simulators.get(link);
  if (!found) throw new Error(`no simulator of ${link}`);
  return found;
};

beforeAll(async () => {
  db = await createTestDatabase();
  for (const [name, behaviour] of Object.entries({ ...SYSTEMS, lgsp: LGSP }))
    simulators.set(name, await startSimulator(behaviour, { token: `token-${name}` }));
});
afterAll(async () => {
  await Promise.all([...simulators.values()].map((each) => each[Symbol.asyncDispose]()));
  await db[Symbol.asyncDispose]();
});
beforeEach(async () => {
  later(3_600);
  await db.database.read('DELETE FROM link_state');
  await db.database.read('DELETE FROM link_job');
  for (const each of simulators.values()) {
    each.order({ kind: 'none' });
    each.asked.length = 0;
  }
});

const where = (via?: 'lgsp'): LinksFile =>
  Object.fromEntries(
    LINK_NAMES.map((name) => [
      name,
      { url: simulator(name).url, token: `token-${name}`, ...(name === 'lgsp' || !via ? {} : { via }) },
    ]),
  );
const links = (file: LinksFile = where()): Links =>
  new Links({
    database: db.database,
    clock,
    outbound: { allowed: parseAllowedHosts('127.0.0.1:*') ?? [], requireTls: false },
    where: file,
    random: () => 0.5,
  });
// The suite goes over names; the types of each question are proven where a caller writes them out.
const ask = (to: Links, { link, operation }: { link: string; operation: string }) =>
  (to.ask as unknown as (l: string, o: string, q: unknown) => Promise<{ kind: string; fault?: string }>).call(
    to,
    link,
    operation,
    QUESTIONS[`${link}/${operation}`],
  );

describe.each(operations)('$link/$operation', (which) => {
  test('answers over its own face and through the service platform', async () => {
    expect(await ask(links(), which)).toMatchObject({ kind: 'answer' });
    expect(simulator(which.link).asked).toHaveLength(1);
    expect(await ask(links(where('lgsp')), which)).toMatchObject({ kind: 'answer' });
    expect(simulator('lgsp').asked).toHaveLength(1);
    expect(simulator(which.link).asked).toHaveLength(1);
  });

  test('down, wrong and unknown tokens are states, not exceptions', async () => {
    simulator(which.link).order({ kind: 'down' });
    expect(await ask(links(), which)).toMatchObject({ kind: 'down', fault: 'not-reached' });
    simulator(which.link).order({ kind: 'wrong' });
    expect(await ask(links(), which)).toMatchObject({ kind: 'down', fault: 'answer-does-not-fit' });
    simulator(which.link).order({ kind: 'none' });
    const stranger = { ...where(), [which.link]: { url: simulator(which.link).url, token: 'other' } };
    expect(await ask(links(stranger), which)).toMatchObject({ kind: 'down', fault: 'status-401' });
  });
});

test('a slow system is given up after three seconds', async () => {
  simulator('population').order({ kind: 'slow', milliseconds: 20_000 });
  expect(await links().ask('population', 'match', LAN)).toMatchObject({ kind: 'down', fault: 'timed-out' });
});

test('after three failures nobody asks until the pause is over; “since” is the first failure, for every instance', async () => {
  simulator('population').order({ kind: 'down' });
  const since = now;
  for (let times = 0; times < 3; times += 1) {
    await links().ask('population', 'match', LAN);
    later(1);
  }
  simulator('population').order({ kind: 'none' });
  expect(await links().ask('population', 'match', LAN)).toEqual({
    kind: 'down',
    since,
    fault: 'not-reached',
  });
  expect(simulator('population').asked).toHaveLength(0);
  const shown = (await links().show()).find(({ name }) => name === 'population');
  expect(shown).toMatchObject({
    state: 'down',
    since,
    stillWorks: { vi: expect.stringContaining('Hồ sơ vẫn nhận') },
  });
  later(130);
  expect(await links().ask('population', 'match', LAN)).toMatchObject({ kind: 'answer' });
  expect((await links().show()).find(({ name }) => name === 'population')).toMatchObject({
    state: 'up',
    since: now,
  });
});

test('a question that waits is asked until it is answered, under one key, and is not kept afterwards', async () => {
  simulator('population').order({ kind: 'down' });
  const order = {
    link: 'population',
    operation: 'match',
    ask: LAN,
    key: 'k-1',
    agencyId: 'H24.991',
  } as const;
  const first = await db.database.transactSql((sql) => links().later(sql, order));
  const again = await db.database.transactSql((sql) => links().later(sql, order));
  expect(again).toBe(first);
  for (let times = 0; times < 4; times += 1) {
    await links().work();
    later(60);
  }
  expect((await links().show()).find(({ name }) => name === 'population')?.waiting).toBe(1);
  simulator('population').order({ kind: 'none' });
  later(600);
  await Promise.all([links().work(), links().work()]);
  const [job] = await db.database.read('SELECT state, answer, ask FROM link_job');
  expect(job).toEqual({
    state: 'answered',
    ask: {},
    answer: { number: 'exact', name: 'exact', birthDate: 'exact', alive: true },
  });
  expect(new Set(simulator('population').asked.map(({ key }) => key)).size).toBe(1);
});

test('civil-status events are taken once each, in order, also when the system sends them twice; a death locks', async () => {
  const khuat = { personalNumber: '000050000011', fullName: 'Lê Văn Khuất', birthDate: '1950-09-02' };
  await db.database.transactSql((sql) => findOrCreatePerson(sql, khuat, { now, acceptInvented: true }));
  simulator('civil-status').order({ kind: 'duplicate' });
  const parts = { links: links(), database: db.database, clock };
  await Promise.all([fetchCivilStatus(parts), fetchCivilStatus(parts)]);
  await fetchCivilStatus(parts);
  const person = await db.database.transactSql((sql) => personByNumber(sql, khuat.personalNumber));
  expect(person?.deceasedAt).toEqual(now);
  const events = await db.database.read(`SELECT 1 FROM ledger_event WHERE type = 'civil-status.received'`);
  expect(events).toHaveLength(1);
});

test('papers are reported to the national vault and diplomas to the education database, and wait while these are down', async () => {
  simulator('national-vault').order({ kind: 'down' });
  await db.database.transactSql((sql) =>
    publish(sql, {
      type: 'document.issued.v1',
      at: now,
      subject: DOCUMENT,
      agency: 'H24.901.05',
      data: { batch: 'b-1' },
    }),
  );
  const reader = linkReader(links(), 'kho.example.vn');
  await new OutboxDrain({ database: db.database, clock, readers: [reader] }).drain();
  await links().work();
  expect(simulator('education').asked).toHaveLength(1);
  simulator('national-vault').order({ kind: 'none' });
  later(60);
  await links().work();
  expect(simulator('national-vault').asked).toMatchObject([
    { operation: 'feed', question: { document: DOCUMENT, change: 'issued' } },
  ]);
  expect(JSON.stringify(simulator('national-vault').asked)).not.toMatch(/000\d{9}/);
});

test('health is watched without traffic', async () => {
  simulator('merit').order({ kind: 'down' });
  for (let times = 0; times < 3; times += 1) {
    await links().probe();
    later(30);
  }
  const shown = await links().show();
  expect(shown.filter(({ state }) => state === 'down').map(({ name }) => name)).toEqual(['merit']);
});
