/**
 * Was a certificate revoked, as seen from a given instant? Answers only from authentic data: lists and responses
 * whose own signature stands (RFC 5280 §6.3, RFC 6960 §3.2).
 */
import {
  type BasicOcspResponse,
  type Certificate,
  type CertificateList,
  certIdMatches,
  oids,
  type RevokedEntry,
  readDer,
  readTime,
  type SingleResponse,
} from '../asn1/index.ts';
import type { CertificatePool } from './certificate-pool.ts';

export interface RevocationData {
  readonly crls: readonly CertificateList[];
  readonly ocsps: readonly BasicOcspResponse[];
}

export type RevocationStatus =
  /** `late`: only said after the certificate's end, when an issuer may already have forgotten a revocation. */
  | { readonly kind: 'good'; readonly late: boolean }
  | { readonly kind: 'revoked'; readonly at: Date }
  | { readonly kind: 'held' }
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'unknown'; readonly why: string };

/** RFC 9608 noRevAvail and EN 319 412-1 validity-assured short term. */
const NO_REVOCATION = ['2.5.29.56', '0.4.0.194121.2.1'];
const EXPIRED_CERTS_ON_CRL = '2.5.29.60';
const CERTIFICATE_HOLD = 6;
const REMOVE_FROM_CRL = 8;
/** How long data without `nextUpdate` counts as fresh. */
const FRESH_MILLISECONDS = 24 * 3_600_000;

/** One authentic statement about the certificate. */
interface Statement {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly revokedAt?: Date;
  readonly held?: boolean;
  /** Statements made after this instant no longer say that an expired certificate was revoked. */
  readonly remembersUntil: Date | undefined;
}

/**
 * @param at the instant for which the certificate matters: the proven time of the signature, or the validation time.
 */
