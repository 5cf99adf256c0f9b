/**
 * What must hold over a whole catalogue: every code that an entry names exists, versions of one code do not
 * overlap, periods do not end before they begin, and successors lead somewhere. Checked before anything is kept,
 * over the present entries with the imported ones laid over them (same code and `validFrom` = replaced).
 */
import type { AdministrativeUnit } from './administrative-unit.ts';
import type { Agency } from './agency.ts';
import { Catalogue, type CatalogueEntries } from './catalogue.ts';
import type { ImportProblem, Placed, PlacedEntries } from './catalogue-files.ts';
import { type Effective, overlap } from './effective.ts';
import type { Procedure } from './procedure.ts';

export interface CheckedImport {
  /** The whole catalogue as it would be. */
  readonly merged: CatalogueEntries;
  readonly problems: ImportProblem[];
}

export function checkImport(present: CatalogueEntries, imported: PlacedEntries): CheckedImport {
  const report = new Report();
  const units = lay(present.units, imported.units, (unit) => unit.code, report);
  const agencies = lay(present.agencies, imported.agencies, (agency) => agency.id, report);
  const documentTypes = lay(present.documentTypes, imported.documentTypes, (type) => type.code, report);
  const procedures = lay(present.procedures, imported.procedures, (procedure) => procedure.code, report);
  const merged = { units, agencies, documentTypes, procedures };
  const known = {
    units: new Set(units.map((unit) => unit.code)),
    agencies: new Set(agencies.map((agency) => agency.id)),
    types: new Set(documentTypes.map((type) => type.code)),
    procedures: new Set(procedures.flatMap((procedure) => [procedure.code, ...procedure.replaces])),
  };
  for (const placed of imported.units) checkUnit(placed, known.units, report);
  for (const placed of imported.agencies) checkAgency(placed, known, report);
  for (const placed of imported.procedures) checkProcedure(placed, known, report);
  if (report.problems.length === 0) checkSuccession(new Catalogue(merged), imported.agencies, report);
  return { merged, problems: report.problems };
}

class Report {
  readonly problems: ImportProblem[] = [];

  add({ file, row }: { readonly file: string; readonly row: number }, column: string, message: string): void {
    this.problems.push({ file, row, column, message });
  }

  known(placed: Placed<unknown>, column: string, codes: ReadonlySet<string>, code: string): void {
    if (codes.has(code)) return;
    this.add(
      placed,
      column,
      `${code} không có trong danh mục và tệp này. / ${code} is neither in the catalogue nor in these files.`,
    );
  }
}

function lay<T extends Effective>(
  present: readonly T[],
  imported: readonly Placed<T>[],
  codeOf: (entry: T) => string,
  report: Report,
): T[] {
  const versions = new Map<string, T>(present.map((entry) => [`${codeOf(entry)} ${entry.validFrom}`, entry]));
  const seen = new Set<string>();
  for (const placed of imported) {
    const { entry } = placed;
    const id = `${codeOf(entry)} ${entry.validFrom}`;
    if (seen.has(id)) report.add(placed, 'validFrom', `${id} có hai lần. / ${id} is given twice.`);
    if (entry.validTo !== null && entry.validTo < entry.validFrom) {
      report.add(placed, 'validTo', 'validTo trước validFrom. / validTo lies before validFrom.');
    }
    seen.add(id);
    versions.set(id, entry);
  }
  const byCode = Map.groupBy(versions.values(), codeOf);
  for (const placed of imported) {
    const { entry } = placed;
    const other = byCode.get(codeOf(entry))?.find((each) => each !== entry && overlap(each, entry));
    if (other && other.validFrom !== entry.validFrom) {
      report.add(
        placed,
        'validFrom',
        `Trùng thời gian với bản từ ${other.validFrom} đến ${other.validTo ?? '…'}; hãy đặt validTo cho bản cũ. / ` +
          `Overlaps the version from ${other.validFrom} to ${other.validTo ?? '…'}; give the older one a validTo.`,
      );
    }
  }
  return [...versions.values()];
}

function checkUnit(placed: Placed<AdministrativeUnit>, units: ReadonlySet<string>, report: Report): void {
  const { parent, predecessors } = placed.entry;
  if (parent !== null) report.known(placed, 'parent', units, parent);
  for (const code of predecessors) report.known(placed, 'predecessors', units, code);
}

interface Known {
  readonly units: ReadonlySet<string>;
  readonly agencies: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly procedures: ReadonlySet<string>;
}

function checkAgency(placed: Placed<Agency>, known: Known, report: Report): void {
  const { unit, parent, successors } = placed.entry;
  if (unit !== null) report.known(placed, 'unit', known.units, unit);
  if (parent !== null) report.known(placed, 'parent', known.agencies, parent);
  for (const { agency } of successors) report.known(placed, 'successors', known.agencies, agency);
}

function checkProcedure(placed: Placed<Procedure>, known: Known, report: Report): void {
  const { components, results, linkedSteps } = placed.entry;
  for (const [index, component] of components.entries()) {
    for (const [at, { documentType }] of component.alternatives.entries()) {
      report.known(placed, `components.${index}.alternatives.${at}.documentType`, known.types, documentType);
    }
    for (const code of component.serves)
      report.known(placed, `components.${index}.serves`, known.procedures, code);
  }
  for (const code of results) report.known(placed, 'results', known.types, code);
  for (const { procedure } of linkedSteps) {
    if (procedure !== null) report.known(placed, 'linkedSteps', known.procedures, procedure);
  }
}

/** On the day the last successor takes over, each body with successors must have a keeper for each of its groups. */
function checkSuccession(catalogue: Catalogue, agencies: readonly Placed<Agency>[], report: Report): void {
  for (const placed of agencies) {
    for (const { from, groups } of placed.entry.successors) {
      for (const group of groups ?? [undefined]) {
        const answer = catalogue.presentKeeper(placed.entry.id, from, group);
        if (!answer.found) report.add(placed, 'successors', `${answer.reason.vi}. / ${answer.reason.en}.`);
      }
    }
  }
}
