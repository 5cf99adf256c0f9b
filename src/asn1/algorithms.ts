// Algorithm identifiers: reading and writing them, and naming the scheme that each stands for.
import { Cursor, type Element, encodingOf, readDer } from './der-reader.ts';
import { readOid, readSmallInteger } from './der-values.ts';
import { explicit, integer, nullValue, oid as oidValue, sequence } from './der-writer.ts';
import { oids } from './oids.ts';
import { contextConstructed, tag } from './tags.ts';

/** AlgorithmIdentifier (RFC 5280 §4.1.1.2). `parameters` is the whole encoding, absent when omitted. */
export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters?: Uint8Array;
}

/** Digest names as node:crypto spells them. */
export type DigestName =
  | 'md5'
  | 'sha1'
  | 'ripemd160'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'sha3-224'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512';

/** A signature scheme. `digest` is absent for schemes that fix their own (EdDSA). */
export interface SignatureScheme {
  readonly kind: 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa' | 'plain-ecdsa' | 'eddsa' | 'dsa';
  readonly digest?: DigestName;
  /** Octets of salt, PSS only. */
  readonly saltLength?: number;
}

/** @throws Asn1Error */
export function readAlgorithm(element: Element, expected: number = tag.sequence): AlgorithmIdentifier {
  const cursor = new Cursor(element, expected);
  const oid = readOid(cursor.next());
  const parameters = cursor.peek() === undefined ? undefined : encodingOf(cursor.next());
  cursor.end();
  return parameters === undefined ? { oid } : { oid, parameters };
}

const digests: Readonly<Record<string, DigestName>> = {
  [oids.md5]: 'md5',
  [oids.sha1]: 'sha1',
  [oids.ripemd160]: 'ripemd160',
  [oids.sha224]: 'sha224',
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
  [oids.sha3_224]: 'sha3-224',
  [oids.sha3_256]: 'sha3-256',
  [oids.sha3_384]: 'sha3-384',
  [oids.sha3_512]: 'sha3-512',
};

/** The digest an identifier names, or undefined when it is not one we know. */
export function digestName(oid: string): DigestName | undefined {
  return Object.hasOwn(digests, oid) ? digests[oid] : undefined;
}

/** The identifier of a digest. */
export function digestOid(name: DigestName): string {
  const found = Object.entries(digests).find(([, digest]) => digest === name);
  return found === undefined ? oids.sha256 : found[0];
}

