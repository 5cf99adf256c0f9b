/** What a report shows of a certificate. All of it is the issuer's and holder's text: to be escaped, not believed. */
import { type Certificate, displayName } from '../asn1/index.ts';
import type { CertificateSummary } from './report.ts';

export function summarize(certificate: Certificate): CertificateSummary {
  return {
    name: displayName(certificate.subject),
    organization: certificate.subject.organization,
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serialNumber: certificate.serialNumber,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    fingerprint: certificate.fingerprint,
  };
}
