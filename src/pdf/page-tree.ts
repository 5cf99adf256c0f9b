/** Pages in reading order (ISO 32000-2 §7.7.3), found without trusting counts, links or acyclicity. */
import { isArray, PdfDict, type PdfObject, PdfRef } from './objects.ts';
import { PdfError } from './pdf-error.ts';
import type { Revision } from './revision.ts';

export interface Page {
  /** Object number, or -1 for a page written directly into its parent. */
  readonly num: number;
  readonly dict: PdfDict;
  /** From the root down, the page not included. */
  readonly ancestors: readonly PdfDict[];
}

const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];

/** @throws PdfError where the tree goes round, is too deep or holds something that is neither page nor node. */
export function readPages(revision: Revision): Page[] {
  const pages: Page[] = [];
  const seen = new Set<number>();
  const { budget } = revision.source;
  const visit = (node: PdfObject, ancestors: readonly PdfDict[]): void => {
    const num = node instanceof PdfRef ? node.num : -1;
    if (num >= 0 && seen.has(num)) {
      throw new PdfError('structure', 'the page tree goes round in a circle', -1);
    }
    seen.add(num);
    budget.depth(ancestors.length, -1);
    budget.tick(-1);
    const dict = revision.resolve(node);
    if (dict === null && ancestors.length > 0) {
      // A reference to nothing is no page.
      return;
    }
    if (!(dict instanceof PdfDict)) {
      throw new PdfError('structure', 'the page tree holds something that is no page', -1);
    }
    const kids = revision.get(dict, 'Kids');
    if (isArray(kids)) {
      for (const kid of kids) {
        visit(kid, [...ancestors, dict]);
      }
    } else {
      pages.push({ num, dict, ancestors });
    }
  };
  const root = revision.catalog.get('Pages');
  if (revision.resolve(root) === null) {
    throw new PdfError('structure', 'the page tree is missing', -1);
  }
  visit(root, []);
  return pages;
}

/** A page's attribute, inherited where the standard says so (§7.7.3.4). */
export function pageAttribute(revision: Revision, page: Page, key: string): PdfObject {
  const own = revision.get(page.dict, key);
  if (own !== null || !INHERITABLE.includes(key)) {
    return own;
  }
  for (const ancestor of page.ancestors.toReversed()) {
    const inherited = revision.get(ancestor, key);
    if (inherited !== null) {
      return inherited;
    }
  }
  return null;
}

/** Width and height of the visible area in points, rotation applied; A4 where the file does not say. */
export function pageSize(
  revision: Revision,
  page: Page,
): { readonly width: number; readonly height: number } {
  const box = numbers(
    revision,
    pageAttribute(revision, page, 'CropBox') ?? pageAttribute(revision, page, 'MediaBox'),
  );
  const [x1 = 0, y1 = 0, x2 = 595.28, y2 = 841.89] = box.length === 4 ? box : [];
  const rotate = pageAttribute(revision, page, 'Rotate');
  const turned = typeof rotate === 'number' && Math.abs(rotate % 180) === 90;
  const width = Math.abs(x2 - x1);
  const height = Math.abs(y2 - y1);
  return turned ? { width: height, height: width } : { width, height };
}

function numbers(revision: Revision, value: PdfObject): number[] {
  return isArray(value)
    ? value.map((item) => revision.resolve(item)).filter((item) => typeof item === 'number')
    : [];
}
