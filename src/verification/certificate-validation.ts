/**
 * A certificate at an instant (EN 319 102-1 §5.2.6 with RFC 5280 §6): chain to an anchor, validity, entitlement of
 * every issuer, revocation, algorithms.
 */
import { type Certificate, type DigestName, digestName, signatureScheme } from '../asn1/index.ts';
import type { CertificatePool, Chain } from './certificate-pool.ts';
import { isWeakDigest, isWeakKey } from './crypto-policy.ts';
import type { Finding, SubIndication } from './report.ts';
import { announcesRevocation, type RevocationData, revocationStatus } from './revocation.ts';

export interface CertificateContext {
  readonly pool: CertificatePool;
  readonly data: RevocationData;
}

export interface CertificateFinding {
  readonly finding: Finding;
  readonly chain: Chain;
  /** Certificates of which nobody says whether they were revoked, though the chain is accepted without. */
  readonly revocationUnknown: readonly Certificate[];
  /** Certificates said to be good only after their end. */
  readonly revocationLate: readonly Certificate[];
}

/**
 * @param at the instant for which all certificates must be good.
 * @param proven whether existence at that instant is proven; it decides between `EXPIRED` and `…_NO_POE`.
 * @param softLeaf accept a leaf without revocation data (timestamp authorities).
 */
export function validateCertificate(
  leaf: Certificate,
  context: CertificateContext,
  when: { at: Date; proven: boolean; softLeaf: boolean },
): CertificateFinding {
  const chain = context.pool.chainOf(leaf);
  const revocationUnknown: Certificate[] = [];
  const revocationLate: Certificate[] = [];
  const result = (finding: Finding): CertificateFinding => ({
    finding,
    chain,
    revocationUnknown,
    revocationLate,
  });
  if (chain.trustSet === undefined) {
    return result(
      indeterminate('NO_CERTIFICATE_CHAIN_FOUND', `no chain from ${leaf.subject.text} to a trusted root`),
    );
  }
  const structural = constraintsOf(chain.certificates);
  if (structural !== undefined) {
    return result(indeterminate('CHAIN_CONSTRAINTS_FAILURE', structural));
  }
  const [only] = chain.certificates;
  if (chain.certificates.length === 1 && only !== undefined) {
    // A signer trusted by itself has no issuer to revoke it, but it has an end.
    return result(validityFinding(only, when) ?? passed());
  }
  // Revocation first: a revoked certificate that has also expired is to be called revoked.
  const findings: Finding[] = [];
  for (const [i, certificate] of chain.certificates.slice(0, -1).entries()) {
    const issuer = chain.certificates[i + 1];
    if (issuer === undefined) {
      break;
    }
    const revocation = revocationFinding(certificate, issuer, {
      context,
      when,
      isLeaf: i === 0,
      revocationUnknown,
      revocationLate,
    });
    if (revocation !== undefined) {
      findings.push(revocation);
    }
    const validity = validityFinding(certificate, when);
    if (validity !== undefined) {
      findings.push(validity);
    }
    if (isWeakDigest(certificateDigest(certificate), when.at) || isWeakKey(issuer, when.at)) {
      findings.push(
        indeterminate(
          'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
          `the certificate of ${certificate.subject.text} is signed by a weak algorithm`,
        ),
      );
    }
  }
  const order: readonly SubIndication[] = [
    'REVOKED',
    'REVOKED_NO_POE',
    'REVOKED_CA_NO_POE',
    'EXPIRED',
    'NOT_YET_VALID',
    'OUT_OF_BOUNDS_NO_POE',
  ];
  const worstFirst = order
    .map((sub) => findings.find((f) => f.subIndication === sub))
    .find((f) => f !== undefined);
  return result(worstFirst ?? findings[0] ?? passed());
}

