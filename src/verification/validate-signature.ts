/**
 * One signature from first look to finding (EN 319 102-1 §5.6): its changes, its permissions, its timestamps, its
 * certificate at the proven time, its algorithms, its level.
 */
import { type Attribute, displayName, oids } from '../asn1/index.ts';
import { PdfString, type Revision, textOf } from '../pdf/index.ts';
import { summarize } from './certificate-summary.ts';
import { type CertificateFinding, validateCertificate } from './certificate-validation.ts';
import { compareRevisions } from './changes/compare-revisions.ts';
import { fail, hash, unsure } from './cms-check.ts';
import { isWeakDigest, isWeakKey } from './crypto-policy.ts';
import type { FileContext } from './file-context.ts';
import type { InspectedSignature } from './inspected-signature.ts';
import { levelOf } from './level.ts';
import { parsePdfDate } from './pdf-date.ts';
import { applyPermissions, breaksOnlyPermissions, type Permissions, readPermissions } from './permissions.ts';
import { type DocumentTimestamps, earliest, earliestProof } from './proofs-of-existence.ts';
import type { Change, Finding, SignatureReport, Verdict } from './report.ts';
import { checkTimestamp, type TimestampCheck, timestampReport } from './timestamp-check.ts';
import { verdictOf, worst } from './verdict-table.ts';

const CLOCK_TOLERANCE = 24 * 3_600_000;

/** @throws PdfError when a revision cannot be read. */
export function validateSignature(
  context: FileContext,
  signature: InspectedSignature,
  documents: DocumentTimestamps,
): { report: SignatureReport; finding: Finding } {
  const permissions = permissionsOf(signature);
  const changes = changesOf(context, signature, permissions);
  const own = ownTimestamps(context, signature, documents);
  const proven = provenTime(signature, own, documents);
  const certificate = certificateOf(context, signature, proven);
  const findings: [Finding, ...Finding[]] = [
    signature.finding,
    ...changeFindings(changes, permissions),
    ...own.filter((check) => check.finding.indication === 'TOTAL-FAILED').map((check) => check.finding),
    ...(certificate === undefined ? [] : [certificate.finding]),
    ...algorithmFindings(signature, proven ?? context.at),
  ];
  const finding = worst(findings);
  const warned = warn(context, signature, { own, proven, certificate });
  return {
    finding,
    report: reportOf(context, {
      signature,
      documents,
      permissions,
      changes,
      own,
      proven,
      certificate: warned,
      finding,
      findings,
    }),
  };
}

function permissionsOf(signature: InspectedSignature): Permissions {
  const { covered, field } = signature;
  return covered === undefined
    ? { level: undefined, isCertification: false, locks: [] }
    : readPermissions(covered.revision, field);
}

function changesOf(context: FileContext, signature: InspectedSignature, permissions: Permissions): Change[] {
  return signature.covered === undefined
    ? []
    : compareRevisions(context.file, signature.covered.revision).map((found) =>
        applyPermissions(found, permissions),
      );
}

function changeFindings(changes: readonly Change[], permissions: Permissions): Finding[] {
  const refused = changes.filter((change) => !change.permitted);
  const altering = refused.find((change) => !breaksOnlyPermissions(change, permissions));
  if (altering !== undefined) {
    return [
      fail(
        'FORMAT_FAILURE',
        'later-revision',
        `changed after signing: ${altering.kind} at ${altering.where}`,
      ),
    ];
  }
  const [breaking] = refused;
  return breaking === undefined
    ? []
    : [
        fail(
          'FORMAT_FAILURE',
          'certification',
          `changed against the signer's permissions: ${breaking.kind} at ${breaking.where}`,
        ),
      ];
}

