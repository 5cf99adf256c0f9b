/**
 * Whom the verifier believes. Trust sets are kept apart (official duty, national root, internal, test), so that a
 * report can say by whose word a signature is trusted.
 */
import {
  type Certificate,
  type CertificateList,
  checkSignature,
  readCertificatesPem,
  readCrl,
  sameName,
  signatureScheme,
} from '../asn1/index.ts';

export interface TrustSet {
  /** For instance `vgca`, `national`, `internal`, `test`, or the path it was read from. */
  readonly id: string;
  /** Signatures under it have no legal value. */
  readonly isTest: boolean;
  /** Whose word is taken. */
  readonly anchors: readonly Certificate[];
  /** Certificates that help to build chains without being trusted by themselves. */
  readonly intermediates: readonly Certificate[];
  readonly crls: readonly CertificateList[];
}

/** Authorities for tests say so in their own name; such a set never passes for another. */
const TEST_MARK = 'CHỨNG THƯ SỐ THỬ NGHIỆM';

/**
 * Sorts given certificates: one whose issuer is among them is an intermediate (so that its own revocation is still
 * looked at), every other one is an anchor.
 */
export function createTrustSet(
  id: string,
  material: { certificates: readonly Certificate[]; crls?: readonly CertificateList[]; isTest?: boolean },
): TrustSet {
  const { certificates } = material;
  const hasIssuer = (certificate: Certificate): boolean =>
    !certificate.selfIssued &&
    certificates.some(
      (other) => sameName(other.subject, certificate.issuer) && isSignedBy(certificate, other),
    );
  return {
    id,
    isTest:
      material.isTest === true ||
      certificates.some((certificate) => certificate.subject.text.includes(TEST_MARK)),
    anchors: certificates.filter((certificate) => !hasIssuer(certificate)),
    intermediates: certificates.filter(hasIssuer),
    crls: material.crls ?? [],
  };
}

const CRL_PEM = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+?)-----END/g;

/** All certificates and revocation lists of a PEM text. @throws Asn1Error when one is broken. */
export function readTrustPem(text: string): { certificates: Certificate[]; crls: CertificateList[] } {
  return {
    certificates: readCertificatesPem(text),
    crls: [...text.matchAll(CRL_PEM)].map((match) => readCrl(Buffer.from(match[1] ?? '', 'base64'))),
  };
}

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const scheme = signatureScheme(certificate.signatureAlgorithm);
  const { tbs: data, signature } = certificate;
  return checkSignature({ key: issuer.publicKey, scheme, data, signature }) === 'valid';
}
