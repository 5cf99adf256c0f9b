/**
 * Sessions of people: how long they live and what stands for them. The token is 256 random bits, known to the browser
 * alone; the database keeps its SHA-256. The form token is derived from the session token, so that a form can be
 * checked without a further secret and reveals nothing of the session.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface SessionLimits {
  /** Milliseconds without a request after which a session is over. */
  readonly idle: number;
  /** Milliseconds after sign-in at which it is over in any case. */
  readonly absolute: number;
}

/** Half an hour at rest, a working day at most. */
export const SESSION_LIMITS: SessionLimits = { idle: 30 * 60_000, absolute: 12 * 3_600_000 };

/** Requests within this many milliseconds of the last noted one are not written down again. */
export const NOTICE_EVERY = 60_000;

/** The cookie; `__Host-` is put before it over https (RFC 6265bis §4.1.3.2). */
export const SESSION_COOKIE = 'session';

export const newToken = (): string => randomBytes(32).toString('base64url');

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** What the database keeps of a token; undefined for what cannot be one. */
export const tokenDigest = (token: string | undefined): Buffer | undefined =>
  token !== undefined && TOKEN.test(token) ? hash('sha256', token, 'buffer') : undefined;

/** The token that forms of the session carry as `_csrf`. */
export const formTokenOf = (sessionToken: string): string =>
  hash('sha256', `mot-lan/form/1\n${sessionToken}`, 'base64url');

/** Compares without telling by time how much of a guess was right. */
export function sameToken(expected: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether a session is over at `now`. */
export const isOver = (
  session: { readonly lastSeenAt: Date; readonly expiresAt: Date },
  now: Date,
  limits: SessionLimits,
): boolean =>
  now.getTime() >= session.expiresAt.getTime() || now.getTime() - session.lastSeenAt.getTime() >= limits.idle;
