/** Which language an answer speaks: `?lang`, then the cookie, then Accept-Language; Vietnamese where nobody says. */
import type { Request } from 'express';
import { cookieOf } from './cookies.ts';

export type Language = 'vi' | 'en';

export function languageOf(request: Request): Language {
  const asked = request.query.lang;
  if (asked === 'vi' || asked === 'en') return asked;
  const kept = cookieOf(request, 'lang');
  if (kept === 'vi' || kept === 'en') return kept;
  return request.acceptsLanguages('vi', 'en') === 'en' ? 'en' : 'vi';
}
