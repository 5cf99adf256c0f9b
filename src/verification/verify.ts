/**
 * Verifies a PDF: bytes, trust and an instant in; a report out. Pure: no network, no files, no exception for any
 * input. For files from outside call `verifyInChild`, which also survives what a budget cannot see.
 */
import { Asn1Error } from '../asn1/index.ts';
import {
  Budget,
  type BudgetLimits,
  openPdf,
  PdfDict,
  PdfError,
  type PdfFile,
  type Revision,
  readPages,
} from '../pdf/index.ts';
import { FileContext } from './file-context.ts';
import { type InspectedSignature, inspectSignature } from './inspected-signature.ts';
import { collectProofs, type DocumentTimestamps } from './proofs-of-existence.ts';
import type { Finding, Report, SignatureReport, Verdict } from './report.ts';
import { readFields, readSignatureFields, type SignatureField } from './signature-fields.ts';
import { stampReport } from './stamp-report.ts';
import type { TrustSet } from './trust.ts';
import { validateSignature } from './validate-signature.ts';
import { rank } from './verdict-table.ts';

export interface VerifyOptions {
  readonly trust: readonly TrustSet[];
  /** The instant to decide for; now when absent. */
  readonly at?: Date;
  readonly limits?: Partial<BudgetLimits>;
}

export function verify(bytes: Uint8Array, options: VerifyOptions): Report {
  const at = options.at ?? new Date();
  try {
    return report(openPdf(bytes, new Budget(options.limits)), { trust: options.trust, at });
  } catch (error) {
    if (error instanceof PdfError) {
      return malformedReport(error, at);
    }
    if (error instanceof Asn1Error) {
      return malformedReport({ reason: error.message, offset: -1 }, at);
    }
    if (error instanceof RangeError) {
      return malformedReport({ reason: 'the file is nested too deeply', offset: -1 }, at);
    }
    // Whatever else an attacker finds must not become a failure of the service: the file is refused.
    const name = error instanceof Error ? error.name : 'unknown';
    return malformedReport({ reason: `the reader failed (${name})`, offset: -1 }, at);
  }
}

/** The report of a file that cannot be read, for the child's parent too. */
export function malformedReport(why: { reason: string; offset: number }, at: Date): Report {
  return {
    verdict: 'malformed',
    indication: 'TOTAL-FAILED',
    subIndication: 'FORMAT_FAILURE',
    malformed: { offset: why.offset, reason: why.reason },
    signatures: [],
    warnings: [],
    validationTime: at,
  };
}

function report(file: PdfFile, how: { trust: readonly TrustSet[]; at: Date }): Report {
  if (file.trailing.kind === 'incomplete') {
    throw new PdfError('structure', 'the file breaks off in the middle of a revision', file.trailing.offset);
  }
  // A file whose pages cannot be walked shows different things in different readers, signed or not.
  readPages(file.last);
  const context = new FileContext(file, how);
  const fields = readSignatureFields(file.last);
  if (file.encrypted) {
    context.warn('encrypted', 'the file is encrypted with the empty password');
  }
  const distinct = distinctSignatures(context, fields);
  const inspected = distinct
    .map((field) => inspectSignature(context, field))
    .sort(
      (a, b) => (a.covered?.end ?? Number.MAX_SAFE_INTEGER) - (b.covered?.end ?? Number.MAX_SAFE_INTEGER),
    );
  const documents = collectProofs(context, inspected);
  const signatures: SignatureReport[] = [];
  const decided: { finding: Finding; verdict: Verdict }[] = [];
  for (const signature of inspected) {
    if (signature.isTimestamp) {
      const protects = inspected.some(
        (other) => !other.isTimestamp && (other.covered?.end ?? 0) < (signature.covered?.end ?? 0),
      );
      const stamp = stampReport(context, signature, documents, protects);
      signatures.push(stamp.report);
      if (stamp.finding.indication === 'TOTAL-FAILED') {
        decided.push({ finding: stamp.finding, verdict: stamp.report.verdict });
      }
    } else {
      const { report: made, finding } = validateSignature(context, signature, documents);
      signatures.push(made);
      decided.push({ finding, verdict: made.verdict });
    }
  }
  const summary = summarizeFile(context, { inspected, decided, documents });
  return { ...summary, malformed: null, signatures, warnings: context.warnings, validationTime: how.at };
}

