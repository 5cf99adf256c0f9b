// Writes the CMS SignedData of a PAdES signature (EN 319 142-1 §4, RFC 5652 §5) by joining finished DER pieces.
// Promises: one SignerInfo, content-type, message-digest and signing-certificate-v2 as signed attributes in DER
// order, no signing time among them (PDF has /M), no content inside.
import { createHash } from 'node:crypto';
import {
  type Certificate,
  type DigestName,
  der,
  oids,
  writeDigestAlgorithm,
  writeSignatureAlgorithm,
} from '../asn1/index.ts';
import type { Signer } from './signer.ts';

/** Everything of a signer's CMS that does not change from document to document, encoded once. */
export interface CmsTemplate {
  readonly digest: DigestName;
  /** SET OF signed attributes (tag 0x31) around a message digest: what the key signs. */
  signedAttributes(messageDigest: Uint8Array): Buffer;
  /** The whole ContentInfo. */
  assemble(parts: {
    readonly signedAttributes: Uint8Array;
    readonly signature: Uint8Array;
    /** Encoded attributes, such as `signatureTimestampAttribute`. */
    readonly unsignedAttributes?: readonly Uint8Array[];
  }): Buffer;
  /** Octets of the longest ContentInfo without unsigned attributes. */
  readonly maximumLength: number;
}

export type CmsIdentity = Pick<Signer, 'certificate' | 'chain' | 'scheme' | 'maximumSignatureLength'>;

/**
 * @param content the encapsulated content, for timestamp tokens; detached `id-data` when left out
 */
export function createCmsTemplate(
  identity: CmsIdentity,
  content?: { readonly type: string; readonly bytes: Uint8Array },
): CmsTemplate {
  const { certificate, scheme } = identity;
  const digest = scheme.digest ?? 'sha256';
  const contentType = content?.type ?? oids.data;
  const attributesAround = signedAttributesAround(certificate, digest, contentType);
  const head = Buffer.concat([
    der.integer(content === undefined ? 1 : 3),
    der.setOf(writeDigestAlgorithm(digest)),
    encapsulated(contentType, content?.bytes),
    der.encode(0xa0, ...certificateSet([certificate, ...identity.chain])),
  ]);
  const signerHead = Buffer.concat([
    der.integer(1),
    der.sequence(certificate.issuer.der, certificate.serialNumberDer),
    writeDigestAlgorithm(digest),
  ]);
  // sha256WithRSAEncryption rather than rsaEncryption (RFC 5754 §3.2 allows both): it names the digest, so that a
  // digest swapped in the SignerInfo is noticed.
  const algorithm = writeSignatureAlgorithm(scheme);

  const assemble: CmsTemplate['assemble'] = ({ signedAttributes, signature, unsignedAttributes = [] }) => {
    const signed = Buffer.from(signedAttributes);
    signed[0] = 0xa0;
    const tail = unsignedAttributes.length === 0 ? [] : [der.implicit(1, der.setOf(...unsignedAttributes))];
    const signerInfo = der.sequence(signerHead, signed, algorithm, der.octetString(signature), ...tail);
    const signedData = der.sequence(head, der.encode(0x31, signerInfo));
    return der.sequence(der.oid(oids.signedData), der.explicit(0, signedData));
  };
  const longest = {
    signedAttributes: attributesAround(createHash(digest).digest()),
    signature: Buffer.alloc(identity.maximumSignatureLength),
  };
  return { digest, signedAttributes: attributesAround, assemble, maximumLength: assemble(longest).length };
}

/** Signs a message digest and returns the ContentInfo. @throws SigningError from the signer */
export async function signCms(signer: Signer, messageDigest: Uint8Array): Promise<Buffer> {
  const template = createCmsTemplate(signer);
  const signedAttributes = template.signedAttributes(messageDigest);
  return template.assemble({ signedAttributes, signature: await signer.sign(signedAttributes) });
}

/** The signature-time-stamp attribute around a token (EN 319 122-1 §5.3). */
export function signatureTimestampAttribute(token: Uint8Array): Buffer {
  return attribute(oids.signatureTimestamp, token);
}

/** ESS signing-certificate-v2; SHA-256 is its default algorithm and so is not written (RFC 5035 §4). */
export function signingCertificateAttribute(certificate: Certificate): Buffer {
  const hash = createHash('sha256').update(certificate.der).digest();
  return attribute(
    oids.signingCertificateV2,
    der.sequence(der.sequence(der.sequence(der.octetString(hash)))),
  );
}

function attribute(identifier: string, value: Uint8Array): Buffer {
  return der.sequence(der.oid(identifier), der.encode(0x31, value));
}

function signedAttributesAround(certificate: Certificate, digest: DigestName, contentType: string) {
  const fixed = [attribute(oids.contentType, der.oid(contentType)), signingCertificateAttribute(certificate)];
  const length = createHash(digest).digest().length;
  return (messageDigest: Uint8Array): Buffer => {
    if (messageDigest.length !== length) throw new RangeError(`a ${digest} digest has ${length} octets`);
    return der.setOf(...fixed, attribute(oids.messageDigest, der.octetString(messageDigest)));
  };
}

function encapsulated(type: string, bytes: Uint8Array | undefined): Buffer {
  if (bytes === undefined) return der.sequence(der.oid(type));
  return der.sequence(der.oid(type), der.explicit(0, der.octetString(bytes)));
}

function certificateSet(certificates: readonly Certificate[]): Uint8Array[] {
  const unique = new Map(certificates.map((certificate) => [certificate.fingerprint, certificate.der]));
  return [...unique.values()].sort(Buffer.compare);
}
