/** The open panel of a line: what it shows follows from the outcome; showing a paper's fields is a look that is logged. */
import { calendarDateAt } from '../catalogue/index.ts';
import { stateAt } from '../consent/index.ts';
import { formatDate, type Language, paths, type State } from '../web/index.ts';
import { content } from './content.ts';
import type { DossierLine } from './desk-line.tsx';
import type { PanelContent } from './desk-panel.tsx';
import type { DeskWork, OpenDossier } from './desk-work.ts';
import type { Outcome } from './outcome.ts';
import type { Caller } from './reuse-gate.ts';

export interface PanelFacts {
  readonly open: OpenDossier;
  readonly line: DossierLine;
  readonly language: Language;
  readonly now: Date;
  /** A code was just asked for: the masked address, or null where none could be sent. */
  readonly sending?: { readonly to: string | null } | undefined;
}

export async function panelOf(
  work: DeskWork,
  caller: Caller,
  facts: PanelFacts,
): Promise<PanelContent | undefined> {
  const { open, line, language } = facts;
  const { answer } = open;
  const outcome = answer.outcomes.find(({ componentKey }) => componentKey === line.id);
  if (!outcome) return undefined;
  const t = content[language].explain;
  const common = { line, title: titleOf(outcome, facts) };
  if (line.outcome.kind === 'taken') return { ...common, kind: 'explain', paragraphs: [t.taken] };
  switch (outcome.kind) {
    case 'available':
      return { ...common, ...(await look(work, caller, facts)) };
    case 'consent_required':
      return { ...common, ...asking(outcome, facts) };
    case 'preview_required':
      return { ...common, kind: 'preview' };
    case 'need_more': {
      const ask = outcome.parameter?.startsWith('party-') ? 'party' : 'condition';
      return { ...common, kind: 'more', ask, question: outcome.reason?.[language] ?? '' };
    }
    case 'not_found':
      return {
        ...common,
        kind: 'explain',
        paragraphs: [t.notFound],
        next: {
          value: `${paths.digitise}?ho-so=${encodeURIComponent(answer.dossier.code)}&thanh-phan=${encodeURIComponent(line.id)}`,
          label: t.digitise,
        },
      };
    case 'revoked':
      return { ...common, kind: 'explain', paragraphs: [t.revoked] };
    case 'pending':
      return { ...common, kind: 'explain', paragraphs: [outcome.reason?.[language] ?? '', t.pending] };
    case 'mismatch':
    case 'not_acceptable':
      return {
        ...common,
        kind: 'explain',
        paragraphs: [outcome.reason?.[language] ?? '', outcome.correction?.words[language] ?? ''].filter(
          (paragraph) => paragraph !== '',
        ),
      };
  }
}

const titleOf = (outcome: Outcome, { open, language, now, line }: PanelFacts): string =>
  (outcome.document &&
    open.answer.catalogue.documentType(outcome.document.typeCode, calendarDateAt(now))?.names[language]) ??
  line.component;

type Body<Kind> = Omit<Extract<PanelContent, { kind: Kind }>, 'line' | 'title'>;

async function look(work: DeskWork, caller: Caller, facts: PanelFacts): Promise<Body<'look'>> {
  const { open, line, language, now } = facts;
  const { request, dossier } = open.answer;
  const seen = await work.parts.retrieval.minimum({
    ...caller,
    reuseRequestId: request.id,
    componentKey: line.id,
  });
  return {
    kind: 'look',
    view: request.view,
    state: 'valid' satisfies State,
    checkedAt: now,
    values: seen.fields.map(({ labels, value }) => ({ label: labels[language], value: String(value ?? '') })),
    takeable: true,
    fileHref: request.view === 'full' ? paths.deskFile(dossier.id, line.id) : undefined,
    mayAskFull: request.view === 'minimum',
  };
}

function asking(outcome: Outcome, facts: PanelFacts): Body<'ask'> | Body<'answer'> {
  const { open, line, language, now, sending } = facts;
  const grant = open.grants.find(({ componentKey }) => componentKey === line.id);
  if (sending || (grant && stateAt(grant, now) === 'asked')) {
    return {
      kind: 'answer',
      ...(sending?.to ? { method: 'one-time-code' as const, sentTo: sending.to } : {}),
      notSent: sending?.to === null,
    };
  }
  const { document } = outcome;
  const issuer = document?.issuerId
    ? (open.answer.catalogue.agencyVersions(document.issuerId).at(-1)?.names[language] ?? document.issuerId)
    : '';
  const issued = document?.issuedOn ? formatDate(new Date(`${document.issuedOn}T12:00:00+07:00`)) : undefined;
  return {
    kind: 'ask',
    issuer,
    numberAndDate: [document?.symbol, issued].filter((part) => part).join(', '),
    state: 'valid' satisfies State,
    checkedAt: now,
    channels: ['phone', 'code', 'message', 'form'],
    phone: '',
    channel: 'phone',
    readAloudHref: paths.deskRead(open.answer.dossier.id, line.id),
  };
}
