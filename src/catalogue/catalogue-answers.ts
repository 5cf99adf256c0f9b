/** The shapes in which the catalogue answers other systems; they change only by adding. */
import { z } from 'zod';
import { type Agency, agencyKindSchema, agencyLevels, type Keeper } from './agency.ts';
import type { Catalogue } from './catalogue.ts';
import { documentGroupSchema } from './document-group.ts';
import { type DocumentType, ownerKinds, reuseBases } from './document-type.ts';
import { labelsSchema } from './labels.ts';
import { fieldSchema } from './metadata-schema.ts';
import type { Procedure } from './procedure.ts';
import { provenanceSchema } from './provenance.ts';
import { freshnessSchema, validityRuleSchema } from './validity.ts';

const period = { validFrom: z.string(), validTo: z.string().nullable(), source: z.string() };

export const documentTypeAnswer = z.object({
  code: z.string(),
  codeVerified: z.boolean(),
  names: labelsSchema,
  group: documentGroupSchema,
  issuerKinds: z.array(agencyKindSchema),
  validity: validityRuleSchema,
  reusableProvenances: z.array(provenanceSchema),
  sensitive: z.boolean(),
  reuseBasis: z.enum(reuseBases),
  owners: z.object({ min: z.int(), max: z.int(), kinds: z.array(z.enum(ownerKinds)) }),
  severalInForce: z.boolean(),
  fields: z.array(fieldSchema),
  ...period,
});

export const toDocumentTypeAnswer = (type: DocumentType): z.input<typeof documentTypeAnswer> => type;

export const componentsAnswer = z.object({
  procedure: z.string(),
  codeVerified: z.boolean(),
  names: labelsSchema,
  on: z.string(),
  linkedSteps: z.array(labelsSchema.extend({ procedure: z.string().nullable() })),
  components: z.array(
    z.object({
      key: z.string(),
      names: labelsSchema,
      submission: z.enum(['form', 'submit', 'show']),
      required: z.boolean(),
      condition: z.object({ key: z.string(), words: labelsSchema }).nullable(),
      holder: z.string(),
      copies: z.object({ originals: z.int(), copies: z.int() }),
      reusable: z.boolean(),
      serves: z.array(z.string()),
      alternatives: z.array(
        z.object({
          documentType: z.string(),
          names: labelsSchema,
          provenances: z.array(provenanceSchema),
          freshness: freshnessSchema.nullable(),
          validity: validityRuleSchema,
        }),
      ),
    }),
  ),
  ...period,
});

/** Alternatives whose document type is not in force on the day are left out. */
export function toComponentsAnswer(
  catalogue: Catalogue,
  procedure: Procedure,
  on: string,
): z.input<typeof componentsAnswer> {
  const components = procedure.components.map((component) => ({
    ...component,
    alternatives: component.alternatives.flatMap(({ documentType, provenances, freshness }) => {
      const type = catalogue.documentType(documentType, on);
      if (!type) return [];
      const accepted = type.reusableProvenances.filter((each) => provenances?.includes(each) ?? true);
      return [{ documentType, names: type.names, provenances: accepted, freshness, validity: type.validity }];
    }),
  }));
  const { code, codeVerified, names, linkedSteps, validFrom, validTo, source } = procedure;
  return { procedure: code, codeVerified, names, on, linkedSteps, components, validFrom, validTo, source };
}

const agencyCore = { id: z.string(), names: labelsSchema };

export const agencyAnswer = z.object({
  ...agencyCore,
  codeVerified: z.boolean(),
  legacyCodes: z.array(z.string()),
  level: z.enum(agencyLevels),
  kind: agencyKindSchema,
  unit: z.string().nullable(),
  parent: z.string().nullable(),
  ...period,
  /** Who keeps its registers on the day asked about, with the way there; null and a reason where nobody is known. */
  keeper: z.object(agencyCore).nullable(),
  keeperPath: z.array(z.string()),
  keeperReason: labelsSchema.nullable(),
});

export function toAgencyAnswer(agency: Agency, keeper: Keeper): z.input<typeof agencyAnswer> {
  return {
    ...agency,
    keeper: keeper.found ? keeper.keeper : null,
    keeperPath: keeper.path,
    keeperReason: keeper.found ? null : keeper.reason,
  };
}
