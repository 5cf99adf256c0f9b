// The public-key half of checking a signature: from SubjectPublicKeyInfo and scheme to valid, invalid or unsupported.
import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { SignatureScheme } from './algorithms.ts';
import { expectTag, readDer } from './der-reader.ts';
import { tag } from './tags.ts';

/** Makes a KeyObject of a SubjectPublicKeyInfo; undefined when OpenSSL knows no such key. */
export function publicKeyOf(spki: Uint8Array): KeyObject | undefined {
  try {
    expectTag(readDer(spki), tag.sequence);
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

export type SignatureCheck = 'valid' | 'invalid' | 'unsupported';

/** Checks a signature over `data`. Never throws: what OpenSSL refuses to try is `unsupported`. */
export function checkSignature(input: {
  readonly key: KeyObject | undefined;
  readonly scheme: SignatureScheme | undefined;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}): SignatureCheck {
  const { key, scheme, data, signature } = input;
  if (key === undefined || scheme === undefined || !fits(key, scheme)) return 'unsupported';
  try {
    const digest = scheme.digest ?? null;
    if (scheme.kind === 'rsa-pss') {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return word(verify(digest, data, { key, padding, saltLength: scheme.saltLength }, signature));
    }
    if (scheme.kind === 'plain-ecdsa') {
      return word(verify(digest, data, { key, dsaEncoding: 'ieee-p1363' }, signature));
    }
    return word(verify(digest, data, key, signature));
  } catch {
    return 'unsupported';
  }
}

function word(good: boolean): SignatureCheck {
  return good ? 'valid' : 'invalid';
}

// A key may only be used with its own kind of scheme; OpenSSL would otherwise pick one by itself.
function fits(key: KeyObject, scheme: SignatureScheme): boolean {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return scheme.kind === 'rsa-pkcs1' || scheme.kind === 'rsa-pss';
    case 'rsa-pss':
      return scheme.kind === 'rsa-pss';
    case 'ec':
      return scheme.kind === 'ecdsa' || scheme.kind === 'plain-ecdsa';
    case 'ed25519':
    case 'ed448':
      return scheme.kind === 'eddsa';
    case 'dsa':
      return scheme.kind === 'dsa';
    default:
      return false;
  }
}
