/** The JSON in which dossiers and their papers leave the API. */
import { z } from 'zod';
import type { Catalogue } from '../catalogue/index.ts';
import type { DocumentFacts } from './document.ts';
import { documentAnswer, toDocumentAnswer } from './document-answers.ts';
import type { Dossier, DossierPaper } from './dossier-repository.ts';

export const dossierAnswer = z.object({
  code: z.string(),
  agency: z.string(),
  procedure: z.string(),
  owner: z.object({ kind: z.enum(['person', 'organisation']), id: z.string() }),
  state: z.string(),
  receivedAt: z.string(),
  dueAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  revision: z.int(),
});

export const dossierPaperAnswer = z.object({
  group: z.string(),
  component: z.string().nullable(),
  resultCode: z.string().nullable(),
  addedAt: z.string(),
  document: documentAnswer.omit({ metadata: true, verificationCode: true }),
});

export const toDossierAnswer = (dossier: Dossier): z.input<typeof dossierAnswer> => ({
  code: dossier.code,
  agency: dossier.agencyId,
  procedure: dossier.procedureCode,
  owner: { kind: dossier.owner.kind, id: dossier.owner.id },
  state: dossier.state,
  receivedAt: dossier.receivedAt.toISOString(),
  dueAt: dossier.dueAt?.toISOString() ?? null,
  finishedAt: dossier.finishedAt?.toISOString() ?? null,
  revision: dossier.revision,
});

export const toPaperAnswer = (
  { paper, document }: { readonly paper: DossierPaper; readonly document: DocumentFacts },
  terms: { readonly catalogue: Catalogue; readonly at: Date },
): z.input<typeof dossierPaperAnswer> => ({
  group: paper.group,
  component: paper.componentKey,
  resultCode: paper.resultCode,
  addedAt: paper.addedAt.toISOString(),
  document: toDocumentAnswer(document, terms.catalogue, terms.at),
});
