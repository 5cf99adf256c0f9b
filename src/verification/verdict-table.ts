/**
 * The one table from indication, sub-indication and cause to the project's verdict. Pages and the command line
 * take their words from the verdict; nothing else decides it.
 */
import type { Cause, Finding, Indication, SubIndication, Verdict } from './report.ts';
import { VERDICTS } from './report.ts';

interface Row {
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  /** Absent: any cause. */
  readonly cause?: Cause;
  readonly verdict: Verdict;
}

/** First match wins. A finding that no row knows is `indeterminate`: nothing becomes valid by omission. */
export const VERDICT_TABLE: readonly Row[] = [
  { indication: 'NO_SIGNATURE_FOUND', subIndication: null, verdict: 'unsigned' },
  { indication: 'TOTAL-PASSED', subIndication: null, verdict: 'valid' },
  {
    indication: 'TOTAL-FAILED',
    subIndication: 'FORMAT_FAILURE',
    cause: 'later-revision',
    verdict: 'modified-after-signing',
  },
  {
    indication: 'TOTAL-FAILED',
    subIndication: 'FORMAT_FAILURE',
    cause: 'certification',
    verdict: 'certification-violated',
  },
  {
    indication: 'TOTAL-FAILED',
    subIndication: 'FORMAT_FAILURE',
    cause: 'timestamp',
    verdict: 'invalid-timestamp',
  },
  { indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', verdict: 'invalid-signature' },
  {
    indication: 'TOTAL-FAILED',
    subIndication: 'HASH_FAILURE',
    cause: 'timestamp',
    verdict: 'invalid-timestamp',
  },
  { indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE', verdict: 'invalid-signature' },
  {
    indication: 'TOTAL-FAILED',
    subIndication: 'SIG_CRYPTO_FAILURE',
    cause: 'timestamp',
    verdict: 'invalid-timestamp',
  },
  { indication: 'TOTAL-FAILED', subIndication: 'SIG_CRYPTO_FAILURE', verdict: 'invalid-signature' },
  {
    indication: 'TOTAL-FAILED',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
    cause: 'timestamp',
    verdict: 'invalid-timestamp',
  },
  { indication: 'TOTAL-FAILED', subIndication: 'REVOKED', verdict: 'revoked' },
  { indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE', verdict: 'revoked' },
  { indication: 'INDETERMINATE', subIndication: 'REVOKED_CA_NO_POE', verdict: 'revoked' },
  { indication: 'TOTAL-FAILED', subIndication: 'EXPIRED', verdict: 'expired' },
  { indication: 'TOTAL-FAILED', subIndication: 'NOT_YET_VALID', verdict: 'expired' },
  { indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE', verdict: 'expired' },
  {
    indication: 'INDETERMINATE',
    subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
    verdict: 'valid-with-untrusted-chain',
  },
  { indication: 'INDETERMINATE', subIndication: null, verdict: 'indeterminate' },
];

export function verdictOf(finding: Pick<Finding, 'indication' | 'subIndication' | 'cause'>): Verdict {
  const row = VERDICT_TABLE.find(
    (r) =>
      r.indication === finding.indication &&
      r.subIndication === finding.subIndication &&
      (r.cause === undefined || r.cause === finding.cause),
  );
  return row?.verdict ?? 'indeterminate';
}

/** Place in the list of verdicts, 0 the worst. `unsigned` stands behind all: it never wins over a signature. */
export function rank(verdict: Verdict): number {
  const at = (VERDICTS as readonly Verdict[]).indexOf(verdict);
  return at < 0 ? VERDICTS.length : at;
}

/** The finding with the worst verdict; the first among equals. */
export function worst(findings: readonly [Finding, ...Finding[]]): Finding {
  return findings.reduce((a, b) => (rank(verdictOf(b)) < rank(verdictOf(a)) ? b : a));
}

/** Whether the command line exits with 0. */
export function isGood(verdict: Verdict): boolean {
  return verdict === 'valid' || verdict === 'valid-with-permitted-changes';
}
