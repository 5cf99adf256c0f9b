// The CMS of one signer, laid out once as hexadecimal text: per document only the digest and the signature are
// written in. Signatures of equal length share a layout (RSA has one, ECDSA about four).
import { randomBytes } from 'node:crypto';
import { type CmsIdentity, createCmsTemplate } from './cms-writer.ts';

export interface BulkCms {
  /** Octets of the longest ContentInfo. */
  readonly maximumLength: number;
  /** What the key signs for a message digest. A view that the next call overwrites. */
  signedAttributes(messageDigest: Buffer): Buffer;
  /** Writes the ContentInfo as hexadecimal text at `at`; returns one past its end. */
  write(
    target: Buffer,
    at: number,
    parts: { readonly messageDigest: Buffer; readonly signature: Uint8Array },
  ): number;
}

interface Layout {
  readonly hex: Buffer;
  readonly digestAt: number;
  readonly signatureAt: number;
}

export function createBulkCms(identity: CmsIdentity): BulkCms {
  const template = createCmsTemplate(identity);
  const marker = randomBytes(template.digest === 'sha384' ? 48 : template.digest === 'sha512' ? 64 : 32);
  const attributes = template.signedAttributes(marker);
  const attributeDigestAt = attributes.indexOf(marker);
  const layouts = new Map<number, Layout>();
  const layoutFor = (length: number): Layout => {
    const known = layouts.get(length);
    if (known !== undefined) return known;
    const signature = randomBytes(length);
    const cms = template.assemble({ signedAttributes: template.signedAttributes(marker), signature });
    const made = {
      hex: Buffer.from(cms.toString('hex'), 'latin1'),
      digestAt: cms.indexOf(marker) * 2,
      signatureAt: cms.indexOf(signature) * 2,
    };
    layouts.set(length, made);
    return made;
  };
  return {
    maximumLength: template.maximumLength,
    signedAttributes: (messageDigest) => {
      messageDigest.copy(attributes, attributeDigestAt);
      return attributes;
    },
    write: (target, at, { messageDigest, signature }) => {
      const layout = layoutFor(signature.length);
      layout.hex.copy(target, at);
      target.write(messageDigest.toString('hex'), at + layout.digestAt, 'latin1');
      const octets = Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength);
      target.write(octets.toString('hex'), at + layout.signatureAt, 'latin1');
      return at + layout.hex.length;
    },
  };
}
