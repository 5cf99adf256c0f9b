/**
 * What a fault round is: harm done n times under a seed, and a count of what the vault's promises did not survive.
 * Each round has a control, in which a safeguard is left out: a control that finds nothing shows a blind harness.
 */
import { createHash } from 'node:crypto';

export interface Tally {
  /** How often harm was done. */
  readonly n: number;
  /** Acknowledged and not there afterwards. */
  readonly lost: number;
  /** Wrong contents given, or harm not noticed. */
  readonly undetected: number;
  /** Done twice. */
  readonly duplicates: number;
  /** What was done how often, for the report. */
  readonly kinds?: Readonly<Record<string, number>>;
}

export interface Round {
  /** What is done to what, in a few words. */
  readonly what: string;
  /** How often by default, so that all rounds together take about a minute. */
  readonly n: number;
  /** Why it cannot run here; then it is a counted skip. */
  missing?(): string | undefined;
  run(n: number, chance: Chance): Promise<Tally>;
  readonly control: {
    /** The safeguard that is left out. */
    readonly without: string;
    readonly n: number;
    run(n: number, chance: Chance): Promise<Tally>;
  };
}

/** Whole numbers that depend on a seed alone, so that a course can be run again. */
export interface Chance {
  /** 0 to `below` − 1. */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Buffer;
}

export function chanceOf(seed: string): Chance {
  let drawn = 0;
  const draw = (): Buffer => {
    drawn += 1;
    return createHash('sha256').update(`${seed}/${drawn}`).digest();
  };
  const below = (limit: number): number => Number(draw().readBigUInt64BE() % BigInt(limit));
  return {
    below,
    pick: <T>(from: readonly T[]): T => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    bytes: (length) =>
      Buffer.concat(Array.from({ length: Math.ceil(length / 32) }, draw)).subarray(0, length),
  };
}

/** Faults that a tally shows. */
export const failures = ({ lost, undetected, duplicates }: Tally): number => lost + undetected + duplicates;
