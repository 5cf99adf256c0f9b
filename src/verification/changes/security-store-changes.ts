/** The DSS may only grow (EN 319 142-1 §5.4.2): what was there at signing must still be there, byte for byte. */
import { createHash } from 'node:crypto';
import { isArray, PdfDict, PdfStream, type Revision } from '../../pdf/index.ts';
import type { Comparison } from './comparison.ts';
import type { Place } from './strict-walk.ts';

const LISTS = ['Certs', 'CRLs', 'OCSPs', 'Cert', 'CRL', 'OCSP'];

export function compareSecurityStore(comparison: Comparison): void {
  const { before, after } = comparison;
  const a = before.dict(before.catalog, 'DSS');
  const b = after.dict(after.catalog, 'DSS');
  const place: Place = { key: 'DSS' };
  if (a === undefined && b === undefined) {
    return;
  }
  if (b === undefined) {
    comparison.note('validation-data-removed', 'forbidden', place);
    return;
  }
  if (a !== undefined && !grows(comparison, a, b)) {
    comparison.note('validation-data-removed', 'forbidden', place);
  } else if (a === undefined || !comparison.same(a, b)) {
    comparison.note('validation-data-added', 'archival', place);
  }
  if (
    [...b.entries.keys()].some(
      (key) => !['Type', 'VRI', ...LISTS].includes(key) && !comparison.same(a?.get(key) ?? null, b.get(key)),
    )
  ) {
    comparison.note('document-changed', 'forbidden', place);
  }
}

function grows(comparison: Comparison, a: PdfDict, b: PdfDict): boolean {
  const { before, after } = comparison;
  for (const key of LISTS) {
    const had = digests(before, a, key);
    const has = digests(after, b, key);
    if ([...had].some((digest) => !has.has(digest))) {
      return false;
    }
  }
  const left = before.get(a, 'VRI');
  const right = after.get(b, 'VRI');
  if (!(left instanceof PdfDict)) {
    return true;
  }
  if (!(right instanceof PdfDict)) {
    return false;
  }
  return [...left.entries.keys()].every((key) => {
    const had = before.get(left, key);
    const has = after.get(right, key);
    return had instanceof PdfDict && has instanceof PdfDict && grows(comparison, had, has);
  });
}

function digests(revision: Revision, dict: PdfDict, key: string): Set<string> {
  const value = revision.get(dict, key);
  const found = new Set<string>();
  for (const item of isArray(value) ? value : [value]) {
    const stream = revision.resolve(item);
    if (stream instanceof PdfStream) {
      found.add(createHash('sha256').update(revision.decode(stream)).digest('base64'));
    }
  }
  return found;
}
