/** The JSON of reuse: outcomes with their reasons, never contents. */
import { z } from 'zod';
import { OUTCOMES } from './outcome.ts';
import type { ReuseAnswer } from './reuse-service.ts';

const words = z.object({ vi: z.string(), en: z.string() });

export const reuseAnswer = z.object({
  id: z.string(),
  procedure: z.string(),
  dossier: z.string(),
  basis: z.enum(['consent', 'legal-duty']),
  view: z.enum(['minimum', 'full']),
  askedAt: z.string(),
  /** Field by field: exact, spelling, order, old-number, year-only, differs. */
  match: z.record(z.string(), z.string()),
  components: z.array(
    z.object({
      component: z.string(),
      outcome: z.enum(OUTCOMES),
      reason: words.nullable(),
      parameter: z.string().nullable(),
      successor: z.string().nullable(),
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
});

export const toReuseAnswer = ({ request, dossier, outcomes }: ReuseAnswer): z.input<typeof reuseAnswer> => ({
  id: request.id,
  procedure: request.procedureCode,
  dossier: dossier.code,
  basis: request.basis,
  view: request.view,
  askedAt: request.askedAt.toISOString(),
  match: { ...request.match },
  components: outcomes.map((outcome) => ({
    component: outcome.componentKey,
    outcome: outcome.kind,
    reason: outcome.reason && { vi: outcome.reason.vi, en: outcome.reason.en },
    parameter: outcome.parameter,
    successor: outcome.successorId,
    // Whether a paper exists is told with its identity only where it can be used or asked for.
    document:
      outcome.document && (outcome.kind === 'available' || outcome.kind === 'consent_required')
        ? {
            id: outcome.document.id,
            type: outcome.document.typeCode,
            issuer: outcome.document.issuerId,
            issuedOn: outcome.document.issuedOn,
            sha256: outcome.document.version.sha256,
          }
        : null,
  })),
});
