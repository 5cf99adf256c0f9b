/** Who acts: the one shape in which every edge, policy and event knows the caller. Carries ids, never names. */
import type { DocumentAccess } from './document-access.ts';

/** What a person may do for an agency, or a person's own standing. DOMAIN: `vai trò`. */
export const ROLES = [
  'desk-officer',
  'post-office-clerk',
  'civil-status-officer',
  'certifier',
  'document-clerk',
  'school-clerk',
  'head',
  'manager',
  'catalogue-editor',
  'auditor',
  'operator',
] as const;
export type Role = (typeof ROLES)[number];

/** What a machine client may do; given one by one. */
export const SCOPES = [
  'documents:deposit',
  'documents:status',
  'dossiers:write',
  'reuse:request',
  'reuse:retrieve',
  'catalogue:read',
  'log:read',
  'events:subscribe',
] as const;
export type Scope = (typeof SCOPES)[number];

export interface RoleAtAgency {
  readonly role: Role;
  readonly agencyId: string;
}

/** 1 limited, 2 full: the levels of the electronic identity account (NĐ 69/2024). */
export type Assurance = 1 | 2;

export interface PersonActor {
  readonly kind: 'person';
  readonly accountId: string;
  readonly personId: string;
  readonly assurance: Assurance;
  /** Active at the moment of the request; empty for a plain citizen. */
  readonly roles: readonly RoleAtAgency[];
  readonly sessionId: string;
}

/** What a person allowed a system by OAuth: these documents, for this dossier, until the token ends. */
export interface DelegatedAccess {
  readonly personId: string;
  /** The grant that the person can withdraw; hexadecimal. */
  readonly grantId: string;
  readonly details: readonly DocumentAccess[];
}

export interface SystemActor {
  readonly kind: 'system';
  readonly clientId: string;
  readonly agencyId: string;
  readonly scopes: readonly Scope[];
  /** Set when the token stands for a person's consent and not for the system alone. */
  readonly onBehalfOf?: DelegatedAccess;
}

export interface AnonymousActor {
  readonly kind: 'anonymous';
}

/** The vault itself: start-up jobs, expiry, sequencing. Never comes from a request. */
export interface VaultActor {
  readonly kind: 'vault';
}

export type Actor = PersonActor | SystemActor | AnonymousActor;
export type AnyActor = Actor | VaultActor;

/** True when the person holds one of the roles, at the agency when one is named. */
export const holds = (actor: AnyActor, roles: readonly Role[], agencyId?: string): boolean =>
  actor.kind === 'person' &&
  actor.roles.some(
    (held) => roles.includes(held.role) && (agencyId === undefined || held.agencyId === agencyId),
  );

/** The agencies for which the actor acts in one of the roles; for a system its own. */
export const agenciesOf = (actor: AnyActor, roles: readonly Role[] = ROLES): string[] =>
  actor.kind === 'person'
    ? [...new Set(actor.roles.filter((held) => roles.includes(held.role)).map((held) => held.agencyId))]
    : actor.kind === 'system'
      ? [actor.agencyId]
      : [];

/** The words an event keeps of an actor. */
export function actorKey(actor: AnyActor): { actorKind: string; actorId: string | null } {
  switch (actor.kind) {
    case 'person':
      return { actorKind: 'person', actorId: actor.personId };
    case 'system':
      return { actorKind: 'system', actorId: actor.clientId };
    default:
      return { actorKind: actor.kind, actorId: null };
  }
}
