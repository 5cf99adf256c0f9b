/**
 * The catalogue's rows. The whole is small (some thousand entries) and read far more than written, so it is loaded
 * as one and looked up in memory; an import writes only what differs.
 */
import type { z } from 'zod';
import type { Sql } from '../platform/database.ts';
import { administrativeUnitSchema } from './administrative-unit.ts';
import { agencySchema } from './agency.ts';
import type { CatalogueEntries } from './catalogue.ts';
import { documentTypeSchema } from './document-type.ts';
import { procedureSchema } from './procedure.ts';

interface Row {
  code: string;
  valid_from: string;
  valid_to: string | null;
  name_vi: string;
  name_en: string;
  code_verified: boolean;
  source: string;
  definition: Record<string, unknown>;
}

/** How many imports there were: the number a snapshot in memory is compared with. */
export async function readRevision(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ revision: number }>('SELECT revision FROM catalogue_revision WHERE id = 1');
  return row?.revision ?? 0;
}

/** Takes the importers' lock, to be held to the end of the transaction. @returns the present revision. */
export async function lockRevision(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ revision: number }>(
    'SELECT revision FROM catalogue_revision WHERE id = 1 FOR UPDATE',
  );
  if (!row) throw new Error('the row of catalogue_revision is missing: run the migrations');
  return row.revision;
}

export async function raiseRevision(sql: Sql, at: Date): Promise<void> {
  await sql.query(
    'UPDATE catalogue_revision SET revision = revision + 1, changed_at = $1::timestamptz WHERE id = 1',
    [at],
  );
}

/** Every version of every entry. Rows that no longer fit the module's schema stop the vault rather than mislead it. */
export async function loadEntries(sql: Sql): Promise<CatalogueEntries> {
  return {
    units: await load(sql, 'administrative_unit', administrativeUnitSchema),
    agencies: await load(sql, 'agency', agencySchema),
    documentTypes: await load(sql, 'document_type', documentTypeSchema),
    procedures: await load(sql, 'procedure', procedureSchema),
  };
}

/** Inserts new versions and replaces changed ones (same code and first day). @returns how many rows were written. */
export async function saveEntries(sql: Sql, entries: CatalogueEntries): Promise<number> {
  return (
    (await save(sql, 'administrative_unit', entries.units)) +
    (await save(sql, 'agency', entries.agencies)) +
    (await save(sql, 'document_type', entries.documentTypes)) +
    (await save(sql, 'procedure', entries.procedures))
  );
}

type Table = 'administrative_unit' | 'agency' | 'document_type' | 'procedure';

async function load<S extends z.ZodType>(sql: Sql, table: Table, schema: S): Promise<z.output<S>[]> {
  const rows = await sql.query<Row>(
    `SELECT code, valid_from::text, valid_to::text, name_vi, name_en, code_verified, source, definition
       FROM ${table} ORDER BY code, valid_from`,
  );
  const key = keyOf(table);
  return rows.map((row) =>
    schema.parse({
      ...row.definition,
      [key]: row.code,
      validFrom: row.valid_from,
      validTo: row.valid_to,
      names: { vi: row.name_vi, en: row.name_en },
      codeVerified: row.code_verified,
      source: row.source,
    }),
  );
}

/** An agency is named by its identifier, everything else by a code. */
const keyOf = (table: Table): 'id' | 'code' => (table === 'agency' ? 'id' : 'code');

interface Entry {
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly names: { readonly vi: string; readonly en: string };
  readonly codeVerified: boolean;
  readonly source: string;
  readonly id?: string;
  readonly code?: string;
}

async function save(sql: Sql, table: Table, entries: readonly Entry[]): Promise<number> {
  if (entries.length === 0) return 0;
  const rows = entries.map(
    ({ id, code = id, validFrom, validTo, names, codeVerified, source, ...definition }) => ({
      code,
      valid_from: validFrom,
      valid_to: validTo,
      name_vi: names.vi,
      name_en: names.en,
      code_verified: codeVerified,
      source,
      definition,
    }),
  );
  const columns = 'code, valid_from, valid_to, name_vi, name_en, code_verified, source, definition';
  const written = await sql.query(
    `INSERT INTO ${table} AS present (${columns})
     SELECT ${columns} FROM jsonb_to_recordset($1::jsonb) AS given(
       code text, valid_from date, valid_to date, name_vi text, name_en text,
       code_verified boolean, source text, definition jsonb)
     ON CONFLICT (code, valid_from) DO UPDATE SET
       valid_to = excluded.valid_to, name_vi = excluded.name_vi, name_en = excluded.name_en,
       code_verified = excluded.code_verified, source = excluded.source, definition = excluded.definition
     WHERE (present.valid_to, present.name_vi, present.name_en, present.code_verified, present.source, present.definition)
       IS DISTINCT FROM
       (excluded.valid_to, excluded.name_vi, excluded.name_en, excluded.code_verified, excluded.source, excluded.definition)
     RETURNING code`,
    [JSON.stringify(rows)],
  );
  return written.length;
}
