// Reads the content of primitive DER values: numbers, identifiers, strings, times. Fails only with Asn1Error.
import { Asn1Error } from './asn1-error.ts';
import { contentOf, type Element, expectTag, iterateChildren } from './der-reader.ts';
import { tag } from './tags.ts';

/** BOOLEAN; anything but 00 and FF is refused (X.690 §11.1). */
export function readBoolean(element: Element): boolean {
  expectTag(element, tag.boolean);
  const content = contentOf(element);
  if (content.length !== 1) throw new Asn1Error('a BOOLEAN has one octet', element.offset);
  if (content[0] !== 0 && content[0] !== 0xff) throw new Asn1Error('a BOOLEAN is 00 or FF', element.offset);
  return content[0] === 0xff;
}

/** INTEGER of any size. */
export function readInteger(element: Element): bigint {
  const content = integerContent(expectTag(element, tag.integer));
  const magnitude = BigInt(`0x${toHex(content)}`);
  return ((content[0] ?? 0) & 0x80) === 0 ? magnitude : magnitude - (1n << BigInt(content.length * 8));
}

/** INTEGER or ENUMERATED that must fit in 31 bits (versions, statuses, path lengths). */
export function readSmallInteger(element: Element, expected: number = tag.integer): number {
  const content = integerContent(expectTag(element, expected));
  if (content.length > 4 || ((content[0] ?? 0) & 0x80) !== 0) {
    throw new Asn1Error('the number is negative or too large', element.offset);
  }
  let value = 0;
  for (const byte of content) value = value * 256 + byte;
  return value;
}

/** The content octets of an INTEGER as lower-case hex: how serial numbers are compared and shown. */
export function readIntegerHex(element: Element): string {
  return toHex(integerContent(expectTag(element, tag.integer)));
}

/** OBJECT IDENTIFIER in dotted form. Arcs above 2^53 are refused. */
export function readOid(element: Element, expected: number = tag.oid): string {
  expectTag(element, expected);
  const content = contentOf(element);
  if (content.length === 0 || content.length > 64) throw new Asn1Error('a broken identifier', element.offset);
  const arcs: number[] = [];
  let arc = 0;
  let open = false;
  for (const byte of content) {
    if (!open && byte === 0x80) throw new Asn1Error('an identifier arc is not minimal', element.offset);
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw new Asn1Error('an identifier arc is too large', element.offset);
    open = (byte & 0x80) !== 0;
    if (!open) {
      arcs.push(arc);
      arc = 0;
    }
  }
  if (open) throw new Asn1Error('an identifier is cut short', element.offset);
  const [first = 0, ...others] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...others].join('.');
}

/** BIT STRING whose bits fill whole octets (keys, signatures). */
export function readBitStringBytes(element: Element): Uint8Array {
  const content = contentOf(expectTag(element, tag.bitString));
  if (content.length === 0 || content[0] !== 0) {
    throw new Asn1Error('a BIT STRING of whole octets was expected', element.offset);
  }
  return content.subarray(1);
}

/** BIT STRING of flags: index n is bit n (KeyUsage, PKIFailureInfo, ReasonFlags). */
export function readBitFlags(element: Element, expected: number = tag.bitString): boolean[] {
  const content = contentOf(expectTag(element, expected));
  const unused = content[0] ?? 8;
  if (unused > 7 || content.length > 9 || (content.length === 1 && unused !== 0)) {
    throw new Asn1Error('a broken BIT STRING', element.offset);
  }
  const count = (content.length - 1) * 8 - unused;
  return Array.from({ length: count }, (_, bit) => {
    return ((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  });
}

/** OCTET STRING; with BER allowed, also the constructed form, joined. A view where it can be. */
export function readOctets(element: Element): Uint8Array {
  if (element.allowBer && element.tag === (tag.octetString | 0x20)) {
    const parts: Uint8Array[] = [];
    for (const child of iterateChildren(element)) parts.push(readOctets(child));
    return Buffer.concat(parts);
  }
  return contentOf(expectTag(element, tag.octetString));
}

/** Any of the ASN.1 text types as a JavaScript string; undecodable octets become U+FFFD. */
export function readText(element: Element): string {
  const content = contentOf(element);
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  switch (element.tag) {
    case tag.utf8String:
      return buffer.toString('utf8');
    case tag.numericString:
    case tag.printableString:
    case tag.ia5String:
    case tag.visibleString:
    case tag.teletexString:
      return buffer.toString('latin1');
    case tag.bmpString:
      return new TextDecoder('utf-16be').decode(content);
    case tag.universalString:
      return decodeUtf32(content);
    default:
      throw new Asn1Error('a text was expected', element.offset);
  }
}

/** UTCTime or GeneralizedTime in UTC (RFC 5280 §4.1.2.5; fractions of seconds as RFC 3161 §2.4.2 has them). */
export function readTime(element: Element, expected?: number): Date {
  if (expected !== undefined) expectTag(element, expected);
  const content = contentOf(element);
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  return parseTime(text, element.tag === (expected ?? tag.generalizedTime), element);
}

const utcPattern = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/;
const generalizedPattern = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/;

function parseTime(text: string, generalized: boolean, element: Element): Date {
  if (!generalized) expectTag(element, tag.utcTime);
  const match = (generalized ? generalizedPattern : utcPattern).exec(text);
  if (match === null) throw new Asn1Error('a broken time', element.offset);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const fullYear = generalized ? year : year < 50 ? 2000 + year : 1900 + year;
  const milliseconds = generalized ? Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000) : 0;
  const date = new Date(Date.UTC(fullYear, month - 1, day, hour, minute, second, milliseconds));
  date.setUTCFullYear(fullYear);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!same || minute > 59 || second > 59) throw new Asn1Error('an impossible time', element.offset);
  return date;
}

function integerContent(element: Element): Uint8Array {
  const content = contentOf(element);
  if (content.length === 0) throw new Asn1Error('an INTEGER without octets', element.offset);
  if (content.length > 4096) throw new Asn1Error('an INTEGER too long to be meant', element.offset);
  return content;
}

function decodeUtf32(content: Uint8Array): string {
  let text = '';
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  for (let at = 0; at + 4 <= content.length; at += 4) {
    const point = view.getUint32(at);
    const valid = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    text += String.fromCodePoint(valid ? point : 0xfffd);
  }
  return text;
}

/** Lower-case hex of bytes. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
