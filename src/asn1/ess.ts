// ESS signing-certificate attributes (RFC 5035, RFC 2634): which certificate the signer says is theirs.
import { createHash } from 'node:crypto';
import { type DigestName, digestName, readAlgorithm } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import { Cursor, type Element, readDer } from './der-reader.ts';
import { readIntegerHex, readOctets } from './der-values.ts';
import { oids } from './oids.ts';
import { type Attribute, singleValue } from './signed-data.ts';
import { tag } from './tags.ts';

export interface EssCertId {
  /** undefined when the digest is not one we know. */
  readonly digest: DigestName | undefined;
  readonly hash: Uint8Array;
  /** Serial number of issuerSerial, when given. */
  readonly serialNumber?: string;
}

/** The first ESSCertID of signing-certificate-v2, or of the SHA-1 form. undefined when neither is there. @throws Asn1Error */
export function readSigningCertificate(attributes: readonly Attribute[] | undefined): EssCertId | undefined {
  const v2 = singleValue(attributes, oids.signingCertificateV2);
  if (v2 !== undefined) return readFirst(v2, readV2);
  const v1 = singleValue(attributes, oids.signingCertificate);
  return v1 === undefined ? undefined : readFirst(v1, readV1);
}

/** True when the identifier is that of `certificate`. */
export function essMatches(id: EssCertId, certificate: Certificate): boolean {
  if (id.digest === undefined) return false;
  if (id.serialNumber !== undefined && id.serialNumber !== certificate.serialNumber) return false;
  return Buffer.compare(createHash(id.digest).update(certificate.der).digest(), id.hash) === 0;
}

function readFirst(value: Uint8Array, read: (element: Element) => EssCertId): EssCertId {
  const list = new Cursor(new Cursor(readDer(value)).next(tag.sequence));
  return read(list.next(tag.sequence));
}

function readV2(element: Element): EssCertId {
  const cursor = new Cursor(element);
  const algorithm = cursor.optional(tag.sequence);
  const hash = readOctets(cursor.next());
  const digest = algorithm === undefined ? 'sha256' : digestName(readAlgorithm(algorithm).oid);
  return { digest, hash, serialNumber: readIssuerSerial(cursor) };
}

function readV1(element: Element): EssCertId {
  const cursor = new Cursor(element);
  const hash = readOctets(cursor.next());
  return { digest: 'sha1', hash, serialNumber: readIssuerSerial(cursor) };
}

function readIssuerSerial(cursor: Cursor): string | undefined {
  const issuerSerial = cursor.optional(tag.sequence);
  if (issuerSerial === undefined) return undefined;
  const fields = new Cursor(issuerSerial);
  fields.next(tag.sequence);
  return readIntegerHex(fields.next());
}
