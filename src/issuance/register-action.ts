/**
 * What is decided about papers after they were issued, one or a cohort: the kinds, what each needs, and what it would
 * do to an entry as it stands. Pure. Every action has a decision, and two people.
 */
import type { CalendarDate, Labels, Metadata } from '../catalogue/index.ts';
import type { AnnotationContent, EntryStanding } from './register.ts';
import { type Decision, mayAnnotate } from './register-policy.ts';

/**
 * `correct`: the reading of fields changes, and the paper gets a new version. `reissue`: new papers with new numbers
 * take the place of the old ones. `suspend` and `resume` leave the register's entry in force.
 */
export const actionKinds = ['correct', 'suspend', 'resume', 'revoke', 'annul', 'reissue'] as const;
export type ActionKind = (typeof actionKinds)[number];

export type ActionState = 'prepared' | 'approved' | 'done' | 'cancelled';

export interface RegisterAction {
  readonly id: string;
  readonly agencyId: string;
  readonly kind: ActionKind;
  readonly decisionNumber: string;
  readonly decisionDate: CalendarDate;
  readonly authority: string;
  readonly reason: string;
  /** For `correct` and `reissue`: the fields as they are to be read. */
  readonly changes: Metadata;
  readonly state: ActionState;
  readonly preparedBy: string;
  readonly approvedBy: string | null;
  /** For `reissue`: the batch that issues the new papers. */
  readonly batchId: string | null;
}

/** The annotation an action writes. @param newEntryId for a re-issue */
export function annotationOf(action: RegisterAction, newEntryId: string | null = null): AnnotationContent {
  const kinds = {
    correct: 'correction',
    suspend: 'note',
    resume: 'note',
    revoke: 'revocation',
    annul: 'annulment',
    reissue: 'reissue',
  } as const;
  const { decisionNumber, decisionDate, authority, reason } = action;
  return {
    kind: kinds[action.kind],
    decisionNumber,
    decisionDate,
    authority,
    reason:
      action.kind === 'suspend'
        ? `Tạm khóa: ${reason}`
        : action.kind === 'resume'
          ? `Mở lại: ${reason}`
          : reason,
    changes: action.kind === 'correct' ? action.changes : {},
    newEntryId,
  };
}

/** Would the action do something to an entry that stands so? A revoked paper may be issued again; nothing else revives it. */
export function mayAct(standing: EntryStanding, action: RegisterAction): Decision {
  if (action.kind === 'reissue') {
    const open =
      standing.state === 'in-force' || standing.state === 'revoked' || standing.state === 'annulled';
    return open
      ? allowed
      : refused('Mục này đã cấp lại hoặc bỏ trống.', 'The entry was issued again or voided.');
  }
  if (action.kind === 'suspend' || action.kind === 'resume') {
    return standing.state === 'in-force'
      ? allowed
      : refused('Bản chính không còn hiệu lực.', 'The original no longer stands.');
  }
  return mayAnnotate(standing, annotationOf(action));
}

const allowed: Decision = { allowed: true, reason: { vi: 'Được làm', en: 'May be done' } };
const refused = (vi: string, en: string): Decision => ({
  allowed: false,
  reason: { vi, en } satisfies Labels,
});
