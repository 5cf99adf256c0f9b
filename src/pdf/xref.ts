/**
 * Cross-reference sections (ISO 32000-2 §7.5.4, §7.5.8). A section answers for one object number at a time and
 * reads its entry only then, so that opening a large file costs nothing.
 */
import { asBuffer, isSpace } from './characters.ts';
import type { PdfDict } from './objects.ts';
import type { Parser } from './parser.ts';
import { PdfError } from './pdf-error.ts';
import type { NumberRange } from './ranges.ts';

export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly gen: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number };

export interface XrefSection {
  /** Offset of `xref` or of the stream object. */
  readonly start: number;
  /** After the trailer dictionary or the stream object. */
  readonly end: number;
  readonly trailer: PdfDict;
  readonly kind: 'table' | 'stream';
  /** `undefined` where this section does not speak of the object. */
  entry(num: number): XrefEntry | undefined;
  /** Object numbers the section speaks of, as half-open ranges. */
  readonly ranges: readonly (readonly [first: number, end: number])[];
}

const ENTRY = 20;
const MAX_OBJECT_NUMBER = 8_388_607 * 4;

export interface Subsection extends NumberRange {
  /** Offset of the first entry. */
  readonly at: number;
  /** Entries are 20 bytes in all but a few producers' files. */
  readonly width: number;
}

/** Reads a classic table whose `xref` keyword the parser has passed; leaves the parser before `trailer`. */
export function readSubsections(parser: Parser): Subsection[] {
  const subsections: Subsection[] = [];
  for (;;) {
    const first = parser.integer();
    if (first < 0) {
      return subsections;
    }
    const count = parser.integer();
    if (count < 0 || first + count > MAX_OBJECT_NUMBER || subsections.length > 100_000) {
      parser.fail('the cross-reference table is damaged', parser.pos);
    }
    parser.skipSpace();
    const at = parser.pos;
    const width = count === 0 ? ENTRY : entryWidth(parser, at);
    if (at + width * (count - 1) + 18 > parser.bytes.length) {
      parser.fail('the cross-reference table is cut off', at);
    }
    // Some producers count from 1 although their first entry is the head of the free list.
    const misnumbered =
      first === 1 &&
      count > 0 &&
      subsections.length === 0 &&
      text(parser.bytes, at, 18) === '0000000000 65535 f';
    subsections.push({ first: misnumbered ? 0 : first, count, at, width });
    parser.pos = at + (count === 0 ? 0 : width * (count - 1) + 18);
  }
}

function entryWidth(parser: Parser, at: number): number {
  const { bytes } = parser;
  if (!/^\d{10} \d{5} [nf]$/.test(text(bytes, at, 18))) {
    parser.fail('the cross-reference table is damaged', at);
  }
  let end = at + 18;
  while (end < at + ENTRY && isSpace(bytes[end])) {
    end += 1;
  }
  return end - at;
}

/** The entry of one object in the subsection that holds it. */
export function tableEntry(bytes: Uint8Array, subsection: Subsection, num: number): XrefEntry {
  const at = subsection.at + (num - subsection.first) * subsection.width;
  const offset = digits(bytes, at, 10);
  const gen = digits(bytes, at + 11, 5);
  const type = bytes[at + 17];
  if (offset < 0 || gen < 0 || (type !== 0x6e && type !== 0x66)) {
    throw new PdfError('syntax', 'the cross-reference table is damaged', at);
  }
  return type === 0x6e && offset !== 0 ? { kind: 'offset', offset, gen } : { kind: 'free' };
}

export interface XrefStreamRange extends NumberRange {
  /** Entries of earlier ranges. */
  readonly rows: number;
}

export type XrefStreamWidths = readonly [type: number, second: number, third: number];

/** Looks one entry up in the decoded data of a cross-reference stream (§7.5.8.3). */
export function streamEntry(
  data: Uint8Array,
  widths: XrefStreamWidths,
  place: { readonly range: XrefStreamRange; readonly num: number },
): XrefEntry | undefined {
  const [w0, w1, w2] = widths;
  const width = w0 + w1 + w2;
  const at = (place.range.rows + place.num - place.range.first) * width;
  if (at + width > data.length) {
    return undefined;
  }
  const type = w0 === 0 ? 1 : bigEndian(data, at, w0);
  const second = bigEndian(data, at + w0, w1);
  const third = bigEndian(data, at + w0 + w1, w2);
  if (type === 1) {
    return { kind: 'offset', offset: second, gen: third };
  }
  return type === 2 ? { kind: 'compressed', stream: second, index: third } : { kind: 'free' };
}

function bigEndian(data: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i += 1) {
    value = value * 256 + (data[at + i] ?? 0);
  }
  return value;
}

function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i += 1) {
    const c = bytes[at + i] ?? 0;
    if (c < 0x30 || c > 0x39) {
      return -1;
    }
    value = value * 10 + c - 0x30;
  }
  return value;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return asBuffer(bytes).toString('latin1', at, Math.min(bytes.length, at + length));
}
