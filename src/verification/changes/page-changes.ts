/** Pages and their annotations: added, removed, reordered, redrawn, drawn over. */
import {
  isArray,
  isName,
  type Page,
  PdfDict,
  type PdfObject,
  PdfRef,
  type Revision,
  readPages,
} from '../../pdf/index.ts';
import type { Comparison } from './comparison.ts';
import { hidesPage } from './geometry.ts';
import type { Place } from './strict-walk.ts';

/** Kinds of annotation that a permission to annotate means (§12.5.6); active and redacting ones are not among them. */
const COMMENTS = [
  'Text',
  'FreeText',
  'Line',
  'Square',
  'Circle',
  'Polygon',
  'PolyLine',
  'Highlight',
  'Underline',
  'Squiggly',
  'StrikeOut',
  'Stamp',
  'Caret',
  'Ink',
  'Popup',
];

export interface PagePair {
  readonly before: Page;
  readonly after: Page;
  /** From 1, as counted in the later revision. */
  readonly number: number;
}

export interface PageSurvey {
  readonly pairs: readonly PagePair[];
  /** Widgets that came to stand on a page: object number → page. */
  readonly addedWidgets: ReadonlyMap<number, { readonly number: number; readonly page: Page }>;
}

/** First pass: matches pages and gives them and their annotations their roles. */
export function matchPages(comparison: Comparison): PagePair[] {
  const { before, after, roles } = comparison;
  const left = readPages(before);
  const right = readPages(after);
  const rightByNum = new Map(right.map((page, i) => [page.num, { page, number: i + 1 }]));
  const leftNums = new Set(left.map((page) => page.num));
  const root: Place = { key: 'Pages' };
  const pairs: PagePair[] = [];
  for (const [i, page] of left.entries()) {
    const match = page.num >= 0 ? rightByNum.get(page.num) : undefined;
    const other =
      match ?? (page.num < 0 && right[i]?.num === -1 ? { page: right[i], number: i + 1 } : undefined);
    if (other === undefined) {
      comparison.note('pages-removed', 'forbidden', { ...root, page: i + 1 });
    } else {
      pairs.push({ before: page, after: other.page, number: other.number });
    }
    addRoles(roles, page, before);
  }
  for (const [i, page] of right.entries()) {
    if (page.num >= 0 ? !leftNums.has(page.num) : left[i]?.num !== -1) {
      comparison.note('pages-added', 'forbidden', { ...root, page: i + 1 });
    }
  }
  if (
    left.length === right.length &&
    left.some((page, i) => page.num !== right[i]?.num) &&
    pairs.length === left.length
  ) {
    comparison.note('pages-reordered', 'forbidden', root);
  }
  return pairs;
}

function addRoles(roles: Set<number>, page: Page, revision: Revision): void {
  roles.add(page.num);
  for (const item of revision.array(page.dict, 'Annots') ?? []) {
    if (item instanceof PdfRef) {
      roles.add(item.num);
    }
  }
  roles.delete(-1);
}

/** The nodes above the pages: what they hand down must not change. */
export function compareTree(comparison: Comparison): void {
  const { before, after } = comparison;
  const seen = new Set<number>();
  const waiting: { a: PdfObject; b: PdfObject }[] = [
    { a: before.catalog.get('Pages'), b: after.catalog.get('Pages') },
  ];
  const place: Place = { key: 'Pages' };
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const { a, b } = pair;
    if (
      a instanceof PdfRef !== b instanceof PdfRef ||
      (a instanceof PdfRef && b instanceof PdfRef && a.num !== b.num)
    ) {
      comparison.note('document-changed', 'forbidden', place);
      continue;
    }
    if (a instanceof PdfRef) {
      if (seen.has(a.num)) {
        continue;
      }
      seen.add(a.num);
      comparison.roles.add(a.num);
    }
    const left = before.resolve(a);
    const right = after.resolve(b);
    const leftKids = left instanceof PdfDict ? before.get(left, 'Kids') : null;
    const rightKids = right instanceof PdfDict ? after.get(right, 'Kids') : null;
    if (!(left instanceof PdfDict && right instanceof PdfDict) || isArray(leftKids) !== isArray(rightKids)) {
      comparison.note('document-changed', 'forbidden', place);
    } else if (isArray(leftKids) && isArray(rightKids)) {
      comparison
        .strict('document-changed', 'forbidden')
        .compareEntries(left, right, { place, except: ['Kids', 'Parent'] });
      if (leftKids.length !== rightKids.length) {
        comparison.note('document-changed', 'forbidden', place);
      }
      leftKids.forEach((kid, i) => {
        waiting.push({ a: kid, b: rightKids[i] ?? null });
      });
    }
  }
}

