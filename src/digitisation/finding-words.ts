/** What a finding says to the person who scans: what is wrong with which page, and what to do. */
import type { Language } from '../web/index.ts';
import type { Finding } from './scan.ts';

interface Words {
  readonly vi: (measured: string, threshold: string) => string;
  readonly en: (measured: string, threshold: string) => string;
}

const plain = (vi: string, en: string): Words => ({ vi: () => vi, en: () => en });

const WORDS: Readonly<Record<string, Words>> = {
  damaged: plain(
    'Ảnh bị hỏng hoặc bị cắt cụt. Chụp lại trang này.',
    'The picture is damaged or cut off. Scan the page again.',
  ),
  'too-many-pixels': plain(
    'Ảnh quá lớn. Quét khổ A4 ở 200 đến 300 dpi.',
    'The picture is too large. Scan A4 at 200 to 300 dpi.',
  ),
  'too-small': plain(
    'Ảnh quá nhỏ, không đọc được. Chụp lại gần hơn.',
    'The picture is too small to read. Take it closer.',
  ),
  animated: plain(
    'Đây là ảnh động. Gửi ảnh tĩnh của trang giấy.',
    'This picture is animated. Send a still picture of the page.',
  ),
  'no-picture': plain(
    'Trang này không phải ảnh quét, máy không kiểm tra được. So với bản chính rồi ghi lý do cho qua.',
    'This page is no scan and cannot be examined. Compare with the original and give a reason.',
  ),
  resolution: {
    vi: (measured, threshold) =>
      `Độ phân giải ${measured} dpi, cần từ ${threshold} dpi. Quét lại ở 300 dpi, hoặc chụp gần hơn.`,
    en: (measured, threshold) =>
      `Resolution ${measured} dpi, ${threshold} dpi wanted. Scan at 300 dpi, or take it closer.`,
  },
  blurred: plain(
    'Ảnh mờ. Lau kính, giữ yên máy rồi chụp lại.',
    'The picture is blurred. Clean the glass, hold still, scan again.',
  ),
  dark: plain(
    'Ảnh quá tối. Thêm ánh sáng rồi chụp lại.',
    'The picture is too dark. Add light and scan again.',
  ),
  faint: plain(
    'Chữ quá nhạt so với giấy. Tăng độ đậm rồi chụp lại.',
    'The writing is too faint. Raise the contrast and scan again.',
  ),
  skew: {
    vi: (measured) => `Nghiêng ${measured}°. Bản xem đã nắn thẳng; đặt giấy ngay lại nếu chụp lại được.`,
    en: (measured) =>
      `Leans by ${measured}°. The view is straightened; lay the paper straight if you scan again.`,
  },
  'edge-ink': plain(
    'Có chữ hoặc vệt đen sát mép: có thể trang bị cắt. Xem đủ bốn mép chưa.',
    'Writing or black at the edge: the page may be cut. Check all four edges.',
  ),
  'cut-off': plain(
    'Mép giấy nằm ngoài ảnh. Chụp lại cho đủ bốn mép.',
    'An edge of the paper lies outside the picture. Take all four edges.',
  ),
  fingers: plain('Có ngón tay che giấy. Chụp lại.', 'Fingers cover the paper. Take it again.'),
  shadow: plain(
    'Có bóng đổ trên giấy. Đổi chỗ sáng đều hơn rồi chụp lại.',
    'A shadow lies on the paper. Use even light and take it again.',
  ),
  'no-colour': plain(
    'Ảnh không có màu. Quy định cần ảnh màu; quét lại ở chế độ màu.',
    'The picture has no colour, which the rules want. Scan in colour.',
  ),
  blank: plain(
    'Trang trắng. Bỏ ảnh này, hoặc ghi lý do nếu bản chính có trang trắng.',
    'A blank page. Remove it, or give a reason if the original has one.',
  ),
  'duplicate-page': plain(
    'Trang này giống một trang trước. Bỏ đi, hoặc ghi là chụp hai lần vì có ghi chú.',
    'Looks like an earlier page. Remove it, or say that it was taken twice for its notes.',
  ),
  'seen-before': plain(
    'Trang này đã được chụp trong một giấy khác của cơ quan. Xem có đúng giấy không.',
    'This page was scanned before, in another paper. Check that it is the right one.',
  ),
  'pages-missing': {
    vi: (measured, threshold) => `Mới có ${measured} trang cho ${threshold} tờ đang cầm. Chụp thêm.`,
    en: (measured, threshold) => `${measured} pages so far for ${threshold} sheets. Scan the rest.`,
  },
  'pages-too-many': {
    vi: (measured, threshold) => `Có ${measured} trang cho ${threshold} tờ. Xem có lẫn giấy khác không.`,
    en: (measured, threshold) =>
      `${measured} pages for ${threshold} sheets. Check that no other paper is among them.`,
  },
  'out-of-order': {
    vi: (measured, threshold) =>
      `Số trang in trên giấy là ${measured}, lẽ ra là ${threshold}. Xếp lại thứ tự.`,
    en: (measured, threshold) =>
      `The printed page number is ${measured}, ${threshold} expected. Put the pages in order.`,
  },
  'no-seal': plain(
    'Không thấy dấu đỏ. Xem bản chính có dấu không.',
    'No red seal was seen. Check the original for one.',
  ),
  'no-signature': plain(
    'Không thấy chữ ký mực xanh. Xem bản chính có chữ ký không.',
    'No signature in blue ink was seen. Check the original for one.',
  ),
  'electronic-original': plain('Văn bản điện tử đã ký số.', 'A signed electronic document.'),
};

const shown = (value: number | undefined): string =>
  value === undefined ? '' : String(Math.round(value * 10) / 10).replace('.', ',');

/** A sentence for every code the examination knows; the code itself for one it does not. */
export function findingWords(finding: Finding, language: Language): string {
  const words = WORDS[finding.code];
  if (!words) return finding.code;
  const text = words[language](shown(finding.measured), shown(finding.threshold));
  return language === 'vi' ? text : text.replaceAll(/(\d),(\d)/g, '$1.$2');
}

/** Codes that have words; the test holds the examination against them. */
export const FINDING_CODES: readonly string[] = Object.keys(WORDS);
