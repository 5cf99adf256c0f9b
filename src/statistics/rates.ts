/**
 * The three rates as pure arithmetic over counts.
 *
 * R1 `results`: settled dossiers with a result that bears the agency's signature and holds ÷ settled dossiers.
 * R2 `digitised`: settled dossiers whose required papers and result all stand in the vault ÷ settled dossiers.
 * R3 `reused`: by dossier, received dossiers with at least one paper taken from the vault ÷ received dossiers with a
 * component that may be taken; by component, the same counted over components.
 */
import type { Procedure } from '../catalogue/index.ts';

export type Rate = 'results' | 'digitised' | 'reused';
export const rates = ['results', 'digitised', 'reused'] as const satisfies readonly Rate[];

/** Dossiers that are alike in all that the rates ask. */
export interface DossierGroup {
  readonly agencyId: string;
  readonly month: string;
  readonly procedureCode: string;
  readonly dossiers: number;
}
export interface ReceivedGroup extends DossierGroup {
  /** Keys of the components that were met from the vault. */
  readonly reused: readonly string[];
}
export interface SettledGroup extends DossierGroup {
  /** Keys of the components that stand in the vault, digitised or reused. */
  readonly present: readonly string[];
  readonly hasResult: boolean;
  /** With a result that is sealed and active. */
  readonly hasValidResult: boolean;
}

/** A share as its two sides. */
export interface Ratio {
  readonly part: number;
  readonly whole: number;
}

/** Between 0 and 1; null where there is nothing to measure. */
export const shareOf = ({ part, whole }: Ratio): number | null => (whole === 0 ? null : part / whole);

const sum = <T>(groups: readonly T[], count: (group: T) => number): number =>
  groups.reduce((total, group) => total + count(group), 0);

export const resultsRatio = (settled: readonly SettledGroup[]): Ratio => ({
  part: sum(settled, ({ hasValidResult, dossiers }) => (hasValidResult ? dossiers : 0)),
  whole: sum(settled, ({ dossiers }) => dossiers),
});

/** @param procedureOf undefined for a code that the catalogue lost: such a dossier counts as not digitised */
export const digitisedRatio = (
  settled: readonly SettledGroup[],
  procedureOf: (code: string) => Procedure | undefined,
): Ratio => ({
  part: sum(settled, (group) => {
    const procedure = procedureOf(group.procedureCode);
    const whole =
      procedure !== undefined &&
      group.hasResult &&
      procedure.components
        .filter(
          ({ required, condition, submission }) => required && condition === null && submission === 'submit',
        )
        .every(({ key }) => group.present.includes(key));
    return whole ? group.dossiers : 0;
  }),
  whole: sum(settled, ({ dossiers }) => dossiers),
});

export function reusedRatio(
  received: readonly ReceivedGroup[],
  procedureOf: (code: string) => Procedure | undefined,
  per: 'dossier' | 'component',
): Ratio {
  const counted = received.map(({ procedureCode, reused, dossiers }) => {
    const may = procedureOf(procedureCode)?.components.filter(({ reusable }) => reusable) ?? [];
    const taken = may.filter(({ key }) => reused.includes(key)).length;
    return per === 'component'
      ? { part: taken * dossiers, whole: may.length * dossiers }
      : { part: taken > 0 ? dossiers : 0, whole: may.length > 0 ? dossiers : 0 };
  });
  return { part: sum(counted, ({ part }) => part), whole: sum(counted, ({ whole }) => whole) };
}
