/**
 * An import: files → entries → checks over the whole → rows, in one transaction. Everything is right or nothing is
 * kept; importing the same files again changes nothing and says so.
 */
import type { AnyActor } from '../identity/actor.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Sql } from '../platform/database.ts';
import type { CatalogueEntries } from './catalogue.ts';
import { checkImport } from './catalogue-check.ts';
import {
  type CatalogueFile,
  type ImportProblem,
  type PlacedEntries,
  readCatalogueFiles,
} from './catalogue-files.ts';
import { loadEntries, lockRevision, raiseRevision, saveEntries } from './catalogue-repository.ts';

export interface ImportOptions {
  readonly actor: AnyActor;
  readonly at: Date;
  /** Check everything, keep nothing. */
  readonly dryRun?: boolean;
  /** Leave out entries whose code is known already: what starting up does, so that it never undoes a local change. */
  readonly onlyNewCodes?: boolean;
}

export type ImportOutcome =
  | {
      readonly ok: true;
      readonly dryRun: boolean;
      /** Entries in the files. */
      readonly read: number;
      /** Entries that were new or differed; 0 in a dry run. */
      readonly written: number;
      readonly revision: number;
    }
  | { readonly ok: false; readonly problems: readonly ImportProblem[] };

/** Imports files in the given transaction; two imports at once wait for each other. */
export async function importCatalogue(
  sql: Sql,
  files: readonly CatalogueFile[],
  { actor, at, dryRun = false, onlyNewCodes = false }: ImportOptions,
): Promise<ImportOutcome> {
  const { entries: given, problems } = readCatalogueFiles(files);
  const revision = await lockRevision(sql);
  const present = await loadEntries(sql);
  const entries = onlyNewCodes ? withoutKnownCodes(present, given) : given;
  const checked = checkImport(present, entries);
  const faults = [...problems, ...checked.problems];
  if (faults.length > 0) return { ok: false, problems: faults };
  const imported = {
    units: entries.units.map(({ entry }) => entry),
    agencies: entries.agencies.map(({ entry }) => entry),
    documentTypes: entries.documentTypes.map(({ entry }) => entry),
    procedures: entries.procedures.map(({ entry }) => entry),
  };
  const read = Object.values(imported).reduce((sum, list) => sum + list.length, 0);
  if (dryRun) return { ok: true, dryRun, read, written: 0, revision };
  const written = await saveEntries(sql, imported);
  if (written === 0) return { ok: true, dryRun, read, written, revision };
  await raiseRevision(sql, at);
  await appendEvent(sql, {
    type: 'catalogue.imported',
    at,
    actor,
    outcome: 'done',
    detail: { read, written, revision: revision + 1 },
  });
  return { ok: true, dryRun, read, written, revision: revision + 1 };
}

function withoutKnownCodes(present: CatalogueEntries, given: PlacedEntries): PlacedEntries {
  const known = {
    units: new Set(present.units.map(({ code }) => code)),
    agencies: new Set(present.agencies.map(({ id }) => id)),
    documentTypes: new Set(present.documentTypes.map(({ code }) => code)),
    procedures: new Set(present.procedures.map(({ code }) => code)),
  };
  return {
    units: given.units.filter(({ entry }) => !known.units.has(entry.code)),
    agencies: given.agencies.filter(({ entry }) => !known.agencies.has(entry.id)),
    documentTypes: given.documentTypes.filter(({ entry }) => !known.documentTypes.has(entry.code)),
    procedures: given.procedures.filter(({ entry }) => !known.procedures.has(entry.code)),
  };
}
