/**
 * What a data subject may ask for (Luật 91/2025/QH15 Đ.4, NĐ 356/2025/NĐ-CP): view, correct, restrict, object, delete,
 * and complain. Each goes to a named agency with two clocks: acknowledged within two working days, done within fifteen
 * days. Pure.
 */
export const DATA_REQUEST_KINDS = [
  'view',
  'correct',
  'restrict',
  'object',
  'delete',
  'withdraw',
  'complain',
] as const;
export type DataRequestKind = (typeof DATA_REQUEST_KINDS)[number];
export const DATA_REQUEST_STATES = ['received', 'acknowledged', 'done', 'refused'] as const;
export type DataRequestState = (typeof DATA_REQUEST_STATES)[number];

export const ACKNOWLEDGE_WORKING_DAYS = 2;
export const FINISH_DAYS = 15;

export interface DataRequest {
  readonly id: string;
  /** Read out at a counter: the last part of the id. */
  readonly code: string;
  readonly personId: string;
  readonly onBehalfOf: string | null;
  readonly kind: DataRequestKind;
  /** The agency that answers. */
  readonly addresseeId: string;
  readonly aboutEventId: string | null;
  readonly aboutDocumentId: string | null;
  readonly aboutGrantId: string | null;
  readonly text: string;
  readonly state: DataRequestState;
  readonly receivedAt: Date;
  readonly acknowledgeBy: Date;
  readonly finishBy: Date;
  readonly acknowledgedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly answer: string | null;
}

/** Which clock runs, and whether it has run out. */
export function clockOf(
  request: Pick<DataRequest, 'state' | 'acknowledgeBy' | 'finishBy'>,
  now: Date,
): { readonly due: Date | null; readonly late: boolean } {
  if (request.state === 'done' || request.state === 'refused') return { due: null, late: false };
  const due = request.state === 'received' ? request.acknowledgeBy : request.finishBy;
  return { due, late: due < now };
}

/** What the addressee may do next. */
export const mayMove = (from: DataRequestState, to: DataRequestState): boolean =>
  (from === 'received' && to !== 'received') ||
  (from === 'acknowledged' && (to === 'done' || to === 'refused'));
