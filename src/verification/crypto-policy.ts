/**
 * Which digests and key sizes are believed, and until when. A signature proven to be older than the day its
 * algorithm was given up keeps its worth; one that is not becomes undecidable, never "tampered".
 */
import type { Certificate, DigestName } from '../asn1/index.ts';

/** Last instants of trust (NIST SP 800-131A r2: SHA-1 and RSA below 2048 bits after 2013; MD5 broken in 2004). */
const DIGEST_UNTIL: Readonly<Partial<Record<DigestName, Date>>> = {
  md5: new Date('2005-01-01T00:00:00Z'),
  sha1: new Date('2014-01-01T00:00:00Z'),
  ripemd160: new Date('2014-01-01T00:00:00Z'),
};
const SMALL_RSA_UNTIL = new Date('2014-01-01T00:00:00Z');

/** Whether a digest is too weak for something first proven to exist at `time`. */
export function isWeakDigest(digest: DigestName | undefined, time: Date): boolean {
  const until = digest === undefined ? undefined : DIGEST_UNTIL[digest];
  return until !== undefined && time >= until;
}

/** Whether a key is too small: RSA and DSA below 2048 bits, curves below 224. */
export function isWeakKey(certificate: Certificate, time: Date): boolean {
  const key = certificate.publicKey;
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined) {
    return bits < 2048 && (bits < 1024 || time >= SMALL_RSA_UNTIL);
  }
  const curve = key?.asymmetricKeyDetails?.namedCurve;
  return curve !== undefined && /^(prime192|secp1|secp192|sect1|brainpoolP1[69])/.test(curve);
}
