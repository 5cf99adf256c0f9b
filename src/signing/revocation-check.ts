// Decides whether an OCSP response or a revocation list is evidence about one certificate at one time. Pure.

import { createHash } from 'node:crypto';
import {
  type BasicOcspResponse,
  type Certificate,
  certIdMatches,
  checkSignature,
  oids,
  readCertificate,
  readCrl,
  readOcspResponse,
  sameName,
  signatureScheme,
  toHex,
} from '../asn1/index.ts';

/** What was learnt, with the bytes that show it. */
export interface RevocationEvidence {
  readonly kind: 'ocsp' | 'crl';
  /** OCSPResponse or CertificateList, as a DSS dictionary keeps them. */
  readonly der: Uint8Array;
  readonly status: 'good' | 'revoked';
  readonly revokedAt?: Date;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  /** The delegated responder, which has a chain of its own to keep. */
  readonly responder?: Certificate;
}

export class RevocationError extends Error {
  override readonly name = 'RevocationError';
}

export interface RevocationQuestion {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly now: Date;
  /** How far clocks may differ. */
  readonly skewMilliseconds?: number;
}

/** @throws RevocationError when it proves nothing, Asn1Error when it cannot be read */
export function evidenceFromOcsp(der: Uint8Array, question: RevocationQuestion): RevocationEvidence {
  const { certificate, issuer } = question;
  const { status, basic } = readOcspResponse(der);
  if (status !== 0 || basic === undefined)
    throw new RevocationError(`the responder answered with status ${status}`);
  const single = basic.responses.find((candidate) => certIdMatches(candidate.certId, certificate, issuer));
  if (single === undefined) throw new RevocationError('the answer is about another certificate');
  const responder = findResponder(basic, issuer);
  const scheme = signatureScheme(basic.signatureAlgorithm);
  const { signature, tbs } = basic;
  if (checkSignature({ key: responder.publicKey, scheme, data: tbs, signature }) !== 'valid') {
    throw new RevocationError('the signature of the answer is wrong');
  }
  if (responder !== issuer) checkDelegate(responder, question);
  checkFresh(single, question);
  if (single.status === 'unknown') throw new RevocationError('the responder does not know the certificate');
  return {
    kind: 'ocsp',
    der,
    status: single.status,
    revokedAt: single.revokedAt,
    thisUpdate: single.thisUpdate,
    nextUpdate: single.nextUpdate,
    responder: responder === issuer ? undefined : responder,
  };
}

/** @throws RevocationError when it proves nothing, Asn1Error when it cannot be read */
export function evidenceFromCrl(der: Uint8Array, question: RevocationQuestion): RevocationEvidence {
  const { certificate, issuer } = question;
  const list = readCrl(der);
  if (!sameName(list.issuer, issuer.subject)) throw new RevocationError('the list is of another issuer');
  const scheme = signatureScheme(list.signatureAlgorithm);
  const { signature, tbs } = list;
  if (checkSignature({ key: issuer.publicKey, scheme, data: tbs, signature }) !== 'valid') {
    throw new RevocationError('the signature of the list is wrong');
  }
  if (list.unknownCriticalExtensions.length > 0)
    throw new RevocationError('the list does not cover all certificates');
  checkFresh(list, question);
  const entry = list.find(certificate.serialNumber);
  if (entry?.undecidable === true) throw new RevocationError('the entry of the list cannot be decided');
  const revoked = entry !== undefined && entry.reason !== 8;
  return {
    kind: 'crl',
    der,
    status: revoked ? 'revoked' : 'good',
    revokedAt: revoked ? entry.revokedAt : undefined,
    thisUpdate: list.thisUpdate,
    nextUpdate: list.nextUpdate,
  };
}

function findResponder(basic: BasicOcspResponse, issuer: Certificate): Certificate {
  const candidates = [issuer, ...basic.certificates.map((der) => readCertificate(der))];
  const { responder } = basic;
  const found = candidates.find((candidate) => {
    if ('name' in responder) return sameName(candidate.subject, responder.name);
    return toHex(createHash('sha1').update(candidate.publicKeyBytes).digest()) === responder.keyHash;
  });
  if (found === undefined) throw new RevocationError('the certificate of the responder is missing');
  return found;
}

// RFC 6960 §4.2.2.2: issued by the same authority, for OCSP, and valid.
function checkDelegate(responder: Certificate, { issuer, now }: RevocationQuestion): void {
  const scheme = signatureScheme(responder.signatureAlgorithm);
  const { tbs, signature } = responder;
  const issued =
    sameName(responder.issuer, issuer.subject) &&
    checkSignature({ key: issuer.publicKey, scheme, data: tbs, signature }) === 'valid';
  if (!issued) throw new RevocationError('the responder was not appointed by the issuer');
  if (responder.extendedKeyUsage?.includes(oids.ocspSigning) !== true) {
    throw new RevocationError('the responder is not one for OCSP');
  }
  if (now < responder.notBefore || now > responder.notAfter) {
    throw new RevocationError('the certificate of the responder is not valid now');
  }
}

function checkFresh(
  update: { readonly thisUpdate: Date; readonly nextUpdate?: Date },
  { now, skewMilliseconds = 300_000 }: RevocationQuestion,
): void {
  if (update.thisUpdate.getTime() > now.getTime() + skewMilliseconds)
    throw new RevocationError('it is of the future');
  const end = update.nextUpdate ?? new Date(update.thisUpdate.getTime() + 86_400_000);
  if (end.getTime() < now.getTime() - skewMilliseconds) throw new RevocationError('it is out of date');
}
