// Reads CMS SignedData (RFC 5652 §5) as PDF signatures and timestamps carry it. Old producers write BER, so
// reading allows it and says so; what was signed is always taken from the bytes as they stand.
import { type AlgorithmIdentifier, readAlgorithm } from './algorithms.ts';
import { Asn1Error } from './asn1-error.ts';
import {
  Cursor,
  childrenOf,
  contentOf,
  type Element,
  encodingOf,
  iterateChildren,
  readDerPrefix,
} from './der-reader.ts';
import { readIntegerHex, readOctets, readOid, readSmallInteger, toHex } from './der-values.ts';
import { type Name, readName } from './name.ts';
import { oids } from './oids.ts';
import { contextConstructed, contextPrimitive, tag } from './tags.ts';

export interface Attribute {
  readonly oid: string;
  /** Encodings of the values. */
  readonly values: readonly Uint8Array[];
}

/** Who signed: issuer and serial number, or the subject key identifier (hex). */
export type SignerIdentifier =
  | { readonly issuer: Name; readonly serialNumber: string }
  | { readonly subjectKeyIdentifier: string };

export interface SignerInfo {
  readonly der: Uint8Array;
  readonly version: number;
  readonly signer: SignerIdentifier;
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly signedAttributes?: readonly Attribute[];
  /** What the signature covers when there are signed attributes: the SET OF, under its own tag 0x31. */
  readonly signedAttributesDer?: Uint8Array;
  /** False when the attributes are not in DER order: some verifiers then refuse. */
  readonly signedAttributesSorted: boolean;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: readonly Attribute[];
}

export interface SignedData {
  /** The ContentInfo, cut to its own length: padding that followed is not in it. */
  readonly der: Uint8Array;
  /** True when any length was indefinite or over-long: not DER. Only the outer levels are looked at. */
  readonly ber: boolean;
  readonly version: number;
  readonly digestAlgorithms: readonly AlgorithmIdentifier[];
  readonly contentType: string;
  /** The encapsulated content; absent in detached signatures. */
  readonly content?: Uint8Array;
  /** Encodings of the plain X.509 certificates; other choices are left out. */
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly signerInfos: readonly SignerInfo[];
}

/** Reads a ContentInfo with SignedData at the start of `bytes`; what follows it is not looked at. @throws Asn1Error */
export function readSignedData(bytes: Uint8Array): SignedData {
  const root = readDerPrefix(bytes, { ber: true });
  const info = new Cursor(root);
  const type = info.next();
  if (readOid(type) !== oids.signedData) throw new Asn1Error('not a SignedData', type.offset);
  const wrapper = info.next(contextConstructed(0));
  info.end();
  const signedData = new Cursor(wrapper, wrapper.tag).next(tag.sequence);

  const cursor = new Cursor(signedData);
  const version = readSmallInteger(cursor.next());
  const digestAlgorithms = childrenOf(cursor.next(tag.set)).map((element) => readAlgorithm(element));
  const encapsulated = new Cursor(cursor.next(tag.sequence));
  const contentType = readOid(encapsulated.next());
  const content = encapsulated.optional(contextConstructed(0));
  encapsulated.end();
  const certificates = cursor.optional(contextConstructed(0));
  const crls = cursor.optional(contextConstructed(1));
  const signerInfos = childrenOf(cursor.next(tag.set)).map(readSignerInfo);
  cursor.end();
  return {
    der: encodingOf(root),
    ber: root.ber || wrapper.ber || signedData.ber,
    version,
    digestAlgorithms,
    contentType,
    content: content === undefined ? undefined : readOctets(new Cursor(content, content.tag).next()),
    certificates: sequencesIn(certificates),
    crls: sequencesIn(crls),
    signerInfos,
  };
}

/** The one value of an attribute that may occur once. undefined when absent. @throws Asn1Error when repeated */
export function singleValue(
  attributes: readonly Attribute[] | undefined,
  oid: string,
): Uint8Array | undefined {
  const found = attributes?.filter((attribute) => attribute.oid === oid) ?? [];
  const [value, second] = found.flatMap((attribute) => attribute.values);
  if (found.length > 1 || second !== undefined) throw new Asn1Error(`attribute ${oid} occurs twice`, 0);
  return value;
}

function readSignerInfo(element: Element): SignerInfo {
  const cursor = new Cursor(element);
  const version = readSmallInteger(cursor.next());
  const signer = readSigner(cursor.next());
  const digestAlgorithm = readAlgorithm(cursor.next());
  const signed = cursor.optional(contextConstructed(0));
  const signatureAlgorithm = readAlgorithm(cursor.next());
  const signature = readOctets(cursor.next());
  const unsigned = cursor.optional(contextConstructed(1));
  cursor.end();
  return {
    der: encodingOf(element),
    version,
    signer,
    digestAlgorithm,
    signedAttributes: signed === undefined ? undefined : readAttributes(signed),
    signedAttributesDer: signed === undefined ? undefined : retag(signed),
    signedAttributesSorted: signed === undefined || isSorted(signed),
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsigned === undefined ? [] : readAttributes(unsigned),
  };
}

function readSigner(element: Element): SignerIdentifier {
  if (element.tag === contextPrimitive(0)) return { subjectKeyIdentifier: toHex(contentOf(element)) };
  const cursor = new Cursor(element);
  const issuer = readName(cursor.next());
  const serialNumber = readIntegerHex(cursor.next());
  cursor.end();
  return { issuer, serialNumber };
}

function readAttributes(set: Element): Attribute[] {
  return childrenOf(set).map((element) => {
    const cursor = new Cursor(element);
    const oid = readOid(cursor.next());
    const values = childrenOf(cursor.next(tag.set)).map(encodingOf);
    cursor.end();
    return { oid, values };
  });
}

function retag(signed: Element): Uint8Array {
  const copy = Uint8Array.from(encodingOf(signed));
  copy[0] = tag.set;
  return copy;
}

function isSorted(set: Element): boolean {
  const encodings = childrenOf(set).map(encodingOf);
  return encodings.every((encoding, index) => {
    const previous = encodings[index - 1];
    return previous === undefined || Buffer.compare(previous, encoding) <= 0;
  });
}

function sequencesIn(wrapper: Element | undefined): Uint8Array[] {
  if (wrapper === undefined) return [];
  return [...iterateChildren(wrapper)].filter((element) => element.tag === tag.sequence).map(encodingOf);
}
