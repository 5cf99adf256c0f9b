// A time-stamping authority for development and tests (RFC 3161): a function from request to reply, so that it
// can be mounted in the vault itself or called without a network.
import { createHash, randomBytes } from 'node:crypto';
import {
  Asn1Error,
  der,
  digestName,
  oids,
  readTimestampRequest,
  type TimestampRequest,
  writeDigestAlgorithm,
} from '../../asn1/index.ts';
import { createCmsTemplate } from '../cms-writer.ts';
import type { Signer } from '../signer.ts';

/** Policy identifier in the arc for examples (2.999): it promises nothing. */
export const developmentTimestampPolicy = '2.999.3161.1';

export type TimestampAuthority = (request: Uint8Array) => Promise<Uint8Array>;

/** Answers TimeStampReq with TimeStampResp; broken or unacceptable requests get a refusal, not an error. */
export function createTimestampAuthority(signer: Signer, now: () => Date): TimestampAuthority {
  return async (request) => {
    let read: TimestampRequest;
    try {
      read = readTimestampRequest(request);
    } catch (error) {
      if (error instanceof Asn1Error) return refusal(5, 'The request is not a TimeStampReq.');
      throw error;
    }
    const digest = digestName(read.imprintAlgorithm.oid);
    if (digest === undefined || weak.has(digest)) return refusal(0, 'Use SHA-256, SHA-384 or SHA-512.');
    const token = await issueToken(signer, read, now());
    return der.sequence(der.sequence(der.integer(0)), token);
  };
}

const weak: ReadonlySet<string> = new Set(['md5', 'sha1', 'ripemd160', 'sha224']);

async function issueToken(signer: Signer, request: TimestampRequest, time: Date): Promise<Buffer> {
  const digest = digestName(request.imprintAlgorithm.oid) ?? 'sha256';
  const info = der.sequence(
    der.integer(1),
    der.oid(developmentTimestampPolicy),
    der.sequence(writeDigestAlgorithm(digest), der.octetString(request.imprint)),
    der.integer(randomBytes(8)),
    der.generalizedTime(time),
    der.sequence(der.integer(1)),
    ...(request.nonce === undefined ? [] : [der.integer(request.nonce)]),
  );
  const template = createCmsTemplate(signer, { type: oids.tstInfo, bytes: info });
  const messageDigest = createHash(template.digest).update(info).digest();
  const signedAttributes = template.signedAttributes(messageDigest);
  return template.assemble({ signedAttributes, signature: await signer.sign(signedAttributes) });
}

// PKIStatus 2 is a rejection; the bit says why (RFC 3161 §2.4.2): 0 badAlg, 5 badDataFormat.
function refusal(failureBit: number, text: string): Buffer {
  return der.sequence(
    der.sequence(der.integer(2), der.sequence(der.utf8String(text)), der.bitFlags([failureBit])),
  );
}
