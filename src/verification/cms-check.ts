/**
 * The cryptographic half of a CMS signature (RFC 5652 §5.4, §5.6): who signed, whether the digest is that of the
 * data, whether the signature is that of the signer's key. Says nothing about trust.
 */
import { createHash } from 'node:crypto';
import {
  type Certificate,
  checkSignature,
  contentOf,
  type DigestName,
  digestName,
  essMatches,
  oids,
  readDer,
  readOctets,
  readOid,
  readSigningCertificate,
  readTime,
  type SignatureScheme,
  type SignedData,
  type SignerInfo,
  sameName,
  signatureScheme,
  singleValue,
} from '../asn1/index.ts';
import type { CertificatePool } from './certificate-pool.ts';
import type { Cause, Finding, SubIndication, WarningCode } from './report.ts';

export interface CmsCheck {
  readonly finding: Finding;
  readonly signer: Certificate | undefined;
  readonly info: SignerInfo | undefined;
  readonly digest: DigestName | undefined;
  readonly scheme: SignatureScheme | undefined;
  readonly claimedTime: Date | undefined;
  /** Whether a signing-certificate attribute binds the certificate (EN 319 122-1 §5.2.2). */
  readonly bindsCertificate: boolean;
  readonly warnings: readonly { readonly code: WarningCode; readonly detail: string }[];
}

export interface CmsInput {
  readonly signed: SignedData;
  /** Digest of the signed data by an algorithm, computed by the caller. */
  readonly digestOf: (algorithm: string) => Uint8Array;
  /** The signed data itself, asked for only where there are no signed attributes. */
  readonly data: () => Uint8Array;
  readonly contentType: string;
  /** `timestamp` for tokens, so that their faults are told apart. */
  readonly cause: Extract<Cause, 'cryptography' | 'timestamp'>;
}

/** @throws Asn1Error when an attribute is broken. */
export function checkCms(input: CmsInput, pool: CertificatePool): CmsCheck {
  const { signed, cause } = input;
  const warnings: { code: WarningCode; detail: string }[] = [];
  const [info, second] = signed.signerInfos;
  const nothing = {
    signer: undefined,
    info,
    digest: undefined,
    scheme: undefined,
    claimedTime: undefined,
    bindsCertificate: false,
  };
  if (info === undefined) {
    return { ...nothing, warnings, finding: fail('FORMAT_FAILURE', cause, 'the signature names no signer') };
  }
  if (second !== undefined) {
    return {
      ...nothing,
      warnings,
      finding: unsure('SIG_CONSTRAINTS_FAILURE', cause, 'the signature has several signers'),
    };
  }
  const digest = digestName(info.digestAlgorithm.oid);
  const scheme = signatureScheme(info.signatureAlgorithm, digest);
  const claimed = singleValue(info.signedAttributes, oids.signingTime);
  const { signer, binds } = findSigner(info, pool);
  const result = (finding: Finding): CmsCheck => ({
    finding,
    signer,
    info,
    digest,
    scheme,
    claimedTime: claimed === undefined ? undefined : readTime(readDer(claimed)),
    bindsCertificate: binds === true,
    warnings,
  });
  if (!info.signedAttributesSorted) {
    warnings.push({ code: 'attributes-not-sorted', detail: 'the signed attributes are not in DER order' });
  }
  if (signed.ber) {
    warnings.push({ code: 'not-der', detail: 'the signature is encoded in BER, not in DER' });
  }
  if (digest === undefined) {
    return result(
      unsure('CRYPTO_CONSTRAINTS_FAILURE', cause, `unknown digest algorithm ${info.digestAlgorithm.oid}`),
    );
  }
  const digestFault = checkDigest(input, info, digest);
  if (digestFault !== undefined) {
    return result(digestFault);
  }
  if (signer === undefined) {
    return result(
      unsure('NO_SIGNING_CERTIFICATE_FOUND', cause, 'the certificate of the signer is not in the file'),
    );
  }
  if (scheme === undefined || signer.publicKey === undefined) {
    return result(
      unsure(
        'CRYPTO_CONSTRAINTS_FAILURE',
        cause,
        `unknown signature algorithm ${info.signatureAlgorithm.oid}`,
      ),
    );
  }
  const data = info.signedAttributesDer ?? input.data();
  const check = checkSignature({ key: signer.publicKey, scheme, data, signature: info.signature });
  if (check === 'unsupported') {
    return result(
      unsure(
        'CRYPTO_CONSTRAINTS_FAILURE',
        cause,
        'the signature algorithm does not fit the key or cannot be checked here',
      ),
    );
  }
  if (check === 'invalid') {
    return result(
      fail('SIG_CRYPTO_FAILURE', cause, 'the signature was not made by the key of the certificate'),
    );
  }
  if (binds === false) {
    return result(
      unsure(
        'NO_SIGNING_CERTIFICATE_FOUND',
        cause,
        'the signed attributes name another certificate than the one given',
      ),
    );
  }
  return result({
    indication: 'TOTAL-PASSED',
    subIndication: null,
    cause: 'passed',
    reason: 'digest and signature are right',
  });
}