/** Signature timestamps, looked at from the earliest document timestamp that covers the signature. */
function ownTimestamps(
  context: FileContext,
  signature: InspectedSignature,
  documents: DocumentTimestamps,
): TimestampCheck[] {
  const info = signature.cms?.info;
  if (info === undefined || signature.covered === undefined) {
    return [];
  }
  const controlTime = earliestProof(documents.proofs, signature.covered.end) ?? context.at;
  return tokensOf(info.unsignedAttributes).map((token) =>
    checkTimestamp(token, (algorithm) => hash(algorithm, info.signature), { context, controlTime }),
  );
}

function tokensOf(attributes: readonly Attribute[]): Uint8Array[] {
  return attributes
    .filter((attribute) => attribute.oid === oids.signatureTimestamp)
    .flatMap((attribute) => attribute.values)
    .slice(0, 16);
}

function provenTime(
  signature: InspectedSignature,
  own: readonly TimestampCheck[],
  documents: DocumentTimestamps,
): Date | undefined {
  const times = own.filter((check) => check.trusted).flatMap((check) => check.time ?? []);
  const document =
    signature.covered === undefined ? undefined : earliestProof(documents.proofs, signature.covered.end);
  return earliest(document === undefined ? times : [...times, document]);
}

function certificateOf(
  context: FileContext,
  signature: InspectedSignature,
  proven: Date | undefined,
): CertificateFinding | undefined {
  return signature.signer === undefined
    ? undefined
    : validateCertificate(signature.signer, context, {
        at: proven ?? context.at,
        proven: proven !== undefined,
        softLeaf: false,
      });
}

function algorithmFindings(signature: InspectedSignature, at: Date): Finding[] {
  const { cms, signer } = signature;
  const findings: Finding[] = [];
  const digests =
    signature.subFilter === 'adbe.x509.rsa_sha1' ? (['sha1'] as const) : [cms?.digest, cms?.scheme?.digest];
  if (digests.some((digest) => isWeakDigest(digest, at))) {
    findings.push(
      unsure(
        'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
        'policy',
        'the signature uses a digest too weak for its time',
      ),
    );
  }
  if (signer !== undefined && isWeakKey(signer, at)) {
    findings.push(
      unsure(
        'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
        'policy',
        'the key of the signer is too short for its time',
      ),
    );
  }
  const usage = signer?.keyUsage;
  if (usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) {
    findings.push(unsure('SIG_CONSTRAINTS_FAILURE', 'policy', 'the certificate is not meant for signing'));
  }
  // RFC 5280 §4.2.1.12: a key that is for timestamps or status answers alone signs no documents.
  const uses = signer?.extendedKeyUsage ?? [];
  if (uses.length > 0 && uses.every((use) => use === oids.timeStamping || use === oids.ocspSigning)) {
    findings.push(unsure('SIG_CONSTRAINTS_FAILURE', 'policy', 'the certificate is not meant for documents'));
  }
  return findings;
}

function warn(
  context: FileContext,
  signature: InspectedSignature,
  what: {
    own: readonly TimestampCheck[];
    proven: Date | undefined;
    certificate: CertificateFinding | undefined;
  },
): CertificateFinding | undefined {
  const { name } = signature.field;
  for (const warning of signature.cms?.warnings ?? []) {
    context.warn(warning.code, warning.detail, name);
  }
  if (signature.cms?.finding.indication === 'TOTAL-PASSED' && !signature.cms.bindsCertificate) {
    context.warn(
      'no-signing-certificate-attribute',
      'the signature does not name its certificate in what was signed',
      name,
    );
  }
  for (const check of what.own) {
    if (!check.trusted) {
      context.warn('timestamp-untrusted', `the timestamp proves nothing here: ${check.finding.reason}`, name);
    } else if (check.revocationUnknown) {
      context.warn(
        'timestamp-revocation-unknown',
        'whether the timestamp authority was revoked is unknown',
        name,
      );
    }
  }
  for (const unknown of what.certificate?.revocationUnknown ?? []) {
    context.warn(
      'ca-revocation-unknown',
      `whether ${displayName(unknown.subject)} was revoked is unknown`,
      name,
    );
  }
  for (const late of what.certificate?.revocationLate ?? []) {
    context.warn(
      'revocation-stated-late',
      `that ${displayName(late.subject)} was not revoked is stated only after the certificate's end`,
      name,
    );
  }
  const claimed = claimedTime(context.file.last, signature);
  if (
    claimed !== undefined &&
    what.proven !== undefined &&
    claimed.getTime() > what.proven.getTime() + CLOCK_TOLERANCE
  ) {
    context.warn(
      'claimed-time-after-proven-time',
      'the signer claims a later time than the timestamp proves',
      name,
    );
  }
  if (what.certificate?.chain.trustSet?.isTest === true) {
    context.warn('test-certificate', 'the certificate is for tests: the signature has no legal value', name);
  }
  return what.certificate;
}

