import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  CatalogueService,
  catalogueImportCommand,
  demoCatalogueFiles,
  importCatalogue,
  shippedCatalogueFiles,
} from '../../src/catalogue/index.ts';
import { type Database, sqlOf } from '../../src/platform/database.ts';
import { fixedClock } from '../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const clock = fixedClock('2026-11-24T03:00:00Z');
const options = { actor: { kind: 'vault' }, at: clock.now() } as const;
let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase();
  database = own.database;
});
afterAll(async () => {
  await own[Symbol.asyncDispose]();
});

const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
const importNow = (files = shippedCatalogueFiles(), more = {}) =>
  database.transactSql((sql) => importCatalogue(sql, files, { ...options, ...more }));

test('a dry run keeps nothing; an import keeps all; the same import again changes nothing', async () => {
  const service = new CatalogueService(database);
  expect(await importNow(undefined, { dryRun: true })).toMatchObject({ ok: true, written: 0, revision: 0 });
  expect((await service.current()).entries.procedures).toEqual([]);
  const first = await importNow();
  expect(first).toMatchObject({ ok: true, revision: 1 });
  if (first.ok) expect(first.written).toBe(first.read);
  expect(await importNow()).toMatchObject({ ok: true, written: 0, revision: 1 });
  const events = await database.read('SELECT 1 FROM ledger_event WHERE type = $1', ['catalogue.imported']);
  expect(events).toHaveLength(1);
});

test('both kinds of transaction read the same catalogue, and an unchanged one is not read again', async () => {
  const service = new CatalogueService(database);
  const held = await service.current();
  expect(await service.current()).toBe(held);
  expect(await database.transact((tx) => service.snapshot(sqlOf(tx)))).toBe(held);
  const other = await database.transact((tx) => new CatalogueService(database).snapshot(sqlOf(tx)));
  expect(other.entries).toEqual(held.entries);
});

test('a running instance sees the next import at its next question', async () => {
  const service = new CatalogueService(database);
  expect((await service.current()).agency('H24.991', '2026-11-24')).toBeUndefined();
  expect(await importNow(demoCatalogueFiles())).toMatchObject({ ok: true });
  expect((await service.current()).agency('H24.991', '2026-11-24')?.kind).toBe('commune-committee');
});

test('one fault in one file keeps everything out', async () => {
  const before = await new CatalogueService(database).current();
  const head = 'code,codeVerified,level,names.vi,names.en,parent,predecessors,validFrom,validTo,source\n';
  const outcome = await importNow([
    file(
      'units.csv',
      `${head}99003,false,commune,Xã A,A,31,,2025-07-01,,s\n99004,false,commune,Xã B,B,98,,2025-07-01,,s\n`,
    ),
  ]);
  expect(outcome).toMatchObject({ ok: false, problems: [{ file: 'units.csv', row: 3, column: 'parent' }] });
  const after = await new CatalogueService(database).current();
  expect(after.revision).toBe(before.revision);
  expect(after.unit('99003', '2026-01-01')).toBeUndefined();
});

test('a later version closes the older one, in one import', async () => {
  const service = new CatalogueService(database);
  const old = (await service.current()).procedure('1.000656', '2026-11-24');
  if (!old) throw new Error('missing');
  const next = {
    ...old,
    validFrom: '2027-01-01',
    names: { vi: 'Đăng ký khai tử (mới)', en: 'Death registration (new)' },
  };
  const overlapping = { kind: 'procedures', entries: [next] };
  expect(await importNow([file('p.json', JSON.stringify(overlapping))])).toMatchObject({ ok: false });
  const closed = { kind: 'procedures', entries: [{ ...old, validTo: '2026-12-31' }, next] };
  expect(await importNow([file('p.json', JSON.stringify(closed))])).toMatchObject({ ok: true, written: 2 });
  const current = await service.current();
  expect(current.procedure('1.000656', '2026-12-31')?.names).toEqual(old.names);
  expect(current.procedure('1.000656', '2027-01-01')?.names.en).toContain('(new)');
});

test('starting up again leaves local changes alone', async () => {
  const again = await importNow([...shippedCatalogueFiles(), ...demoCatalogueFiles()], {
    onlyNewCodes: true,
  });
  expect(again).toMatchObject({ ok: true, read: 0, written: 0 });
});

test('imports at once wait for each other and none is lost', async () => {
  const head = 'code,codeVerified,level,names.vi,names.en,parent,predecessors,validFrom,validTo,source\n';
  const before = (await new CatalogueService(database).current()).revision;
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map((n) =>
      importNow([file('units.csv', `${head}9910${n},false,commune,Xã ${n},C${n},31,,2025-07-01,,s\n`)]),
    ),
  );
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  const current = await new CatalogueService(database).current();
  expect(current.revision).toBe(before + 4);
  for (const n of [1, 2, 3, 4]) expect(current.unit(`9910${n}`, '2026-01-01')).toBeDefined();
});

test('the command tells what is wrong and how to use it', async () => {
  const lines: string[] = [];
  const context = { database, clock, print: (line: string) => void lines.push(line) };
  expect(await catalogueImportCommand(['import', '--demo', '--dry-run'], context)).toBe(0);
  expect(await catalogueImportCommand(['import', '/nowhere/units.csv'], context)).toBe(2);
  expect(await catalogueImportCommand(['export'], context)).toBe(2);
  expect(lines.join('\n')).toContain('motlan catalogue import');
});
