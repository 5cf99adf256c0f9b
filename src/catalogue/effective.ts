/**
 * Entries that hold for a time. Codes, rules and agencies change with every decree, so each catalogue entry is
 * a version with a first and a last day; two versions of one code never overlap.
 */
import { z } from 'zod';
import { type CalendarDate, calendarDateSchema } from './calendar-date.ts';

/** `validFrom` is the first day in force, `validTo` the last day in force; null means no end is known. */
export const effectiveShape = {
  validFrom: calendarDateSchema,
  validTo: calendarDateSchema.nullable().default(null),
  /** Where the entry comes from: a law with its article, or a published list. */
  source: z.string().min(1).max(500),
};

export interface Effective {
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate | null;
}

export const inForce = (entry: Effective, at: CalendarDate): boolean =>
  entry.validFrom <= at && (entry.validTo === null || at <= entry.validTo);

/** The version in force on a day, or undefined. */
export const versionAt = <T extends Effective>(versions: readonly T[], at: CalendarDate): T | undefined =>
  versions.find((version) => inForce(version, at));

/** The version in force, or else the last one that was in force before: what a paper of that day refers to. */
export function lastVersionAt<T extends Effective>(versions: readonly T[], at: CalendarDate): T | undefined {
  let last: T | undefined;
  for (const version of versions) {
    if (version.validFrom <= at && (last === undefined || version.validFrom > last.validFrom)) last = version;
  }
  return last;
}

/** Do two versions share a day? */
export const overlap = (a: Effective, b: Effective): boolean =>
  (b.validTo === null || a.validFrom <= b.validTo) && (a.validTo === null || b.validFrom <= a.validTo);
