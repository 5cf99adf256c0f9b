/**
 * Fields that came after signing. Only signature fields may, and what they show must be signed by their own
 * signature, which is verified like every other: an unsigned picture over the page is an attack.
 */
import { isArray, isName, type Page, PdfDict, PdfRef } from '../../pdf/index.ts';
import type { FieldNode } from '../signature-fields.ts';
import type { Comparison } from './comparison.ts';
import { hidesPage, isVisible } from './geometry.ts';
import type { PageSurvey } from './page-changes.ts';
import type { Place } from './strict-walk.ts';

/** Entries that a new signature field with its widget may have; actions are not among them. */
const ENTRIES = new Set([
  'AP',
  'AS',
  'BS',
  'Border',
  'C',
  'Contents',
  'DA',
  'DR',
  'DV',
  'F',
  'FT',
  'Ff',
  'H',
  'Kids',
  'Lang',
  'Lock',
  'M',
  'MK',
  'NM',
  'OC',
  'P',
  'Parent',
  'Q',
  'Rect',
  'StructParent',
  'Subtype',
  'SV',
  'T',
  'TM',
  'TU',
  'Type',
  'V',
]);

export function compareNewField(
  comparison: Comparison,
  added: { field: FieldNode; pages: PageSurvey; fields: readonly FieldNode[] },
): void {
  const { field } = added;
  const { after } = comparison;
  const place: Place = {
    key: `Field(${field.name})`,
    field: field.name,
    page: added.pages.addedWidgets.get(field.num)?.number,
  };
  if (!comparison.isNew(field.num) || field.dict.duplicateKey !== undefined) {
    comparison.note('form-field-added', 'forbidden', place);
    return;
  }
  const kids = after.get(field.dict, 'Kids');
  if (field.type === undefined && isArray(kids) && kids.length > 0) {
    // A mere node of the name tree: its kids are judged one by one.
    return;
  }
  if (field.type !== 'Sig' || [...field.dict.entries.keys()].some((key) => !ENTRIES.has(key))) {
    comparison.note('form-field-added', 'forbidden', place);
    return;
  }
  const signature = signatureOf(comparison, added);
  const page = added.pages.addedWidgets.get(field.num)?.page ?? pageOf(added.pages, field);
  const visible = isVisible(after, field.dict);
  if (visible && (signature === undefined || hidesPage(after, field.dict, page))) {
    comparison.note('overlay-added', 'forbidden', place);
  } else if (signature === undefined) {
    comparison.note('signature-field-added', 'signing', place);
  } else if (isName(after.get(signature, 'SubFilter'), 'ETSI.RFC3161') && !visible) {
    comparison.note('document-timestamp-added', 'archival', place);
  } else {
    comparison.note('signature-added', 'signing', place);
  }
}

/** Own value, or that of the field above, of which this is only a widget. */
function signatureOf(
  comparison: Comparison,
  added: { field: FieldNode; fields: readonly FieldNode[] },
): PdfDict | undefined {
  const own = comparison.after.get(added.field.dict, 'V');
  if (own instanceof PdfDict) {
    return own;
  }
  const parent = added.field.dict.get('Parent');
  const above = parent instanceof PdfRef ? added.fields.find((field) => field.num === parent.num) : undefined;
  const inherited =
    above === undefined || above.type !== 'Sig' ? null : comparison.after.get(above.dict, 'V');
  return inherited instanceof PdfDict ? inherited : undefined;
}

function pageOf(pages: PageSurvey, field: FieldNode): Page | undefined {
  const ref = field.dict.get('P');
  return ref instanceof PdfRef ? pages.pairs.find((pair) => pair.after.num === ref.num)?.after : undefined;
}
