// Reads time-stamp requests, replies and tokens' TSTInfo (RFC 3161 §2.4), and writes requests.
import {
  type AlgorithmIdentifier,
  type DigestName,
  readAlgorithm,
  writeDigestAlgorithm,
} from './algorithms.ts';
import { Cursor, childrenOf, contentOf, type Element, encodingOf, readDer } from './der-reader.ts';
import {
  readBitFlags,
  readBoolean,
  readInteger,
  readIntegerHex,
  readOctets,
  readOid,
  readSmallInteger,
  readText,
  readTime,
} from './der-values.ts';
import { boolean, integer, octetString, sequence } from './der-writer.ts';
import { contextConstructed, contextPrimitive, tag } from './tags.ts';

export interface TimestampReply {
  /** PKIStatus: 0 granted, 1 granted with changes, others are refusals (RFC 3161 §2.4.2). */
  readonly status: number;
  readonly statusText: readonly string[];
  /** Numbers of the set PKIFailureInfo bits. */
  readonly failures: readonly number[];
  /** The token: a ContentInfo with SignedData. */
  readonly token?: Uint8Array;
}

export interface TimestampInfo {
  readonly der: Uint8Array;
  readonly policy: string;
  readonly imprintAlgorithm: AlgorithmIdentifier;
  readonly imprint: Uint8Array;
  readonly serialNumber: string;
  readonly time: Date;
  /** The authority's clock may be off by so much; zero when it does not say. */
  readonly accuracyMilliseconds: number;
  readonly ordering: boolean;
  readonly nonce?: bigint;
}

export interface TimestampRequest {
  readonly imprintAlgorithm: AlgorithmIdentifier;
  readonly imprint: Uint8Array;
  readonly policy?: string;
  readonly nonce?: bigint;
  readonly certificateWanted: boolean;
}

/** @throws Asn1Error */
export function readTimestampReply(der: Uint8Array): TimestampReply {
  const outer = new Cursor(readDer(der));
  const info = new Cursor(outer.next());
  const token = outer.peek() === undefined ? undefined : encodingOf(outer.next(tag.sequence));
  outer.end();
  const status = readSmallInteger(info.next());
  const texts = info.optional(tag.sequence);
  const failure = info.optional(tag.bitString);
  const flags = failure === undefined ? [] : readBitFlags(failure);
  return {
    status,
    statusText: texts === undefined ? [] : childrenOf(texts).map(readText),
    failures: flags.flatMap((set, bit) => (set ? [bit] : [])),
    token,
  };
}

/** TSTInfo, the content of a token. @throws Asn1Error */
export function readTimestampInfo(der: Uint8Array): TimestampInfo {
  const cursor = new Cursor(readDer(der));
  readSmallInteger(cursor.next());
  const policy = readOid(cursor.next());
  const imprint = new Cursor(cursor.next());
  const imprintAlgorithm = readAlgorithm(imprint.next());
  const imprintBytes = readOctets(imprint.next());
  const serialNumber = readIntegerHex(cursor.next());
  const time = readTime(cursor.next(), tag.generalizedTime);
  const accuracy = cursor.optional(tag.sequence);
  const ordering = cursor.optional(tag.boolean);
  const nonce = cursor.optional(tag.integer);
  cursor.optional(contextConstructed(0));
  cursor.optional(contextConstructed(1));
  cursor.end();
  return {
    der,
    policy,
    imprintAlgorithm,
    imprint: imprintBytes,
    serialNumber,
    time,
    accuracyMilliseconds: accuracy === undefined ? 0 : readAccuracy(accuracy),
    ordering: ordering !== undefined && readBoolean(ordering),
    nonce: nonce === undefined ? undefined : readInteger(nonce),
  };
}

/** A TimeStampReq that asks for the authority's certificate in the token. */
export function writeTimestampRequest(digest: DigestName, imprint: Uint8Array, nonce: bigint): Buffer {
  const messageImprint = sequence(writeDigestAlgorithm(digest), octetString(imprint));
  return sequence(integer(1), messageImprint, integer(nonce), boolean(true));
}

/** @throws Asn1Error */
export function readTimestampRequest(der: Uint8Array): TimestampRequest {
  const cursor = new Cursor(readDer(der));
  readSmallInteger(cursor.next());
  const imprint = new Cursor(cursor.next());
  const imprintAlgorithm = readAlgorithm(imprint.next());
  const imprintBytes = readOctets(imprint.next());
  const policy = cursor.optional(tag.oid);
  const nonce = cursor.optional(tag.integer);
  const wanted = cursor.optional(tag.boolean);
  cursor.optional(contextConstructed(0));
  cursor.end();
  return {
    imprintAlgorithm,
    imprint: imprintBytes,
    policy: policy === undefined ? undefined : readOid(policy),
    nonce: nonce === undefined ? undefined : readInteger(nonce),
    certificateWanted: wanted !== undefined && readBoolean(wanted),
  };
}

function readAccuracy(element: Element): number {
  const cursor = new Cursor(element);
  const seconds = cursor.optional(tag.integer);
  const millis = cursor.optional(contextPrimitive(0));
  const micros = cursor.optional(contextPrimitive(1));
  const small = (part: Element | undefined) => {
    return part === undefined
      ? 0
      : Number(`0x${Buffer.from(contentOf(part).subarray(0, 4)).toString('hex') || '0'}`);
  };
  return small(seconds) * 1000 + small(millis) + small(micros) / 1000;
}
