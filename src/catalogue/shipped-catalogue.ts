/** The catalogue that comes with the vault, as files beside this one; see `data/README.md` for its sources. */
import { readdirSync, readFileSync } from 'node:fs';
import type { CatalogueFile } from './catalogue-files.ts';

const folder = new URL('./data/', import.meta.url);

/** The shipped files, ready for `importCatalogue`. */
export function shippedCatalogueFiles(): CatalogueFile[] {
  return filesIn(folder);
}

/** Invented agencies of two provinces for the demonstration: a commune, a school, a province's departments. */
export function demoCatalogueFiles(): CatalogueFile[] {
  return filesIn(new URL('demo/', folder));
}

const filesIn = (place: URL): CatalogueFile[] =>
  readdirSync(place)
    .filter((name) => /\.(csv|json)$/.test(name))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(new URL(name, place)) }));
