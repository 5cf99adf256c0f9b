/**
 * What changed between the revision that was signed and the one a reader shows today, by whitelist: what no rule
 * knows is a forbidden change. Every object reached by an unlisted way must be what it was.
 */
import { isName, type PdfFile, PdfRef, PdfStream, type Revision } from '../../pdf/index.ts';
import { Comparison, type FoundChange } from './comparison.ts';
import { compareForm, matchFields } from './form-changes.ts';
import { findHiddenObjects } from './hidden-objects.ts';
import { comparePages, compareTree, matchPages } from './page-changes.ts';
import { compareSecurityStore } from './security-store-changes.ts';

/** Entries of the catalogue with rules of their own, and those that draw nothing (§7.7.2). */
const CATALOG_RULES = ['AcroForm', 'DSS', 'Extensions', 'Metadata', 'Pages', 'Version', 'MarkInfo'];

/** @throws PdfError when either revision cannot be read. */
export function compareRevisions(file: PdfFile, signed: Revision): readonly FoundChange[] {
  const { last } = file;
  const comparison = new Comparison(signed, last);
  if (file.trailing.kind !== 'none') {
    comparison.note('trailing-data', 'forbidden', { key: `byte ${file.trailing.offset}` });
  }
  if (signed === last || signed.end >= last.end) {
    return comparison.found;
  }
  const hidden = findHiddenObjects(file, signed.end);
  if (hidden !== undefined) {
    comparison.note('hidden-objects', 'forbidden', { key: `byte ${hidden}` });
  }
  compareTrailers(comparison);
  const pairs = matchPages(comparison);
  compareTree(comparison);
  const fields = matchFields(comparison);
  const fieldNumbers = new Set([...fields.before, ...fields.after].map((field) => field.num));
  const pages = comparePages(comparison, pairs, (num) => fieldNumbers.has(num));
  compareForm(comparison, fields, pages);
  compareSecurityStore(comparison);
  compareCatalogs(comparison);
  return comparison.found;
}

function compareTrailers(comparison: Comparison): void {
  const { before, after } = comparison;
  const left = before.trailer.get('Root');
  const right = after.trailer.get('Root');
  if (left instanceof PdfRef && right instanceof PdfRef && left.num === right.num) {
    comparison.roles.add(left.num);
  } else {
    comparison.note('document-changed', 'forbidden', { key: 'Root' });
  }
  comparison
    .strict('document-changed', 'forbidden')
    .compare(before.trailer.get('Encrypt'), after.trailer.get('Encrypt'), { key: 'Encrypt' });
  if (!comparison.same(before.trailer.get('Info'), after.trailer.get('Info'))) {
    comparison.note('metadata-changed', 'archival', { key: 'Info' });
  }
}

function compareCatalogs(comparison: Comparison): void {
  const { before, after } = comparison;
  const [a, b] = [before.catalog, after.catalog];
  comparison
    .strict('document-changed', 'forbidden')
    .compareEntries(a, b, { place: { key: 'Catalog' }, except: CATALOG_RULES });
  const metadata = after.get(b, 'Metadata');
  if (!comparison.same(a.get('Metadata'), b.get('Metadata'))) {
    const isMetadata = metadata instanceof PdfStream && isName(after.get(metadata.dict, 'Type'), 'Metadata');
    comparison.note('metadata-changed', isMetadata ? 'archival' : 'forbidden', { key: 'Metadata' });
  }
}
