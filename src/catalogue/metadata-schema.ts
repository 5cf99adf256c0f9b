/**
 * The fields of a document type, and the check built from them. Metadata come from officers, agencies' software
 * and spreadsheets, so they are hostile until they passed: unknown fields, wrong kinds and overlong text are
 * refused with the field's path, and text is brought to Unicode NFC.
 */
import { z } from 'zod';
import { calendarDateSchema } from './calendar-date.ts';
import { labelsSchema } from './labels.ts';

const fieldName = z
  .string()
  .max(60)
  .regex(/^[a-z][A-Za-z0-9]*$/, 'A field name is camelCase English, such as birthDate.');

const common = { name: fieldName, required: z.boolean(), labels: labelsSchema };
const plainKinds = [
  /** Any text of one to 1,000 characters. */
  'text',
  /** A person's name as the paper writes it. */
  'person-name',
  /** 12 digits; 9 digits of the old identity card are accepted too. */
  'personal-number',
  /** `YYYY-MM-DD`. */
  'date',
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: old registers know no more. */
  'partial-date',
  'integer',
  'decimal',
  'boolean',
  /** Place as written on the paper, never normalised to the present map. */
  'place',
] as const;

export const fieldSchema = z.union([
  z.strictObject({ ...common, kind: z.enum(plainKinds) }),
  z.strictObject({
    ...common,
    kind: z.literal('choice'),
    options: z.array(z.strictObject({ value: z.string().min(1), labels: labelsSchema })).min(2),
  }),
]);
export type Field = z.infer<typeof fieldSchema>;

/** What metadata of a type look like after the check. */
export type Metadata = Record<string, string | number | boolean>;

/**
 * The check for a type's metadata: each listed field, no other; a field that is not required may be left out but
 * not be empty.
 */
export function metadataSchema(type: { readonly fields: readonly Field[] }): z.ZodType<Metadata> {
  const shape: Record<string, z.ZodType> = {};
  for (const field of type.fields) {
    const schema = kindSchema(field);
    shape[field.name] = field.required ? schema : schema.optional();
  }
  return z.strictObject(shape) as unknown as z.ZodType<Metadata>;
}

function kindSchema(field: Field): z.ZodType {
  switch (field.kind) {
    case 'text':
    case 'place':
      return text(1000);
    case 'person-name':
      return text(200).regex(/\p{L}/u, 'A name has at least one letter.');
    case 'personal-number':
      return z.string().regex(/^(\d{12}|\d{9})$/, 'Write 12 digits (or the 9 of the old identity card).');
    case 'date':
      return calendarDateSchema;
    case 'partial-date':
      return z
        .string()
        .refine(isPartialDate, 'Write a year, year-month or year-month-day, such as 1986 or 1986-05.');
    case 'integer':
      return z.int();
    case 'decimal':
      return z.number();
    case 'boolean':
      return z.boolean();
    case 'choice':
      return z.enum(field.options.map((option) => option.value));
  }
}

/** One line of printable text in NFC; control characters would break logs, forms and printed pages. */
const text = (longest: number) =>
  z
    .string()
    .normalize('NFC')
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Text may not contain control characters or line breaks.');

const isPartialDate = (value: string): boolean =>
  /^\d{4}(-\d{2}){0,2}$/.test(value) && calendarDateSchema.safeParse(`${value}-01-01`.slice(0, 10)).success;
