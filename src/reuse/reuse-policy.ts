/** Who may ask the vault for a dossier, and read what it gave. Pure. */
import { type Actor, holds, type Role } from '../identity/index.ts';

/** Roles that serve a dossier at the counter. A post-office clerk is bound to dossiers as everybody here is. */
export const REUSE_ROLES: readonly Role[] = [
  'desk-officer',
  'post-office-clerk',
  'civil-status-officer',
  'certifier',
];

/** A system needs the scope of the step; a person works at the agency that has the dossier. */
export const mayReuse = (
  actor: Actor,
  agencyId: string,
  scope: 'reuse:request' | 'reuse:retrieve',
): boolean =>
  actor.kind === 'system'
    ? actor.agencyId === agencyId && actor.scopes.includes(scope)
    : holds(actor, REUSE_ROLES, agencyId);

/** Reasons for which paper may be asked for in spite of a usable answer (Luật GDĐT 2023 art. 41(3)). */
export const PAPER_REASONS = ['suspected-forgery', 'data-differ', 'illegible', 'special-law'] as const;
export type PaperReason = (typeof PAPER_REASONS)[number];
