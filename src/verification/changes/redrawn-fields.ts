/**
 * `/NeedAppearances` asks a reader to draw all fields anew from their values. That is harmless only where every field
 * already shows its value: otherwise the reader would show something else than what was signed.
 */
import { PdfDict, PdfStream, PdfString, type Revision, textOf } from '../../pdf/index.ts';
import type { FieldNode } from '../signature-fields.ts';

/** True where each text or choice field of the signed revision shows its own value, as far as that can be read. */
export function showTheirValues(revision: Revision, fields: readonly FieldNode[]): boolean {
  return fields.every((field) => {
    if (field.type !== 'Tx' && field.type !== 'Ch') {
      return true;
    }
    const appearance = revision.dict(field.dict, 'AP');
    const normal = appearance === undefined ? null : revision.get(appearance, 'N');
    if (!(normal instanceof PdfStream)) {
      return appearance === undefined;
    }
    const value = fieldValue(revision, field);
    const drawn = Buffer.from(revision.decode(normal)).toString('latin1');
    return value === '' ? !/T[jJ]|['"]/.test(drawn) : value !== undefined && drawn.includes(`(${value})`);
  });
}

/** The value, inherited where the field has none of its own; `undefined` where it is no string. */
function fieldValue(revision: Revision, field: FieldNode): string | undefined {
  let at: PdfDict | undefined = field.dict;
  for (let depth = 0; at !== undefined && depth < 16; depth += 1) {
    const value = revision.get(at, 'V');
    if (value instanceof PdfString) {
      return textOf(value).replace(/[\\()]/g, '\\$&');
    }
    if (value !== null) {
      return undefined;
    }
    const parent = revision.get(at, 'Parent');
    at = parent instanceof PdfDict ? parent : undefined;
  }
  return '';
}
