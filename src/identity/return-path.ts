/** Where to go after signing in: a path of the vault itself, never another site. The input is hostile. */

/** The path with its query, or `/` for anything that could lead elsewhere. */
export function safeReturnPath(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > 1_000) return '/';
  // Browsers read `//host` and `/\host` as another site, and drop tabs and newlines while doing so.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(asked) || asked.includes('\\')) return '/';
  const url = URL.parse(asked, 'http://vault.invalid');
  if (url?.host !== 'vault.invalid' || url.username !== '') return '/';
  // Going back to the sign-in would be a circle.
  if (url.pathname.startsWith('/dang-nhap')) return '/';
  return `${url.pathname}${url.search}`;
}
