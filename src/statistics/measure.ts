/**
 * The measure of a day: targets, the variant of the reuse rate, points. Data with a first and a last day, because the
 * rules change; `verified` tells whether a published text confirms them.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CalendarDate, effectiveShape, versionAt } from '../catalogue/index.ts';

const share = z.number().min(0).max(1);

export const measureSchema = z.strictObject({
  ...effectiveShape,
  verified: z.boolean(),
  targets: z.strictObject({ results: share, digitised: share, reused: share }),
  /** Reuse counted by dossiers with at least one reused paper, or by components. */
  reusedPer: z.enum(['dossier', 'component']),
  /** Points of the group in QĐ 766. */
  points: z.number().positive(),
  trendMonths: z.int().min(2).max(36),
});
export type Measure = z.infer<typeof measureSchema>;

const shipped: readonly Measure[] = z
  .array(measureSchema)
  .min(1)
  .parse(JSON.parse(readFileSync(new URL('./data/measures.json', import.meta.url), 'utf8')));

/** The measure in force on a day; before the first, the first. */
export function measureAt(day: CalendarDate): Measure {
  const found = versionAt(shipped, day) ?? shipped[0];
  if (!found) throw new Error('data/measures.json is empty');
  return found;
}
