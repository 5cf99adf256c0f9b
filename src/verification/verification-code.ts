/** The code printed on a paper: 80 random bits in Crockford's alphabet, in four groups that can be read aloud. */

/**
 * The canonical form `4KQT-7M2A-9XWD-R3VN` of what a person typed, or undefined. Spaces, dashes and lower case are
 * forgiven; O is read as 0, I and L as 1, as the alphabet intends.
 *
 * @param typed untrusted
 */
export function readVerificationCode(typed: string): string | undefined {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-–—.]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{16}$/.test(letters)) return undefined;
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}
