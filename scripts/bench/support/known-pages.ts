/**
 * Pages of known text under a seed: words of administrative papers, put together by chance, printed and taken in three
 * ways. Thresholds were looked at on one seed; what is reported is read on another.
 */
import sharp from 'sharp';
import { drawPage, grain, type PaperLine, photograph, random, scanPage } from './page-maker.ts';

export const TUNE_SEED = 20_260_301;
export const READ_SEED = 77_120_954;

export interface KnownPage {
  readonly how: 'clean' | 'scan 200 dpi' | 'photo';
  readonly jpeg: Buffer;
  readonly text: string;
}

const SURNAMES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Ngô'];
const MIDDLES = ['Thị', 'Văn', 'Minh', 'Quang', 'Thu', 'Đức', 'Ngọc', 'Hữu'];
const GIVEN = [
  'Lan',
  'Hùng',
  'Hạnh',
  'Sơn',
  'Tuyết',
  'Phượng',
  'Cường',
  'Dũng',
  'Huệ',
  'Yến',
  'Ưởng',
  'Quỳnh',
];
const PLACES = [
  'xã Thanh Bình',
  'phường An Thịnh',
  'thị trấn Vĩnh Hòa',
  'thôn Đông, xã Mỹ Lộc',
  'ấp Phú Quới',
];
const SENTENCES = [
  'Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;',
  'Theo đề nghị của công chức tư pháp, hộ tịch và ý kiến của các bên liên quan;',
  'Giấy này được cấp để làm thủ tục đăng ký thường trú cho người có tên dưới đây.',
  'Người có tên trên đã nộp đủ hồ sơ và lệ phí theo quy định hiện hành.',
  'Quyết định này có hiệu lực kể từ ngày ký; các cơ quan liên quan chịu trách nhiệm thi hành.',
];

export async function knownPages(seed: number, count: number): Promise<KnownPage[]> {
  const next = random(seed);
  const pages: KnownPage[] = [];
  for (let index = 0; index < count; index += 1) {
    const lines = linesOf(next);
    const text = lines.map((line) => line.text).join('\n');
    const clean = await (await drawPage(lines, { dpi: 300 }))
      .jpeg({ quality: 92 })
      .withMetadata({ density: 300 })
      .toBuffer();
    const scan = await scanPage(lines, {
      dpi: 200,
      quality: 72,
      rotate: (next() - 0.5) * 1.6,
      blur: 0.5,
      seal: true,
    });
    const photo = await photograph(await drawPage(lines, { dpi: 230 }), Math.floor(next() * 1e9));
    pages.push(
      { how: 'clean', jpeg: clean, text },
      { how: 'scan 200 dpi', jpeg: scan, text },
      { how: 'photo', jpeg: photo, text },
    );
  }
  return pages;
}

function linesOf(next: () => number): PaperLine[] {
  const pick = (from: readonly string[]): string => from[Math.floor(next() * from.length)] ?? '';
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(next() * 10)).join('');
  const day = (): string =>
    `${1 + Math.floor(next() * 28)}/${1 + Math.floor(next() * 12)}/${1950 + Math.floor(next() * 75)}`;
  const name = (): string => `${pick(SURNAMES)} ${pick(MIDDLES)} ${pick(GIVEN)}`;
  const body = [
    `Số: ${digits(3)}/GXN-UBND`,
    `Họ, chữ đệm, tên: ${name().toLocaleUpperCase('vi')}`,
    `Ngày, tháng, năm sinh: ${day()}`,
    `Số định danh cá nhân: 000${digits(9)}`,
    `Nơi thường trú: ${pick(PLACES)}`,
    `Họ, chữ đệm, tên người mẹ: ${name()}`,
    `Họ, chữ đệm, tên người cha: ${name()}`,
    ...Array.from({ length: 6 }, () => pick(SENTENCES)),
  ];
  return [
    { text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', x: 105, y: 30, size: 13, bold: true, anchor: 'middle' },
    { text: 'Độc lập - Tự do - Hạnh phúc', x: 105, y: 38, size: 13, bold: true, anchor: 'middle' },
    { text: 'GIẤY XÁC NHẬN', x: 105, y: 58, size: 18, bold: true, anchor: 'middle' },
    ...body.map((text, index): PaperLine => ({ text, x: 28, y: 78 + index * 11, size: 13 })),
  ];
}

/** A scanner's JPEG of a page of grain, for work that does not look at words. */
export async function scanJpeg(seed: number, dpi: number): Promise<Buffer> {
  const lines = linesOf(random(seed));
  const { data, info } = await (await drawPage(lines, { dpi, seal: true }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(grain(data, 3, seed), {
    raw: { width: info.width, height: info.height, channels: info.channels },
  })
    .jpeg({ quality: 85 })
    .withMetadata({ density: dpi })
    .toBuffer();
}
