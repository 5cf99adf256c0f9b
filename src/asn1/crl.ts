// Reads certificate revocation lists (RFC 5280 §5). Entries are scanned on demand, never held: lists of a
// hundred thousand entries are ordinary.
import { type AlgorithmIdentifier, readAlgorithm } from './algorithms.ts';
import { type Extension, readExtensionList, readExtensionSequence } from './certificate-extensions.ts';
import { Cursor, contentOf, type Element, encodingOf, iterateChildren, readDer } from './der-reader.ts';
import { readBitStringBytes, readIntegerHex, readSmallInteger, readTime, toHex } from './der-values.ts';
import { type Name, readName } from './name.ts';
import { oids } from './oids.ts';
import { contextConstructed, contextPrimitive, tag } from './tags.ts';

export interface RevokedEntry {
  readonly serialNumber: string;
  readonly revokedAt: Date;
  /** CRLReason (RFC 5280 §5.3.1); absent when the list does not say. 8 is removeFromCRL. */
  readonly reason?: number;
  /** The entry names another issuer or has critical extensions not understood here: it may not be ignored. */
  readonly undecidable: boolean;
}

export interface CertificateList {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly issuer: Name;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly extensions: ReadonlyMap<string, Extension>;
  /** Critical extensions not understood, an indirect, partitioned or delta list among them: not proof of good. */
  readonly unknownCriticalExtensions: readonly string[];
  readonly authorityKeyIdentifier?: string;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** The entry for a serial number (hex of its content octets), or undefined. @throws Asn1Error */
  find(serialNumber: string): RevokedEntry | undefined;
}

/** @throws Asn1Error */
export function readCrl(der: Uint8Array): CertificateList {
  const outer = new Cursor(readDer(der));
  const tbsElement = outer.next(tag.sequence);
  const signatureAlgorithm = readAlgorithm(outer.next());
  const signature = readBitStringBytes(outer.next());
  outer.end();

  const tbs = new Cursor(tbsElement);
  tbs.optional(tag.integer);
  readAlgorithm(tbs.next());
  const issuer = readName(tbs.next());
  const thisUpdate = readTime(tbs.next());
  const next = tbs.optional(tag.utcTime) ?? tbs.optional(tag.generalizedTime);
  const entries = tbs.optional(tag.sequence);
  const wrapper = tbs.optional(contextConstructed(0));
  tbs.end();
  const extensions = wrapper === undefined ? new Map<string, Extension>() : readExtensionList(wrapper);
  return {
    der,
    tbs: encodingOf(tbsElement),
    issuer,
    thisUpdate,
    nextUpdate: next === undefined ? undefined : readTime(next),
    extensions,
    unknownCriticalExtensions: unknownCritical(extensions),
    authorityKeyIdentifier: readKeyIdentifier(extensions),
    signatureAlgorithm,
    signature,
    find: (serialNumber) => (entries === undefined ? undefined : findEntry(entries, serialNumber)),
  };
}

function findEntry(entries: Element, serialNumber: string): RevokedEntry | undefined {
  for (const element of iterateChildren(entries)) {
    const cursor = new Cursor(element);
    if (readIntegerHex(cursor.next()) !== serialNumber) continue;
    const revokedAt = readTime(cursor.next());
    const list = cursor.optional(tag.sequence);
    const extensions = list === undefined ? new Map<string, Extension>() : readExtensionSequence(list);
    const reason = extensions.get(oids.crlReason);
    return {
      serialNumber,
      revokedAt,
      reason: reason === undefined ? undefined : readSmallInteger(readDer(reason.value), tag.enumerated),
      undecidable: [...extensions].some(([oid, { critical }]) => critical && oid !== oids.crlReason),
    };
  }
  return undefined;
}

function unknownCritical(extensions: ReadonlyMap<string, Extension>): string[] {
  return [...extensions]
    .filter(([oid, { critical, value }]) => {
      if (!critical) return false;
      if (oid === oids.issuingDistributionPoint) return !coversUserCertificates(value);
      return oid !== oids.crlNumber && oid !== oids.authorityKeyIdentifier;
    })
    .map(([oid]) => oid);
}

// A list that is whole for its distribution point serves; one that leaves certificates or reasons out does not.
function coversUserCertificates(value: Uint8Array): boolean {
  return [...iterateChildren(readDer(value))].every((field) => {
    return (
      field.tag === contextConstructed(0) || (field.tag === contextPrimitive(1) && contentOf(field)[0] === 0)
    );
  });
}

function readKeyIdentifier(extensions: ReadonlyMap<string, Extension>): string | undefined {
  const extension = extensions.get(oids.authorityKeyIdentifier);
  if (extension === undefined) return undefined;
  const keyId = new Cursor(readDer(extension.value)).optional(contextPrimitive(0));
  return keyId === undefined ? undefined : toHex(contentOf(keyId));
}
