// Two-step signing: `prepare` reserves the place and returns what the key has to sign; `complete` takes the
// signature, from wherever the key lives, and puts it in. Between the two the caller stores a plain JSON state.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Asn1Error, checkSignature, readCertificate, type SignatureScheme } from '../asn1/index.ts';
import { type CmsIdentity, createCmsTemplate } from './cms-writer.ts';
import { drawMark, type MarkRequest } from './mark-appearance.ts';
import { digestOf, fillPlace, reservePlace } from './signature-place.ts';
import { SigningError } from './signing-error.ts';

export interface SealOptions {
  /** The claimed signing time, written as `/M`. */
  readonly time: Date;
  readonly mark?: MarkRequest;
  /** Default `Signature`; a number is added when the file has it already. */
  readonly fieldName?: string;
  readonly reason?: string;
  readonly location?: string;
  /** Octets kept free for a signature timestamp. Default 0. */
  readonly reserveForTimestamp?: number;
}

const base64 = z.base64();

/** The state between the two steps. It holds no secret; `complete` trusts none of it unchecked. */
export const preparedSignatureSchema = z.strictObject({
  version: z.literal(1),
  originalLength: z.int().positive(),
  originalSha256: z.hex().length(64),
  fieldName: z.string(),
  byteRange: z.tuple([z.literal(0), z.int(), z.int(), z.int()]),
  /** The incremental update with an empty gap. */
  update: base64,
  messageDigest: z.hex(),
  /** What the key signs, DER. */
  toSign: base64,
  /** Digest of `toSign`, for keys that are given digests. */
  digestToSign: z.hex(),
  scheme: z.strictObject({
    kind: z.enum(['rsa-pkcs1', 'rsa-pss', 'ecdsa']),
    digest: z.enum(['sha256', 'sha384', 'sha512']),
    saltLength: z.int().optional(),
  }),
  certificate: base64,
  chain: z.array(base64),
  maximumSignatureLength: z.int().positive(),
});

export type PreparedSignature = z.infer<typeof preparedSignatureSchema>;

/**
 * Reserves a signature's place in a PDF for the owner of a certificate.
 * @throws SigningError `certificate-not-valid`, `certificate-unfit`, `pdf-not-signable`, `signing-not-permitted`,
 *   `mark-incomplete`, `mark-does-not-fit`
 */
export async function prepareSignature(
  original: Uint8Array,
  identity: CmsIdentity,
  options: SealOptions,
): Promise<PreparedSignature> {
  refuseUnfit(identity, options.time);
  const { certificate } = identity;
  const scheme = storableScheme(identity.scheme);
  const template = createCmsTemplate(identity);
  const drawn = options.mark === undefined ? undefined : await drawMark(options.mark);
  const place = reservePlace(original, {
    kind: 'signature',
    contentsLength: template.maximumLength + (options.reserveForTimestamp ?? 0),
    fieldName: options.fieldName ?? 'Signature',
    time: options.time,
    reason: options.reason,
    location: options.location,
    name: certificate.subject.commonName,
    mark:
      drawn === undefined || options.mark === undefined
        ? undefined
        : { drawn, profile: options.mark.profile },
  });
  const messageDigest = digestOf(original, place, template.digest);
  const toSign = template.signedAttributes(messageDigest);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return {
    version: 1,
    originalLength: original.length,
    originalSha256: createHash('sha256').update(original).digest('hex'),
    fieldName: place.fieldName,
    byteRange: [0, place.byteRange[1], place.byteRange[2], place.byteRange[3]],
    update: text(place.update),
    messageDigest: messageDigest.toString('hex'),
    toSign: text(toSign),
    digestToSign: createHash(template.digest).update(toSign).digest('hex'),
    scheme,
    certificate: text(certificate.der),
    chain: identity.chain.map((issuer) => text(issuer.der)),
    maximumSignatureLength: identity.maximumSignatureLength,
  };
}

/**
 * Puts a signature into its prepared place. Pure: the same three inputs give the same bytes, so a repeated call is
 * harmless. The signature is checked against the prepared digest and the certificate's key first.
 * @param unsignedAttributes encoded attributes, such as a signature timestamp
 * @throws SigningError `prepared-state-damaged` when state and original do not belong together, `signature-wrong`
 */
export function completeSignature(
  original: Uint8Array,
  prepared: PreparedSignature,
  signature: Uint8Array,
  unsignedAttributes: readonly Uint8Array[] = [],
): Uint8Array {
  const identity = identityOf(prepared);
  const template = createCmsTemplate(identity);
  const update = Buffer.from(prepared.update, 'base64');
  const place = { update, fieldName: prepared.fieldName, byteRange: prepared.byteRange };
  const [, before, after, rest] = prepared.byteRange;
  const outside =
    before < original.length || after <= before || after + rest !== original.length + update.length;
  if (original.length !== prepared.originalLength || outside) throw damaged('the original is another file');
  const signedAttributes = template.signedAttributes(digestOf(original, place, template.digest));
  if (signedAttributes.toString('base64') !== prepared.toSign)
    throw damaged('its digest is not that of the file');
  const check = checkSignature({
    key: identity.certificate.publicKey,
    scheme: identity.scheme,
    data: signedAttributes,
    signature,
  });
  if (check !== 'valid') {
    throw new SigningError(
      'signature-wrong',
      'The signature does not belong to this document and certificate. Sign the digest that was prepared, with the key of that certificate.',
    );
  }
  return fillPlace(original, place, template.assemble({ signedAttributes, signature, unsignedAttributes }));
}

function identityOf(prepared: PreparedSignature): CmsIdentity {
  try {
    return {
      certificate: readCertificate(Buffer.from(prepared.certificate, 'base64')),
      chain: prepared.chain.map((issuer) => readCertificate(Buffer.from(issuer, 'base64'))),
      scheme: prepared.scheme,
      maximumSignatureLength: prepared.maximumSignatureLength,
    };
  } catch (error) {
    if (error instanceof Asn1Error) throw damaged('its certificate cannot be read');
    throw error;
  }
}

function damaged(why: string): SigningError {
  return new SigningError(
    'prepared-state-damaged',
    `The prepared signature cannot be completed: ${why}. Prepare it again.`,
  );
}

function refuseUnfit({ certificate }: CmsIdentity, time: Date): void {
  if (time < certificate.notBefore || time > certificate.notAfter) {
    const span = `${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}`;
    throw new SigningError(
      'certificate-not-valid',
      `The signer's certificate is valid from ${span}, not now. Use a valid one.`,
    );
  }
  const usage = certificate.keyUsage;
  if (usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) {
    throw new SigningError(
      'certificate-unfit',
      "The signer's certificate is not meant for signatures. Use one that is.",
    );
  }
}

function storableScheme(scheme: SignatureScheme): PreparedSignature['scheme'] {
  return preparedSignatureSchema.shape.scheme.parse(scheme);
}
