/** Who may do what with a document. Pure functions; each says why not. */
import { type Actor, allowsDocument, holds, type Role, type Standing } from '../identity/index.ts';
import type { DocumentFacts } from './document.ts';

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

export type Reading =
  | { readonly allowed: true; readonly as: Standing['as'] | 'delegated'; readonly grantId: string | null }
  | { readonly allowed: false; readonly reason: 'not-owner' | 'assurance' };

export interface ReadingWish {
  readonly action: 'view' | 'download';
  /** A system that a person allowed by OAuth names the dossier it reads for. */
  readonly dossier: string | null;
}

/**
 * Owners and those who represent them read; a system reads in a person's name what that person ticked for it, for
 * that dossier, and no more than the person may.
 * @param standing of the person who reads, or in whose name a system does
 */
export function mayRead(
  actor: Actor,
  document: Pick<DocumentFacts, 'typeCode'>,
  standing: Standing | undefined,
  wish: ReadingWish,
): Reading {
  if (!standing) return { allowed: false, reason: 'not-owner' };
  if (actor.kind === 'system') {
    const { onBehalfOf } = actor;
    const allowed =
      onBehalfOf !== undefined &&
      wish.dossier !== null &&
      allowsDocument(onBehalfOf.details, {
        dossier: wish.dossier,
        datatype: document.typeCode,
        action: wish.action,
      });
    return allowed
      ? { allowed: true, as: 'delegated', grantId: onBehalfOf.grantId }
      : { allowed: false, reason: 'not-owner' };
  }
  if (actor.kind !== 'person') return { allowed: false, reason: 'not-owner' };
  if (wish.action === 'download' && actor.assurance < 2) return { allowed: false, reason: 'assurance' };
  return { allowed: true, as: standing.as, grantId: null };
}

/** The person whose standing counts: the caller, or the one who allowed a system. */
export const readerOf = (actor: Actor): string | undefined =>
  actor.kind === 'person' ? actor.personId : actor.kind === 'system' ? actor.onBehalfOf?.personId : undefined;

/** Only the agency that answers for the copy corrects it. */
export function canAddVersion(
  actor: Actor,
  document: Pick<DocumentFacts, 'depositorId' | 'erasedAt'>,
): Verdict {
  if (document.depositorId === null) return denied('self-upload');
  if (document.erasedAt !== null) return denied('erased');
  return canDeposit(actor, document.depositorId);
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