const fixed: Readonly<Record<string, SignatureScheme>> = {
  [oids.md5WithRsa]: { kind: 'rsa-pkcs1', digest: 'md5' },
  [oids.sha1WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha1' },
  [oids.sha1WithRsaOld]: { kind: 'rsa-pkcs1', digest: 'sha1' },
  [oids.sha224WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha224' },
  [oids.sha256WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha256' },
  [oids.sha384WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha384' },
  [oids.sha512WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha512' },
  [oids.sha3_224WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha3-224' },
  [oids.sha3_256WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha3-256' },
  [oids.sha3_384WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha3-384' },
  [oids.sha3_512WithRsa]: { kind: 'rsa-pkcs1', digest: 'sha3-512' },
  [oids.ecdsaWithSha1]: { kind: 'ecdsa', digest: 'sha1' },
  [oids.ecdsaWithSha224]: { kind: 'ecdsa', digest: 'sha224' },
  [oids.ecdsaWithSha256]: { kind: 'ecdsa', digest: 'sha256' },
  [oids.ecdsaWithSha384]: { kind: 'ecdsa', digest: 'sha384' },
  [oids.ecdsaWithSha512]: { kind: 'ecdsa', digest: 'sha512' },
  [oids.ecdsaWithSha3_256]: { kind: 'ecdsa', digest: 'sha3-256' },
  [oids.ecdsaWithSha3_384]: { kind: 'ecdsa', digest: 'sha3-384' },
  [oids.ecdsaWithSha3_512]: { kind: 'ecdsa', digest: 'sha3-512' },
  [oids.plainEcdsaSha1]: { kind: 'plain-ecdsa', digest: 'sha1' },
  [oids.plainEcdsaSha224]: { kind: 'plain-ecdsa', digest: 'sha224' },
  [oids.plainEcdsaSha256]: { kind: 'plain-ecdsa', digest: 'sha256' },
  [oids.plainEcdsaSha384]: { kind: 'plain-ecdsa', digest: 'sha384' },
  [oids.plainEcdsaSha512]: { kind: 'plain-ecdsa', digest: 'sha512' },
  [oids.dsaWithSha1]: { kind: 'dsa', digest: 'sha1' },
  [oids.dsaWithSha256]: { kind: 'dsa', digest: 'sha256' },
  [oids.ed25519]: { kind: 'eddsa' },
  [oids.ed448]: { kind: 'eddsa' },
};

/**
 * The scheme of a signature algorithm. Identifiers that name only the key type (`rsaEncryption`, `ecPublicKey`,
 * as CMS producers write them) take their digest from `fallbackDigest`.
 * @returns undefined for algorithms that are not known: undecidable, which is not the same as invalid
 * @throws Asn1Error when PSS parameters are broken
 */
export function signatureScheme(
  algorithm: AlgorithmIdentifier,
  fallbackDigest?: DigestName,
): SignatureScheme | undefined {
  if (algorithm.oid === oids.rsaPss) return readPss(algorithm.parameters);
  if (Object.hasOwn(fixed, algorithm.oid)) return fixed[algorithm.oid];
  if (fallbackDigest === undefined) return undefined;
  if (algorithm.oid === oids.rsaEncryption) return { kind: 'rsa-pkcs1', digest: fallbackDigest };
  if (algorithm.oid === oids.ecPublicKey) return { kind: 'ecdsa', digest: fallbackDigest };
  if (algorithm.oid === oids.dsa) return { kind: 'dsa', digest: fallbackDigest };
  return undefined;
}

// RSASSA-PSS-params (RFC 4055 §3.1); every field defaults to SHA-1 and 20 octets of salt.
function readPss(parameters: Uint8Array | undefined): SignatureScheme | undefined {
  if (parameters === undefined) return { kind: 'rsa-pss', digest: 'sha1', saltLength: 20 };
  const cursor = new Cursor(readDer(parameters));
  const hash = cursor.optional(contextConstructed(0));
  const mask = cursor.optional(contextConstructed(1));
  const salt = cursor.optional(contextConstructed(2));
  cursor.optional(contextConstructed(3));
  cursor.end();
  const digest = hash === undefined ? 'sha1' : digestName(readAlgorithm(only(hash)).oid);
  if (digest === undefined) return undefined;
  const maskDigest = mask === undefined ? 'sha1' : readMask(readAlgorithm(only(mask)));
  // OpenSSL is told one digest for both; a pair that differs cannot be checked here.
  if (maskDigest !== digest) return undefined;
  return { kind: 'rsa-pss', digest, saltLength: salt === undefined ? 20 : readSmallInteger(only(salt)) };
}

function readMask(algorithm: AlgorithmIdentifier): DigestName | undefined {
  if (algorithm.oid !== oids.mgf1 || algorithm.parameters === undefined) return undefined;
  return digestName(readAlgorithm(readDer(algorithm.parameters)).oid);
}

function only(element: Element): Element {
  const cursor = new Cursor(element, element.tag);
  const child = cursor.next();
  cursor.end();
  return child;
}

/** AlgorithmIdentifier of a digest, parameters absent (RFC 5754 §2). */
export function writeDigestAlgorithm(name: DigestName): Buffer {
  return sequence(oidValue(digestOid(name)));
}

/** AlgorithmIdentifier of a signature scheme with the encodings that RFC 4055, 5754 and 5758 ask for. */
export function writeSignatureAlgorithm(scheme: SignatureScheme): Buffer {
  if (scheme.kind === 'rsa-pss') {
    const hash = sequence(oidValue(digestOid(scheme.digest ?? 'sha256')), nullValue());
    const mask = sequence(oidValue(oids.mgf1), hash);
    const salt = integer(scheme.saltLength ?? 32);
    return sequence(oidValue(oids.rsaPss), sequence(explicit(0, hash), explicit(1, mask), explicit(2, salt)));
  }
  const found = Object.entries(fixed).find(([, known]) => {
    return known.kind === scheme.kind && known.digest === scheme.digest;
  });
  if (found === undefined) throw new RangeError(`no identifier for ${scheme.kind} with ${scheme.digest}`);
  const identifier = oidValue(found[0]);
  return scheme.kind === 'rsa-pkcs1' ? sequence(identifier, nullValue()) : sequence(identifier);
}
