import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { createTestDatabase } from '../support/test-database.ts';

const drift = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/drift-check.ts', ...args], { encoding: 'utf8' });

test('the migrations make the tables that the schema describes', async () => {
  await using db = await createTestDatabase();
  const { status, stderr } = drift(`--url=${db.url}`);
  expect(stderr.replaceAll(/.*Warning.*\n/g, '')).toBe('');
  expect(status).toBe(0);
});

test.each([
  ['a column too many', 'ALTER TABLE document ADD COLUMN colour TEXT', /DROP COLUMN "colour"/],
  ['a column of another type', 'ALTER TABLE document ALTER COLUMN symbol TYPE VARCHAR(9)', /"symbol"/],
  [
    'a column that may be empty',
    'ALTER TABLE document ALTER COLUMN provenance DROP NOT NULL',
    /SET NOT NULL/,
  ],
  ['a missing index', 'DROP INDEX session_account_id_idx', /CREATE INDEX "session_account_id_idx"/],
  ['a missing table', 'DROP TABLE rate_window', /CREATE TABLE "rate_window"/],
  [
    'a missing reference',
    'ALTER TABLE session DROP CONSTRAINT session_account_id_fkey',
    /ADD CONSTRAINT "session_account_id_fkey"/,
  ],
])('the check turns red on %s, and drafts what is missing', async (_, change, statement) => {
  await using db = await createTestDatabase();
  await db.database.read(change);
  const check = drift(`--url=${db.url}`);
  expect(check.status).toBe(1);
  expect(check.stderr).toMatch(statement);
  const draft = drift(`--url=${db.url}`, '--draft');
  expect(draft.status).toBe(0);
  expect(draft.stdout).toMatch(statement);
});
