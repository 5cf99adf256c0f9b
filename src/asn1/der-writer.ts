// Writes DER by joining byte strings: each function returns a finished encoding that can be cached and reused.
// Promises: lengths minimal, integers minimal, SET OF sorted by encoding (X.690 §11.6).
import { tag } from './tags.ts';

/** Identifier, minimal length and the parts as content. */
export function encode(identifier: number, ...parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = encodeHeader(identifier, length);
  return Buffer.concat([header, ...parts], header.length + length);
}

/** Identifier and minimal length octets for `length` octets of content. */
export function encodeHeader(identifier: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([identifier, length]);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Buffer.from([identifier, 0x80 | octets.length, ...octets]);
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return encode(tag.sequence, ...parts);
}

/** SET OF: elements sorted by their encodings, which BouncyCastle and EU DSS insist on. */
export function setOf(...parts: readonly Uint8Array[]): Buffer {
  return encode(tag.set, ...[...parts].sort(Buffer.compare));
}

/** INTEGER from a number, or from unsigned big-endian octets. */
export function integer(value: number | bigint | Uint8Array): Buffer {
  const octets = typeof value === 'object' ? value : unsignedOctets(BigInt(value));
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start += 1;
  const magnitude = octets.length === 0 ? Buffer.from([0]) : octets.subarray(start);
  const needsZero = ((magnitude[0] ?? 0) & 0x80) !== 0;
  return needsZero ? encode(tag.integer, Buffer.from([0]), magnitude) : encode(tag.integer, magnitude);
}

export function enumerated(value: number): Buffer {
  return encode(tag.enumerated, Buffer.from([value]));
}

export function boolean(value: boolean): Buffer {
  return encode(tag.boolean, Buffer.from([value ? 0xff : 0]));
}

export function nullValue(): Buffer {
  return encode(tag.null);
}

export function octetString(bytes: Uint8Array): Buffer {
  return encode(tag.octetString, bytes);
}

/** BIT STRING of whole octets. */
export function bitString(bytes: Uint8Array): Buffer {
  return encode(tag.bitString, Buffer.from([0]), bytes);
}

/** BIT STRING of named bits, trailing zeros removed as DER wants (X.690 §11.2.2). */
export function bitFlags(bits: readonly number[]): Buffer {
  const highest = Math.max(-1, ...bits);
  const octets = Buffer.alloc(Math.ceil((highest + 1) / 8));
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return encode(tag.bitString, Buffer.from([octets.length * 8 - highest - 1]), octets);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string, identifier: number = tag.oid): Buffer {
  const [root = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const octets: number[] = [];
  for (const arc of [root * 40 + second, ...others]) {
    const groups = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
      groups.unshift((rest % 128) | 0x80);
    }
    octets.push(...groups);
  }
  return encode(identifier, Buffer.from(octets));
}

export function utf8String(text: string): Buffer {
  return encode(tag.utf8String, Buffer.from(text, 'utf8'));
}

export function printableString(text: string): Buffer {
  return encode(tag.printableString, Buffer.from(text, 'latin1'));
}

export function ia5String(text: string, identifier: number = tag.ia5String): Buffer {
  return encode(identifier, Buffer.from(text, 'latin1'));
}

/** Time as RFC 5280 §4.1.2.5 wants: UTCTime until 2049, GeneralizedTime after. Whole seconds. */
export function time(date: Date): Buffer {
  const year = date.getUTCFullYear();
  if (year < 1950 || year > 2049) return generalizedTime(date);
  return encode(tag.utcTime, Buffer.from(digits(date).slice(2), 'latin1'));
}

export function generalizedTime(date: Date, identifier: number = tag.generalizedTime): Buffer {
  return encode(identifier, Buffer.from(digits(date), 'latin1'));
}

/** `[number] EXPLICIT`. */
export function explicit(number: number, ...parts: readonly Uint8Array[]): Buffer {
  return encode(0xa0 | number, ...parts);
}

/** Replaces the identifier octet: `[number] IMPLICIT`, keeping the constructed bit. */
export function implicit(number: number, encoding: Uint8Array): Buffer {
  const copy = Buffer.from(encoding);
  copy[0] = 0x80 | ((copy[0] ?? 0) & 0x20) | number;
  return copy;
}

function digits(date: Date): string {
  const [day = '', clock = ''] = date.toISOString().split('T');
  return `${day.replaceAll('-', '')}${clock.slice(0, 8).replaceAll(':', '')}Z`;
}

function unsignedOctets(value: bigint): Buffer {
  if (value < 0n) throw new RangeError('negative integers are not written here');
  const text = value.toString(16);
  return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex');
}
