/** Looks for words wherever they could be left: every column of every table, every object that a key still opens. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  OBJECT_COLUMNS,
  type StoredObjectRow,
  storedObjectOf,
} from '../../src/documents/stored-object-repository.ts';
import type { Database } from '../../src/platform/database.ts';
import type { SealedObjects } from '../../storage/index.ts';

/** @returns `table.column` for each column of any type that holds the words, as text or as bytes */
export async function inTables(database: Database, words: string): Promise<string[]> {
  const columns = await database.read<{ table: string; column: string; type: string }>(
    `SELECT c.table_name AS table, c.column_name AS column, c.data_type AS type
     FROM information_schema.columns c
     JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
     WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`,
  );
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const name = `"${column}"`;
    const [row] = await database.read<{ hit: boolean }>(
      type === 'bytea'
        ? `SELECT EXISTS (SELECT 1 FROM "${table}" WHERE position(convert_to($1, 'UTF8') IN ${name}) > 0) AS hit`
        : `SELECT EXISTS (SELECT 1 FROM "${table}" WHERE ${name}::text ILIKE '%' || $1 || '%') AS hit`,
      [words],
    );
    if (row?.hit) found.push(`${table}.${column}`);
  }
  return found;
}

/** @returns what each object is bound to whose contents hold the words; objects without a key cannot be opened */
export async function inObjects(
  database: Database,
  objects: SealedObjects,
  words: string,
): Promise<string[]> {
  const rows = await database.read<StoredObjectRow & { bound_to: string }>(
    `SELECT ${OBJECT_COLUMNS}, o.bound_to FROM stored_object o`,
  );
  const found: string[] = [];
  for (const row of rows) {
    const stored = storedObjectOf(row);
    if (stored === null) continue;
    const bytes = await objects.readWhole(stored, { boundTo: row.bound_to });
    if (bytes.includes(words)) found.push(row.bound_to);
  }
  return found;
}

/** @returns files below the folder whose raw bytes hold the words */
export async function inFiles(folder: string, words: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path)).includes(words)) found.push(path);
  }
  return found;
}
