// Finds the filled signature fields of a PDF, in the order in which they were signed. Reads structure only: whether
// a signature holds is the verifier's business.

import { readSignedData, type SignedData } from '../asn1/index.ts';
import {
  isArray,
  isName,
  PdfDict,
  type PdfFile,
  type PdfObject,
  PdfString,
  type Revision,
  textOf,
} from '../pdf/index.ts';

export interface FilledField {
  readonly name: string;
  readonly kind: 'signature' | 'timestamp';
  /** The bytes of `/Contents` with their padding. */
  readonly contents: Uint8Array;
  readonly cms: SignedData;
  /** One past the last signed byte. */
  readonly signedEnd: number;
}

const maximumFields = 1000;

/** @throws PdfError, Asn1Error when the file or a signature cannot be read */
export function readFilledFields(file: PdfFile): FilledField[] {
  const { last } = file;
  const form = last.dict(last.catalog, 'AcroForm');
  const waiting: PdfObject[] = form === undefined ? [] : [...(last.array(form, 'Fields') ?? [])];
  const found = new Map<PdfDict, FilledField>();
  const seen = new Set<PdfDict>();
  while (waiting.length > 0 && seen.size < maximumFields) {
    const field = last.resolve(waiting.pop() ?? null);
    if (!(field instanceof PdfDict) || seen.has(field)) continue;
    seen.add(field);
    waiting.push(...(last.array(field, 'Kids') ?? []));
    const value = last.dict(field, 'V');
    const read = value === undefined ? undefined : readField(last, field, value);
    if (value !== undefined && read !== undefined) found.set(value, read);
  }
  return [...found.values()].sort((left, right) => left.signedEnd - right.signedEnd);
}

function readField(last: Revision, field: PdfDict, value: PdfDict): FilledField | undefined {
  const contents = last.get(value, 'Contents');
  const range = last.get(value, 'ByteRange');
  if (!(contents instanceof PdfString) || !isArray(range)) return undefined;
  const [, , start, length] = range;
  if (typeof start !== 'number' || typeof length !== 'number') return undefined;
  const timestamp = isName(last.get(value, 'SubFilter'), 'ETSI.RFC3161');
  const title = last.get(field, 'T');
  return {
    name: title instanceof PdfString ? textOf(title) : '',
    kind: timestamp ? 'timestamp' : 'signature',
    contents: contents.bytes,
    cms: readSignedData(contents.bytes),
    signedEnd: start + length,
  };
}
