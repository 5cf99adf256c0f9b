/**
 * The outcome of one component: what the vault can give a procedure, and if not, why and what next. Pure. All nine are
 * normal answers, never errors.
 */
import {
  type CalendarDate,
  type Catalogue,
  type Component,
  componentNeed,
  judgeAlternative,
} from '../catalogue/index.ts';
import { type Grant, stateAt } from '../consent/index.ts';
import type { DocumentFacts } from '../documents/index.ts';
import { differing, explainField, explainIssuer, type FieldMatch } from './field-match.ts';
import { type Correction, correctionOf } from './match-words.ts';
import * as words from './outcome-words.ts';

export const OUTCOMES = [
  'available',
  'consent_required',
  'preview_required',
  'pending',
  'need_more',
  'mismatch',
  'not_found',
  'not_acceptable',
  'revoked',
] as const;
export type OutcomeKind = (typeof OUTCOMES)[number];

export interface Outcome {
  readonly componentKey: string;
  readonly kind: OutcomeKind;
  /** Where one paper answers the component. */
  readonly document: DocumentFacts | null;
  readonly reason: words.Words | null;
  /** `need_more`: what must be known. */
  readonly parameter: string | null;
  /** `revoked`, superseded: the paper that took its place. */
  readonly successorId: string | null;
  /** `pending`: when an answer is expected. */
  readonly estimatedAt: Date | null;
  /** Field by field, where the requester said something of the paper or its owner. */
  readonly match: readonly FieldMatch[];
  /** `mismatch`: where a wrong value of the vault is put right. */
  readonly correction: Correction | null;
}

/** What the owner decided after looking at the paper. */
export type PreviewDecision = 'use' | 'refuse';

export interface Case {
  readonly catalogue: Catalogue;
  readonly today: CalendarDate;
  readonly now: Date;
  readonly component: Component;
  readonly conditions: Readonly<Record<string, boolean>>;
  /** The holder's papers of the types that would do, newest first. */
  readonly papers: readonly DocumentFacts[];
  readonly basis: 'consent' | 'legal-duty';
  /** The newest consent for this component in this request. */
  readonly grant: Grant | undefined;
  readonly previewNeeded: boolean;
  readonly previewed: (documentId: string) => PreviewDecision | undefined;
  /** The registering agency that the requester names. */
  readonly issuerHint: string | undefined;
  /** What the form says, by field of the paper. */
  readonly given: Readonly<Record<string, string>>;
  /** 9-digit numbers of the holder. */
  readonly oldNumbers: readonly string[];
  /** Something is under way that will bring the paper. */
  readonly awaited: { readonly at: Date | null; readonly words: words.Words } | undefined;
  /** A dead holder's papers are locked but to a duty of law. */
  readonly holderDeceased: boolean;
}

/** Undefined where the condition says that the component is not needed. */
export function outcomeOf(facts: Case): Outcome | undefined {
  const { component } = facts;
  const need = componentNeed(component, facts.conditions);
  if (need === 'not-needed') return undefined;
  if (need === 'ask') {
    return answer(component, 'need_more', {
      parameter: component.condition?.key ?? null,
      reason: component.condition?.words ?? null,
    });
  }
  const { fitting, match } = registeredThere(facts);
  if (fitting.length === 0 && facts.papers.length > 0) {
    const [first] = facts.papers;
    return answer(component, 'mismatch', {
      match,
      reason: words.OTHER_ISSUER,
      correction: first ? correctionFor(facts, first) : null,
    });
  }
  const judged = fitting.map((paper) => judge(paper, facts, match));
  const best =
    judged.find(({ kind }) => USABLE.includes(kind)) ??
    judged.find(({ kind }) => kind === 'mismatch') ??
    judged.find(({ kind }) => kind === 'not_acceptable') ??
    judged[0];
  if (best && (USABLE.includes(best.kind) || best.kind === 'mismatch')) return best;
  if (facts.awaited) {
    return answer(component, 'pending', { estimatedAt: facts.awaited.at, reason: facts.awaited.words });
  }
  return best ?? answer(component, 'not_found', { reason: words.NOT_FOUND });
}

const USABLE: readonly OutcomeKind[] = ['available', 'consent_required', 'preview_required'];

/** Papers of the agency that the requester names, or of one that took over its registers. */
function registeredThere(facts: Case): { fitting: readonly DocumentFacts[]; match: FieldMatch[] } {
  const { issuerHint, catalogue, today } = facts;
  if (issuerHint === undefined) return { fitting: facts.papers, match: [] };
  const results = facts.papers.map((paper) => ({
    paper,
    result: explainIssuer(catalogue, today, paper.issuerId ?? '', issuerHint),
  }));
  const fitting = results.filter(({ result }) => result !== 'differs');
  const shown = fitting[0] ?? results[0];
  return {
    fitting: fitting.map(({ paper }) => paper),
    match: shown ? [{ field: 'issuer', result: shown.result }] : [],
  };
}

