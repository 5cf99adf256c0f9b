// Writes certificates, revocation lists and their extensions as bytes to be signed. Holds no key.
import { createHash } from 'node:crypto';
import { type SignatureScheme, writeSignatureAlgorithm } from './algorithms.ts';
import { Cursor, readDer } from './der-reader.ts';
import { readBitStringBytes } from './der-values.ts';
import {
  bitFlags,
  bitString,
  boolean,
  encode,
  enumerated,
  explicit,
  ia5String,
  integer,
  octetString,
  oid,
  sequence,
  time,
} from './der-writer.ts';
import { oids } from './oids.ts';

export interface CertificateFields {
  /** Positive, at most 20 octets (RFC 5280 §4.1.2.2). */
  readonly serialNumber: Uint8Array;
  /** Encoded Names. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Uint8Array;
  /** Encoded extensions, from `extension()`. */
  readonly extensions: readonly Uint8Array[];
  readonly scheme: SignatureScheme;
}

/** TBSCertificate, version 3. */
export function writeTbsCertificate(fields: CertificateFields): Buffer {
  return sequence(
    explicit(0, integer(2)),
    integer(fields.serialNumber),
    writeSignatureAlgorithm(fields.scheme),
    fields.issuer,
    sequence(time(fields.notBefore), time(fields.notAfter)),
    fields.subject,
    fields.spki,
    explicit(3, sequence(...fields.extensions)),
  );
}

/** Certificate or CertificateList: what was signed, the algorithm, the signature. */
export function writeSigned(tbs: Uint8Array, scheme: SignatureScheme, signature: Uint8Array): Buffer {
  return sequence(tbs, writeSignatureAlgorithm(scheme), bitString(signature));
}

export interface CrlFields {
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly number: number;
  readonly authorityKeyIdentifier: Uint8Array;
  readonly entries: readonly {
    readonly serialNumberDer: Uint8Array;
    readonly revokedAt: Date;
    readonly reason?: number;
  }[];
  readonly scheme: SignatureScheme;
}

/** TBSCertList, version 2. */
export function writeTbsCrl(fields: CrlFields): Buffer {
  const entries = fields.entries.map(({ serialNumberDer, revokedAt, reason }) => {
    if (reason === undefined) return sequence(serialNumberDer, time(revokedAt));
    return sequence(
      serialNumberDer,
      time(revokedAt),
      sequence(extension(oids.crlReason, enumerated(reason))),
    );
  });
  return sequence(
    integer(1),
    writeSignatureAlgorithm(fields.scheme),
    fields.issuer,
    time(fields.thisUpdate),
    time(fields.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    explicit(
      0,
      sequence(
        extension(oids.authorityKeyIdentifier, sequence(encode(0x80, fields.authorityKeyIdentifier))),
        extension(oids.crlNumber, integer(fields.number)),
      ),
    ),
  );
}

/** Extension (RFC 5280 §4.1); `value` is the DER of the extension itself. */
export function extension(identifier: string, value: Uint8Array, critical = false): Buffer {
  const flag = critical ? [boolean(true)] : [];
  return sequence(oid(identifier), ...flag, octetString(value));
}

/** SHA-1 of the public key, as RFC 5280 §4.2.1.2 (1) forms key identifiers; not a security function. */
export function keyIdentifier(spki: Uint8Array): Buffer {
  const cursor = new Cursor(readDer(spki));
  cursor.next();
  return createHash('sha1').update(readBitStringBytes(cursor.next())).digest();
}

/** Numbers of the key usage bits (RFC 5280 §4.2.1.3). */
export const keyUsageBit = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, cRLSign: 6 } as const;

export const extensions = {
  basicConstraints: (isCa: boolean) =>
    extension(oids.basicConstraints, sequence(...(isCa ? [boolean(true)] : [])), true),
  keyUsage: (bits: readonly number[]) => extension(oids.keyUsage, bitFlags(bits), true),
  extendedKeyUsage: (uses: readonly string[], critical: boolean) =>
    extension(oids.extendedKeyUsage, sequence(...uses.map((use) => oid(use))), critical),
  subjectKeyIdentifier: (identifier: Uint8Array) =>
    extension(oids.subjectKeyIdentifier, octetString(identifier)),
  authorityKeyIdentifier: (identifier: Uint8Array) =>
    extension(oids.authorityKeyIdentifier, sequence(encode(0x80, identifier))),
  crlDistributionPoint: (url: string) =>
    extension(oids.crlDistributionPoints, sequence(sequence(explicit(0, explicit(0, ia5String(url, 0x86)))))),
  authorityInfoAccess: (ocspUrl: string | undefined, issuerUrl: string | undefined) =>
    extension(
      oids.authorityInfoAccess,
      sequence(
        ...(ocspUrl === undefined ? [] : [sequence(oid(oids.accessOcsp), ia5String(ocspUrl, 0x86))]),
        ...(issuerUrl === undefined ? [] : [sequence(oid(oids.accessCaIssuers), ia5String(issuerUrl, 0x86))]),
      ),
    ),
  ocspNoCheck: () => extension(oids.ocspNoCheck, Buffer.from([5, 0])),
} as const;
