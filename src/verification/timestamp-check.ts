/**
 * Timestamp tokens as proofs of existence (RFC 3161 §2.4.2, EN 319 102-1 §5.4): the imprint must be that of the
 * stamped bytes, the authority entitled to stamp, and its certificate good at the time of control.
 */
import {
  Asn1Error,
  type Certificate,
  digestName,
  oids,
  readSignedData,
  readTimestampInfo,
  type SignedData,
  type TimestampInfo,
} from '../asn1/index.ts';
import { summarize } from './certificate-summary.ts';
import { type CertificateContext, passed, validateCertificate } from './certificate-validation.ts';
import { checkCms, fail, hash, unsure } from './cms-check.ts';
import { isWeakDigest } from './crypto-policy.ts';
import type { Finding, TimestampReport } from './report.ts';

/** A clock may run this much ahead of ours. */
const CLOCK_SKEW = 5 * 60_000;

export interface TimestampCheck {
  readonly finding: Finding;
  readonly time: Date | undefined;
  readonly authority: Certificate | undefined;
  readonly trusted: boolean;
  readonly trustSet: string | undefined;
  readonly revocationUnknown: boolean;
  /** Certificates that must have their status in the file for a long-term level. */
  readonly chain: readonly Certificate[];
}

/**
 * @param stampedDigest digest of the stamped bytes by an algorithm.
 * @param controlTime the instant at which the authority's certificate must be good: now, or a newer proof's time.
 */
export function checkTimestamp(
  token: Uint8Array,
  stampedDigest: (algorithm: string) => Uint8Array,
  how: { context: CertificateContext; controlTime: Date },
): TimestampCheck {
  try {
    return check(token, stampedDigest, how);
  } catch (error) {
    if (error instanceof Asn1Error) {
      return broken(fail('FORMAT_FAILURE', 'timestamp', `the timestamp cannot be read: ${error.message}`));
    }
    throw error;
  }
}

function check(
  token: Uint8Array,
  stampedDigest: (algorithm: string) => Uint8Array,
  how: { context: CertificateContext; controlTime: Date },
): TimestampCheck {
  const signed = readSignedData(token);
  const { content } = signed;
  if (signed.contentType !== oids.tstInfo || content === undefined) {
    return broken(fail('FORMAT_FAILURE', 'timestamp', 'this is no timestamp token'));
  }
  const info = readTimestampInfo(content);
  for (const certificate of signed.certificates) {
    how.context.pool.add(certificate);
  }
  const imprint = checkImprint(info, stampedDigest);
  const cms = checkCms(
    {
      signed,
      digestOf: (algorithm) => hash(algorithm, content),
      data: () => content,
      contentType: oids.tstInfo,
      cause: 'timestamp',
    },
    how.context.pool,
  );
  const facts = { time: info.time, authority: cms.signer };
  const structural =
    [cms.finding, imprint].find((f) => f.indication === 'TOTAL-FAILED') ??
    [cms.finding, imprint].find((f) => f.indication !== 'TOTAL-PASSED');
  if (structural !== undefined || cms.signer === undefined) {
    return { ...broken(structural ?? cms.finding), ...facts };
  }
  if (cms.signer.extendedKeyUsage?.includes(oids.timeStamping) !== true) {
    const reason = 'the certificate of the timestamp is not entitled to make timestamps';
    return { ...broken(fail('SIG_CONSTRAINTS_FAILURE', 'timestamp', reason)), ...facts };
  }
  return {
    ...facts,
    ...judgeAuthority(cms.signer, {
      info,
      signed,
      ...how,
      digest: cms.digest,
      schemeDigest: cms.scheme?.digest,
    }),
  };
}

function judgeAuthority(
  authority: Certificate,
  how: {
    info: TimestampInfo;
    signed: SignedData;
    context: CertificateContext;
    controlTime: Date;
    digest: Parameters<typeof isWeakDigest>[0];
    schemeDigest: Parameters<typeof isWeakDigest>[0];
  },
): Omit<TimestampCheck, 'time' | 'authority'> {
  const { info, controlTime, context } = how;
  const verdict = validateCertificate(authority, context, { at: controlTime, proven: false, softLeaf: true });
  const common = {
    trustSet: verdict.chain.trustSet?.id,
    revocationUnknown: verdict.revocationUnknown.length > 0,
    chain: verdict.chain.certificates,
  };
  const untrusted = (finding: Finding) => ({ ...common, finding, trusted: false });
  if (verdict.finding.indication !== 'TOTAL-PASSED') {
    return untrusted(verdict.finding);
  }
  if (info.time.getTime() > controlTime.getTime() + CLOCK_SKEW) {
    return untrusted(unsure('SIG_CONSTRAINTS_FAILURE', 'policy', 'the timestamp lies in the future'));
  }
  if (info.time < authority.notBefore || info.time > authority.notAfter) {
    return untrusted(
      unsure(
        'SIG_CONSTRAINTS_FAILURE',
        'policy',
        'the timestamp lies outside the validity of its certificate',
      ),
    );
  }
  if (
    [how.digest, how.schemeDigest, digestName(info.imprintAlgorithm.oid)].some((d) =>
      isWeakDigest(d, controlTime),
    )
  ) {
    return untrusted(
      unsure('CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'policy', 'the timestamp uses a weak digest'),
    );
  }
  return { ...common, finding: passed(), trusted: true };
}

function checkImprint(info: TimestampInfo, stampedDigest: (algorithm: string) => Uint8Array): Finding {
  const algorithm = digestName(info.imprintAlgorithm.oid);
  if (algorithm === undefined) {
    return unsure(
      'CRYPTO_CONSTRAINTS_FAILURE',
      'policy',
      `unknown digest algorithm ${info.imprintAlgorithm.oid} in the timestamp`,
    );
  }
  return Buffer.compare(info.imprint, stampedDigest(algorithm)) === 0
    ? passed()
    : fail('HASH_FAILURE', 'timestamp', 'the timestamp belongs to other data');
}

function broken(finding: Finding): TimestampCheck {
  return {
    finding,
    time: undefined,
    authority: undefined,
    trusted: false,
    trustSet: undefined,
    revocationUnknown: false,
    chain: [],
  };
}

export function timestampReport(kind: TimestampReport['kind'], check: TimestampCheck): TimestampReport {
  return {
    kind,
    time: check.time ?? null,
    authority: check.authority === undefined ? null : summarize(check.authority),
    indication: check.finding.indication,
    subIndication: check.finding.subIndication,
    reasons: [check.finding.reason],
    trusted: check.trusted,
    trustSet: check.trustSet ?? null,
  };
}
