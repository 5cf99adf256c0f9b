/** A page that looks scanned, made here: an invented land-use certificate on grey, grainy paper, a little askew. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import { degrees, PDFDocument, rgb } from 'pdf-lib';
import sharp from 'sharp';

const A4 = { width: 595, height: 842 };

const LINES: readonly (readonly [number, number, string])[] = [
  [13, 770, 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM'],
  [12, 752, 'Độc lập – Tự do – Hạnh phúc'],
  [17, 690, 'GIẤY CHỨNG NHẬN'],
  [13, 668, 'QUYỀN SỬ DỤNG ĐẤT (BẢN MINH HỌA, HƯ CẤU)'],
  [12, 610, 'Người sử dụng đất: NGUYỄN THỊ LAN'],
  [12, 586, 'Thửa đất số: 118        Tờ bản đồ số: 7'],
  [12, 562, 'Địa chỉ: xã Thanh Bình (minh họa)'],
  [12, 538, 'Diện tích: 96,5 m² (chín mươi sáu phẩy năm mét vuông)'],
  [12, 514, 'Số phát hành: MH 000118'],
  [11, 440, 'Bản này do phần mềm làm ra để dùng thử, không có giá trị pháp lý.'],
];

/** @returns a one-page PDF: a JPEG of the paper's grain below text that was printed a little askew */
export async function makeScan(at: Date): Promise<Uint8Array> {
  const grain = await sharp({
    create: {
      width: 1654,
      height: 2339,
      channels: 3,
      background: '#f1efe8',
      noise: { type: 'gaussian', mean: 236, sigma: 9 },
    },
  })
    .jpeg({ quality: 80 })
    .withMetadata({ density: 200 })
    .toBuffer();
  const pdf = await PDFDocument.create();
  pdf.registerFontkit(fontkit);
  pdf.setTitle('Giấy chứng nhận quyền sử dụng đất (minh họa)');
  pdf.setCreationDate(at);
  pdf.setModificationDate(at);
  const path = createRequire(import.meta.url).resolve(
    '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf',
  );
  const font = await pdf.embedFont(await readFile(path), { subset: true });
  const page = pdf.addPage([A4.width, A4.height]);
  page.drawImage(await pdf.embedJpg(new Uint8Array(grain)), { x: 0, y: 0, ...A4 });
  for (const [size, y, text] of LINES) {
    const width = font.widthOfTextAtSize(text, size);
    page.drawText(text, {
      x: (A4.width - width) / 2,
      y,
      size,
      font,
      color: rgb(0.13, 0.12, 0.2),
      rotate: degrees(0.6),
    });
  }
  return pdf.save({ useObjectStreams: false });
}
