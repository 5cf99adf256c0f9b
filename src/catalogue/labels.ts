/** Words in both languages of the vault, and the outcome of reading something a person typed. */
import { z } from 'zod';

/** The same words in Vietnamese and English; neither may be empty. */
export const labelsSchema = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
export type Labels = z.infer<typeof labelsSchema>;

/** What was read, or why it could not be read and how to mend it. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Labels };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const unreadable = (vi: string, en: string): { readonly ok: false; readonly problem: Labels } => ({
  ok: false,
  problem: { vi, en },
});

/** Checks text with `parse` and keeps it as written; the message carries both languages. */
export const checkedString = (parse: (text: string) => Parsed<unknown>): z.ZodString =>
  z.string().superRefine((text, context) => {
    const result = parse(text);
    if (!result.ok) context.addIssue({ code: 'custom', message: bothLanguages(result.problem) });
  });

/** Reads text with `parse` and gives the canonical form. */
export const canonicalString = (parse: (text: string) => Parsed<string>) =>
  z.string().transform((text, context) => {
    const result = parse(text);
    if (result.ok) return result.value;
    context.addIssue({ code: 'custom', message: bothLanguages(result.problem) });
    return z.NEVER;
  });

const bothLanguages = ({ vi, en }: Labels): string => `${vi} / ${en}`;
