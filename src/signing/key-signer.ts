// Signs with a private key held by node:crypto in this process.
import { constants, createPublicKey, type KeyObject, type SignKeyObjectInput, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Certificate, DigestName, SignatureScheme } from '../asn1/index.ts';
import type { Signer } from './signer.ts';
import { SigningError } from './signing-error.ts';

const signInPool = promisify(sign) as (
  digest: string | null,
  data: Uint8Array,
  key: KeyObject | SignKeyObjectInput,
) => Promise<Buffer>;

export interface KeySignerInput {
  readonly key: KeyObject;
  readonly certificate: Certificate;
  readonly chain?: readonly Certificate[];
  /** Sign RSA with PSS instead of PKCS#1 v1.5. Default false: official tokens and old readers know only the latter. */
  readonly pss?: boolean;
}

/**
 * Makes a signer of a private KeyObject.
 * @throws SigningError `certificate-mismatch` when the certificate is of another key, `unsupported-key` for keys
 *   that PAdES verifiers do not accept (RSA under 2048 bits, curves other than P-256 and P-384)
 */
export function createKeySigner(input: KeySignerInput): Signer {
  const { key, certificate } = input;
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  if (Buffer.compare(publicKey, certificate.spki) !== 0) {
    throw new SigningError(
      'certificate-mismatch',
      'The certificate belongs to another key. Give the certificate that was issued for this key.',
    );
  }
  const scheme = schemeForKey(key, input.pss === true);
  return new KeySigner(key, certificate, { scheme, chain: input.chain ?? [] });
}

/** The scheme a key signs with: digest strength follows the key's. @throws SigningError `unsupported-key` */
export function schemeForKey(key: KeyObject, pss = false): SignatureScheme {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= 2048) {
    return pss
      ? { kind: 'rsa-pss', digest: 'sha256', saltLength: 32 }
      : { kind: 'rsa-pkcs1', digest: 'sha256' };
  }
  if (key.asymmetricKeyType === 'ec') {
    const digest = curveDigests[details?.namedCurve ?? ''];
    if (digest !== undefined) return { kind: 'ecdsa', digest };
  }
  throw new SigningError(
    'unsupported-key',
    'This kind of key cannot sign here. Use RSA of at least 2048 bits, or an EC key on P-256 or P-384.',
  );
}

const curveDigests: Readonly<Record<string, DigestName>> = { prime256v1: 'sha256', secp384r1: 'sha384' };

/** Octets of the longest signature of a key: the modulus, or two integers in a SEQUENCE. */
export function maximumSignatureLength(key: KeyObject): number {
  const modulusLength = key.asymmetricKeyDetails?.modulusLength;
  if (modulusLength !== undefined) return Math.ceil(modulusLength / 8);
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 104 : 72;
}

/** What node:crypto needs to sign with a scheme. */
export function keyInput(key: KeyObject, scheme: SignatureScheme): KeyObject | SignKeyObjectInput {
  if (scheme.kind !== 'rsa-pss') return key;
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength ?? 32 };
}

class KeySigner implements Signer {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly scheme: SignatureScheme;
  readonly maximumSignatureLength: number;
  readonly #input: KeyObject | SignKeyObjectInput;

  constructor(
    key: KeyObject,
    certificate: Certificate,
    about: { scheme: SignatureScheme; chain: readonly Certificate[] },
  ) {
    this.certificate = certificate;
    this.chain = about.chain;
    this.scheme = about.scheme;
    this.maximumSignatureLength = maximumSignatureLength(key);
    this.#input = keyInput(key, about.scheme);
  }

  async sign(data: Uint8Array): Promise<Uint8Array> {
    return signInPool(this.scheme.digest ?? null, data, this.#input);
  }

  signNow(data: Uint8Array): Uint8Array {
    return sign(this.scheme.digest, data, this.#input);
  }

  toJSON(): { readonly signer: string } {
    return { signer: this.certificate.subject.text };
  }
}