function claimedTime(revision: Revision, signature: InspectedSignature): Date | undefined {
  const written = revision.get(signature.field.signature, 'M');
  return (
    signature.cms?.claimedTime ?? (written instanceof PdfString ? parsePdfDate(textOf(written)) : undefined)
  );
}

function reportOf(
  context: FileContext,
  what: {
    signature: InspectedSignature;
    documents: DocumentTimestamps;
    permissions: Permissions;
    changes: readonly Change[];
    own: readonly TimestampCheck[];
    proven: Date | undefined;
    certificate: CertificateFinding | undefined;
    finding: Finding;
    findings: readonly Finding[];
  },
): SignatureReport {
  const { signature, own, permissions, finding, changes } = what;
  const { field, cms, covered, signer } = signature;
  const { last } = context.file;
  const text = (key: string): string | null => {
    const value = last.get(field.signature, key);
    return value instanceof PdfString ? textOf(value) : null;
  };
  return {
    field: field.name,
    type: permissions.isCertification ? 'certification' : 'approval',
    subFilter: signature.subFilter,
    indication: finding.indication,
    subIndication: finding.subIndication,
    verdict: withChanges(verdictOf(finding), changes),
    reasons: [finding, ...what.findings.filter((f) => f !== finding && f.indication !== 'TOTAL-PASSED')].map(
      (f) => f.reason,
    ),
    level: levelOf(context, signature, { own, documents: what.documents.checks }),
    coversWholeFile:
      covered !== undefined && covered.end >= last.end && context.file.trailing.kind === 'none',
    revisionEnd: covered?.end ?? null,
    changesAfter: changes,
    permissions: permissions.level ?? null,
    signer: signer === undefined ? null : summarize(signer),
    digestAlgorithm: cms?.digest ?? (cms?.info === undefined ? null : cms.info.digestAlgorithm.oid),
    signatureAlgorithm:
      cms?.scheme === undefined ? (cms?.info?.signatureAlgorithm.oid ?? null) : schemeName(cms.scheme),
    claimedTime: claimedTime(last, signature) ?? null,
    provenTime: what.proven ?? null,
    statedReason: text('Reason'),
    statedLocation: text('Location'),
    timestamps: [
      ...own.map((check) => timestampReport('signature', check)),
      ...[...what.documents.checks]
        .filter(([stamp]) => covered !== undefined && (stamp.covered?.end ?? 0) > covered.end)
        .map(([, check]) => timestampReport('document', check)),
    ],
    trustSet: what.certificate?.chain.trustSet?.id ?? null,
    testCertificate: what.certificate?.chain.trustSet?.isTest ?? false,
  };
}

function schemeName(scheme: { readonly kind: string; readonly digest?: string | undefined }): string {
  return scheme.digest === undefined ? scheme.kind : `${scheme.kind} ${scheme.digest}`;
}

/** Validation data and timestamps do not touch what was signed; other permitted changes are told apart. */
export function withChanges(verdict: Verdict, changes: readonly Change[]): Verdict {
  return verdict === 'valid' && changes.some((change) => change.level !== 'archival')
    ? 'valid-with-permitted-changes'
    : verdict;
}
