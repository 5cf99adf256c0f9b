/**
 * Pages that look scanned or photographed, with known text and known defects: drawn as SVG with an embedded font, then
 * spoilt on purpose. The same seed gives the same picture. All people and numbers are invented.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import sharp, { type Sharp } from 'sharp';
import { homography } from '../../../src/digitisation/paper-corners.ts';

export interface PaperLine {
  readonly text: string;
  /** Millimetres from the left and top edge of the A4 page to the baseline. */
  readonly x: number;
  readonly y: number;
  /** Points. */
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
}

export interface DrawOptions {
  readonly dpi?: number;
  readonly seal?: boolean;
  readonly signature?: boolean;
  /** SVG put on top, in millimetres. */
  readonly extra?: string;
}

export const A4 = { width: 210, height: 297 };

/** Lines of an invented birth certificate. */
export const birthCertificate = (
  values: Partial<Record<'name' | 'born' | 'number' | 'registration', string>> = {},
): PaperLine[] => [
  { text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', x: 105, y: 30, size: 13, bold: true, anchor: 'middle' },
  { text: 'Độc lập - Tự do - Hạnh phúc', x: 105, y: 38, size: 13, bold: true, anchor: 'middle' },
  { text: 'GIẤY KHAI SINH', x: 105, y: 62, size: 20, bold: true, anchor: 'middle' },
  { text: `Họ, chữ đệm, tên: ${values.name ?? 'TRẦN VĂN MINH HỌA'}`, x: 30, y: 85 },
  { text: `Ngày, tháng, năm sinh: ${values.born ?? '12/03/2019'}`, x: 30, y: 96 },
  { text: 'Giới tính: Nam     Dân tộc: Kinh     Quốc tịch: Việt Nam', x: 30, y: 107 },
  { text: 'Nơi sinh: Trạm y tế xã Thanh Bình', x: 30, y: 118 },
  { text: `Số định danh cá nhân: ${values.number ?? '000219000127'}`, x: 30, y: 129 },
  { text: 'Họ, chữ đệm, tên người mẹ: NGUYỄN THỊ LAN', x: 30, y: 140 },
  { text: 'Họ, chữ đệm, tên người cha: TRẦN VĂN HÙNG', x: 30, y: 151 },
  { text: 'Nơi đăng ký khai sinh: Ủy ban nhân dân xã Thanh Bình', x: 30, y: 162 },
  { text: `Số: ${values.registration ?? '118'}     Quyển số: 02/2019`, x: 30, y: 173 },
  { text: 'Ngày, tháng, năm đăng ký: 20/03/2019', x: 30, y: 184 },
  { text: 'NGƯỜI KÝ GIẤY KHAI SINH', x: 150, y: 205, size: 12, bold: true, anchor: 'middle' },
];

interface Glyph {
  readonly path: { toSVG(): string };
  readonly advanceWidth: number;
}
interface Font {
  readonly unitsPerEm: number;
  layout(text: string): { readonly glyphs: readonly Glyph[] };
}
const fonts = new Map<string, Font>();

/** Letters as outlines, so that the picture is the same on every machine, whatever fonts it has. */
function fontOf(bold: boolean): Font {
  const name = bold ? '700Bold/Tinos_700Bold' : '400Regular/Tinos_400Regular';
  const known = fonts.get(name);
  if (known) return known;
  const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/tinos/${name}.ttf`);
  const font = fontkit.create(readFileSync(path)) as unknown as Font;
  fonts.set(name, font);
  return font;
}

function outline({ text, x, y, size = 13, bold = false, anchor = 'start' }: PaperLine): string {
  const font = fontOf(bold);
  const scale = (size * 25.4) / 72 / font.unitsPerEm;
  const { glyphs } = font.layout(text.normalize('NFC'));
  const width = glyphs.reduce((sum, { advanceWidth }) => sum + advanceWidth, 0) * scale;
  let at = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
  return glyphs
    .map((glyph) => {
      const place = `<path transform="translate(${at.toFixed(3)} ${y}) scale(${scale.toFixed(6)} ${(-scale).toFixed(6)})" d="${glyph.path.toSVG()}"/>`;
      at += glyph.advanceWidth * scale;
      return place;
    })
    .join('');
}

/** A clean page, as an uncompressed picture of `dpi` (300) dots per inch. */
export async function drawPage(lines: readonly PaperLine[], options: DrawOptions = {}): Promise<Sharp> {
  const dpi = options.dpi ?? 300;
  const text = `<g fill="#1c1a24">${lines.map(outline).join('')}</g>`;
  const seal = options.seal
    ? '<g fill="none" stroke="#cc2038" stroke-width="1.1" opacity="0.9"><circle cx="140" cy="228" r="17"/><circle cx="140" cy="228" r="14.6" stroke-width="0.6"/></g><path d="M140 219 L142.6 225.8 L149.8 226 L144.2 230.4 L146.2 237.4 L140 233.3 L133.8 237.4 L135.8 230.4 L130.2 226 L137.4 225.8 Z" fill="#cc2038" opacity="0.85"/>'
    : '';
  const signature = options.signature
    ? '<path d="M150 232 q6 -14 9 -3 t8 -6 t7 5 t9 -9 M152 226 q12 3 26 -2" fill="none" stroke="#1f3fae" stroke-width="0.9"/>'
    : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round((A4.width * dpi) / 25.4)}" height="${Math.round((A4.height * dpi) / 25.4)}" viewBox="0 0 210 297"><rect width="210" height="297" fill="#f7f5ef"/>${text}${seal}${signature}${options.extra ?? ''}</svg>`;
  return sharp(Buffer.from(svg), { limitInputPixels: 120_000_000 }).flatten({
    background: '#f7f5ef',
  });
}

/** A scanner's JPEG: grain, resolution told. */
export async function scanPage(
  lines: readonly PaperLine[],
  options: DrawOptions & {
    readonly quality?: number;
    readonly rotate?: number;
    readonly blur?: number;
    readonly gamma?: number;
  } = {},
): Promise<Buffer> {
  const dpi = options.dpi ?? 300;
  let page = await drawPage(lines, options);
  const { data, info } = await page.raw().toBuffer({ resolveWithObject: true });
  page = sharp(grain(data, 3, 11), {
    raw: { width: info.width, height: info.height, channels: info.channels },
  });
  if (options.rotate)
    page = sharp(await page.rotate(options.rotate, { background: '#f7f5ef' }).png().toBuffer());
  if (options.blur) page = page.blur(options.blur);
  return page
    .jpeg({ quality: options.quality ?? 85 })
    .withMetadata({ density: dpi })
    .toBuffer();
}

/** Noise that every seed gives alike: mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function grain(data: Uint8Array, sigma: number, seed: number): Buffer {
  const next = random(seed);
  const noisy = Buffer.allocUnsafe(data.length);
  for (let at = 0; at < data.length; at += 1) {
    const noise = (next() + next() + next() - 1.5) * 2 * sigma;
    noisy[at] = Math.max(0, Math.min(255, (data[at] ?? 0) + noise));
  }
  return noisy;
}

/** A phone's picture of the page on a dark table: perspective, uneven light, grain, no resolution told. */
export async function photograph(page: Sharp, seed: number): Promise<Buffer> {
  const next = random(seed);
  const { data, info } = await page.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [width, height] = [Math.round(info.width * 1.22), Math.round(info.height * 1.16)];
  const jitter = (): number => (next() - 0.5) * info.width * 0.05;
  const [left, top] = [(width - info.width) / 2, (height - info.height) / 2];
  const corners = [
    [left + jitter(), top + jitter()],
    [left + info.width + jitter(), top + jitter()],
    [left + info.width + jitter(), top + info.height + jitter()],
    [left + jitter(), top + info.height + jitter()],
  ] as const;
  const source = [
    [0, 0],
    [info.width - 1, 0],
    [info.width - 1, info.height - 1],
    [0, info.height - 1],
  ] as const;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = homography(corners, source);
  const picture = Buffer.alloc(width * height * 3);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 3) {
      const w = g * x + h * y + 1;
      const [sx, sy] = [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
      const light = 0.82 + 0.18 * Math.sin(((x + y) / (width + height)) * Math.PI);
      const inside = sx >= 0 && sy >= 0 && sx < info.width - 1 && sy < info.height - 1;
      for (let channel = 0; channel < 3; channel += 1) {
        let value = [54, 41, 33][channel] ?? 40;
        if (inside) {
          const at = (Math.floor(sy) * info.width + Math.floor(sx)) * info.channels + channel;
          const [dx, dy] = [sx - Math.floor(sx), sy - Math.floor(sy)];
          const upper = (data[at] ?? 0) * (1 - dx) + (data[at + info.channels] ?? 0) * dx;
          const below = at + info.width * info.channels;
          const lower = (data[below] ?? 0) * (1 - dx) + (data[below + info.channels] ?? 0) * dx;
          value = (upper * (1 - dy) + lower * dy) * light;
        }
        picture[to + channel] = value;
      }
    }
  }
  return sharp(grain(picture, 4, seed + 1), { raw: { width, height, channels: 3 } })
    .blur(0.6)
    .jpeg({ quality: 82 })
    .toBuffer();
}
