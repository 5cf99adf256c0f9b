/** Names of the catalogue of today, for pages on which a system asks a person. */
import { type CatalogueService, calendarDateAt } from './catalogue/index.ts';
import type { CatalogueNames } from './identity/index.ts';
import type { Clock } from './platform/clock.ts';

export function catalogueNames(catalogue: CatalogueService, clock: Clock): CatalogueNames {
  const today = () => calendarDateAt(clock.now());
  return {
    agency: async (code, language) => (await catalogue.current()).agency(code, today())?.names[language],
    procedure: async (code, language) =>
      (await catalogue.current()).procedure(code, today())?.names[language],
    documentType: async (code, language) =>
      (await catalogue.current()).documentType(code, today())?.names[language],
  };
}