/** One signature dictionary may hang on several fields: it is one signature, reported under the first. */
function distinctSignatures(context: FileContext, fields: readonly SignatureField[]): SignatureField[] {
  const distinct: SignatureField[] = [];
  for (const field of fields) {
    const twin = distinct.find((other) => other.signature === field.signature);
    if (twin === undefined) {
      distinct.push(field);
    } else {
      context.warn('several-fields', `the same signature also hangs on the field ${field.name}`, twin.name);
    }
  }
  return distinct;
}

function summarizeFile(
  context: FileContext,
  what: {
    inspected: readonly InspectedSignature[];
    decided: readonly { finding: Finding; verdict: Verdict }[];
    documents: DocumentTimestamps;
  },
): Pick<Report, 'verdict' | 'indication' | 'subIndication'> {
  const { inspected, decided } = what;
  const removed = removedSignature(context);
  if (removed !== undefined) {
    context.warn(
      'signature-removed',
      `an earlier revision was signed in the field ${removed}, the present one is not`,
      removed,
    );
    return { verdict: 'modified-after-signing', indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' };
  }
  if (inspected.every((signature) => signature.isTimestamp)) {
    return unsigned(context, inspected.length > 0);
  }
  const [first, ...others] = decided;
  const worstOf = others.reduce<typeof first>(
    (a, b) => (a === undefined || rank(b.verdict) < rank(a.verdict) ? b : a),
    first,
  );
  return worstOf === undefined
    ? unsigned(context, false)
    : {
        verdict: worstOf.verdict,
        indication: worstOf.finding.indication,
        subIndication: worstOf.finding.subIndication,
      };
}

/** @throws PdfError when the file has no proper end: what it shows depends on how a reader mends it. */
function unsigned(
  context: FileContext,
  stamped: boolean,
): Pick<Report, 'verdict' | 'indication' | 'subIndication'> {
  const { trailing } = context.file;
  if (trailing.kind === 'objects') {
    throw new PdfError(
      'structure',
      'objects follow the end of the file without a cross-reference',
      trailing.offset,
    );
  }
  if (stamped) {
    context.warn('document-timestamp-only', 'the file carries document timestamps but nobody signed it');
  }
  for (const field of readFields(context.file.last)) {
    if (
      field.type === 'Sig' &&
      field.dict.has('T') &&
      !(context.file.last.get(field.dict, 'V') instanceof PdfDict)
    ) {
      context.warn('empty-signature-field', 'a place for a signature is empty', field.name);
    }
  }
  return { verdict: 'unsigned', indication: 'NO_SIGNATURE_FOUND', subIndication: null };
}

/** Name of a field that an earlier revision had signed and the last one has not. */
function removedSignature(context: FileContext): string | undefined {
  const present = new Set(readSignatureFields(context.file.last).map((field) => field.signature.start));
  const { file } = context;
  for (const revision of [...file.revisions.slice(0, -1), ...file.strayRevisions()]) {
    const gone = earlierSignatures(revision).find(
      (field) => !present.has(field.signature.start) && field.signature.has('ByteRange'),
    );
    if (gone !== undefined) {
      return gone.name;
    }
  }
  return undefined;
}

/** An earlier revision that cannot be read shows nobody anything. @throws PdfError when the budget is spent. */
function earlierSignatures(revision: Revision): readonly SignatureField[] {
  try {
    return readSignatureFields(revision);
  } catch (error) {
    if (error instanceof PdfError && error.fault !== 'budget') {
      return [];
    }
    throw error;
  }
}
