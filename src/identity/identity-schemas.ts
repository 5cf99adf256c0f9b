/** Shapes that several operations of identity share. */
import { z } from 'zod';

export const agencyParam = z.object({ agency: z.string().min(3).max(35) });

/** An instant with its offset, `2026-11-24T08:00:00+07:00`. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** Why, for those who read the record later; no personal data. */
export const reason = z.string().trim().min(5).max(500);

/** A person as an officer reads one from a card. */
export const personClaimSchema = z.strictObject({
  personalNumber: z.string().max(20).optional(),
  fullName: z.string().trim().min(1).max(200).optional(),
  birthDate: z.iso.date().optional(),
  gender: z.enum(['male', 'female', 'other']).optional(),
  nationality: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  oldNumbers: z
    .array(z.string().regex(/^\d{9}$/))
    .max(5)
    .optional(),
  passportNumber: z.string().max(20).optional(),
});
