import { expect, test } from '@jest/globals';
import { migrate, readMigrations } from '../../src/platform/migrator.ts';
import { createTestDatabase } from '../support/test-database.ts';

test('each database is a clone of its own with every table', async () => {
  await using one = await createTestDatabase();
  await using other = await createTestDatabase();
  await one.database.read(`INSERT INTO rate_window VALUES ('x', now(), 1)`);
  expect(await one.database.read('SELECT caller FROM rate_window')).toEqual([{ caller: 'x' }]);
  expect(await other.database.read('SELECT caller FROM rate_window')).toEqual([]);
});

test('migrations are applied once, by whoever comes first', async () => {
  await using db = await createTestDatabase({ empty: true });
  const applied = await Promise.all([migrate(db.url), migrate(db.url), migrate(db.url)]);
  expect(applied.flat()).toEqual(readMigrations().map(({ name }) => name));
});

test('a migration that was changed after it was applied is refused', async () => {
  await using db = await createTestDatabase();
  const [first, ...rest] = readMigrations();
  await expect(migrate(db.url, [{ ...first!, checksum: '0'.repeat(64) }, ...rest])).rejects.toThrow(
    /changed after it was applied/,
  );
});

test('a database of a newer release is refused', async () => {
  await using db = await createTestDatabase();
  await expect(migrate(db.url, readMigrations().slice(0, -1))).rejects.toThrow(/newer release/);
});

test('a migration that fails leaves nothing of itself, and the mended one applies', async () => {
  await using db = await createTestDatabase({ empty: true });
  const broken = {
    name: '0001_broken',
    sql: 'CREATE TABLE a (b INT); SELECT 1/0;',
    checksum: 'c'.repeat(64),
  };
  await expect(migrate(db.url, [broken])).rejects.toThrow(/0001_broken failed and was undone/);
  const mended = { ...broken, sql: 'CREATE TABLE a (b INT);' };
  expect(await migrate(db.url, [mended])).toEqual(['0001_broken']);
});
