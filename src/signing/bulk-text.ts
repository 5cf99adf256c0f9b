// Text with placeholders, prepared so that filling it costs a table look-up a letter.
import { type FontName, loadFont, type PageElement, PageElementError } from '../pdf/index.ts';
import { drawQr, fontResource } from '../pdf/page-elements.ts';
import { serializeNumber as n } from '../pdf/serialize.ts';

export type Fields = Readonly<Record<string, string>>;

/** Letters that every pre-cut font has: Vietnamese, Latin, digits, the punctuation of official papers. */
export const bulkAlphabet = (() => {
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
  const bases = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
  const tones = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
  const vowels = bases.flatMap((base) => tones.map((tone) => (base + tone).normalize('NFC'))).join('');
  return `${ascii}${vowels}${vowels.toUpperCase()}đĐ–—“”‘’…°§×•áàéèíìóòúùçñöüÖÜÇÑ²³`;
})();

/** Literal texts and field names, alternating: `['Số: ', 'number', '/BS']`. */
type Segments = readonly string[];

export function parseTemplate(text: string): Segments {
  return text.normalize('NFC').split(/\{(\w+)\}/);
}

/** @throws PageElementError when a field is missing */
export function fillTemplate(segments: Segments, fields: Fields): string {
  let text = segments[0] ?? '';
  for (let index = 1; index < segments.length; index += 2) {
    const name = segments[index] ?? '';
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined) throw new PageElementError(`The field "${name}" of the template has no value.`);
    text += value.normalize('NFC') + (segments[index + 1] ?? '');
  }
  return text;
}

/** Field names that a text asks for. */
export function fieldNames(text: string): string[] {
  return parseTemplate(text).filter((_, index) => index % 2 === 1);
}

export type FillElement = (fields: Fields) => string;

/** `room`, in points: text that is longer is set smaller, down to `LEAST_SIZE` of its size. */
export type BulkElement = PageElement & { readonly room?: number };

/** The smallest share of its size that a text is set in to find room. */
export const LEAST_SIZE = 0.6;

/** The size at which a text of a natural width fits its room, in twentieths of a point. */
export const sizeInRoom = (size: number, natural: number, room: number | undefined): number =>
  room === undefined || natural <= room ? size : Math.floor((size * room * 20) / natural) / 20;

/** A function that draws an element with placeholders; an empty text draws nothing. @throws PageElementError at once for elements that have none */
export function prepareElement(element: BulkElement): FillElement {
  if (element.kind === 'text') return prepareText(element);
  if (element.kind === 'qr') {
    const segments = parseTemplate(element.text);
    return (fields) => drawQr(fillTemplate(segments, fields), element);
  }
  throw new PageElementError('Only texts and QR codes can have placeholders.');
}

function prepareText(element: Extract<BulkElement, { kind: 'text' }>): FillElement {
  const segments = parseTemplate(element.text);
  const codes = codesOf(element.font);
  const { unitsPerEm } = loadFont(element.font);
  const colour = (element.colour ?? [0, 0, 0]).map(n).join(' ');
  const head = `BT ${colour} rg /${fontResource(element.font)} `;
  const y = n(element.y);
  return (fields) => {
    const text = fillTemplate(segments, fields);
    if (text === '') return '';
    let hex = '';
    let width = 0;
    for (let index = 0; index < text.length; index++) {
      const entry = codes[text.charCodeAt(index)];
      if (entry === undefined) {
        throw new PageElementError(
          `The font of the template has no letter for "${text.charAt(index)}" in "${text}".`,
        );
      }
      hex += entry.hex;
      width += entry.advance;
    }
    const size = sizeInRoom(element.size, (width * element.size) / unitsPerEm, element.room);
    if (size < element.size * LEAST_SIZE) {
      throw new PageElementError(`"${text.slice(0, 60)}" is too long for its place on the template.`);
    }
    const length = (width * size) / unitsPerEm;
    const x =
      element.align === 'center'
        ? element.x - length / 2
        : element.align === 'right'
          ? element.x - length
          : element.x;
    return `${head}${n(size)} Tf ${n(x)} ${y} Td <${hex}> Tj ET`;
  };
}

interface Code {
  readonly hex: string;
  readonly advance: number;
}

const tables = new Map<FontName, readonly (Code | undefined)[]>();

function codesOf(name: FontName): readonly (Code | undefined)[] {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const font = loadFont(name);
  const table: (Code | undefined)[] = new Array(0x2100);
  for (const character of bulkAlphabet) {
    const code = character.charCodeAt(0);
    const glyph = font.glyph(code);
    if (glyph !== 0) table[code] = { hex: glyph.toString(16).padStart(4, '0'), advance: font.advance(glyph) };
  }
  tables.set(name, table);
  return table;
}

/** True when an element differs from document to document. */
export function hasPlaceholder(element: PageElement): boolean {
  return (element.kind === 'text' || element.kind === 'qr') && fieldNames(element.text).length > 0;
}
