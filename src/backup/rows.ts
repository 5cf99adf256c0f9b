/** Rows out of one snapshot of a database and into an empty one, by COPY: the same text for every major version. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Manifest } from './manifest.ts';
import { readPart, writePart } from './parts.ts';

/** Sessions and attempts are of their moment: after a restore people sign in again. */
const NOT_KEPT = new Set([
  '_prisma_migrations',
  'session',
  'sign_in_attempt',
  'oidc_payload',
  'rate_window',
  'bootstrap_token',
]);

type Table = Manifest['tables'][number];

/** Everything to be kept, in an order in which every row finds those it refers to. @throws Error for a circle */
async function tablesOf(client: pg.ClientBase): Promise<{ name: string; columns: string[] }[]> {
  const { rows: tables } = await client.query<{ name: string; columns: string[]; needs: string[] }>(
    `SELECT c.relname AS name,
            ARRAY(SELECT a.attname::text FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                  ORDER BY a.attnum) AS columns,
            ARRAY(SELECT DISTINCT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
                  WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS needs
     FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname`,
  );
  const waiting = tables.filter(({ name }) => !NOT_KEPT.has(name));
  const placed: { name: string; columns: string[] }[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ needs }) =>
      needs.every((need) => !waiting.some(({ name }) => name === need)),
    );
    const [table] = waiting.splice(next, next < 0 ? 0 : 1);
    if (!table)
      throw new Error(
        `the tables ${waiting.map(({ name }) => name).join(', ')} refer to each other in a circle`,
      );
    placed.push({ name: table.name, columns: table.columns });
  }
  return placed;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const columnsOf = (columns: readonly string[]): string => columns.map(quoted).join(', ');

/** Reads every table of the client's transaction into the folder. */
export async function copyRowsOut(
  client: pg.ClientBase,
  folder: string,
  progress: (line: string) => void,
): Promise<Table[]> {
  const written: Table[] = [];
  for (const { name, columns } of await tablesOf(client)) {
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${quoted(name)}`);
    const stream = client.query(copyTo(`COPY ${quoted(name)} (${columnsOf(columns)}) TO STDOUT`));
    const part = await writePart(folder, `rows/${name}.copy`, stream);
    written.push({ name, columns, rows: rows[0]?.n ?? 0, part });
    progress(`${name}: ${rows[0]?.n ?? 0} rows`);
  }
  return written;
}

export async function sequencesOf(client: pg.ClientBase): Promise<Manifest['sequences']> {
  const { rows } = await client.query<{ name: string; value: string | null }>(
    `SELECT sequencename AS name, last_value::text AS value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]));
}

/** Puts the rows into empty tables, in the client's transaction. */
export async function copyRowsIn(
  client: pg.ClientBase,
  folder: string,
  manifest: Manifest,
  progress: (line: string) => void,
): Promise<void> {
  // What a migration puts in by itself stands in the backup too.
  const names = manifest.tables.map(({ name }) => quoted(name));
  await client.query(`TRUNCATE ${names.join(', ')} CASCADE`);
  for (const { name, columns, part, rows } of manifest.tables) {
    await pipeline(
      Readable.from(readPart(folder, part)),
      client.query(copyFrom(`COPY ${quoted(name)} (${columnsOf(columns)}) FROM STDIN`)),
    );
    progress(`${name}: ${rows} rows`);
  }
  for (const { name, value } of manifest.sequences) {
    await client.query('SELECT setval($1::regclass, $2::bigint)', [quoted(name), value]);
  }
}
