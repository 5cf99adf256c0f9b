/**
 * Who may give which role to whom, register systems and speak for organisations. Pure: no I/O, no clock. A denial says
 * why in a word; the service writes it down before it answers.
 */
import { type AnyActor, agenciesOf, holds, type Role, type RoleAtAgency } from './actor.ts';
import type { RepresentationKind } from './representation.ts';

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: DenialReason };

export type DenialReason =
  | 'not-administrator'
  | 'own-role'
  | 'role-of-operators'
  | 'conflict-of-interest'
  | 'not-at-agency'
  | 'role-not-for-emergencies'
  | 'not-representative'
  | 'kind-not-yours';

const ALLOWED: Decision = { allowed: true };
const deny = (reason: DenialReason): Decision => ({ allowed: false, reason });

/** Roles an operator gives, at any agency: the agency's administrator, and what serves the vault as a whole. */
const GIVEN_BY_OPERATORS: readonly Role[] = ['manager', 'operator', 'catalogue-editor'];

/** Roles that can be taken in an emergency: reception and registers, not signing, managing or overseeing. */
export const EMERGENCY_ROLES: readonly Role[] = [
  'desk-officer',
  'civil-status-officer',
  'document-clerk',
  'school-clerk',
];

export interface RoleReceiver {
  readonly accountId: string;
  /** What the receiver holds at the agency now. */
  readonly roles: readonly RoleAtAgency[];
}

/** Managers give roles at their own agency, operators make managers. Nobody gives a role to themselves. */
export function canGrantRole(
  actor: AnyActor,
  grant: { readonly role: Role; readonly agencyId: string },
  receiver: RoleReceiver,
): Decision {
  if (actor.kind !== 'person') return deny('not-administrator');
  if (actor.accountId === receiver.accountId) return deny('own-role');
  const operator = holds(actor, ['operator']);
  const manager = holds(actor, ['manager'], grant.agencyId);
  if (!operator && !manager) return deny('not-administrator');
  if (!manager && !GIVEN_BY_OPERATORS.includes(grant.role)) return deny('not-administrator');
  if (!operator && grant.role === 'operator') return deny('role-of-operators');
  return meetsSeparation(grant, receiver.roles);
}

/** Whoever oversees an agency does nothing else there. */
function meetsSeparation(
  grant: { readonly role: Role; readonly agencyId: string },
  held: readonly RoleAtAgency[],
): Decision {
  const there = held.filter(({ agencyId }) => agencyId === grant.agencyId);
  const auditor = there.some(({ role }) => role === 'auditor');
  const clash = grant.role === 'auditor' ? there.some(({ role }) => role !== 'auditor') : auditor;
  return clash ? deny('conflict-of-interest') : ALLOWED;
}

/** Ending is open to those who may give the role, and to the holder. */
export function canEndRole(
  actor: AnyActor,
  assignment: { readonly role: Role; readonly agencyId: string; readonly accountId: string },
): Decision {
  if (actor.kind !== 'person') return deny('not-administrator');
  if (actor.accountId === assignment.accountId) return ALLOWED;
  if (holds(actor, ['manager'], assignment.agencyId) && assignment.role !== 'operator') return ALLOWED;
  return holds(actor, ['operator']) && GIVEN_BY_OPERATORS.includes(assignment.role)
    ? ALLOWED
    : deny('not-administrator');
}

/** Break-glass: somebody who already works at the agency takes a further role for a short time. */
export function canBreakGlass(
  actor: AnyActor,
  wish: { readonly role: Role; readonly agencyId: string },
): Decision {
  if (!EMERGENCY_ROLES.includes(wish.role)) return deny('role-not-for-emergencies');
  if (!agenciesOf(actor).includes(wish.agencyId) || actor.kind !== 'person') return deny('not-at-agency');
  return meetsSeparation(wish, actor.roles);
}

/** Who sees who holds what at an agency. */
export const canReadRoles = (actor: AnyActor, agencyId: string): Decision =>
  holds(actor, ['manager', 'auditor'], agencyId) || holds(actor, ['operator'])
    ? ALLOWED
    : deny('not-administrator');

/** Systems of an agency are registered by its manager or by an operator. */
export const canManageClients = (actor: AnyActor, agencyId: string): Decision =>
  holds(actor, ['manager'], agencyId) || holds(actor, ['operator']) ? ALLOWED : deny('not-administrator');

/** Which officers record which kind of representation, with the paper it rests on. */
export function canRecordRepresentation(actor: AnyActor, kind: RepresentationKind): Decision {
  switch (kind) {
    case 'legal':
      return holds(actor, ['desk-officer', 'manager']) ? ALLOWED : deny('kind-not-yours');
    case 'guardian':
    case 'parent':
    case 'heir':
      return holds(actor, ['civil-status-officer']) ? ALLOWED : deny('kind-not-yours');
    case 'delegate':
      // A delegate is appointed by the legal representative alone.
      return deny('kind-not-yours');
  }
}
