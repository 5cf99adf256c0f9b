/**
 * A font embedded as its used glyphs, addressed by glyph number (Type 0, Identity-H; ISO 32000-2 §9.7), with the map
 * back to Unicode that copying and searching need. PDF/A-2 asks for all of it (ISO 19005-2 §6.2.11).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import type { PdfObject, PdfRef } from './objects.ts';
import { pdfBytes, pdfDict, pdfName } from './serialize.ts';
import { readTrueType, type TrueTypeFont } from './truetype.ts';

/** What a font needs of the file it goes into; `IncrementalWriter` has it. */
export interface ObjectSink {
  add(value: PdfObject): PdfRef;
  addStream(entries: Readonly<Record<string, PdfObject | undefined>>, data: Uint8Array): PdfRef;
}

export type FontName = 'tinos' | 'tinos-bold' | 'tinos-italic';

const files: Readonly<Record<FontName, string>> = {
  tinos: '400Regular/Tinos_400Regular.ttf',
  'tinos-bold': '700Bold/Tinos_700Bold.ttf',
  'tinos-italic': '400Regular_Italic/Tinos_400Regular_Italic.ttf',
};

const loaded = new Map<FontName, TrueTypeFont>();

/** Tinos has the metrics of Times New Roman and all of Vietnamese. Read once. */
export function loadFont(name: FontName): TrueTypeFont {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/tinos/${files[name]}`);
  const font = readTrueType(readFileSync(path));
  loaded.set(name, font);
  return font;
}

/** Glyph numbers of a text, composed to NFC first: a letter with its marks is one glyph. */
export function glyphsOf(font: TrueTypeFont, text: string): number[] {
  return Array.from(text.normalize('NFC'), (character) => font.glyph(character.codePointAt(0) ?? 0));
}

/** Characters the font cannot show. */
export function missingCharacters(font: TrueTypeFont, text: string): string[] {
  return Array.from(text.normalize('NFC')).filter(
    (character) => font.glyph(character.codePointAt(0) ?? 0) === 0,
  );
}

/** Width of a text in points at a size. */
export function textWidth(font: TrueTypeFont, text: string, size: number): number {
  const units = glyphsOf(font, text).reduce((sum, glyph) => sum + font.advance(glyph), 0);
  return (units * size) / font.unitsPerEm;
}

/** The operand of Tj for a text. */
export function encodeText(font: TrueTypeFont, text: string): string {
  return `<${glyphsOf(font, text)
    .map((glyph) => glyph.toString(16).padStart(4, '0'))
    .join('')}>`;
}

/** Embeds what `texts` use and returns the font dictionary's reference. */
export function embedFont(sink: ObjectSink, font: TrueTypeFont, texts: Iterable<string>): PdfRef {
  const used = usedGlyphs(font, texts);
  const program = font.subset(used.keys());
  const scale = (units: number) => Math.round((units * 1000) / font.unitsPerEm);
  const fontName = pdfName(`${subsetTag(program)}+${font.postScriptName}`);
  const file = sink.addStream(
    { Length1: program.length, Filter: pdfName('FlateDecode') },
    deflateSync(program, { level: 9 }),
  );
  const descriptor = sink.add(
    pdfDict({
      Type: pdfName('FontDescriptor'),
      FontName: fontName,
      // Symbolic: glyphs are chosen by number, not through a standard encoding.
      Flags: 4,
      FontBBox: font.boundingBox.map(scale),
      ItalicAngle: 0,
      Ascent: scale(font.ascent),
      Descent: scale(font.descent),
      CapHeight: scale(font.capHeight),
      StemV: 80,
      FontFile2: file,
    }),
  );
  const descendant = sink.add(
    pdfDict({
      Type: pdfName('Font'),
      Subtype: pdfName('CIDFontType2'),
      BaseFont: fontName,
      CIDSystemInfo: pdfDict({
        Registry: pdfBytes(Buffer.from('Adobe')),
        Ordering: pdfBytes(Buffer.from('Identity')),
        Supplement: 0,
      }),
      FontDescriptor: descriptor,
      DW: 1000,
      W: [...used.keys()].sort((a, b) => a - b).flatMap((glyph) => [glyph, [scale(font.advance(glyph))]]),
      CIDToGIDMap: pdfName('Identity'),
    }),
  );
  const toUnicode = sink.addStream({ Filter: pdfName('FlateDecode') }, deflateSync(unicodeMap(used)));
  return sink.add(
    pdfDict({
      Type: pdfName('Font'),
      Subtype: pdfName('Type0'),
      BaseFont: fontName,
      Encoding: pdfName('Identity-H'),
      DescendantFonts: [descendant],
      ToUnicode: toUnicode,
    }),
  );
}

function usedGlyphs(font: TrueTypeFont, texts: Iterable<string>): Map<number, string> {
  const used = new Map<number, string>();
  for (const text of texts) {
    for (const character of text.normalize('NFC')) {
      const glyph = font.glyph(character.codePointAt(0) ?? 0);
      if (!used.has(glyph)) used.set(glyph, character);
    }
  }
  return used;
}

// Six capitals that depend on the content (§9.9.2), so that equal subsets have equal names.
function subsetTag(program: Buffer): string {
  const digest = createHash('sha256').update(program).digest();
  return Array.from(digest.subarray(0, 6), (byte) => String.fromCharCode(65 + (byte % 26))).join('');
}

function unicodeMap(used: ReadonlyMap<number, string>): Buffer {
  const hex = (glyph: number) => glyph.toString(16).padStart(4, '0');
  const pairs = [...used].map(([glyph, character]) => {
    return `<${hex(glyph)}> <${Buffer.from(character, 'utf16le').swap16().toString('hex')}>`;
  });
  const blocks: string[] = [];
  for (let at = 0; at < pairs.length; at += 100) {
    const block = pairs.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return Buffer.from(`/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`);
}
