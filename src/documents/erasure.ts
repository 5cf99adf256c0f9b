/** Orders of erasure: who may give and carry out one, and on what ground. Pure. */
import type { CalendarDate } from '../catalogue/index.ts';
import { type Actor, holds, type PersonActor } from '../identity/index.ts';
import type { DocumentFacts } from './document.ts';

/** Why a document is erased: a closed list, so that an order never repeats what it erases. */
export const ERASURE_BASES = [
  /** The data subject asks and the law lets them (Law 91/2025/QH15 art. 14). */
  'owner-request',
  'consent-withdrawn',
  /** Another person's paper, or a scan that should never have been kept. */
  'deposited-by-mistake',
  'unlawful-processing',
  'retention-ended',
  'court-decision',
] as const;
export type ErasureBasis = (typeof ERASURE_BASES)[number];

export interface ErasureOrder {
  readonly id: string;
  readonly documentId: string;
  /** The agency that keeps the document; its people order and carry out. */
  readonly agencyId: string;
  readonly basis: ErasureBasis;
  readonly decisionNumber: string;
  readonly decisionDate: CalendarDate;
  readonly orderedBy: string;
  readonly orderedAt: Date;
  /** `ordered → done | refused`. */
  readonly state: 'ordered' | 'done' | 'refused';
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

export type ErasureVerdict =
  | { readonly allowed: true; readonly actor: PersonActor }
  | { readonly allowed: false; readonly reason: 'role' | 'same-person' };

/** The data-protection officer of the agency that keeps the document orders. */
export function canOrderErasure(actor: Actor, document: Pick<DocumentFacts, 'depositorId'>): ErasureVerdict {
  if (actor.kind !== 'person' || document.depositorId === null) return { allowed: false, reason: 'role' };
  return holds(actor, ['auditor'], document.depositorId)
    ? { allowed: true, actor }
    : { allowed: false, reason: 'role' };
}

/** The head or manager of that agency carries it out or refuses, and is never the one who ordered it. */
export function canDecideErasure(
  actor: Actor,
  order: Pick<ErasureOrder, 'agencyId' | 'orderedBy'>,
): ErasureVerdict {
  if (actor.kind !== 'person' || !holds(actor, ['head', 'manager'], order.agencyId))
    return { allowed: false, reason: 'role' };
  return actor.personId === order.orderedBy
    ? { allowed: false, reason: 'same-person' }
    : { allowed: true, actor };
}

/** Whoever oversees or leads the agency sees its orders. */
export const canSeeErasures = (actor: Actor, agencyId: string): boolean =>
  holds(actor, ['auditor', 'head', 'manager'], agencyId);
