/** Whether something drawn over a page could pass for the page itself. */
import { isArray, type Page, type PdfDict, pageSize, type Revision } from '../../pdf/index.ts';

/** A mark is smaller than this share of its page; what is larger hides the page. */
const LARGEST_SHARE = 0.5;

/** Area of `/Rect` in square points; 0 for an invisible widget. */
export function areaOf(revision: Revision, annotation: PdfDict): number {
  const rect = revision.get(annotation, 'Rect');
  const numbers = isArray(rect) ? rect.map((item) => revision.resolve(item)) : [];
  const [x1, y1, x2, y2] = numbers;
  if (typeof x1 !== 'number' || typeof y1 !== 'number' || typeof x2 !== 'number' || typeof y2 !== 'number') {
    return 0;
  }
  return Math.abs(x2 - x1) * Math.abs(y2 - y1);
}

export function hidesPage(revision: Revision, annotation: PdfDict, page: Page | undefined): boolean {
  const area = areaOf(revision, annotation);
  if (page === undefined) {
    return area > 595 * 842 * LARGEST_SHARE;
  }
  const { width, height } = pageSize(revision, page);
  return area > width * height * LARGEST_SHARE;
}

/** Flags of §12.5.3 that keep an annotation off screen and paper. */
export function isVisible(revision: Revision, annotation: PdfDict): boolean {
  const flags = revision.get(annotation, 'F');
  const hidden = typeof flags === 'number' && (flags & 0b10) !== 0;
  return !hidden && areaOf(revision, annotation) > 0 && revision.get(annotation, 'AP') !== null;
}
