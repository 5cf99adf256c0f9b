/**
 * `motlan catalogue import [--dry-run] FILE…`: checks catalogue files and keeps them, telling each fault with file,
 * row and column. Exit 0 kept (or right, in a dry run), 1 faults in the files, 2 wrong use.
 */
import { readFile } from 'node:fs/promises';
import type { Clock } from '../platform/clock.ts';
import { type Database, sqlOf } from '../platform/database.ts';
import type { CatalogueFile } from './catalogue-files.ts';
import { importCatalogue } from './catalogue-import.ts';
import { demoCatalogueFiles, shippedCatalogueFiles } from './shipped-catalogue.ts';

export const catalogueUsage = `motlan catalogue import [--dry-run] [--shipped] [--demo] [FILE…]

  FILE       units.csv, agencies.csv, document-types.csv, procedures.csv, or any .json with
             {"kind": "units" | "agencies" | "document-types" | "procedures", "entries": […]}
  --shipped  the files that come with the vault
  --demo     the invented agencies of the demonstration
  --dry-run  check everything, keep nothing
`;

export interface CommandContext {
  readonly database: Database;
  readonly clock: Clock;
  /** Prints one line. */
  readonly print: (line: string) => void;
}

/** @param args what follows `motlan catalogue`. @returns the exit code. */
export async function catalogueImportCommand(
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const [verb, ...rest] = args;
  const flags = rest.filter((arg) => arg.startsWith('--'));
  const names = rest.filter((arg) => !arg.startsWith('--'));
  const unknown = flags.find((flag) => !['--dry-run', '--shipped', '--demo'].includes(flag));
  if (verb !== 'import' || unknown !== undefined || rest.every((arg) => arg === '--dry-run')) {
    if (unknown !== undefined) context.print(`Unknown option ${unknown}.`);
    context.print(catalogueUsage);
    return 2;
  }
  const files: CatalogueFile[] = [];
  for (const name of names) {
    try {
      files.push({ name, bytes: await readFile(name) });
    } catch {
      context.print(`${name}: cannot be read; check the path and the rights.`);
      return 2;
    }
  }
  if (flags.includes('--shipped')) files.unshift(...shippedCatalogueFiles());
  if (flags.includes('--demo')) files.push(...demoCatalogueFiles());
  const dryRun = flags.includes('--dry-run');
  const outcome = await context.database.transact((tx) =>
    importCatalogue(sqlOf(tx), files, { actor: { kind: 'vault' }, at: context.clock.now(), dryRun }),
  );
  if (!outcome.ok) {
    for (const { file, row, column, message } of outcome.problems) {
      context.print(`${file}:${row}${column && `:${column}`}: ${message}`);
    }
    context.print(`${outcome.problems.length} fault(s); nothing was kept.`);
    return 1;
  }
  const { read, written, revision } = outcome;
  context.print(
    dryRun
      ? `${read} entries are right; nothing was kept (dry run).`
      : `${read} entries read, ${written} new or changed; the catalogue is at revision ${revision}.`,
  );
  return 0;
}
