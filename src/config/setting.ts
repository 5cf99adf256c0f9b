/** What one setting is, and the values that several settings take. */
import { z } from 'zod';

export interface Setting {
  readonly name: string;
  readonly section: string;
  /** One or two sentences for the operator; the second says what happens without it. */
  readonly meaning: string;
  /** How a fault is mended, beginning with a verb. */
  readonly mend: string;
  readonly schema: z.ZodType<unknown, string>;
  /** What holds when it is unset; shown, never parsed from here. */
  readonly fallback?: string;
  readonly example?: string;
  readonly secret?: true;
}

export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most));
export const words = z.string().min(1).max(4096);
export const url = (...schemes: string[]) =>
  words.refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.replace(':', '')), {
    abort: true,
  });
export const yesOrNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');
