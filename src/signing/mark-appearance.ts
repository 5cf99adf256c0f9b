// Draws a mark as a form XObject (ISO 32000-2 §12.5.5): text in an embedded font, an image or a QR code beside it.
import { deflateSync } from 'node:zlib';
import {
  embedFont,
  encodeText,
  loadFont,
  missingCharacters,
  type ObjectSink,
  textWidth,
} from '../pdf/embedded-font.ts';
import type { PdfObject, PdfRef } from '../pdf/index.ts';
import { drawQr } from '../pdf/page-elements.ts';
import { serializeNumber as n, pdfDict, pdfName } from '../pdf/serialize.ts';
import type { TrueTypeFont } from '../pdf/truetype.ts';
import { fillLines, type MarkProfile } from './mark-profile.ts';
import { SigningError } from './signing-error.ts';

export interface MarkRequest {
  readonly profile: MarkProfile;
  /** For the placeholders of the profile's lines. */
  readonly values: Readonly<Record<string, string>>;
  /** PNG, JPEG or WebP, for profiles with a picture of kind `image`. Transparency is kept. */
  readonly image?: Uint8Array;
  /** For profiles with a picture of kind `qr`. */
  readonly qr?: string;
}

/** A mark measured and ready to be written into a file. */
export interface DrawnMark {
  readonly width: number;
  readonly height: number;
  /** Writes the appearance; `matrix` is the placement's. */
  write(sink: ObjectSink, matrix: readonly number[]): PdfRef;
}

const gap = 6;

/** @throws SigningError `mark-incomplete` when a value, the image or the QR text is missing or cannot be used */
export async function drawMark(request: MarkRequest): Promise<DrawnMark> {
  const { profile } = request;
  const lines = fillLines(profile, request.values);
  const font = profile.text === undefined ? undefined : loadFont(profile.text.font);
  const broken =
    profile.text === undefined || font === undefined ? [] : breakLines(font, lines, profile.text);
  const picture = await readPicture(request);
  const size = profile.text?.size ?? 0;
  const leading = size * 1.2;
  const widths = font === undefined ? [] : broken.map((line) => textWidth(font, line, size));
  const block = { width: Math.max(0, ...widths), height: broken.length * leading };
  const shift = profile.picture === undefined ? 0 : profile.picture.width + (broken.length > 0 ? gap : 0);
  const width = shift + block.width;
  const height = Math.max(block.height, profile.picture?.height ?? 0);
  return {
    width,
    height,
    write: (sink, matrix) => {
      const content: string[] = [];
      const resources: Record<string, PdfObject> = {};
      if (picture !== undefined && profile.picture !== undefined) {
        const drawn = picture(sink, { ...profile.picture, y: height - profile.picture.height });
        content.push(drawn.content);
        if (drawn.image !== undefined) resources.XObject = pdfDict({ Im0: drawn.image });
      }
      if (font !== undefined && profile.text !== undefined) {
        resources.Font = pdfDict({ F0: embedFont(sink, font, broken) });
        const colour = profile.text.colour.map(n).join(' ');
        const baseline = height - (size * font.ascent) / font.unitsPerEm;
        const shown = broken.map((line) => `${encodeText(font, line)} Tj T*`).join('\n');
        content.push(
          `BT\n${colour} rg\n/F0 ${n(size)} Tf ${n(leading)} TL\n${n(shift)} ${n(baseline)} Td\n${shown}\nET`,
        );
      }
      return sink.addStream(
        {
          Type: pdfName('XObject'),
          Subtype: pdfName('Form'),
          BBox: [0, 0, width, height],
          Matrix: [...matrix],
          Resources: pdfDict(resources),
          Filter: pdfName('FlateDecode'),
        },
        deflateSync(Buffer.from(`q\n${content.join('\n')}\nQ\n`, 'latin1')),
      );
    },
  };
}

type DrawPicture = (
  sink: ObjectSink,
  place: { readonly width: number; readonly height: number; readonly y: number },
) => { readonly content: string; readonly image?: PdfRef };

async function readPicture(request: MarkRequest): Promise<DrawPicture | undefined> {
  const { profile, image, qr } = request;
  if (profile.picture === undefined) return undefined;
  if (profile.picture.kind === 'qr') {
    if (qr === undefined)
      throw new SigningError('mark-incomplete', `The mark "${profile.id}" needs a text for its QR code.`);
    return qrPicture(qr);
  }
  if (image === undefined)
    throw new SigningError('mark-incomplete', `The mark "${profile.id}" needs an image.`);
  return drawImage(image, profile.id);
}

function qrPicture(text: string): DrawPicture {
  return (_, place) => {
    return { content: drawQr(text, { x: 0, y: place.y, size: Math.min(place.width, place.height) }) };
  };
}

async function drawImage(bytes: Uint8Array, id: string): Promise<DrawPicture> {
  const { data, info } = await decode(bytes, id);
  const pixels = info.width * info.height;
  const rgb = Buffer.alloc(pixels * 3);
  const alpha = Buffer.alloc(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    data.copy(rgb, pixel * 3, pixel * 4, pixel * 4 + 3);
    alpha[pixel] = data[pixel * 4 + 3] ?? 0;
  }
  return (sink, place) => {
    const common = {
      Type: pdfName('XObject'),
      Subtype: pdfName('Image'),
      Width: info.width,
      Height: info.height,
      BitsPerComponent: 8,
      Filter: pdfName('FlateDecode'),
    };
    const opaque = alpha.every((value) => value === 255);
    const mask = opaque
      ? undefined
      : sink.addStream({ ...common, ColorSpace: pdfName('DeviceGray') }, deflateSync(alpha));
    const image = sink.addStream(
      { ...common, ColorSpace: pdfName('DeviceRGB'), SMask: mask },
      deflateSync(rgb),
    );
    const scale = Math.min(place.width / info.width, place.height / info.height);
    const [width, height] = [info.width * scale, info.height * scale];
    const x = (place.width - width) / 2;
    const y = place.y + (place.height - height) / 2;
    return { content: `q\n${n(width)} 0 0 ${n(height)} ${n(x)} ${n(y)} cm\n/Im0 Do\nQ`, image };
  };
}

async function decode(bytes: Uint8Array, id: string) {
  try {
    const { default: sharp } = await import('sharp');
    return await sharp(bytes, { limitInputPixels: 4_000_000 })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    const message = `The image of the mark "${id}" cannot be read. Give a PNG or JPEG of at most 4 megapixels.`;
    throw new SigningError('mark-incomplete', message, { cause: error });
  }
}

function breakLines(
  font: TrueTypeFont,
  lines: readonly string[],
  text: NonNullable<MarkProfile['text']>,
): string[] {
  return lines.flatMap((line) => {
    const missing = missingCharacters(font, line);
    if (missing.length > 0) {
      throw new SigningError(
        'mark-incomplete',
        `The font of the mark has no letter for "${missing.join('')}".`,
      );
    }
    const rows: string[] = [];
    let row = '';
    for (const word of line.split(' ')) {
      const longer = row === '' ? word : `${row} ${word}`;
      if (row !== '' && textWidth(font, longer, text.size) > text.maximumWidth) {
        rows.push(row);
        row = word;
      } else {
        row = longer;
      }
    }
    return [...rows, row];
  });
}
