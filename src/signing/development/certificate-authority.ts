// A certificate authority for development and tests: issues certificates, revokes them, publishes its list.
// Every name it writes says that nothing here has legal value. Production mode refuses its certificates.
import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  type Certificate,
  extensions,
  keyIdentifier,
  keyUsageBit,
  type NameAttribute,
  oids,
  readCertificate,
  type SignatureScheme,
  writeName,
  writeSigned,
  writeTbsCertificate,
  writeTbsCrl,
} from '../../asn1/index.ts';
import { keyInput, schemeForKey } from '../key-signer.ts';

/** Written into every subject as organisational unit. */
export const testMark = 'CHỨNG THƯ SỐ THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ';

export type CertificateProfile = 'authority' | 'signer' | 'timestamp' | 'ocsp';

export interface IssueRequest {
  readonly subject: readonly NameAttribute[];
  readonly key: KeyObject;
  readonly profile: CertificateProfile;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Written into the certificate when given: where its status can be asked. */
  readonly ocspUrl?: string;
  readonly crlUrl?: string;
  readonly issuerUrl?: string;
}

export interface Revocation {
  readonly certificate: Certificate;
  readonly at: Date;
  /** CRLReason (RFC 5280 §5.3.1). */
  readonly reason?: number;
}

/** A CA with its key. The key is used inside and never shown. */
export class CertificateAuthority {
  readonly certificate: Certificate;
  readonly #key: KeyObject;
  readonly #scheme: SignatureScheme;
  readonly #revoked = new Map<string, Revocation>();
  #listNumber = 0;

  constructor(key: KeyObject, certificate: Certificate) {
    this.#key = key;
    this.#scheme = schemeForKey(key);
    this.certificate = certificate;
  }

  /** A new root, signed by itself. */
  static createRoot(key: KeyObject, request: Omit<IssueRequest, 'key' | 'profile'>): CertificateAuthority {
    const subject = writeName(marked(request.subject));
    const scheme = schemeForKey(key);
    const der = issue(
      { ...request, key: createPublicKey(key), profile: 'authority' },
      { subject, issuer: subject, signingKey: key, scheme },
    );
    return new CertificateAuthority(key, readCertificate(der));
  }

  /** Issues a certificate for the public half of `request.key`. */
  issue(request: IssueRequest): Certificate {
    const key = request.key.type === 'private' ? createPublicKey(request.key) : request.key;
    const encoded = issue(
      { ...request, key },
      {
        subject: writeName(marked(request.subject)),
        issuer: this.certificate.subject.der,
        issuerSpki: this.certificate.spki,
        signingKey: this.#key,
        scheme: this.#scheme,
      },
    );
    return readCertificate(encoded);
  }

  revoke(revocation: Revocation): void {
    this.#revoked.set(revocation.certificate.serialNumber, revocation);
  }

  revocationOf(serialNumber: string): Revocation | undefined {
    return this.#revoked.get(serialNumber);
  }

  /** A revocation list as of `now`, good for `days`. */
  crl(now: Date, days = 7): Buffer {
    this.#listNumber += 1;
    const tbs = writeTbsCrl({
      issuer: this.certificate.subject.der,
      thisUpdate: now,
      nextUpdate: new Date(now.getTime() + days * 86_400_000),
      number: this.#listNumber,
      authorityKeyIdentifier: keyIdentifier(this.certificate.spki),
      entries: [...this.#revoked.values()]
        .filter(({ at }) => at <= now)
        .map(({ certificate, at, reason }) => ({
          serialNumberDer: certificate.serialNumberDer,
          revokedAt: at,
          reason,
        })),
      scheme: this.#scheme,
    });
    return writeSigned(tbs, this.#scheme, sign(this.#scheme.digest, tbs, keyInput(this.#key, this.#scheme)));
  }
}

interface Signing {
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  /** Left out for a root. */
  readonly issuerSpki?: Uint8Array;
  readonly signingKey: KeyObject;
  readonly scheme: SignatureScheme;
}

function issue(request: IssueRequest, signing: Signing): Buffer {
  const spki = request.key.export({ format: 'der', type: 'spki' });
  const serialNumber = randomBytes(16);
  // Positive and of full length, so that the INTEGER is as long for every certificate.
  serialNumber[0] = ((serialNumber[0] ?? 0) & 0x3f) | 0x40;
  const tbs = writeTbsCertificate({
    serialNumber,
    issuer: signing.issuer,
    subject: signing.subject,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    spki,
    extensions: [
      ...profileExtensions(request.profile),
      extensions.subjectKeyIdentifier(keyIdentifier(spki)),
      ...(signing.issuerSpki === undefined
        ? []
        : [extensions.authorityKeyIdentifier(keyIdentifier(signing.issuerSpki))]),
      ...(request.crlUrl === undefined ? [] : [extensions.crlDistributionPoint(request.crlUrl)]),
      ...(request.ocspUrl === undefined && request.issuerUrl === undefined
        ? []
        : [extensions.authorityInfoAccess(request.ocspUrl, request.issuerUrl)]),
    ],
    scheme: signing.scheme,
  });
  return writeSigned(
    tbs,
    signing.scheme,
    sign(signing.scheme.digest, tbs, keyInput(signing.signingKey, signing.scheme)),
  );
}

function profileExtensions(profile: CertificateProfile): Buffer[] {
  const { digitalSignature, nonRepudiation, keyCertSign, cRLSign } = keyUsageBit;
  switch (profile) {
    case 'authority':
      return [extensions.basicConstraints(true), extensions.keyUsage([keyCertSign, cRLSign])];
    case 'signer':
      return [extensions.basicConstraints(false), extensions.keyUsage([digitalSignature, nonRepudiation])];
    case 'timestamp':
      return [
        extensions.basicConstraints(false),
        extensions.keyUsage([digitalSignature]),
        extensions.extendedKeyUsage([oids.timeStamping], true),
      ];
    case 'ocsp':
      return [
        extensions.basicConstraints(false),
        extensions.keyUsage([digitalSignature]),
        extensions.extendedKeyUsage([oids.ocspSigning], false),
        extensions.ocspNoCheck(),
      ];
  }
}

function marked(subject: readonly NameAttribute[]): NameAttribute[] {
  const country = { oid: oids.country, value: 'VN' };
  const unit = { oid: oids.organizationalUnit, value: testMark };
  return [
    country,
    ...subject.filter(({ oid }) => oid !== oids.commonName),
    unit,
    ...subject.filter(({ oid }) => oid === oids.commonName),
  ];
}
