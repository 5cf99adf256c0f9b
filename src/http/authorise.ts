/** The coarse gate of every route: may this kind of caller call it at all? Pure; finer rules are the services'. */
import type { Actor } from '../identity/actor.ts';
import type { Auth } from './route.ts';

export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly because: 'sign-in' | 'assurance' | 'role' | 'scope' };

const ADMITTED: Admission = { admitted: true };
const refused = (because: 'sign-in' | 'assurance' | 'role' | 'scope'): Admission => ({
  admitted: false,
  because,
});

export function admit(auth: Auth, actor: Actor): Admission {
  if (auth.kind === 'public') return ADMITTED;
  if (actor.kind === 'anonymous') return refused('sign-in');
  if (actor.kind === 'system') {
    const scopes = auth.kind === 'citizen' ? [] : (auth.scopes ?? []);
    return scopes.some((scope) => actor.scopes.includes(scope)) ? ADMITTED : refused('scope');
  }
  if (auth.kind !== 'office') {
    const enough = actor.assurance >= (auth.assurance ?? 1);
    if (enough) return ADMITTED;
    if (auth.kind === 'citizen') return refused('assurance');
  }
  const roles = auth.roles ?? [];
  return actor.roles.some((held) => roles.includes(held.role)) ? ADMITTED : refused('role');
}
