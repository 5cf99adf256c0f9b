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

export interface Words {
  readonly vi: string;
  readonly en: string;
}

export interface Outcome {
  readonly componentKey: string;
  readonly kind: OutcomeKind;
  /** Where one paper answers the component. */
  readonly document: DocumentFacts | null;
  readonly reason: Words | null;
  /** `need_more`: the condition that must be known. */
  readonly parameter: string | null;
  /** `revoked`: the paper that took its place. */
  readonly successorId: string | null;
}

export interface Case {
  readonly catalogue: Catalogue;
  readonly today: CalendarDate;
  readonly now: Date;
  readonly component: Component;
  readonly conditions: Readonly<Record<string, boolean>>;
  /** The owner's papers of the types that would do, newest first. */
  readonly papers: readonly DocumentFacts[];
  readonly basis: 'consent' | 'legal-duty';
  /** The newest consent for this component in this request. */
  readonly grant: Grant | undefined;
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
  const judged = facts.papers.map((paper) => judge(paper, facts));
  const best =
    judged.find(({ kind }) => kind === 'available' || kind === 'consent_required') ??
    judged.find(({ kind }) => kind === 'not_acceptable') ??
    judged[0];
  return best ?? answer(component, 'not_found', { reason: NOT_FOUND });
}

function judge(paper: DocumentFacts, facts: Case): Outcome {
  const { component, catalogue, today } = facts;
  const document = paper;
  switch (paper.status.status) {
    case 'revoked':
    case 'annulled':
      return answer(component, 'revoked', {
        document,
        successorId: paper.status.successorId,
        reason: REVOKED,
      });
    case 'superseded':
      return answer(component, 'not_acceptable', {
        document,
        successorId: paper.status.successorId,
        reason: SUPERSEDED,
      });
    case 'suspended':
      return answer(component, 'not_acceptable', { document, reason: SUSPENDED });
    case 'unverified':
    case 'rejected':
      return answer(component, 'not_acceptable', { document, reason: UNVERIFIED });
    case 'active':
      break;
  }
  const type = catalogue.documentType(paper.typeCode, today);
  const alternative = component.alternatives.find(({ documentType }) => documentType === paper.typeCode);
  if (!type || !alternative) return answer(component, 'not_acceptable', { document, reason: OTHER_TYPE });
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
    return answer(component, 'not_acceptable', { document, reason: OWNER_ONLY });
  if (facts.basis === 'legal-duty' && type.reuseBasis === 'LEGAL_DUTY')
    return answer(component, 'available', { document });
  const { grant } = facts;
  const given = grant?.documentId === paper.id && stateAt(grant, facts.now) === 'given';
  if (given) return answer(component, 'available', { document });
  const refused = grant?.documentId === paper.id && grant.state === 'refused';
  return answer(component, 'consent_required', { document, reason: refused ? REFUSED : CONSENT });
}

const answer = (
  component: Component,
  kind: OutcomeKind,
  more: Partial<Omit<Outcome, 'componentKey' | 'kind'>>,
): Outcome => ({
  componentKey: component.key,
  kind,
  document: null,
  reason: null,
  parameter: null,
  successorId: null,
  ...more,
});

const NOT_FOUND: Words = {
  vi: 'Chưa có trong kho. Người này được nộp bản giấy; cán bộ số hóa để lần sau không phải nộp lại.',
  en: 'Not in the vault yet. The person may hand in paper; the desk digitises it, so that it is not asked for again.',
};
const REVOKED: Words = { vi: 'Giấy đã bị thu hồi hoặc hủy bỏ', en: 'The paper was revoked or annulled' };
const SUPERSEDED: Words = { vi: 'Giấy đã có bản thay thế', en: 'The paper was superseded' };
const SUSPENDED: Words = { vi: 'Giấy đang tạm khóa', en: 'The paper is suspended' };
const UNVERIFIED: Words = {
  vi: 'Giấy tự tải lên, chưa đối chiếu bản chính',
  en: 'Uploaded by the owner and not compared with the original',
};
const OTHER_TYPE: Words = {
  vi: 'Loại giấy không dùng cho thành phần này',
  en: 'This type does not meet the component',
};
const OWNER_ONLY: Words = {
  vi: 'Chỉ chủ giấy tờ được mở loại giấy này',
  en: 'Only the owner opens this type of paper',
};
const CONSENT: Words = { vi: 'Cần chủ giấy tờ đồng ý', en: 'The owner must agree first' };
const REFUSED: Words = { vi: 'Chủ giấy tờ đã từ chối', en: 'The owner refused' };