/** `binds`: true or false by the signing-certificate attribute, undefined where there is none. */
function findSigner(
  info: SignerInfo,
  pool: CertificatePool,
): { signer: Certificate | undefined; binds: boolean | undefined } {
  const signer = pool.find(info.signer);
  const reference = readSigningCertificate(info.signedAttributes);
  if (reference === undefined || signer === undefined) {
    return { signer, binds: undefined };
  }
  if (essMatches(reference, signer)) {
    return { signer, binds: true };
  }
  // Two certificates of one issuer and number: the attribute says which is meant. It may not name a third one.
  for (const other of pool.all()) {
    const twin = other.serialNumber === signer.serialNumber && sameName(other.issuer, signer.issuer);
    if (twin && essMatches(reference, other)) {
      return { signer: other, binds: true };
    }
  }
  return { signer, binds: false };
}

function checkDigest(input: CmsInput, info: SignerInfo, digest: DigestName): Finding | undefined {
  const { cause } = input;
  if (info.signedAttributes === undefined) {
    return undefined;
  }
  const contentType = singleValue(info.signedAttributes, oids.contentType);
  if (contentType !== undefined && readOid(readDer(contentType)) !== input.contentType) {
    return fail(
      'FORMAT_FAILURE',
      cause,
      'the content-type attribute names something else than what is signed',
    );
  }
  const messageDigest = singleValue(info.signedAttributes, oids.messageDigest);
  if (messageDigest === undefined) {
    return fail('FORMAT_FAILURE', cause, 'the message-digest attribute is missing');
  }
  const stated = readOctets(readDer(messageDigest));
  return Buffer.compare(stated, input.digestOf(digest)) === 0
    ? undefined
    : fail('HASH_FAILURE', cause, 'the signed bytes are not those that were signed');
}

/** Signature dictionaries of `adbe.x509.rsa_sha1` (ISO 32000-1 §12.8.3.2): a bare PKCS#1 signature. */
export function checkBareRsa(input: {
  contents: Uint8Array;
  data: Uint8Array;
  signer: Certificate | undefined;
}): Finding {
  const cause = 'cryptography';
  if (input.signer === undefined) {
    return unsure('NO_SIGNING_CERTIFICATE_FOUND', cause, 'the certificate of the signer is not in the file');
  }
  const check = checkSignature({
    key: input.signer.publicKey,
    scheme: { kind: 'rsa-pkcs1', digest: 'sha1' },
    data: input.data,
    signature: contentOf(readDer(input.contents)),
  });
  if (check === 'valid') {
    return {
      indication: 'TOTAL-PASSED',
      subIndication: null,
      cause: 'passed',
      reason: 'the signature is right',
    };
  }
  return check === 'invalid'
    ? fail('SIG_CRYPTO_FAILURE', cause, 'the signature was not made by the key of the certificate')
    : unsure('CRYPTO_CONSTRAINTS_FAILURE', cause, 'the signature cannot be checked here');
}

export function hash(algorithm: string, data: Uint8Array): Buffer {
  return createHash(algorithm).update(data).digest();
}

export function fail(subIndication: SubIndication, cause: Cause, reason: string): Finding {
  return { indication: 'TOTAL-FAILED', subIndication, cause, reason };
}

export function unsure(subIndication: SubIndication, cause: Cause, reason: string): Finding {
  return { indication: 'INDETERMINATE', subIndication, cause, reason };
}