/** Second pass, once all roles are known. `isField` tells which annotations the form pass looks after. */
export function comparePages(
  comparison: Comparison,
  pairs: readonly PagePair[],
  isField: (num: number) => boolean,
): PageSurvey {
  const addedWidgets = new Map<number, { number: number; page: Page }>();
  for (const pair of pairs) {
    const place: Place = { key: `Page${pair.number}`, page: pair.number };
    // Signing tools set the tab order; it draws nothing.
    comparison.strict('page-changed', 'forbidden').compareEntries(pair.before.dict, pair.after.dict, {
      place,
      except: ['Annots', 'Parent', 'Tabs', 'LastModified'],
    });
    compareAnnotations(comparison, pair, { place, isField, addedWidgets });
  }
  return { pairs, addedWidgets };
}

function compareAnnotations(
  comparison: Comparison,
  pair: PagePair,
  how: {
    place: Place;
    isField: (num: number) => boolean;
    addedWidgets: Map<number, { number: number; page: Page }>;
  },
): void {
  const { before, after } = comparison;
  const left = before.array(pair.before.dict, 'Annots') ?? [];
  const right = after.array(pair.after.dict, 'Annots') ?? [];
  const leftNums = left.map(numOf);
  const rightNums = right.map(numOf);
  const inLeft = new Set(leftNums);
  const inRight = new Set(rightNums);
  const kept = leftNums.filter((num) => num >= 0 && inRight.has(num));
  const order = rightNums.filter((num) => num >= 0 && inLeft.has(num));
  if (kept.join() !== order.join()) {
    comparison.note('annotation-changed', 'forbidden', how.place);
  }
  const place: Place = { ...how.place, key: `${how.place.key}/Annots` };
  const leftDirect = left.filter((item) => !(item instanceof PdfRef));
  const rightDirect = right.filter((item) => !(item instanceof PdfRef));
  if (leftDirect.length !== rightDirect.length) {
    comparison.note(
      leftDirect.length < rightDirect.length ? 'annotation-added' : 'annotation-removed',
      'forbidden',
      place,
    );
  }
  leftDirect.forEach((item, i) => {
    comparison.strict('annotation-changed', 'forbidden').compare(item, rightDirect[i] ?? null, place);
  });
  for (const num of leftNums.filter((n) => n >= 0)) {
    if (!inRight.has(num)) {
      comparison.note('annotation-removed', how.isField(num) ? 'forbidden' : 'annotation', place);
    } else if (!how.isField(num)) {
      compareAnnotation(comparison, num, place);
    }
  }
  for (const num of rightNums.filter((n) => n >= 0 && !inLeft.has(n))) {
    addedAnnotation(comparison, { num, pair, place, addedWidgets: how.addedWidgets });
  }
}

function compareAnnotation(comparison: Comparison, num: number, place: Place): void {
  const a = comparison.before.object(new PdfRef(num, 0));
  const b = comparison.after.object(new PdfRef(num, 0));
  const isComment =
    a instanceof PdfDict &&
    b instanceof PdfDict &&
    isName(comparison.before.get(a, 'Subtype'), ...COMMENTS) &&
    comparison.same(comparison.before.get(a, 'Subtype'), comparison.after.get(b, 'Subtype')) &&
    !b.has('A') &&
    !b.has('AA');
  comparison.strict('annotation-changed', isComment ? 'annotation' : 'forbidden').compare(a, b, place);
}

function addedAnnotation(
  comparison: Comparison,
  added: {
    num: number;
    pair: PagePair;
    place: Place;
    addedWidgets: Map<number, { number: number; page: Page }>;
  },
): void {
  const { after } = comparison;
  const dict = after.object(new PdfRef(added.num, 0));
  if (!(dict instanceof PdfDict)) {
    // A reference to nothing draws nothing.
    return;
  }
  if (isName(after.get(dict, 'Subtype'), 'Widget')) {
    added.addedWidgets.set(added.num, { number: added.pair.number, page: added.pair.after });
    return;
  }
  const isComment = isName(after.get(dict, 'Subtype'), ...COMMENTS) && !dict.has('A') && !dict.has('AA');
  const isClear = comparison.isNew(added.num) && dict.duplicateKey === undefined;
  if (!isClear || !isComment || hidesPage(after, dict, added.pair.after)) {
    comparison.note('overlay-added', 'forbidden', added.place);
  } else {
    comparison.note('annotation-added', 'annotation', added.place);
  }
}

function numOf(item: PdfObject): number {
  return item instanceof PdfRef ? item.num : -1;
}
