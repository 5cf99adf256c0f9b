/**
 * What a signature covers (ISO 32000-2 §12.8.1). The gap must be exactly the `/Contents` string of this very
 * dictionary, as the parser found it; the second range must end where a revision ends.
 */
import { createHash } from 'node:crypto';
import { numberArray, type PdfDict, type PdfFile, PdfString, type Revision } from '../pdf/index.ts';

export interface CoveredBytes {
  /** End of the signed revision, as the ByteRange counts it. */
  readonly end: number;
  readonly gapStart: number;
  readonly gapEnd: number;
  readonly contents: Uint8Array;
  readonly revision: Revision;
}

/** The covered bytes, or a sentence that says what is wrong. @throws PdfError when the revision cannot be read. */
export function coveredBytes(file: PdfFile, signature: PdfDict): CoveredBytes | string {
  if (signature.duplicateKey !== undefined) {
    return `the signature dictionary has two entries /${signature.duplicateKey}`;
  }
  const contents = signature.get('Contents');
  if (!(contents instanceof PdfString)) {
    return 'the signature dictionary has no /Contents string';
  }
  const range = numberArray(signature.get('ByteRange'));
  if (range === undefined || range.length !== 4 || !range.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    return 'the ByteRange is not four whole numbers';
  }
  const [start = -1, firstLength = 0, second = 0, secondLength = 0] = range;
  if (start !== 0) {
    return 'the ByteRange does not begin at the first byte';
  }
  if (contents.start < 0 || !contents.hex) {
    return 'the /Contents string is not a hexadecimal string in the file itself';
  }
  if (firstLength !== contents.start || second !== contents.end) {
    return 'the gap of the ByteRange is not exactly the /Contents string';
  }
  const end = second + secondLength;
  if (end > file.bytes.length) {
    return 'the ByteRange reaches beyond the end of the file';
  }
  const revision = file.revisionAt(end);
  if (revision === undefined) {
    return 'the ByteRange does not end where a revision of the file ends';
  }
  return { end, gapStart: firstLength, gapEnd: second, contents: contents.bytes, revision };
}

/** Digest of the covered bytes. */
export function digestOf(file: PdfFile, covered: CoveredBytes, algorithm: string): Buffer {
  return createHash(algorithm)
    .update(file.bytes.subarray(0, covered.gapStart))
    .update(file.bytes.subarray(covered.gapEnd, covered.end))
    .digest();
}

/** The covered bytes themselves, for schemes that sign without digest attributes. */
export function coveredData(file: PdfFile, covered: CoveredBytes): Buffer {
  return Buffer.concat([
    file.bytes.subarray(0, covered.gapStart),
    file.bytes.subarray(covered.gapEnd, covered.end),
  ]);
}
