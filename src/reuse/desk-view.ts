/** The desk's answers in the words of the catalogue: lines, counts, the strip of the session, and who is served. */
import { type Catalogue, calendarDateAt } from '../catalogue/index.ts';
import { type Grant, stateAt } from '../consent/index.ts';
import { addresseeOf } from '../documents/index.ts';
import type { Person } from '../identity/index.ts';
import type { Language, CounterSession as Strip } from '../web/index.ts';
import type { CounterSession } from './counter-session.ts';
import type { DossierLine, LineOutcome } from './desk-line.tsx';
import { differing } from './field-match.ts';
import type { Outcome } from './outcome.ts';
import { OWN, REFUSED } from './outcome-words.ts';
import type { ReuseAnswer } from './reuse-service.ts';

/** The strip that stays on every page of the session. */
export function stripOf(session: CounterSession, person: Person): Strip {
  const addressee = addresseeOf(person, session.openedAt);
  return {
    honorific: addressee.honorific,
    name: addressee.name,
    birthDate: new Date(`${person.birthDate ?? '1900-01-01'}T12:00:00+07:00`),
    personalNumber: addressee.personalNumber,
    identityCheckedAt: session.identityCheckedAt,
    closesAt: session.closesAt,
  };
}

/** “bà Lan”: honorific and given name, which comes last. */
export function calledBy(person: Person, at: Date, language: Language): string {
  const given = person.fullName.trim().split(/\s+/).at(-1) ?? '';
  if (language === 'en')
    return person.gender === 'female' ? `Ms ${given}` : person.gender === 'male' ? `Mr ${given}` : given;
  return `${addresseeOf(person, at).honorific} ${given}`;
}

export interface LineFacts {
  readonly language: Language;
  readonly now: Date;
  /** Components that stand in the dossier, with the time they came in. */
  readonly taken: ReadonlyMap<string, Date>;
  readonly grants: readonly Grant[];
}

export function linesOf(answer: ReuseAnswer, facts: LineFacts): DossierLine[] {
  const { procedure, catalogue, outcomes, request } = answer;
  const today = calendarDateAt(facts.now);
  return outcomes.map((outcome, index): DossierLine => {
    const component = procedure.components.find(({ key }) => key === outcome.componentKey);
    const takenAt = facts.taken.get(outcome.componentKey);
    const shown = takenAt ? ({ kind: 'taken', at: takenAt } as const) : inWords(outcome, answer, facts);
    const detail = detailOf(outcome, catalogue, today, facts.language);
    return {
      id: outcome.componentKey,
      number: index + 1,
      component: component?.names[facts.language] ?? outcome.componentKey,
      ...(detail === undefined || request.ownerId === null ? {} : { detail }),
      outcome: shown,
    };
  });
}

/** Type and issuer, where the paper can be used or asked for. */
function detailOf(
  outcome: Outcome,
  catalogue: Catalogue,
  today: string,
  language: Language,
): string | undefined {
  const { document, kind } = outcome;
  if (!document || (kind !== 'available' && kind !== 'consent_required' && kind !== 'preview_required'))
    return undefined;
  const type = catalogue.documentType(document.typeCode, today)?.names[language] ?? document.typeCode;
  const issuer = document.issuerId
    ? (catalogue.agencyVersions(document.issuerId).at(-1)?.names[language] ?? document.issuerId)
    : undefined;
  return issuer ? `${type}, ${issuer}` : type;
}

function inWords(outcome: Outcome, answer: ReuseAnswer, facts: LineFacts): LineOutcome {
  const { language } = facts;
  const reason = outcome.reason?.[language] ?? '';
  const grant = facts.grants.find(({ componentKey }) => componentKey === outcome.componentKey);
  switch (outcome.kind) {
    case 'available':
      return {
        kind: 'available',
        view: answer.request.view,
        ...(grant?.answeredAt ? { consentAt: grant.answeredAt } : {}),
      };
    case 'consent_required':
      return {
        kind: 'consent_required',
        refused: outcome.reason === REFUSED,
        askedAt: grant && stateAt(grant, facts.now) === 'asked' ? grant.askedAt : undefined,
      };
    case 'preview_required':
      return { kind: 'preview_required' };
    case 'pending':
      return {
        kind: 'pending',
        system: reason,
        ...(outcome.estimatedAt ? { nextTryAt: outcome.estimatedAt } : {}),
      };
    case 'need_more':
      return { kind: 'need_more', question: reason };
    case 'mismatch':
      return {
        kind: 'mismatch',
        fields: fieldLabels(outcome, answer, language).map((label) => ({ label })),
        correctedAt: outcome.correction?.office[language] ?? '',
        ...(outcome.correction ? { mend: outcome.correction.words[language] } : {}),
      };
    case 'not_found':
      return { kind: 'not_found', searched: reason, statementAt: answer.request.askedAt };
    case 'not_acceptable':
      return { kind: 'not_acceptable', why: reason };
    case 'revoked':
      return { kind: 'revoked', replaced: outcome.successorId !== null };
  }
}

function fieldLabels(outcome: Outcome, { catalogue, request }: ReuseAnswer, language: Language): string[] {
  const type = outcome.document
    ? catalogue.documentType(outcome.document.typeCode, calendarDateAt(request.askedAt))
    : undefined;
  return differing(outcome.match).map(
    (name) =>
      OWN[name]?.[language] ?? type?.fields.find((field) => field.name === name)?.labels[language] ?? name,
  );
}
