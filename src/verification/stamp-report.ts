/**
 * The report of a document timestamp: what it proves, and what came after it. It signs nothing by itself; one that
 * stands over signatures protects their validation data, and nobody may take that away again.
 */
import { summarize } from './certificate-summary.ts';
import { compareRevisions } from './changes/compare-revisions.ts';
import { fail } from './cms-check.ts';
import type { FileContext } from './file-context.ts';
import type { InspectedSignature } from './inspected-signature.ts';
import { applyPermissions } from './permissions.ts';
import type { DocumentTimestamps } from './proofs-of-existence.ts';
import type { Finding, SignatureReport } from './report.ts';
import { timestampReport } from './timestamp-check.ts';
import { verdictOf } from './verdict-table.ts';

/** @throws PdfError when a revision cannot be read. */
export function stampReport(
  context: FileContext,
  stamp: InspectedSignature,
  documents: DocumentTimestamps,
  protectsSignatures: boolean,
): { report: SignatureReport; finding: Finding } {
  const check = documents.checks.get(stamp);
  const asTimestamp: Finding = { ...stamp.finding, cause: 'timestamp' };
  const own =
    stamp.finding.indication === 'TOTAL-FAILED' || check === undefined ? asTimestamp : check.finding;
  const { covered } = stamp;
  const changes =
    covered === undefined
      ? []
      : compareRevisions(context.file, covered.revision).map((found) =>
          applyPermissions(found, { level: undefined, isCertification: false, locks: [] }),
        );
  const altering = changes.find((change) => !change.permitted);
  const finding =
    own.indication !== 'TOTAL-FAILED' && protectsSignatures && altering !== undefined
      ? fail(
          'FORMAT_FAILURE',
          'later-revision',
          `changed after the timestamp: ${altering.kind} at ${altering.where}`,
        )
      : own;
  if (check !== undefined && !check.trusted) {
    context.warn(
      'timestamp-untrusted',
      `the document timestamp proves nothing here: ${check.finding.reason}`,
      stamp.field.name,
    );
  }
  const authority = check?.authority;
  return {
    finding,
    report: {
      field: stamp.field.name,
      type: 'document-timestamp',
      subFilter: stamp.subFilter,
      indication: finding.indication,
      subIndication: finding.subIndication,
      verdict: verdictOf(finding),
      reasons: [finding.reason],
      level: null,
      coversWholeFile:
        covered !== undefined &&
        covered.end >= context.file.last.end &&
        context.file.trailing.kind === 'none',
      revisionEnd: covered?.end ?? null,
      changesAfter: changes,
      permissions: null,
      signer: authority === undefined ? null : summarize(authority),
      digestAlgorithm: null,
      signatureAlgorithm: null,
      claimedTime: null,
      provenTime: check?.trusted === true ? (check.time ?? null) : null,
      statedReason: null,
      statedLocation: null,
      timestamps: check === undefined ? [] : [timestampReport('document', check)],
      trustSet: check?.trustSet ?? null,
      testCertificate: false,
    },
  };
}
