/**
 * The whole catalogue at one revision, held in memory and never changed: every look-up is by code and day. An
 * import makes a new one.
 */
import type { AdministrativeUnit } from './administrative-unit.ts';
import { type Agency, type Keeper, presentKeeper } from './agency.ts';
import type { CalendarDate } from './calendar-date.ts';
import type { DocumentGroup } from './document-group.ts';
import type { DocumentType } from './document-type.ts';
import { type Effective, inForce, versionAt } from './effective.ts';
import type { Procedure } from './procedure.ts';

export interface CatalogueEntries {
  readonly units: readonly AdministrativeUnit[];
  readonly agencies: readonly Agency[];
  readonly documentTypes: readonly DocumentType[];
  readonly procedures: readonly Procedure[];
}

export class Catalogue {
  /** Grows by one with each import. */
  readonly revision: number;
  readonly entries: CatalogueEntries;
  readonly #units: ReadonlyMap<string, readonly AdministrativeUnit[]>;
  readonly #agencies: ReadonlyMap<string, readonly Agency[]>;
  readonly #legacyAgencies: ReadonlyMap<string, string>;
  readonly #documentTypes: ReadonlyMap<string, readonly DocumentType[]>;
  readonly #procedures: ReadonlyMap<string, readonly Procedure[]>;

  constructor(entries: CatalogueEntries, revision = 0) {
    this.revision = revision;
    this.entries = entries;
    this.#units = byCode(entries.units, (unit) => unit.code);
    this.#agencies = byCode(entries.agencies, (agency) => agency.id);
    this.#documentTypes = byCode(entries.documentTypes, (type) => type.code);
    this.#procedures = byCode(entries.procedures, (procedure) => procedure.code);
    this.#legacyAgencies = new Map(
      entries.agencies.flatMap((agency) => agency.legacyCodes.map((code) => [code, agency.id] as const)),
    );
  }

  unit(code: string, at: CalendarDate): AdministrativeUnit | undefined {
    return versionAt(this.#units.get(code) ?? [], at);
  }

  /** The unit that covers today what the unit of `code` covered on the day `then`, following mergers. */
  presentUnit(code: string, then: CalendarDate, at: CalendarDate): AdministrativeUnit | undefined {
    let unit = this.unit(code, then);
    while (unit && !inForce(unit, at)) {
      const { code: ended, validTo } = unit;
      unit = this.entries.units.find(
        (next) => validTo !== null && next.validFrom > validTo && next.predecessors.includes(ended),
      );
    }
    return unit;
  }

  /** By identifier, or by an older code of QCVN 102:2016. */
  agency(code: string, at: CalendarDate): Agency | undefined {
    return versionAt(this.agencyVersions(code), at);
  }

  /** Every version of an agency, ended ones too. */
  agencyVersions(code: string): readonly Agency[] {
    return this.#agencies.get(code) ?? this.#agencies.get(this.#legacyAgencies.get(code) ?? '') ?? [];
  }

  /** Who keeps an agency's registers on a day; see `presentKeeper`. */
  presentKeeper(agency: string, at: CalendarDate, group?: DocumentGroup): Keeper {
    const code = this.#agencies.has(agency) ? agency : (this.#legacyAgencies.get(agency) ?? agency);
    return presentKeeper(this.#agencies, { agency: code, at, ...(group && { group }) });
  }

  /** The bodies whose registers of a group an agency keeps on a day: itself and whoever's successor it is. */
  keptBy(agency: string, at: CalendarDate, group?: DocumentGroup): string[] {
    return [...this.#agencies.keys()].filter((id) => {
      const answer = this.presentKeeper(id, at, group);
      return answer.found && answer.keeper.id === agency;
    });
  }

  documentType(code: string, at: CalendarDate): DocumentType | undefined {
    return versionAt(this.#documentTypes.get(code) ?? [], at);
  }

  documentTypes(at: CalendarDate): DocumentType[] {
    return this.entries.documentTypes.filter((type) => inForce(type, at));
  }

  procedure(code: string, at: CalendarDate): Procedure | undefined {
    return versionAt(this.#procedures.get(code) ?? [], at);
  }

  procedures(at: CalendarDate): Procedure[] {
    return this.entries.procedures.filter((procedure) => inForce(procedure, at));
  }

  /** The procedure that put another out of use, if it is in force on the day. */
  replacementOf(code: string, at: CalendarDate): Procedure | undefined {
    return this.procedures(at).find((procedure) => procedure.replaces.includes(code));
  }
}

function byCode<T extends Effective>(entries: readonly T[], code: (entry: T) => string): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const entry of entries) {
    const versions = map.get(code(entry));
    if (versions) versions.push(entry);
    else map.set(code(entry), [entry]);
  }
  return map;
}
