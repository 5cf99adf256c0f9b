/** The shipped catalogue as one that was imported, without a database. */
import { Catalogue } from '../../src/catalogue/catalogue.ts';
import { checkImport } from '../../src/catalogue/catalogue-check.ts';
import { readCatalogueFiles } from '../../src/catalogue/catalogue-files.ts';
import { shippedCatalogueFiles } from '../../src/catalogue/shipped-catalogue.ts';

const nothing = { units: [], agencies: [], documentTypes: [], procedures: [] };

export const shippedCatalogue = new Catalogue(
  checkImport(nothing, readCatalogueFiles(shippedCatalogueFiles()).entries).merged,
);