/** What one paper is good for now. */
export function judge(paper: DocumentFacts, facts: Case, hinted: readonly FieldMatch[] = []): Outcome {
  const { component, catalogue, today } = facts;
  const document = paper;
  const unusable = standing(paper);
  if (unusable) return answer(component, unusable.kind, { document, ...unusable });
  const type = catalogue.documentType(paper.typeCode, today);
  const alternative = component.alternatives.find(({ documentType }) => documentType === paper.typeCode);
  if (!type || !alternative)
    return answer(component, 'not_acceptable', { document, reason: words.OTHER_TYPE });
  const acceptance = judgeAlternative(
    alternative,
    {
      type,
      provenance: paper.provenance,
      facts: { issuedOn: paper.issuedOn, fields: paper.metadata, events: [] },
    },
    today,
  );
  if (!acceptance.acceptable)
    return answer(component, 'not_acceptable', { document, reason: acceptance.reason });
  if (type.reuseBasis === 'OWNER_ONLY')
    return answer(component, 'not_acceptable', { document, reason: words.OWNER_ONLY });
  const match = [...hinted, ...compared(paper, facts)];
  if (differing(match).length > 0) {
    return answer(component, 'mismatch', {
      document,
      match,
      reason: words.differ(differing(match), type.fields),
      correction: correctionFor(facts, paper),
    });
  }
  return permitted(paper, facts, { match, byLaw: type.reuseBasis === 'LEGAL_DUTY' });
}

/** By decision or origin: what no consent can mend. */
function standing(
  paper: DocumentFacts,
): { kind: 'revoked' | 'not_acceptable'; reason: words.Words; successorId?: string | null } | undefined {
  const { successorId } = paper.status;
  switch (paper.status.status) {
    case 'revoked':
    case 'annulled':
      return { kind: 'revoked', successorId, reason: words.REVOKED };
    case 'superseded':
      return { kind: 'not_acceptable', successorId, reason: words.SUPERSEDED };
    case 'suspended':
      return { kind: 'not_acceptable', reason: words.SUSPENDED };
    case 'unverified':
    case 'rejected':
      return { kind: 'not_acceptable', reason: words.UNVERIFIED };
    case 'active':
      return undefined;
  }
}

/** Consent or a duty of law, then the preview where one is asked for. */
function permitted(
  document: DocumentFacts,
  facts: Case,
  more: { match: readonly FieldMatch[]; byLaw: boolean },
): Outcome {
  const { component, grant, now } = facts;
  const { match } = more;
  const lawful = facts.basis === 'legal-duty' && more.byLaw;
  if (!lawful) {
    if (facts.holderDeceased)
      return answer(component, 'not_acceptable', { document, match, reason: words.DECEASED });
    const about = grant?.documentId === document.id ? grant : undefined;
    const state = about && stateAt(about, now);
    if (state !== 'given') {
      const reason =
        state === 'refused' ? words.REFUSED : state === 'withdrawn' ? words.WITHDRAWN : words.CONSENT;
      return answer(component, 'consent_required', { document, match, reason });
    }
  }
  const seen = facts.previewed(document.id);
  if (seen === 'refuse')
    return answer(component, 'preview_required', { document, match, reason: words.REFUSED_AFTER_PREVIEW });
  if (facts.previewNeeded && seen === undefined)
    return answer(component, 'preview_required', { document, match, reason: words.PREVIEW });
  return answer(component, 'available', { document, match });
}

/** Only fields of the type; what the requester says of others is not compared. */
function compared(paper: DocumentFacts, facts: Case): FieldMatch[] {
  const type = facts.catalogue.documentType(paper.typeCode, facts.today);
  return Object.entries(facts.given).flatMap(([name, given]) => {
    const field = type?.fields.find((each) => each.name === name);
    const kept = paper.metadata[name];
    if (!field || kept === undefined || kept === null) return [];
    return [{ field: name, result: explainField(field, { kept, given }, facts) }];
  });
}

const correctionFor = (facts: Case, paper: DocumentFacts): Correction =>
  correctionOf(facts.catalogue, facts.today, {
    issuerId: paper.issuerId,
    group: facts.catalogue.documentType(paper.typeCode, facts.today)?.group ?? 'other',
  });

/** An outcome with nothing but what is said. */
export const answer = (
  component: Pick<Component, 'key'>,
  kind: OutcomeKind,
  more: Partial<Omit<Outcome, 'componentKey' | 'kind'>>,
): Outcome => ({
  document: null,
  reason: null,
  parameter: null,
  successorId: null,
  estimatedAt: null,
  match: [],
  correction: null,
  ...more,
  componentKey: component.key,
  kind,
});
