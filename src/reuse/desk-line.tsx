/** One line of the dossier at the desk: what the vault answers and the single next step. */
import * as web from '../web/index.ts';
import { content } from './content.ts';

/** Answer for one component; every one is a normal answer. Shapes follow the reuse API's outcomes. */
export type LineOutcome =
  | { readonly kind: 'available'; readonly consentAt?: Date; readonly view?: 'minimum' | 'full' }
  | { readonly kind: 'consent_required'; readonly refused?: boolean; readonly askedAt?: Date | undefined }
  | { readonly kind: 'preview_required' }
  | { readonly kind: 'pending'; readonly system: string; readonly nextTryAt?: Date }
  | { readonly kind: 'need_more'; readonly question: string }
  | {
      readonly kind: 'mismatch';
      /** Values only where the officer may know both. */
      readonly fields: readonly {
        readonly label: string;
        readonly given?: string;
        readonly kept?: string;
      }[];
      /** Where a wrong value of the vault is corrected: an office, or a whole sentence. */
      readonly correctedAt: string;
      readonly mend?: string;
    }
  | { readonly kind: 'not_found'; readonly searched: string; readonly statementAt: Date }
  | { readonly kind: 'not_acceptable'; readonly why: string }
  | { readonly kind: 'revoked'; readonly replaced: boolean }
  /** Already put into the dossier. */
  | { readonly kind: 'taken'; readonly at: Date };

export interface DossierLine {
  readonly id: string;
  /** Counted from 1. */
  readonly number: number;
  readonly component: string;
  /** The paper found, or where the vault looked. */
  readonly detail?: string;
  readonly outcome: LineOutcome;
}

interface LineProps {
  readonly language: web.Language;
  /** “bà Hạnh”. */
  readonly citizen: string;
  readonly line: DossierLine;
}

/** The answer in the vocabulary of states. */
export function LineAnswer({ language, citizen, line }: LineProps) {
  const t = content[language].words;
  const { outcome } = line;
  const { kind } = outcome;
  switch (kind) {
    case 'taken':
      return (
        <web.Status language={language} state="done" word={t.taken}>
          {web.formatTime(outcome.at)}
        </web.Status>
      );
    case 'consent_required':
      return outcome.refused ? (
        <web.Status language={language} state="refused">
          {t.notOpened}
        </web.Status>
      ) : (
        <web.Status language={language} state={kind} word={t.consent(citizen)}>
          {outcome.askedAt ? t.asked(web.formatTime(outcome.askedAt)) : t.notOpened}
        </web.Status>
      );
    case 'mismatch':
      return (
        <web.Status
          language={language}
          state={kind}
          word={t.mismatch(outcome.fields.map((field) => field.label.toLocaleLowerCase('vi')).join(', '))}
        >
          {outcome.fields
            .flatMap(({ given, kept }) =>
              given === undefined || kept === undefined ? [] : [t.both(given, kept)],
            )
            .join(' ')}{' '}
          {outcome.mend ?? t.mend(outcome.correctedAt)}
        </web.Status>
      );
    default:
      return (
        <web.Status language={language} state={kind}>
          {note(outcome, language)}
        </web.Status>
      );
  }
}

function note(outcome: LineOutcome, language: web.Language): string | undefined {
  const t = content[language];
  switch (outcome.kind) {
    case 'available':
      return outcome.consentAt ? web.formatTime(outcome.consentAt) : undefined;
    case 'pending':
      return outcome.nextTryAt
        ? `${outcome.system}. ${t.words.nextTry(web.formatTime(outcome.nextTryAt))}`
        : outcome.system;
    case 'need_more':
      return outcome.question;
    case 'not_found':
      return `${outcome.searched}. ${t.words.slip(web.formatTime(outcome.statementAt))}`;
    case 'not_acceptable':
      return outcome.why;
    case 'revoked':
      return outcome.replaced ? t.words.successor : undefined;
    case 'consent_required':
    case 'preview_required':
    case 'mismatch':
    case 'taken':
      return undefined;
  }
}

/** Exactly one next step; only the open row holds a button. */
export function LineNext({
  language,
  line,
  href,
  open,
}: Omit<LineProps, 'citizen'> & { href: string; open: boolean }) {
  const t = content[language].next;
  const about = `${content[language].columns.line} ${line.number}`;
  if (line.outcome.kind === 'pending') {
    return (
      <>
        <span>{t.pending}</span>
        <span class="hint">{t.pendingNote}</span>
      </>
    );
  }
  const label = t[line.outcome.kind];
  return open ? (
    <web.ButtonLink href={`${href}#pane`} about={about}>
      {label}
    </web.ButtonLink>
  ) : (
    <a href={href}>
      {label}
      <span class="hidden">, {about}</span>
    </a>
  );
}
