/** Who may do what with a document. Pure functions; each says why not. */
import { type Actor, holds, type Role } from '../identity/actor.ts';
import type { DocumentFacts, OwnerRef } from './document.ts';

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

const ALLOWED: Verdict = { allowed: true };
const denied = (reason: string): Verdict => ({ allowed: false, reason });

/** Roles that put papers into the vault for their agency. */
export const DEPOSIT_ROLES: readonly Role[] = [
  'desk-officer',
  'post-office-clerk',
  'civil-status-officer',
  'certifier',
  'document-clerk',
  'school-clerk',
];
/** Roles that change a paper's standing by a decision of their agency. */
export const STATUS_ROLES: readonly Role[] = ['head', 'manager', 'civil-status-officer'];

export function canDeposit(actor: Actor, agencyId: string): Verdict {
  if (actor.kind === 'system') {
    if (!actor.scopes.includes('documents:deposit')) return denied('scope');
    return actor.agencyId === agencyId ? ALLOWED : denied('other-agency');
  }
  return holds(actor, DEPOSIT_ROLES, agencyId) ? ALLOWED : denied('role');
}

/** Owners read their own papers; representatives come in through `representedBy`, resolved beforehand. */
export function canReadAsOwner(
  actor: Actor,
  document: Pick<DocumentFacts, 'owners'>,
  represented: readonly OwnerRef[],
): Verdict {
  if (actor.kind !== 'person') return denied('not-a-person');
  const own = document.owners.some((owner) => owner.kind === 'person' && owner.id === actor.personId);
  const forOther = document.owners.some((owner) =>
    represented.some((ref) => ref.kind === owner.kind && ref.id === owner.id),
  );
  if (!own && !forOther) return denied('not-owner');
  return actor.assurance >= 2 ? ALLOWED : denied('assurance');
}

/** The agency that answers for the copy, or the issuer, decides on its standing. */
export function canChangeStatus(
  actor: Actor,
  document: Pick<DocumentFacts, 'depositorId' | 'issuerId'>,
): Verdict {
  const agencies = [document.depositorId, document.issuerId].filter((id) => id !== null);
  if (actor.kind === 'system') {
    if (!actor.scopes.includes('documents:status')) return denied('scope');
    return agencies.includes(actor.agencyId) ? ALLOWED : denied('other-agency');
  }
  return agencies.some((agency) => holds(actor, STATUS_ROLES, agency)) ? ALLOWED : denied('role');
}
