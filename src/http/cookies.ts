/** Reading and writing cookies: `__Host-` names over https, plain names only in the http development profile. */
import type { Request } from 'express';

/** The raw value of a cookie, or undefined. Of two with one name the first counts, as RFC 6265 §5.4 orders them. */
export function cookieOf(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** The name of a cookie that only this host may set, as far as the scheme of the vault allows. */
export const hostCookieName = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name);

/** A `Set-Cookie` value: HttpOnly, SameSite=Lax, Path=/. `maxAge` in seconds; 0 deletes. */
export function hostCookie(
  name: string,
  value: string,
  options: { secure: boolean; maxAge?: number },
): string {
  const parts = [`${hostCookieName(name, options.secure)}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (options.secure) parts.push('Secure');
  if (options.maxAge !== undefined) parts.push(`Max-Age=${options.maxAge}`);
  return parts.join('; ');
}
