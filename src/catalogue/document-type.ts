/**
 * A type of paper: who issues it, how long it holds, which origins may stand in for paper, on what basis it may
 * be reused and which fields it carries.
 */
import { z } from 'zod';
import { agencyKindSchema } from './agency.ts';
import { documentTypeCodeSchema } from './codes.ts';
import { documentGroupSchema } from './document-group.ts';
import { effectiveShape } from './effective.ts';
import { labelsSchema } from './labels.ts';
import { fieldSchema } from './metadata-schema.ts';
import { acceptableProvenanceSchema, type Provenance } from './provenance.ts';
import { validityRuleSchema } from './validity.ts';

/**
 * On what ground an agency may read it: the owner's consent, a duty laid down by law (article and dossier are
 * recorded), or nobody but the owner.
 */
export const reuseBases = ['CONSENT', 'LEGAL_DUTY', 'OWNER_ONLY'] as const;

export const ownerKinds = ['person', 'organisation'] as const;

export const documentTypeSchema = z
  .strictObject({
    code: documentTypeCodeSchema,
    /** false: the code is ours or was not confirmed; it may change with an import. */
    codeVerified: z.boolean(),
    names: labelsSchema,
    group: documentGroupSchema,
    issuerKinds: z.array(agencyKindSchema).min(1),
    validity: validityRuleSchema,
    /** Origins that may be reused without seeing paper; a self-upload never may. */
    reusableProvenances: z.array(acceptableProvenanceSchema),
    /** Holds sensitive personal data (NĐ 356/2025/NĐ-CP): images of identity cards, health, criminal record. */
    sensitive: z.boolean(),
    reuseBasis: z.enum(reuseBases),
    /** How many owners a paper has: a marriage certificate has two. */
    owners: z.strictObject({
      min: z.int().min(1),
      max: z.int().min(1),
      kinds: z.array(z.enum(ownerKinds)).min(1),
    }),
    /** May one owner hold several in force at once? */
    severalInForce: z.boolean(),
    fields: z.array(fieldSchema),
    ...effectiveShape,
  })
  .superRefine((type, context) => {
    const names = type.fields.map((field) => field.name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) !== index) {
        context.addIssue({
          code: 'custom',
          path: ['fields', index, 'name'],
          message: `The field ${name} is listed twice.`,
        });
      }
    }
    const rules = type.validity.kind === 'earliest' ? type.validity.rules : [type.validity];
    for (const rule of rules) {
      if (rule.kind === 'until-date' && !names.includes(rule.field)) {
        context.addIssue({
          code: 'custom',
          path: ['validity'],
          message: `The validity rule reads the field ${rule.field}, which is not among the type's fields.`,
        });
      }
    }
    if (type.owners.max < type.owners.min) {
      context.addIssue({ code: 'custom', path: ['owners', 'max'], message: 'max may not be less than min.' });
    }
  });
export type DocumentType = z.infer<typeof documentTypeSchema>;

/** May a copy of this origin stand in for paper? */
export const isReusable = (
  type: Pick<DocumentType, 'reusableProvenances'>,
  provenance: Provenance,
): boolean => provenance !== 'self-upload' && type.reusableProvenances.includes(provenance);
