/** The form: fields filled, signed, added, removed or altered (ISO 32000-2 §12.7). */
import { isArray, isName, PdfDict, type PdfObject, PdfRef } from '../../pdf/index.ts';
import { type FieldNode, readFields } from '../signature-fields.ts';
import type { Comparison } from './comparison.ts';
import { compareNewField } from './new-field.ts';
import type { PageSurvey } from './page-changes.ts';
import { showTheirValues } from './redrawn-fields.ts';
import type { Place } from './strict-walk.ts';

const PUSH_BUTTON = 0x10000;
const READ_ONLY = 1;

export interface FieldMatch {
  readonly before: readonly FieldNode[];
  readonly after: readonly FieldNode[];
}

/** First pass: reads the fields of both revisions and gives the earlier ones their role. */
export function matchFields(comparison: Comparison): FieldMatch {
  const before = readFields(comparison.before);
  for (const field of before) {
    if (field.num >= 0) {
      comparison.roles.add(field.num);
    }
  }
  return { before, after: readFields(comparison.after) };
}

/** Second pass, once all roles are known. */
export function compareForm(comparison: Comparison, fields: FieldMatch, pages: PageSurvey): void {
  const { before, after } = comparison;
  const a = before.dict(before.catalog, 'AcroForm') ?? new PdfDict(new Map());
  const b = after.dict(after.catalog, 'AcroForm');
  if (b === undefined) {
    if (fields.before.length > 0) {
      comparison.note('form-changed', 'forbidden', { key: 'AcroForm' });
    }
    return;
  }
  compareFormEntries(comparison, { a, b, earlier: fields.before });
  const later = new Map(fields.after.map((field) => [fieldKey(field), field]));
  const earlier = new Map(fields.before.map((field) => [fieldKey(field), field]));
  const refilled = new Set<number>();
  for (const field of fields.before) {
    const other = later.get(fieldKey(field));
    const place: Place = { key: `Field(${field.name})`, field: field.name };
    if (other === undefined) {
      const isSigned =
        comparison.before.resolve(field.dict.get('V')) instanceof PdfDict && field.type === 'Sig';
      comparison.note(isSigned ? 'signature-removed' : 'form-field-removed', 'forbidden', place);
    } else {
      compareField(comparison, { a: field, b: other, place, refilled });
    }
  }
  for (const field of fields.after) {
    if (!earlier.has(fieldKey(field))) {
      compareNewField(comparison, { field, pages, fields: fields.after });
    }
  }
  const known = new Set(fields.after.map((field) => field.num));
  const old = new Set(fields.before.map((field) => field.num));
  for (const [num, at] of pages.addedWidgets) {
    if (!known.has(num) || old.has(num)) {
      comparison.note('overlay-added', 'forbidden', { key: `Page${at.number}/Annots`, page: at.number });
    }
  }
}

function fieldKey(field: FieldNode): string {
  return field.num >= 0 ? `#${field.num}` : `=${field.name}`;
}

function compareFormEntries(
  comparison: Comparison,
  forms: { a: PdfDict; b: PdfDict; earlier: readonly FieldNode[] },
): void {
  const { a, b, earlier } = forms;
  const place: Place = { key: 'AcroForm' };
  const { before, after } = comparison;
  comparison.strict('form-changed', 'forbidden').compareEntries(a, b, {
    place,
    except: ['Fields', 'SigFlags', 'DR', 'NeedAppearances', ...(a.has('DA') ? [] : ['DA'])],
  });
  const flagsBefore = before.get(a, 'SigFlags');
  const flagsAfter = after.get(b, 'SigFlags');
  if (
    typeof flagsBefore === 'number' &&
    (typeof flagsAfter !== 'number' || (flagsAfter & flagsBefore) !== flagsBefore)
  ) {
    comparison.note('form-changed', 'forbidden', { parent: place, key: 'SigFlags' });
  }
  if (after.get(b, 'NeedAppearances') === true && before.get(a, 'NeedAppearances') !== true) {
    const harmless = showTheirValues(before, earlier);
    comparison.note('form-changed', harmless ? 'form' : 'forbidden', {
      parent: place,
      key: 'NeedAppearances',
    });
  }
  compareResources(comparison, a, b);
}

/**
 * Default resources may gain entries; those there were must stay what they are. Only its form XObjects are exempt:
 * nothing draws them from here, old signing tools rewrite them, and one that is drawn elsewhere is compared there.
 */
