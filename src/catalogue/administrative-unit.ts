/**
 * Provinces and communes (and districts, to 30/6/2025) with their two- and five-digit codes. A code is never
 * given to another place while it is in force, but mergers let one name take over the code of another: `15` was
 * Yên Bái to 30/6/2025 and is Lào Cai since; hence versions.
 */
import { z } from 'zod';
import { unitCodeSchema } from './codes.ts';
import { effectiveShape } from './effective.ts';
import { labelsSchema } from './labels.ts';

export const unitLevels = ['province', 'district', 'commune'] as const;

export const administrativeUnitSchema = z.strictObject({
  code: unitCodeSchema,
  codeVerified: z.boolean(),
  level: z.enum(unitLevels),
  names: labelsSchema,
  /** The unit it lies in, by code; null for a province. */
  parent: unitCodeSchema.nullable().default(null),
  /** Codes of the units it was made from, as they stood on the day before `validFrom`. */
  predecessors: z.array(unitCodeSchema).default([]),
  ...effectiveShape,
});
export type AdministrativeUnit = z.infer<typeof administrativeUnitSchema>;
