// Reads X.509 certificates (RFC 5280 §4) into what chain building, revocation and reports need.
// A broken extension breaks the certificate: a limit that cannot be read must not be taken for none.
import { createHash, type KeyObject } from 'node:crypto';
import { type AlgorithmIdentifier, readAlgorithm } from './algorithms.ts';
import { Asn1Error } from './asn1-error.ts';
import { type CertificateExtensions, readExtensions } from './certificate-extensions.ts';
import { Cursor, encodingOf, readDer } from './der-reader.ts';
import { readBitStringBytes, readIntegerHex, readSmallInteger, readTime } from './der-values.ts';
import { type Name, readName, sameName } from './name.ts';
import { publicKeyOf } from './signature-check.ts';
import { contextConstructed, contextPrimitive, tag } from './tags.ts';

export interface Certificate extends CertificateExtensions {
  readonly der: Uint8Array;
  /** What the issuer signed. */
  readonly tbs: Uint8Array;
  readonly version: number;
  /** Content octets of the serial number, lower-case hex. */
  readonly serialNumber: string;
  /** The whole INTEGER of the serial number, as CertID and issuerAndSerialNumber repeat it. */
  readonly serialNumberDer: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Content of the subjectPublicKey bit string: what key identifiers hash. */
  readonly publicKeyBytes: Uint8Array;
  /** undefined when OpenSSL cannot use such a key. Made once, on first use. */
  readonly publicKey: KeyObject | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** SHA-256 of `der`, lower-case hex: the identity of the certificate. */
  readonly fingerprint: string;
  /** Subject and issuer are the same name; says nothing about who signed. */
  readonly selfIssued: boolean;
}

/** @throws Asn1Error */
export function readCertificate(der: Uint8Array): Certificate {
  const outer = new Cursor(readDer(der));
  const tbsElement = outer.next(tag.sequence);
  const signatureAlgorithm = readAlgorithm(outer.next());
  const signature = readBitStringBytes(outer.next());
  outer.end();

  const tbs = new Cursor(tbsElement);
  const versionElement = tbs.optional(contextConstructed(0));
  const version =
    versionElement === undefined ? 1 : 1 + readVersion(new Cursor(versionElement, versionElement.tag));
  const serial = tbs.next(tag.integer);
  const inner = tbs.next(tag.sequence);
  if (!sameAlgorithm(readAlgorithm(inner), signatureAlgorithm)) {
    throw new Asn1Error('the two signature algorithms differ', inner.offset);
  }
  const issuer = readName(tbs.next());
  const validity = new Cursor(tbs.next());
  const notBefore = readTimeOfEitherKind(validity);
  const notAfter = readTimeOfEitherKind(validity);
  validity.end();
  const subject = readName(tbs.next());
  const spkiElement = tbs.next(tag.sequence);
  const spkiCursor = new Cursor(spkiElement);
  readAlgorithm(spkiCursor.next());
  const publicKeyBytes = readBitStringBytes(spkiCursor.next());
  tbs.optional(contextPrimitive(1));
  tbs.optional(contextPrimitive(2));
  const extensions = readExtensions(tbs.optional(contextConstructed(3)));
  tbs.end();

  const spki = encodingOf(spkiElement);
  let key: { readonly value: KeyObject | undefined } | undefined;
  let digest: string | undefined;
  return {
    ...extensions,
    der,
    tbs: encodingOf(tbsElement),
    version,
    serialNumber: readIntegerHex(serial),
    serialNumberDer: encodingOf(serial),
    issuer,
    subject,
    notBefore,
    notAfter,
    spki,
    publicKeyBytes,
    get publicKey() {
      key ??= { value: publicKeyOf(spki) };
      return key.value;
    },
    signatureAlgorithm,
    signature,
    get fingerprint() {
      digest ??= createHash('sha256').update(der).digest('hex');
      return digest;
    },
    selfIssued: sameName(issuer, subject),
  };
}

const pemPattern = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]+?)-----END/g;

/** All certificates of a PEM text, in order. @throws Asn1Error when one is broken */
export function readCertificatesPem(text: string): Certificate[] {
  return [...text.matchAll(pemPattern)].map((match) =>
    readCertificate(Buffer.from(match[1] ?? '', 'base64')),
  );
}

function readVersion(cursor: Cursor): number {
  const version = readSmallInteger(cursor.next());
  cursor.end();
  return version;
}

function readTimeOfEitherKind(cursor: Cursor): Date {
  const element = cursor.next();
  return readTime(element);
}

function sameAlgorithm(left: AlgorithmIdentifier, right: AlgorithmIdentifier): boolean {
  const none = new Uint8Array();
  return left.oid === right.oid && Buffer.compare(left.parameters ?? none, right.parameters ?? none) === 0;
}
