/**
 * A batch: one clerk's table on its way to signed papers. Pure: states, who may move it, and where its clock stands.
 */
import { addDays, type CalendarDate, type Labels, type Metadata } from '../catalogue/index.ts';

/** `prepared → running → finished`, with `paused` beside `running`; `cancelled` from any but `finished`. */
export const batchStates = ['prepared', 'running', 'paused', 'finished', 'cancelled'] as const;
export type BatchState = (typeof batchStates)[number];

/**
 * `waiting`: no number yet; `reserved`: number, document id and code are given, the paper is being made; `issued`: in the
 * vault; `failed`: refused before it got a number, with the reason; `void`: the batch was cancelled.
 */
export type ItemState = 'waiting' | 'reserved' | 'issued' | 'failed' | 'void';

export interface IssueBatch {
  readonly id: string;
  readonly agencyId: string;
  readonly documentType: string;
  readonly template: { readonly code: string; readonly version: number };
  readonly bookId: string;
  readonly state: BatchState;
  readonly issuedOn: CalendarDate;
  readonly place: string;
  readonly signer: { readonly title: string; readonly name: string };
  /** Day of the recognition decision, where there is one. */
  readonly decisionDate: CalendarDate | null;
  readonly decisionNumber: string | null;
  readonly total: number;
  /** Account that prepared it; another one approves. */
  readonly preparedBy: string;
  readonly approvedBy: string | null;
  /** Accounts that mended rows of it. */
  readonly mendedBy: readonly string[];
  /** Why it stands still, in words for the clerk; null while nothing is wrong. */
  readonly problem: string | null;
}

/** A row of the clerk's table that was not taken. */
export interface FaultyRow {
  readonly row: number;
  /** As they came, in the order of the headings. */
  readonly cells: readonly string[];
  readonly faults: readonly { readonly column: string; readonly message: Labels }[];
}

export interface IssueItem {
  readonly row: number;
  readonly state: ItemState;
  readonly fields: Metadata;
  readonly ownerId: string | null;
  readonly documentId: string | null;
  readonly entryId: string | null;
  readonly verificationCode: string | null;
  readonly problem: string | null;
}

const moves: Readonly<Record<BatchState, readonly BatchState[]>> = {
  prepared: ['running', 'cancelled'],
  running: ['paused', 'finished', 'cancelled'],
  paused: ['running', 'cancelled'],
  finished: [],
  cancelled: [],
};

export const mayMove = (from: BatchState, to: BatchState): boolean => moves[from].includes(to);

/** The second pair of eyes: whoever prepared a batch does not approve it. */
export function mayApprove(
  batch: IssueBatch,
  account: string,
): { readonly allowed: boolean; readonly reason: Labels } {
  if (batch.preparedBy === account || batch.mendedBy.includes(account)) {
    return {
      allowed: false,
      reason: {
        vi: 'Người lập lô không tự duyệt; cần người thứ hai.',
        en: 'Whoever prepared the batch does not approve it.',
      },
    };
  }
  return { allowed: true, reason: { vi: 'Được duyệt', en: 'May approve' } };
}

/** The last day for digital diplomas: five days from the recognition decision (TT 10/2026/TT-BGDĐT). */
export const dueOn = ({ decisionDate }: Pick<IssueBatch, 'decisionDate'>): CalendarDate | null =>
  decisionDate === null ? null : addDays(decisionDate, 5);
