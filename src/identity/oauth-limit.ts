/**
 * How often one address may knock at the authorisation server, counted over all instances. Checking an assertion costs a
 * signature check and rows; who guesses keys or codes is slowed down before that. GET of metadata and keys is not counted.
 */
import type { Handler } from 'express';
import type { RateLimiter } from '../http/rate-limit.ts';

/** Requests a minute and address; a province's systems may share one. */
export const OAUTH_PER_MINUTE = 240;

export function limited(handle: Handler, limiter: RateLimiter, perMinute = OAUTH_PER_MINUTE): Handler {
  return async (request, response, next) => {
    if (request.method === 'POST') {
      const { allowed, retryAfter } = await limiter.take(`oauth:${request.ip ?? 'unknown'}`, perMinute);
      if (!allowed) {
        response.status(429).set({ 'Retry-After': String(retryAfter), 'Cache-Control': 'no-store' });
        // The client reads errors of RFC 6749 §5.2; the server's own words say how to mend it.
        response.json({
          error: 'temporarily_unavailable',
          error_description: `too many requests; keep tokens until they expire, and try again in ${retryAfter} s`,
        });
        return;
      }
    }
    await handle(request, response, next);
  };
}