function revocationFinding(
  certificate: Certificate,
  issuer: Certificate,
  how: {
    context: CertificateContext;
    when: { at: Date; proven: boolean; softLeaf: boolean };
    isLeaf: boolean;
    revocationUnknown: Certificate[];
    revocationLate: Certificate[];
  },
): Finding | undefined {
  const { context, when, isLeaf } = how;
  const status = revocationStatus(certificate, issuer, {
    at: when.at,
    data: context.data,
    pool: context.pool,
  });
  const name = certificate.subject.text;
  switch (status.kind) {
    case 'revoked': {
      const reason = `the certificate of ${name} was revoked at ${status.at.toISOString()}`;
      if (!isLeaf) {
        return indeterminate('REVOKED_CA_NO_POE', reason);
      }
      return when.proven ? failed('REVOKED', reason) : indeterminate('REVOKED_NO_POE', reason);
    }
    case 'held':
      return indeterminate('TRY_LATER', `the certificate of ${name} is suspended`);
    case 'unknown': {
      const required = isLeaf ? !when.softLeaf : announcesRevocation(certificate) && !when.softLeaf;
      if (required) {
        return indeterminate(
          'TRY_LATER',
          `whether the certificate of ${name} was revoked is unknown: ${status.why}`,
        );
      }
      how.revocationUnknown.push(certificate);
      return undefined;
    }
    case 'good':
      if (status.late) {
        how.revocationLate.push(certificate);
      }
      return undefined;
    case 'not-needed':
      return undefined;
  }
}

function validityFinding(certificate: Certificate, when: { at: Date; proven: boolean }): Finding | undefined {
  const name = certificate.subject.text;
  if (when.at > certificate.notAfter) {
    const reason = `the certificate of ${name} expired at ${certificate.notAfter.toISOString()}`;
    return when.proven ? failed('EXPIRED', reason) : indeterminate('OUT_OF_BOUNDS_NO_POE', reason);
  }
  if (when.at < certificate.notBefore) {
    const reason = `the certificate of ${name} is valid only from ${certificate.notBefore.toISOString()}`;
    return when.proven ? failed('NOT_YET_VALID', reason) : indeterminate('OUT_OF_BOUNDS_NO_POE', reason);
  }
  return undefined;
}

/** RFC 5280 §6.1.4: every issuer must be entitled; the anchor is believed as it is. */
function constraintsOf(certificates: readonly Certificate[]): string | undefined {
  for (const [i, certificate] of certificates.entries()) {
    const isAnchor = i === certificates.length - 1;
    if (!isAnchor && certificate.unknownCriticalExtensions.length > 0) {
      return `the certificate of ${certificate.subject.text} has a critical extension that is not understood`;
    }
    if (i === 0) {
      continue;
    }
    const believed = isAnchor && certificate.version < 3;
    if (!certificate.isCa && !believed) {
      return `${certificate.subject.text} is no certification authority`;
    }
    if (certificate.keyUsage !== undefined && !certificate.keyUsage.has('keyCertSign')) {
      return `${certificate.subject.text} may not issue certificates`;
    }
    const below = certificates.slice(1, i).filter((c) => !c.selfIssued).length;
    if (certificate.pathLength !== undefined && below > certificate.pathLength) {
      return `the chain below ${certificate.subject.text} is longer than it allows`;
    }
  }
  return undefined;
}

function certificateDigest(certificate: Certificate): DigestName | undefined {
  try {
    return signatureScheme(certificate.signatureAlgorithm)?.digest;
  } catch {
    return digestName(certificate.signatureAlgorithm.oid);
  }
}

export function passed(): Finding {
  return { indication: 'TOTAL-PASSED', subIndication: null, cause: 'passed', reason: 'all checks passed' };
}

function failed(subIndication: SubIndication, reason: string): Finding {
  return { indication: 'TOTAL-FAILED', subIndication, cause: 'certificate', reason };
}

function indeterminate(subIndication: SubIndication, reason: string): Finding {
  return { indication: 'INDETERMINATE', subIndication, cause: 'certificate', reason };
}
