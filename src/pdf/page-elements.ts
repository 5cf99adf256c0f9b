/** What can stand on a page that the vault makes, and the operators that draw it (ISO 32000-2 §8, §9). */
import { deflateSync } from 'node:zlib';
import qrcode from 'qrcode';
import {
  type FontName,
  glyphsOf,
  loadFont,
  missingCharacters,
  type ObjectSink,
  textWidth,
} from './embedded-font.ts';
import { readJpegFrame } from './jpeg.ts';
import type { PdfRef } from './objects.ts';
import { serializeNumber as n, pdfName } from './serialize.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** Lengths in points, from the page's lower left corner. Text stands on its baseline. */
export type PageElement =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly font: FontName;
      readonly align?: 'left' | 'center' | 'right';
      readonly colour?: Colour;
      /** Not drawn, only there to be found and marked; stretched to this width (§9.3.6, rendering mode 3). */
      readonly hiddenWidth?: number;
    }
  | {
      readonly kind: 'line';
      readonly from: readonly [number, number];
      readonly to: readonly [number, number];
      readonly width: number;
      readonly colour?: Colour;
    }
  | {
      readonly kind: 'rectangle';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly lineWidth: number;
      readonly colour?: Colour;
    }
  | {
      readonly kind: 'qr';
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly size: number;
    }
  | {
      readonly kind: 'jpeg';
      readonly bytes: Uint8Array;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    };

/** Letters that a font lacks, or a picture that cannot be embedded. */
export class PageElementError extends Error {
  override readonly name = 'PageElementError';
}

/** Names of resources: fonts by name, images in order of use. */
export interface PageResources {
  readonly images: PdfRef[];
}

/** Resource name of a font. */
export function fontResource(font: FontName): string {
  return `F-${font}`;
}

/** Operators for all elements; images are put into `sink` and remembered in `resources`. @throws PageElementError */
export function drawElements(
  elements: readonly PageElement[],
  sink: ObjectSink,
  resources: PageResources,
): string {
  return elements.map((element) => draw(element, sink, resources)).join('\n');
}

function draw(element: PageElement, sink: ObjectSink, resources: PageResources): string {
  switch (element.kind) {
    case 'text':
      return drawText(element);
    case 'line':
      return `q ${n(element.width)} w ${colourOf(element.colour)} RG ${element.from.map(n).join(' ')} m ${element.to.map(n).join(' ')} l S Q`;
    case 'rectangle': {
      const box = [element.x, element.y, element.width, element.height].map(n).join(' ');
      return `q ${n(element.lineWidth)} w ${colourOf(element.colour)} RG ${box} re S Q`;
    }
    case 'qr':
      return drawQr(element.text, element);
    case 'jpeg': {
      resources.images.push(embedJpeg(sink, element.bytes));
      const box = `${n(element.width)} 0 0 ${n(element.height)} ${n(element.x)} ${n(element.y)}`;
      return `q ${box} cm /Im${resources.images.length - 1} Do Q`;
    }
  }
}

type TextElement = Extract<PageElement, { kind: 'text' }>;

/** Operators for one text. @throws PageElementError for letters the font lacks */
export function drawText(element: TextElement): string {
  const font = loadFont(element.font);
  const missing = missingCharacters(font, element.text);
  if (missing.length > 0) {
    throw new PageElementError(`The font ${element.font} has no letter for "${missing.join('')}".`);
  }
  const width =
    element.align === undefined || element.align === 'left' ? 0 : textWidth(font, element.text, element.size);
  const x = element.x - (element.align === 'center' ? width / 2 : width);
  const hidden =
    element.hiddenWidth === undefined
      ? ''
      : `3 Tr ${n((100 * element.hiddenWidth) / Math.max(0.1, textWidth(font, element.text, element.size)))} Tz `;
  const codes = glyphsOf(font, element.text).map((glyph) => glyph.toString(16).padStart(4, '0'));
  return `BT ${hidden}${colourOf(element.colour)} rg /${fontResource(element.font)} ${n(element.size)} Tf ${n(x)} ${n(element.y)} Td <${codes.join('')}> Tj ET`;
}

/** Modules as rectangles on white with the four-module quiet zone (ISO/IEC 18004 §5.3.8). */
export function drawQr(
  text: string,
  place: { readonly x: number; readonly y: number; readonly size: number },
): string {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + 8;
  const runs: string[] = [];
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      let length = 0;
      while (column + length < modules.size && modules.get(row, column + length) === 1) length += 1;
      if (length > 0) runs.push(`${column + 4} ${side - row - 5} ${length} 1 re`);
      column += length;
    }
  }
  const scale = n(place.size / side);
  const white = `1 1 1 rg 0 0 ${side} ${side} re f`;
  return `q ${scale} 0 0 ${scale} ${n(place.x)} ${n(place.y)} cm ${white} 0 0 0 rg ${runs.join(' ')} f Q`;
}

/** Embeds a JPEG unchanged. @throws PageElementError for CMYK, which sRGB pages cannot hold, and for broken files */
export function embedJpeg(sink: ObjectSink, bytes: Uint8Array): PdfRef {
  const frame = readJpegFrame(bytes);
  if (frame === undefined || (frame.components !== 1 && frame.components !== 3)) {
    throw new PageElementError('The picture is not a grey or RGB JPEG. Convert it first.');
  }
  return sink.addStream(
    {
      Type: pdfName('XObject'),
      Subtype: pdfName('Image'),
      Width: frame.width,
      Height: frame.height,
      BitsPerComponent: 8,
      ColorSpace: pdfName(frame.components === 1 ? 'DeviceGray' : 'DeviceRGB'),
      Filter: pdfName('DCTDecode'),
    },
    bytes,
  );
}

/** Fonts and texts of a list of elements. */
export function textsByFont(elements: readonly PageElement[]): Map<FontName, string[]> {
  const found = new Map<FontName, string[]>();
  for (const element of elements) {
    if (element.kind !== 'text') continue;
    found.set(element.font, [...(found.get(element.font) ?? []), element.text]);
  }
  return found;
}

export function deflated(content: string): Buffer {
  return deflateSync(Buffer.from(content, 'latin1'));
}

function colourOf(colour: Colour | undefined): string {
  return (colour ?? [0, 0, 0]).map(n).join(' ');
}
