/** Who may digitise, attest and look at what is under way. Pure; each answer says why not. */
import { type Actor, holds, type Role } from '../identity/index.ts';
import type { Scan } from './scan.ts';

/** Who scans and signs with a personal key. */
export const SCAN_ROLES: readonly Role[] = [
  'desk-officer',
  'post-office-clerk',
  'civil-status-officer',
  'certifier',
  'document-clerk',
  'school-clerk',
];
/** Who attests for the agency: the post office scans, but does not certify. */
export const ATTEST_ROLES: readonly Role[] = [
  'desk-officer',
  'civil-status-officer',
  'certifier',
  'document-clerk',
  'school-clerk',
  'head',
];

export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
const ALLOWED: Permission = { allowed: true };

export function canScan(actor: Actor, agencyId: string): Permission {
  if (actor.kind !== 'person') return { allowed: false, reason: 'not-a-person' };
  return holds(actor, SCAN_ROLES, agencyId) ? ALLOWED : { allowed: false, reason: 'role' };
}

/** Whoever scans for the agency sees what it has under way; the contents of sensitive papers too, since they scan them. */
export const canSee = (actor: Actor, scan: Pick<Scan, 'agencyId'>): Permission =>
  actor.kind === 'person' && holds(actor, [...SCAN_ROLES, 'head', 'manager'], scan.agencyId)
    ? ALLOWED
    : { allowed: false, reason: 'other-agency' };

/** The second pair of eyes is another person's. */
export function canAttest(
  actor: Actor,
  scan: Pick<Scan, 'agencyId' | 'sensitive' | 'attestations'>,
): Permission {
  if (actor.kind !== 'person') return { allowed: false, reason: 'not-a-person' };
  if (!holds(actor, ATTEST_ROLES, scan.agencyId)) return { allowed: false, reason: 'role' };
  if (scan.attestations.some(({ personId }) => personId === actor.personId)) {
    return { allowed: false, reason: 'second-person-needed' };
  }
  return ALLOWED;
}
