/** Who records, lists and opens the dossiers of an agency. Pure. */
import { type Actor, holds, type Role } from '../identity/index.ts';
import { canDeposit, type Verdict } from './documents-policy.ts';

/** Roles that receive dossiers and move them on. */
export const DOSSIER_ROLES: readonly Role[] = ['desk-officer', 'post-office-clerk', 'civil-status-officer'];
/** Roles that see which dossiers there are, with their papers' standing, but not contents. */
export const DOSSIER_LIST_ROLES: readonly Role[] = [...DOSSIER_ROLES, 'manager'];
/** Roles that take a whole dossier out with its files. A post-office clerk handles what is at the counter only. */
export const DOSSIER_EXPORT_ROLES: readonly Role[] = ['desk-officer', 'civil-status-officer'];

const ALLOWED: Verdict = { allowed: true };
const denied = (reason: string): Verdict => ({ allowed: false, reason });

function forAgency(actor: Actor, agencyId: string, roles: readonly Role[]): Verdict {
  if (actor.kind !== 'system') return holds(actor, roles, agencyId) ? ALLOWED : denied('role');
  // What a person allowed a system opens that person's papers, never an agency's dossiers.
  if (actor.onBehalfOf !== undefined || !actor.scopes.includes('dossiers:write')) return denied('scope');
  return actor.agencyId === agencyId ? ALLOWED : denied('other-agency');
}

export const canRecordDossier = (actor: Actor, agencyId: string): Verdict =>
  forAgency(actor, agencyId, DOSSIER_ROLES);

export const canListDossiers = (actor: Actor, agencyId: string): Verdict =>
  forAgency(actor, agencyId, DOSSIER_LIST_ROLES);

export const canExportDossier = (actor: Actor, agencyId: string): Verdict =>
  forAgency(actor, agencyId, DOSSIER_EXPORT_ROLES);

/** Depositing a whole dossier is recording it and depositing each of its papers. */
export function canDepositDossier(actor: Actor, agencyId: string): Verdict {
  const recorded = canRecordDossier(actor, agencyId);
  return recorded.allowed ? canDeposit(actor, agencyId) : recorded;
}
