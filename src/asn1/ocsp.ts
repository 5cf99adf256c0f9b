// Reads OCSP requests and responses (RFC 6960), and writes requests.
import { createHash } from 'node:crypto';
import { type AlgorithmIdentifier, digestName, readAlgorithm } from './algorithms.ts';
import { Asn1Error } from './asn1-error.ts';
import type { Certificate } from './certificate.ts';
import { type Extension, readExtensionList } from './certificate-extensions.ts';
import { Cursor, contentOf, type Element, encodingOf, iterateChildren, readDer } from './der-reader.ts';
import {
  readBitStringBytes,
  readIntegerHex,
  readOctets,
  readOid,
  readSmallInteger,
  readTime,
  toHex,
} from './der-values.ts';
import { explicit, nullValue, octetString, oid, sequence } from './der-writer.ts';
import { type Name, readName } from './name.ts';
import { oids } from './oids.ts';
import { contextConstructed, contextPrimitive, tag } from './tags.ts';

/** Which certificate is meant: digests of its issuer's name and key, and its serial number. Hex, lower case. */
export interface CertId {
  readonly der: Uint8Array;
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

export interface SingleResponse {
  readonly certId: CertId;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revokedAt?: Date;
  readonly reason?: number;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly extensions: ReadonlyMap<string, Extension>;
}

export interface BasicOcspResponse {
  /** BasicOCSPResponse: what PDF's DSS keeps is the whole OCSPResponse, what CMS keeps is this. */
  readonly der: Uint8Array;
  /** ResponseData, which the responder signed. */
  readonly tbs: Uint8Array;
  readonly responder: { readonly name: Name } | { readonly keyHash: string };
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** DER of the certificates that came along. */
  readonly certificates: readonly Uint8Array[];
}

/** @returns status 0 with `basic` when successful; other statuses (RFC 6960 §4.2.1) without. @throws Asn1Error */
export function readOcspResponse(der: Uint8Array): {
  readonly status: number;
  readonly basic?: BasicOcspResponse;
} {
  const outer = new Cursor(readDer(der));
  const status = readSmallInteger(outer.next(), tag.enumerated);
  const wrapper = outer.optional(contextConstructed(0));
  outer.end();
  if (wrapper === undefined) return { status };
  const bytes = new Cursor(new Cursor(wrapper, wrapper.tag).next(tag.sequence));
  const type = bytes.next();
  if (readOid(type) !== oids.ocspBasic) throw new Asn1Error('an OCSP response of unknown type', type.offset);
  return { status, basic: readBasicOcsp(readOctets(bytes.next())) };
}

/** @throws Asn1Error */
export function readBasicOcsp(der: Uint8Array): BasicOcspResponse {
  const outer = new Cursor(readDer(der));
  const tbsElement = outer.next(tag.sequence);
  const signatureAlgorithm = readAlgorithm(outer.next());
  const signature = readBitStringBytes(outer.next());
  const certs = outer.optional(contextConstructed(0));
  outer.end();

  const tbs = new Cursor(tbsElement);
  tbs.optional(contextConstructed(0));
  const responder = readResponder(tbs.next());
  const producedAt = readTime(tbs.next(), tag.generalizedTime);
  const responses = [...iterateChildren(tbs.next(tag.sequence))].map(readSingle);
  const wrapper = tbs.optional(contextConstructed(1));
  tbs.end();
  return {
    der,
    tbs: encodingOf(tbsElement),
    responder,
    producedAt,
    responses,
    extensions: wrapper === undefined ? new Map() : readExtensionList(wrapper),
    signatureAlgorithm,
    signature,
    certificates: certs === undefined ? [] : readCertificateList(certs),
  };
}

/** True when the identifier means `certificate` as issued by `issuer`. Unknown digests never match. */
export function certIdMatches(id: CertId, certificate: Certificate, issuer: Certificate): boolean {
  const digest = digestName(id.hashAlgorithm);
  if (digest === undefined || id.serialNumber !== certificate.serialNumber) return false;
  const hash = (bytes: Uint8Array) => createHash(digest).update(bytes).digest('hex');
  return id.issuerNameHash === hash(issuer.subject.der) && id.issuerKeyHash === hash(issuer.publicKeyBytes);
}

/** An OCSPRequest for one certificate, SHA-1 CertID as every responder understands (RFC 5019 §2.1.1). */
export function writeOcspRequest(certificate: Certificate, issuer: Certificate, nonce?: Uint8Array): Buffer {
  const sha1 = (bytes: Uint8Array) => octetString(createHash('sha1').update(bytes).digest());
  const certId = sequence(
    sequence(oid(oids.sha1), nullValue()),
    sha1(issuer.subject.der),
    sha1(issuer.publicKeyBytes),
    certificate.serialNumberDer,
  );
  const list = sequence(sequence(certId));
  if (nonce === undefined) return sequence(sequence(list));
  const extension = sequence(oid(oids.ocspNonce), octetString(octetString(nonce)));
  return sequence(sequence(list, explicit(2, sequence(extension))));
}

/** The identifiers a request asks for and its nonce (the content of the extension). @throws Asn1Error */
export function readOcspRequest(der: Uint8Array): { readonly ids: CertId[]; readonly nonce?: Uint8Array } {
  const request = new Cursor(new Cursor(readDer(der)).next(tag.sequence));
  request.optional(contextConstructed(0));
  request.optional(contextConstructed(1));
  const list = [...iterateChildren(request.next(tag.sequence))];
  const ids = list.map((entry) => readCertId(new Cursor(entry).next()));
  const wrapper = request.optional(contextConstructed(2));
  const nonce = wrapper === undefined ? undefined : readExtensionList(wrapper).get(oids.ocspNonce);
  return nonce === undefined ? { ids } : { ids, nonce: nonce.value };
}

function readResponder(element: Element): BasicOcspResponse['responder'] {
  const cursor = new Cursor(element, element.tag);
  const inner = cursor.next();
  cursor.end();
  if (element.tag === contextConstructed(1)) return { name: readName(inner) };
  if (element.tag === contextConstructed(2)) return { keyHash: toHex(readOctets(inner)) };
  throw new Asn1Error('an unknown kind of responder', element.offset);
}

function readSingle(element: Element): SingleResponse {
  const cursor = new Cursor(element);
  const certId = readCertId(cursor.next());
  const status = readStatus(cursor.next());
  const thisUpdate = readTime(cursor.next(), tag.generalizedTime);
  const next = cursor.optional(contextConstructed(0));
  const wrapper = cursor.optional(contextConstructed(1));
  cursor.end();
  return {
    certId,
    ...status,
    thisUpdate,
    nextUpdate:
      next === undefined ? undefined : readTime(new Cursor(next, next.tag).next(), tag.generalizedTime),
    extensions: wrapper === undefined ? new Map() : readExtensionList(wrapper),
  };
}

function readStatus(element: Element): Pick<SingleResponse, 'status' | 'revokedAt' | 'reason'> {
  if (element.tag === contextPrimitive(0)) return { status: 'good' };
  if (element.tag === contextPrimitive(2)) return { status: 'unknown' };
  const cursor = new Cursor(element, contextConstructed(1));
  const revokedAt = readTime(cursor.next(), tag.generalizedTime);
  const wrapper = cursor.optional(contextConstructed(0));
  cursor.end();
  if (wrapper === undefined) return { status: 'revoked', revokedAt };
  return {
    status: 'revoked',
    revokedAt,
    reason: readSmallInteger(new Cursor(wrapper, wrapper.tag).next(), tag.enumerated),
  };
}

function readCertId(element: Element): CertId {
  const cursor = new Cursor(element);
  const hashAlgorithm = readAlgorithm(cursor.next()).oid;
  const issuerNameHash = toHex(readOctets(cursor.next()));
  const issuerKeyHash = toHex(readOctets(cursor.next()));
  const serialNumber = readIntegerHex(cursor.next());
  cursor.end();
  return { der: encodingOf(element), hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber };
}

function readCertificateList(wrapper: Element): Uint8Array[] {
  const list = new Cursor(wrapper, wrapper.tag).next(tag.sequence);
  return [...iterateChildren(list)].map((element) => Uint8Array.from(encodingOf(element)));
}

/** The nonce of a response, unwrapped from its OCTET STRING where it is wrapped. */
export function ocspNonce(response: BasicOcspResponse): Uint8Array | undefined {
  const extension = response.extensions.get(oids.ocspNonce);
  if (extension === undefined) return undefined;
  try {
    return contentOf(readDer(extension.value));
  } catch {
    return extension.value;
  }
}