export function revocationStatus(
  certificate: Certificate,
  issuer: Certificate,
  how: { at: Date; data: RevocationData; pool: CertificatePool },
): RevocationStatus {
  if (NO_REVOCATION.some((oid) => certificate.extensions.has(oid))) {
    return { kind: 'not-needed' };
  }
  const statements = [
    ...crlStatements(certificate, issuer, how),
    ...ocspStatements(certificate, issuer, how),
  ];
  const revoked = statements.filter((s) => s.revokedAt !== undefined && s.held !== true);
  for (const { revokedAt } of revoked) {
    if (revokedAt !== undefined && revokedAt <= how.at) {
      return { kind: 'revoked', at: revokedAt };
    }
  }
  const usable = statements
    .filter((s) => isFresh(s, how.at) && (s.revokedAt !== undefined || memory(s, certificate) !== 'lost'))
    .sort((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime());
  const [newest] = usable;
  if (newest === undefined) {
    return revoked.length > 0
      ? { kind: 'good', late: false }
      : {
          kind: 'unknown',
          why: statements.length === 0 ? 'no revocation data' : 'the revocation data is out of date',
        };
  }
  if (newest.held === true && newest.revokedAt !== undefined && newest.revokedAt <= how.at) {
    return { kind: 'held' };
  }
  const sure = revoked.length > 0 || usable.some((s) => memory(s, certificate) === 'sure');
  return { kind: 'good', late: !sure };
}

function isFresh(statement: Statement, at: Date): boolean {
  const until = statement.nextUpdate ?? new Date(statement.thisUpdate.getTime() + FRESH_MILLISECONDS);
  return until >= at;
}

/** Whether a statement still knows of a certificate whose end may lie before it. */
function memory(statement: Statement, certificate: Certificate): 'sure' | 'unsure' | 'lost' {
  if (statement.thisUpdate <= certificate.notAfter) {
    return 'sure';
  }
  if (statement.remembersUntil === undefined) {
    return 'unsure';
  }
  return statement.remembersUntil <= certificate.notAfter ? 'sure' : 'lost';
}

function* crlStatements(
  certificate: Certificate,
  issuer: Certificate,
  how: { data: RevocationData; pool: CertificatePool },
): Generator<Statement, void> {
  for (const crl of how.data.crls) {
    if (
      Buffer.compare(crl.issuer.der, certificate.issuer.der) !== 0 ||
      crl.unknownCriticalExtensions.length > 0
    ) {
      continue;
    }
    const signer = crlSigner(crl, issuer, how.pool);
    if (signer === undefined) {
      continue;
    }
    const entry = entryOf(crl, certificate.serialNumber);
    if (entry?.undecidable === true) {
      continue;
    }
    const { thisUpdate, nextUpdate } = crl;
    const remembersUntil = timeExtension(crl.extensions.get(EXPIRED_CERTS_ON_CRL)?.value);
    if (entry === undefined || entry.reason === REMOVE_FROM_CRL) {
      yield { thisUpdate, nextUpdate, remembersUntil };
    } else {
      yield {
        thisUpdate,
        nextUpdate,
        remembersUntil,
        revokedAt: entry.revokedAt,
        held: entry.reason === CERTIFICATE_HOLD,
      };
    }
  }
}

const entries = new WeakMap<CertificateList, Map<string, RevokedEntry | undefined>>();

/** A list is scanned once for each number, however often it is asked. */
function entryOf(crl: CertificateList, serialNumber: string): RevokedEntry | undefined {
  const known = entries.get(crl) ?? new Map<string, RevokedEntry | undefined>();
  entries.set(crl, known);
  if (!known.has(serialNumber)) {
    known.set(serialNumber, crl.find(serialNumber));
  }
  return known.get(serialNumber);
}

/** The issuer itself, or another certificate of the same name and trust that carries the key of the list. */
function crlSigner(
  crl: CertificateList,
  issuer: Certificate,
  pool: CertificatePool,
): Certificate | undefined {
  const candidates = [issuer, ...pool.withSubject(crl.issuer).filter((other) => other !== issuer)];
  const anchor = pool.chainOf(issuer).trustSet;
  return candidates.find(
    (candidate) =>
      (candidate.keyUsage === undefined || candidate.keyUsage.has('cRLSign')) &&
      (candidate === issuer || (anchor !== undefined && pool.chainOf(candidate).trustSet === anchor)) &&
      pool.isSignedBy(crl, candidate),
  );
}

function* ocspStatements(
  certificate: Certificate,
  issuer: Certificate,
  how: { data: RevocationData; pool: CertificatePool },
): Generator<Statement, void> {
  for (const response of how.data.ocsps) {
    const single = response.responses.find((s) => certIdMatches(s.certId, certificate, issuer));
    if (single === undefined || single.status === 'unknown' || !isAuthentic(response, issuer, how.pool)) {
      continue;
    }
    yield statementOf(single);
  }
}

function statementOf(single: SingleResponse): Statement {
  const { thisUpdate, nextUpdate } = single;
  const remembersUntil = timeExtension(single.extensions.get(oids.ocspArchiveCutoff)?.value);
  if (single.status === 'revoked') {
    return {
      thisUpdate,
      nextUpdate,
      remembersUntil,
      revokedAt: single.revokedAt ?? thisUpdate,
      held: single.reason === CERTIFICATE_HOLD,
    };
  }
  return { thisUpdate, nextUpdate, remembersUntil };
}

/** Signed by the issuer, or by a responder that the issuer entitled (RFC 6960 §4.2.2.2). */
function isAuthentic(response: BasicOcspResponse, issuer: Certificate, pool: CertificatePool): boolean {
  if (pool.isSignedBy(response, issuer)) {
    return true;
  }
  for (const der of response.certificates) {
    const responder = pool.add(der);
    if (
      responder?.extendedKeyUsage?.includes(oids.ocspSigning) === true &&
      responder.notBefore <= response.producedAt &&
      responder.notAfter >= response.producedAt &&
      pool.isSignedBy(responder, issuer) &&
      pool.isSignedBy(response, responder)
    ) {
      return true;
    }
  }
  return false;
}

function timeExtension(value: Uint8Array | undefined): Date | undefined {
  if (value === undefined) {
    return undefined;
  }
  try {
    return readTime(readDer(value));
  } catch {
    return undefined;
  }
}

/** True where the certificate says where its status is published. */
export function announcesRevocation(certificate: Certificate): boolean {
  return certificate.crlUrls.length > 0 || certificate.ocspUrls.length > 0;
}
