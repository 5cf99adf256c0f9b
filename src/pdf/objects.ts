/** The PDF object model (ISO 32000-2 §7.3): immutable values that remember where in the file they stood. */

export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfRef
  | PdfDict
  | PdfStream
  | readonly PdfObject[];

export class PdfName {
  /** The name without its solidus, `#xx` decoded, one character a byte. */
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

export class PdfString {
  readonly bytes: Uint8Array;
  /** Offsets of the opening delimiter and after the closing one; -1 inside an object stream. */
  readonly start: number;
  readonly end: number;
  readonly hex: boolean;

  constructor(bytes: Uint8Array, place: { start: number; end: number; hex: boolean }) {
    this.bytes = bytes;
    this.start = place.start;
    this.end = place.end;
    this.hex = place.hex;
  }
}

export class PdfRef {
  readonly num: number;
  readonly gen: number;

  constructor(num: number, gen: number) {
    this.num = num;
    this.gen = gen;
  }
}

export class PdfDict {
  readonly entries: ReadonlyMap<string, PdfObject>;
  /** Offsets of `<<` and after `>>`; -1 inside an object stream. */
  readonly start: number;
  readonly end: number;
  /** A key that stands more than once: readers disagree on which value counts. */
  readonly duplicateKey: string | undefined;

  constructor(
    entries: ReadonlyMap<string, PdfObject>,
    place: { start: number; end: number; duplicateKey?: string | undefined } = { start: -1, end: -1 },
  ) {
    this.entries = entries;
    this.start = place.start;
    this.end = place.end;
    this.duplicateKey = place.duplicateKey;
  }

  /** The value as written (references are not followed); an absent key is `null`, as the standard says. */
  get(key: string): PdfObject {
    return this.entries.get(key) ?? null;
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }
}

export class PdfStream {
  readonly dict: PdfDict;
  /** Offset of the first byte of data. */
  readonly dataStart: number;
  /** Object and generation number: decryption needs them. */
  readonly ref: PdfRef;

  constructor(dict: PdfDict, dataStart: number, ref: PdfRef) {
    this.dict = dict;
    this.dataStart = dataStart;
    this.ref = ref;
  }
}

/** True where `value` is a name, optionally one of `names`. */
export function isName(value: PdfObject, ...names: readonly string[]): value is PdfName {
  return value instanceof PdfName && (names.length === 0 || names.includes(value.value));
}

export function isArray(value: PdfObject): value is readonly PdfObject[] {
  return Array.isArray(value);
}

/** A text string (§7.9.2.2): UTF-16 with a byte-order mark, UTF-8 with one, else PDFDocEncoding read as Latin-1. */
export function textOf(value: PdfString): string {
  const { bytes } = value;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return new TextDecoder('utf-16le').decode(bytes.subarray(2));
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return new TextDecoder('utf-8').decode(bytes.subarray(3));
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
