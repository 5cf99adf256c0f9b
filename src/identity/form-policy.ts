/** The content policy of a page whose form leads, over redirects, to another origin. */

/** Browsers hold the redirects after a form to `form-action`, so that origin has to stand there (CSP 3 §6.4.1). */
export const formPolicy = (origin: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `form-action 'self' ${origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
