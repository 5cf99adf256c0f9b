// The extensions of a certificate that decide what it may do and where its status is told (RFC 5280 §4.2).
import { Asn1Error } from './asn1-error.ts';
import { Cursor, childrenOf, contentOf, type Element, iterateChildren, readDer } from './der-reader.ts';
import { readBitFlags, readBoolean, readOctets, readOid, readSmallInteger, toHex } from './der-values.ts';
import { oids } from './oids.ts';
import { contextConstructed, contextPrimitive, tag } from './tags.ts';

export interface Extension {
  readonly critical: boolean;
  /** Content of extnValue: the DER of the extension itself. */
  readonly value: Uint8Array;
}

export type KeyUsageBit =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

export interface CertificateExtensions {
  readonly extensions: ReadonlyMap<string, Extension>;
  /** Critical extensions that nobody here understands; a chain with one is not valid (RFC 5280 §4.2). */
  readonly unknownCriticalExtensions: readonly string[];
  /** Absent when the extension is. */
  readonly keyUsage?: ReadonlySet<KeyUsageBit>;
  readonly extendedKeyUsage?: readonly string[];
  readonly extendedKeyUsageCritical: boolean;
  readonly isCa: boolean;
  readonly pathLength?: number;
  /** Key identifiers in lower-case hex. */
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: string;
  /** Addresses are attacker-controlled: only allow-listed hosts may be asked. */
  readonly ocspUrls: readonly string[];
  readonly caIssuerUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly policies: readonly string[];
  /** id-pkix-ocsp-nocheck: the responder's own status is not to be asked (RFC 6960 §4.2.2.2.1). */
  readonly ocspNoCheck: boolean;
}

const keyUsageBits: readonly KeyUsageBit[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

const understood: ReadonlySet<string> = new Set([
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.basicConstraints,
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
  oids.authorityInfoAccess,
  oids.crlDistributionPoints,
  oids.certificatePolicies,
  oids.subjectAltName,
  oids.ocspNoCheck,
  oids.qcStatements,
]);

/** @param wrapper the `[3]` of the TBSCertificate, undefined when absent. @throws Asn1Error */
export function readExtensions(wrapper: Element | undefined): CertificateExtensions {
  const extensions = wrapper === undefined ? new Map<string, Extension>() : readExtensionList(wrapper);
  const read = <T>(oid: string, reader: (element: Element) => T): T | undefined => {
    const extension = extensions.get(oid);
    return extension === undefined ? undefined : reader(readDer(extension.value));
  };
  const constraints = read(oids.basicConstraints, readBasicConstraints);
  const access = read(oids.authorityInfoAccess, readAccess) ?? [];
  return {
    extensions,
    unknownCriticalExtensions: [...extensions]
      .filter(([oid, extension]) => extension.critical && !understood.has(oid))
      .map(([oid]) => oid),
    keyUsage: read(oids.keyUsage, readKeyUsage),
    extendedKeyUsage: read(oids.extendedKeyUsage, (element) =>
      childrenOf(element).map((child) => readOid(child)),
    ),
    extendedKeyUsageCritical: extensions.get(oids.extendedKeyUsage)?.critical === true,
    isCa: constraints?.isCa === true,
    pathLength: constraints?.pathLength,
    subjectKeyIdentifier: read(oids.subjectKeyIdentifier, (element) => toHex(readOctets(element))),
    authorityKeyIdentifier: read(oids.authorityKeyIdentifier, readAuthorityKey),
    ocspUrls: access.filter(([method]) => method === oids.accessOcsp).map(([, url]) => url),
    caIssuerUrls: access.filter(([method]) => method === oids.accessCaIssuers).map(([, url]) => url),
    crlUrls: read(oids.crlDistributionPoints, readDistributionPoints) ?? [],
    policies: read(oids.certificatePolicies, readPolicies) ?? [],
    ocspNoCheck: extensions.has(oids.ocspNoCheck),
  };
}

/** Extensions ::= SEQUENCE OF Extension inside an explicit tag; also used by CRLs and OCSP. @throws Asn1Error */
export function readExtensionList(wrapper: Element): Map<string, Extension> {
  const outer = new Cursor(wrapper, wrapper.tag);
  const list = outer.next(tag.sequence);
  outer.end();
  return readExtensionSequence(list);
}

/** The same without the explicit tag (CRL entries). @throws Asn1Error on repeated extensions */
export function readExtensionSequence(list: Element): Map<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const element of iterateChildren(list)) {
    const cursor = new Cursor(element);
    const oid = readOid(cursor.next());
    const flag = cursor.optional(tag.boolean);
    const value = readOctets(cursor.next());
    cursor.end();
    if (extensions.has(oid)) throw new Asn1Error('an extension occurs twice', element.offset);
    extensions.set(oid, { critical: flag !== undefined && readBoolean(flag), value });
  }
  return extensions;
}

function readKeyUsage(element: Element): ReadonlySet<KeyUsageBit> {
  const flags = readBitFlags(element);
  return new Set(keyUsageBits.filter((_, bit) => flags[bit] === true));
}

function readBasicConstraints(element: Element) {
  const cursor = new Cursor(element);
  const flag = cursor.optional(tag.boolean);
  const length = cursor.optional(tag.integer);
  cursor.end();
  return {
    isCa: flag !== undefined && readBoolean(flag),
    pathLength: length === undefined ? undefined : readSmallInteger(length),
  };
}

function readAuthorityKey(element: Element): string | undefined {
  const keyId = new Cursor(element).optional(contextPrimitive(0));
  return keyId === undefined ? undefined : toHex(contentOf(keyId));
}

function readAccess(element: Element): [method: string, url: string][] {
  const found: [string, string][] = [];
  for (const description of iterateChildren(element)) {
    const cursor = new Cursor(description);
    const method = readOid(cursor.next());
    const location = cursor.next();
    if (location.tag === contextPrimitive(6)) found.push([method, latin1(contentOf(location))]);
  }
  return found;
}

// Only full names are followed; names relative to the issuer are not in use.
function readDistributionPoints(element: Element): string[] {
  const urls: string[] = [];
  for (const point of iterateChildren(element)) {
    const name = new Cursor(point).optional(contextConstructed(0));
    if (name === undefined) continue;
    for (const full of childrenOf(name)) {
      if (full.tag !== contextConstructed(0)) continue;
      for (const general of iterateChildren(full)) {
        if (general.tag === contextPrimitive(6)) urls.push(latin1(contentOf(general)));
      }
    }
  }
  return urls;
}

function readPolicies(element: Element): string[] {
  return childrenOf(element).map((policy) => readOid(new Cursor(policy).next()));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
