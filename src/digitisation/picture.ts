/**
 * One page as numbers: decoded once, turned upright by its EXIF, colours as sRGB of eight bits whatever came in (CMYK,
 * 16 bit, palettes). Runs in a killable child only: pictures are hostile input.
 */
import sharp from 'sharp';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Interleaved red, green, blue. */
  readonly rgb: Uint8Array;
  /** Dots per inch as the file says, or undefined where it says nothing believable. */
  readonly density?: number;
  /** The picture had one colour channel, or one bit. */
  readonly channels: 'colour' | 'grey' | 'bitonal';
  readonly carriesPosition: boolean;
  /** EXIF names a camera, or says nothing of a scanner's resolution. */
  readonly fromCamera: boolean;
}

export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pixels of the longest side that are worked on: A4 at 300 dpi, and what a phone gives. */
const LONGEST = 3600;

export interface LoadOptions {
  readonly page?: number;
  readonly maxPixels: number;
  /** Raw pixels instead of an encoded picture. */
  readonly raw?: { readonly width: number; readonly height: number; readonly channels: 1 | 3 | 4 };
  /** Dots per inch where the container knows them better than the picture (PDF). */
  readonly density?: number;
}

/** @throws Error of the decoder */
export async function loadPicture(bytes: Uint8Array, options: LoadOptions): Promise<Picture> {
  const input = {
    page: options.page,
    limitInputPixels: options.maxPixels,
    failOn: 'error',
    raw: options.raw,
  } as const;
  const facts = await sharp(bytes, input).metadata();
  const upright = sharp(bytes, input).rotate().toColourspace('srgb').removeAlpha();
  const scale = Math.min(1, LONGEST / Math.max(facts.width, facts.height));
  const { data, info } = await (scale < 1
    ? upright.resize({ width: Math.round(Math.max(1, turned(facts) ? facts.height : facts.width) * scale) })
    : upright
  )
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const rgb = info.channels === 1 ? spread(data) : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const density = options.density ?? believable(facts);
  const text = facts.exif ? Buffer.from(facts.exif).toString('latin1') : '';
  return {
    width: info.width,
    height: info.height,
    rgb,
    density: density === undefined ? undefined : density * scale,
    channels:
      facts.space === 'b-w' && facts.bitsPerSample === 1
        ? 'bitonal'
        : facts.space?.startsWith('b-w') || facts.space === 'grey16'
          ? 'grey'
          : 'colour',
    carriesPosition: hasPosition(facts.exif),
    fromCamera:
      density === undefined || /(iphone|samsung|xiaomi|oppo|vivo|huawei|canon|nikon|pixel)/i.test(text),
  };
}

const turned = (facts: { orientation?: number }): boolean => (facts.orientation ?? 1) >= 5;

function believable(facts: {
  density?: number;
  width: number;
  height: number;
  format?: string;
}): number | undefined {
  const { density } = facts;
  if (density === undefined || density < 100 || density > 1300) return undefined;
  const long = Math.max(facts.width, facts.height) / density;
  // Between a card and an A3 sheet.
  return long >= 2 && long <= 18 ? density : undefined;
}

/** EXIF tag 0x8825 in the first directory points to a position (CIPA DC-008 §4.6.3). */
export function hasPosition(exif: Uint8Array | undefined): boolean {
  if (!exif || exif.byteLength < 20) return false;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const start = Buffer.from(exif.buffer, exif.byteOffset, 4).toString('latin1') === 'Exif' ? 6 : 0;
  const little = view.getUint16(start) === 0x4949;
  try {
    const directory = start + view.getUint32(start + 4, little);
    const entries = view.getUint16(directory, little);
    for (let index = 0; index < entries; index += 1) {
      if (view.getUint16(directory + 2 + index * 12, little) === 0x8825) return true;
    }
  } catch {
    return false;
  }
  return false;
}

function spread(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let at = 0; at < grey.length; at += 1) rgb.fill(grey[at] ?? 0, at * 3, at * 3 + 3);
  return rgb;
}

/** Lightness (Rec. 601), each pixel. */
export function greyOf({ width, height, rgb }: Pick<Picture, 'width' | 'height' | 'rgb'>): Grey {
  const data = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < data.length; at += 1, from += 3) {
    data[at] = ((rgb[from] ?? 0) * 77 + (rgb[from + 1] ?? 0) * 150 + (rgb[from + 2] ?? 0) * 29) >> 8;
  }
  return { width, height, data };
}

/** The same in fewer pixels, each the mean of those it stands for. */
export async function shrink(picture: Picture, longest: number): Promise<Picture> {
  const scale = longest / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  const { data, info } = await sharp(picture.rgb, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .resize({ width: Math.max(1, Math.round(picture.width * scale)) })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { ...picture, width: info.width, height: info.height, rgb: data, density: undefined };
}
