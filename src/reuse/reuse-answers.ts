/** The JSON of reuse: outcomes with their reasons, never contents. */
import { z } from 'zod';
import type { FieldMatch } from './field-match.ts';
import { FIELD_RESULTS } from './field-match.ts';
import { type Correction, MATCH_WORDS } from './match-words.ts';
import { OUTCOMES } from './outcome.ts';
import type { ReuseAnswer } from './reuse-service.ts';

const words = z.object({ vi: z.string(), en: z.string() });
const match = z.array(z.object({ field: z.string(), result: z.enum(FIELD_RESULTS), words }));
const correction = z
  .object({ agency: z.string().nullable(), office: words, procedure: z.string().nullable(), words })
  .nullable();

export const reuseAnswer = z.object({
  id: z.string(),
  procedure: z.string(),
  dossier: z.string(),
  basis: z.enum(['consent', 'legal-duty']),
  view: z.enum(['minimum', 'full']),
  preview: z.enum(['none', 'offered', 'required']),
  askedAt: z.string(),
  /** Field by field how the words given of the applicant agree with what is known. */
  match,
  components: z.array(
    z.object({
      component: z.string(),
      names: words,
      /** In a linked group: the procedures that this one answer serves. */
      serves: z.array(z.string()),
      outcome: z.enum(OUTCOMES),
      reason: words.nullable(),
      /** `need_more`: what to say in the next request. */
      parameter: z.string().nullable(),
      successor: z.string().nullable(),
      /** `pending`: when to ask again. */
      estimatedAt: z.string().nullable(),
      match,
      correction,
      document: z
        .object({
          id: z.string(),
          type: z.string(),
          issuer: z.string().nullable(),
          issuedOn: z.string().nullable(),
          sha256: z.string(),
        })
        .nullable(),
    }),
  ),
  /** The steps of a linked group, done with this one answer; empty for a single procedure. */
  linkedSteps: z.array(z.object({ procedure: z.string().nullable(), names: words })),
  /** The signed statement of what was not found. */
  notFoundStatement: z.string().nullable(),
});

const matched = (matches: readonly FieldMatch[]): z.input<typeof match> =>
  matches.map(({ field, result }) => ({ field, result, words: { ...MATCH_WORDS[result] } }));

const corrected = (given: Correction | null): z.input<typeof correction> => given && { ...given };

/** Whether a paper exists is told with its identity only where it can be used or asked for. */
const NAMED: readonly string[] = ['available', 'consent_required', 'preview_required'];

export const toReuseAnswer = (answer: ReuseAnswer): z.input<typeof reuseAnswer> => {
  const { request, dossier, outcomes, procedure } = answer;
  return {
    id: request.id,
    procedure: request.procedureCode,
    dossier: dossier.code,
    basis: request.basis,
    view: request.view,
    preview: request.preview,
    askedAt: request.askedAt.toISOString(),
    match: matched(request.match),
    components: outcomes.map((outcome) => {
      const component = procedure.components.find(({ key }) => key === outcome.componentKey);
      return {
        component: outcome.componentKey,
        names: component?.names ?? { vi: outcome.componentKey, en: outcome.componentKey },
        serves: [...(component?.serves ?? [])],
        outcome: outcome.kind,
        reason: outcome.reason && { vi: outcome.reason.vi, en: outcome.reason.en },
        parameter: outcome.parameter,
        successor: outcome.successorId,
        estimatedAt: outcome.estimatedAt?.toISOString() ?? null,
        match: matched(outcome.match),
        correction: corrected(outcome.correction),
        document:
          outcome.document && NAMED.includes(outcome.kind)
            ? {
                id: outcome.document.id,
                type: outcome.document.typeCode,
                issuer: outcome.document.issuerId,
                issuedOn: outcome.document.issuedOn,
                sha256: outcome.document.version.sha256,
              }
            : null,
      };
    }),
    linkedSteps: procedure.linkedSteps.map(({ vi, en, procedure: code }) => ({
      procedure: code,
      names: { vi, en },
    })),
    notFoundStatement: answer.statementId,
  };
};

/** 202 while something is waited for. */
export const toReply = (answer: ReuseAnswer): { status: number; body: z.input<typeof reuseAnswer> } => ({
  status: answer.outcomes.some(({ kind }) => kind === 'pending') ? 202 : 200,
  body: toReuseAnswer(answer),
});
