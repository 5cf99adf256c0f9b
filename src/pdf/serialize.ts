/** Writes the objects of the PDF model as bytes (ISO 32000-2 §7.3). The inverse of `parser.ts`. */
import { isArray, PdfDict, PdfName, type PdfObject, PdfRef, PdfStream, PdfString } from './objects.ts';

/** The shortest plain writing of an object. @throws TypeError for streams: they are only written as whole objects. */
export function serialize(value: PdfObject): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return serializeNumber(value);
  if (value instanceof PdfName) return serializeName(value.value);
  if (value instanceof PdfRef) return `${value.num} ${value.gen} R`;
  if (value instanceof PdfString) return `<${Buffer.from(value.bytes).toString('hex')}>`;
  if (value instanceof PdfDict) return serializeDict(value.entries);
  if (isArray(value)) return `[${value.map(serialize).join(' ')}]`;
  if (value instanceof PdfStream) throw new TypeError('a stream cannot stand inside another object');
  throw new TypeError('not a PDF object');
}

export function serializeDict(entries: ReadonlyMap<string, PdfObject>): string {
  const pairs = [...entries].map(([key, value]) => `${serializeName(key)} ${serialize(value)}`);
  return `<<${pairs.join(' ')}>>`;
}

/** A name with its solidus; everything but plain characters as `#xx`. */
export function serializeName(name: string): string {
  const escaped = name.replace(/[^A-Za-z0-9_.+\-:*!@$^&=~`';,?|"\\]/g, (character) => {
    return `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `/${escaped}`;
}

/** Never in exponent form, which PDF does not know; at most five decimals. */
export function serializeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('not a number PDF can hold');
  if (Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(5).replace(/\.?0+$/, '');
}

/** A dictionary from a plain object; keys keep their order, undefined entries are left out. */
export function pdfDict(entries: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
  const kept = Object.entries(entries).filter(
    (entry): entry is [string, PdfObject] => entry[1] !== undefined,
  );
  return new PdfDict(new Map(kept));
}

/** A copy of a dictionary with some entries replaced or, where undefined, removed. */
export function withEntries(
  dict: PdfDict,
  changes: Readonly<Record<string, PdfObject | undefined>>,
): PdfDict {
  const entries = new Map(dict.entries);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
  return new PdfDict(entries);
}

export function pdfName(value: string): PdfName {
  return new PdfName(value);
}

/** Bytes as a hexadecimal string object. */
export function pdfBytes(bytes: Uint8Array): PdfString {
  return new PdfString(bytes, { start: -1, end: -1, hex: true });
}

/** A text string (§7.9.2.2): ASCII as it is, everything else UTF-16 with its mark. Composed to NFC. */
export function pdfText(text: string): PdfString {
  const composed = text.normalize('NFC');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether all characters are ASCII
  if (/^[\x00-\x7f]*$/.test(composed)) return pdfBytes(Buffer.from(composed, 'latin1'));
  return pdfBytes(Buffer.from(`\ufeff${composed}`, 'utf16le').swap16());
}

/** A date (§7.9.4) in Vietnam's zone: `D:20261124140509+07'00'`. Whole seconds. */
export function pdfDate(date: Date): PdfString {
  const local = new Date(date.getTime() + 7 * 3_600_000).toISOString();
  return pdfBytes(Buffer.from(`D:${local.slice(0, 19).replace(/[-:T]/g, '')}+07'00'`, 'latin1'));
}
