/**
 * A procedure and what it asks of the applicant: components, each met by one of several document types. Pure
 * judgements tell whether a component is needed and whether a paper in the vault meets it.
 */
import { z } from 'zod';
import type { CalendarDate } from './calendar-date.ts';
import { documentTypeCodeSchema, procedureCodeSchema } from './codes.ts';
import { type DocumentType, isReusable } from './document-type.ts';
import { effectiveShape } from './effective.ts';
import { type Labels, labelsSchema } from './labels.ts';
import { acceptableProvenanceSchema, type Provenance, provenanceLabels } from './provenance.ts';
import { freshnessSchema, type Validity, type ValidityFacts, validity } from './validity.ts';

const key = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9-]*$/, 'A key is lower-case words joined by hyphens, such as notice-of-birth.');

export const alternativeSchema = z.strictObject({
  documentType: documentTypeCodeSchema,
  /** Origins accepted here; null means all that the type lets be reused. */
  provenances: z.array(acceptableProvenanceSchema).min(1).nullable().default(null),
  /** How fresh the receiver wants it; null means that the type's own rule is enough. */
  freshness: freshnessSchema.nullable().default(null),
  /** Fields of the type that the procedure needs, its minimum view; null means the fields that the type requires. */
  fields: z.array(z.string().max(60)).min(1).nullable().default(null),
});
export type Alternative = z.infer<typeof alternativeSchema>;

export const componentSchema = z
  .strictObject({
    key,
    names: labelsSchema,
    /** `form`: filled in for this dossier; `submit`: handed in; `show`: shown only, and then never digitised. */
    submission: z.enum(['form', 'submit', 'show']),
    required: z.boolean(),
    /** Needed only if this holds; null means always. */
    condition: z.strictObject({ key, words: labelsSchema }).nullable().default(null),
    /** Whose paper it is: the applicant's own, or that of another person in the case. */
    holder: z
      .enum(['applicant', 'spouse', 'child', 'parent', 'deceased', 'other', 'organisation'])
      .default('applicant'),
    copies: z
      .strictObject({ originals: z.int().min(0), copies: z.int().min(0) })
      .default({ originals: 1, copies: 0 }),
    alternatives: z.array(alternativeSchema).default([]),
    /** May be taken from the vault instead of being handed in again. */
    reusable: z.boolean(),
    /** In a linked group: the procedures that this one paper serves. */
    serves: z.array(procedureCodeSchema).default([]),
  })
  .refine((component) => !component.reusable || component.alternatives.length > 0, {
    path: ['alternatives'],
    message: 'A reusable component needs at least one document type that meets it.',
  });
export type Component = z.infer<typeof componentSchema>;

export const procedureSchema = z
  .strictObject({
    code: procedureCodeSchema,
    codeVerified: z.boolean(),
    names: labelsSchema,
    field: labelsSchema,
    level: z.enum(['central', 'province', 'commune']),
    components: z.array(componentSchema),
    /** The document types that the procedure results in. */
    results: z.array(documentTypeCodeSchema).default([]),
    /** A linked group: the steps done with one submission, in order; empty for a single procedure. */
    linkedSteps: z.array(labelsSchema.extend({ procedure: procedureCodeSchema.nullable() })).default([]),
    /** Codes that this procedure put out of use. */
    replaces: z.array(procedureCodeSchema).default([]),
    ...effectiveShape,
  })
  .superRefine(({ components }, context) => {
    const keys = components.map((component) => component.key);
    for (const [index, each] of keys.entries()) {
      if (keys.indexOf(each) !== index) {
        context.addIssue({
          code: 'custom',
          path: ['components', index, 'key'],
          message: `The key ${each} is used twice.`,
        });
      }
    }
  });
export type Procedure = z.infer<typeof procedureSchema>;

/** Is the component needed, given what is known of the case (condition key → holds)? `ask`: the condition is unknown. */
export function componentNeed(
  component: Component,
  known: Readonly<Record<string, boolean>>,
): 'needed' | 'optional' | 'not-needed' | 'ask' {
  if (component.condition) {
    const holds = known[component.condition.key];
    if (holds === undefined) return 'ask';
    if (!holds) return 'not-needed';
  }
  return component.required ? 'needed' : 'optional';
}

export interface Acceptance {
  readonly acceptable: boolean;
  readonly validity: Validity;
  readonly reason: Labels;
}

/**
 * Does a paper of this type, origin and facts meet an alternative on a day? Only provenance and validity are
 * judged; the paper's status (suspended, revoked) and the basis for reading it are others' to judge.
 */
export function judgeAlternative(
  alternative: Alternative,
  paper: { readonly type: DocumentType; readonly provenance: Provenance; readonly facts: ValidityFacts },
  at: CalendarDate,
): Acceptance {
  const { type, provenance } = paper;
  const facts = alternative.freshness ? { ...paper.facts, freshness: alternative.freshness } : paper.facts;
  const held = validity(type.validity, facts, at);
  const origin = provenanceLabels[provenance];
  if (type.code !== alternative.documentType) {
    return refuse(
      held,
      `Cần loại giấy tờ ${alternative.documentType}`,
      `The type ${alternative.documentType} is needed`,
    );
  }
  const accepted =
    alternative.provenances === null || alternative.provenances.some((each) => each === provenance);
  if (!isReusable(type, provenance) || !accepted) {
    return refuse(
      held,
      `Nguồn không dùng lại được: ${origin.vi}`,
      `This origin cannot be reused: ${origin.en}`,
    );
  }
  return { acceptable: held.state === 'valid', validity: held, reason: held.reason };
}

const refuse = (held: Validity, vi: string, en: string): Acceptance => ({
  acceptable: false,
  validity: held,
  reason: { vi, en },
});