function compareResources(comparison: Comparison, a: PdfDict, b: PdfDict): void {
  const { before, after } = comparison;
  const left = before.dict(a, 'DR');
  const right = after.dict(b, 'DR');
  const place: Place = { key: 'AcroForm/DR' };
  const walk = comparison.strict('form-changed', 'forbidden');
  for (const category of left?.entries.keys() ?? []) {
    if (category === 'XObject') {
      continue;
    }
    const leftCategory = left === undefined ? null : before.get(left, category);
    const rightCategory = right === undefined ? null : after.get(right, category);
    if (leftCategory instanceof PdfDict && rightCategory instanceof PdfDict) {
      for (const name of leftCategory.entries.keys()) {
        walk.compare(leftCategory.get(name), rightCategory.get(name), {
          ...place,
          key: `AcroForm/DR/${category}/${name}`,
        });
      }
    } else {
      walk.compare(leftCategory, rightCategory, place);
    }
  }
}

interface FieldPair {
  readonly a: FieldNode;
  readonly b: FieldNode;
  readonly place: Place;
  /** Fields whose value changed, so that the widgets below may look different. */
  readonly refilled: Set<number>;
}

function compareField(comparison: Comparison, pair: FieldPair): void {
  const { a, b, place } = pair;
  const { before, after } = comparison;
  if (a.name !== b.name || a.type !== b.type) {
    comparison.note('form-field-changed', 'forbidden', place);
  }
  compareKids(comparison, pair);
  const allowed = ['Kids', ...(a.dict.has('P') ? [] : ['P'])];
  if (onlyLocked(a, b)) {
    allowed.push('Ff');
  }
  if (a.type === 'Sig') {
    const signedBefore = before.get(a.dict, 'V') instanceof PdfDict;
    const signature = after.get(b.dict, 'V');
    if (!signedBefore && signature instanceof PdfDict) {
      const isTimestamp = isName(after.get(signature, 'SubFilter'), 'ETSI.RFC3161');
      comparison.note(
        isTimestamp ? 'document-timestamp-added' : 'signature-added',
        isTimestamp ? 'archival' : 'signing',
        place,
        true,
      );
      allowed.push('V', 'AP', 'AS', 'M', 'MK', 'F');
    }
    const kind = signedBefore ? 'signature-changed' : 'form-field-changed';
    comparison.strict(kind, 'forbidden').compareEntries(a.dict, b.dict, { place, except: allowed });
    return;
  }
  if (isFilled(comparison, pair)) {
    pair.refilled.add(a.num);
    comparison.note('form-field-filled', 'form', place, true);
    // A check box has its appearances from the start; only the chosen one changes.
    allowed.push('V', 'AS', 'RV', 'I', 'M', ...(a.type === 'Btn' ? [] : ['AP', 'MK', 'DA', 'Q']));
  }
  comparison
    .strict('form-field-changed', 'forbidden')
    .compareEntries(a.dict, b.dict, { place, except: allowed });
}

/** Locking a field sets its read-only flag. */
function onlyLocked(a: FieldNode, b: FieldNode): boolean {
  const left = a.dict.get('Ff') ?? 0;
  const right = b.dict.get('Ff');
  return typeof left === 'number' && typeof right === 'number' && (left | READ_ONLY) === right;
}

function isFilled(comparison: Comparison, pair: FieldPair): boolean {
  const { a, b, refilled } = pair;
  if (a.type === undefined || (a.type === 'Btn' && (a.flags & PUSH_BUTTON) !== 0)) {
    return false;
  }
  const parent = a.dict.get('Parent');
  if (parent instanceof PdfRef && refilled.has(parent.num) && a.type !== 'Btn') {
    return true;
  }
  const keys = a.type === 'Btn' ? ['V', 'AS'] : ['V', 'RV', 'I'];
  return keys.some((key) => !comparison.same(a.dict.get(key), b.dict.get(key)));
}

/** Kids may only be added, and only fields of their own, which the pass over new fields judges. */
function compareKids(comparison: Comparison, pair: FieldPair): void {
  const left = kidsOf(comparison.before.get(pair.a.dict, 'Kids'));
  const right = kidsOf(comparison.after.get(pair.b.dict, 'Kids'));
  const before = new Set(left);
  const kept = right.filter((kid) => before.has(kid));
  const turnedIntoNode = left.length === 0 && right.length > 0;
  if (kept.join() !== left.join() || turnedIntoNode) {
    comparison.note('form-field-changed', 'forbidden', { ...pair.place, key: `${pair.place.key}/Kids` });
  }
}

function kidsOf(value: PdfObject): number[] {
  return isArray(value) ? value.map((kid) => (kid instanceof PdfRef ? kid.num : -1)) : [];
}
