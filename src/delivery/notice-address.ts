/** What people type: an address with any spacing, a code; and who they are to the routes of notices. */
import { z } from 'zod';
import type { Actor, PersonActor } from '../identity/index.ts';
import { Failure } from '../platform/failure.ts';
import type { AddressChannel } from './contact-service.ts';

/** Six digits, as they are read out. */
export const code = z
  .string()
  .max(20)
  .transform((text) => text.replace(/\s/g, ''));

/** Any spacing, a country code or not; undefined where it is no address. */
export function readAddress(channel: AddressChannel, text: string): string | undefined {
  const tidy = text.trim();
  if (channel === 'email')
    return /^[^\s@<>"(),:;[\]\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(tidy) && tidy.length <= 254
      ? tidy
      : undefined;
  const digits = tidy.replace(/[\s.()-]/g, '').replace(/^\+?84(?=\d{9}$)/, '0');
  return /^0\d{9}$/.test(digits) ? digits : undefined;
}

/** The routes' `auth` lets nobody else come here. */
export function personOf(actor: Actor): PersonActor {
  if (actor.kind === 'person') return actor;
  throw new Failure('unauthenticated', { en: 'Sign in first.', vi: 'Hãy đăng nhập trước.' });
}
