/** A procedure's components held against a citizen's papers: what is there, what will not do, what to take along. Pure. */
import {
  type CalendarDate,
  type Catalogue,
  type Component,
  componentNeed,
  judgeAlternative,
  type Labels,
  type Procedure,
} from '../catalogue/index.ts';
import type { DocumentFacts } from '../documents/index.ts';

export type LineState = 'in-vault' | 'not-usable' | 'bring' | 'form' | 'show' | 'ask';

export interface ChecklistLine {
  readonly component: Component;
  readonly state: LineState;
  /** The paper that meets it, or the one that comes nearest. */
  readonly document: DocumentFacts | null;
  /** `not-usable`: why; `ask`: the condition. */
  readonly reason: Labels | null;
  /** False where the procedure takes it only from those who have it. */
  readonly required: boolean;
}

export interface ChecklistFacts {
  readonly procedure: Procedure;
  readonly catalogue: Catalogue;
  readonly today: CalendarDate;
  /** The citizen's own, newest first. */
  readonly papers: readonly DocumentFacts[];
  /** Condition key → holds; a key that is missing is not known. */
  readonly conditions: Readonly<Record<string, boolean>>;
}

/** Lines of the components that are needed or may be; in the order of the procedure. */
export function checklistOf(facts: ChecklistFacts): ChecklistLine[] {
  return facts.procedure.components.flatMap((component) => {
    const need = componentNeed(component, facts.conditions);
    if (need === 'not-needed') return [];
    const line = { component, document: null, reason: null, required: need === 'needed' };
    if (need === 'ask') return [{ ...line, state: 'ask', reason: component.condition?.words ?? null }];
    if (component.submission !== 'submit') return [{ ...line, state: component.submission }];
    return [{ ...line, ...fromVault(component, facts) }];
  });
}

type Found = Pick<ChecklistLine, 'state' | 'document' | 'reason'>;

function fromVault(component: Component, { catalogue, today, papers }: ChecklistFacts): Found {
  const bring: Found = { state: 'bring', document: null, reason: null };
  if (!component.reusable || component.holder !== 'applicant') return bring;
  const judged = papers.flatMap((document): Found[] => {
    const alternative = component.alternatives.find(({ documentType }) => documentType === document.typeCode);
    const type = catalogue.documentType(document.typeCode, today);
    if (!alternative || !type) return [];
    if (document.status.status !== 'active') return [{ state: 'not-usable', document, reason: NOT_STANDING }];
    const { acceptable, reason } = judgeAlternative(
      alternative,
      {
        type,
        provenance: document.provenance,
        facts: { issuedOn: document.issuedOn, fields: document.metadata, events: [] },
      },
      today,
    );
    return [
      acceptable ? { state: 'in-vault', document, reason: null } : { state: 'not-usable', document, reason },
    ];
  });
  return judged.find(({ state }) => state === 'in-vault') ?? judged[0] ?? bring;
}

const NOT_STANDING: Labels = {
  vi: 'Giấy này đang không có hiệu lực',
  en: 'This paper does not hold at present',
};
