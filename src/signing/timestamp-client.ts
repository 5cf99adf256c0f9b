// Asks time-stamping authorities over HTTP (RFC 3161 §3.4), one after the other, and believes no reply unchecked.
import { createHash, randomBytes } from 'node:crypto';
import {
  Asn1Error,
  type Certificate,
  checkSignature,
  type DigestName,
  digestName,
  essMatches,
  oids,
  readCertificate,
  readSignedData,
  readSigningCertificate,
  readTimestampInfo,
  readTimestampReply,
  type SignedData,
  signatureScheme,
  singleValue,
  type TimestampInfo,
  writeTimestampRequest,
} from '../asn1/index.ts';
import { type FetchSettings, fetchFromAllowedHost } from './allowed-fetch.ts';

export type TimestampOutcome =
  | {
      readonly ok: true;
      readonly token: Uint8Array;
      readonly time: Date;
      readonly authority: string;
      readonly serialNumber: string;
      /** Authorities that were asked before and failed. */
      readonly failures: readonly TimestampFailure[];
    }
  | { readonly ok: false; readonly failures: readonly TimestampFailure[] };

export interface TimestampFailure {
  readonly authority: string;
  readonly reason: string;
}

export interface TimestampClient {
  /** A token over the SHA-256 of `data`. Never throws: that all authorities failed is an outcome. */
  stamp(data: Uint8Array): Promise<TimestampOutcome>;
  /** The same over a digest already taken. */
  stampDigest(imprint: Uint8Array, digest: DigestName): Promise<TimestampOutcome>;
}

export interface TimestampAuthorityAddress {
  /** Shown in reports and failures. */
  readonly name: string;
  readonly url: string;
}

export interface TimestampClientSettings extends FetchSettings {
  /** In the order in which they are asked. */
  readonly authorities: readonly TimestampAuthorityAddress[];
}

/** @param settings.authorities their hosts must be in `allowedHosts` */
export function createTimestampClient(settings: TimestampClientSettings): TimestampClient {
  const stampDigest: TimestampClient['stampDigest'] = async (imprint, digest) => {
    const failures: TimestampFailure[] = [];
    for (const authority of settings.authorities) {
      const nonce = BigInt(`0x${randomBytes(12).toString('hex')}`);
      try {
        const request = writeTimestampRequest(digest, imprint, nonce);
        const reply = await fetchFromAllowedHost(settings, authority.url, {
          body: request,
          contentType: 'application/timestamp-query',
          maximumLength: 64 * 1024,
        });
        const { token, info } = checkTimestampReply(reply, { imprint, digest, nonce });
        const { time, serialNumber } = info;
        return { ok: true, token, time, serialNumber, authority: authority.name, failures };
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown failure';
        failures.push({ authority: authority.name, reason });
      }
    }
    return { ok: false, failures };
  };
  return {
    stampDigest,
    stamp: (data) => stampDigest(createHash('sha256').update(data).digest(), 'sha256'),
  };
}

/** A client of an authority in this process, checked as any other. */
export function createLocalTimestampClient(
  name: string,
  authority: (request: Uint8Array) => Promise<Uint8Array>,
): TimestampClient {
  return createTimestampClient({
    authorities: [{ name, url: 'http://local.invalid/' }],
    allowedHosts: ['local.invalid'],
    fetch: async (_, init) => {
      const request = new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
      return new Response(Uint8Array.from(await authority(request)));
    },
  });
}

export class TimestampReplyError extends Error {
  override readonly name = 'TimestampReplyError';
}

/**
 * Checks a reply against its request: status, imprint, nonce, one signer, signature, signing certificate, and the
 * extended key usage timeStamping, critical and alone (RFC 3161 §2.3, §2.4.2). Trust in the chain is the verifier's.
 * @throws TimestampReplyError
 */
export function checkTimestampReply(
  reply: Uint8Array,
  asked: { readonly imprint: Uint8Array; readonly digest: DigestName; readonly nonce?: bigint },
): { readonly token: Uint8Array; readonly info: TimestampInfo } {
  try {
    const { status, statusText, failures, token } = readTimestampReply(reply);
    if (status > 1 || token === undefined) {
      const bits = failures.length === 0 ? '' : ` (failure bits ${failures.join(', ')})`;
      throw new TimestampReplyError(
        `refused with status ${status}${bits}: ${statusText.join(' ')}`.slice(0, 300),
      );
    }
    const signedData = readSignedData(token);
    if (signedData.contentType !== oids.tstInfo || signedData.content === undefined) {
      throw new TimestampReplyError('the token holds no TSTInfo');
    }
    const info = readTimestampInfo(signedData.content);
    if (digestName(info.imprintAlgorithm.oid) !== asked.digest)
      throw new TimestampReplyError('the imprint is of another digest');
    if (Buffer.compare(info.imprint, asked.imprint) !== 0)
      throw new TimestampReplyError('the imprint is of other data');
    if (info.nonce !== asked.nonce) throw new TimestampReplyError('the nonce is not the one that was sent');
    checkTokenSignature(signedData, signedData.content);
    return { token, info };
  } catch (error) {
    if (error instanceof Asn1Error) throw new TimestampReplyError(`the reply is broken: ${error.message}`);
    throw error;
  }
}

function checkTokenSignature(signedData: SignedData, content: Uint8Array): void {
  const [signer, second] = signedData.signerInfos;
  if (signer === undefined || second !== undefined)
    throw new TimestampReplyError('the token must have one signer');
  const digest = digestName(signer.digestAlgorithm.oid);
  if (digest === undefined) throw new TimestampReplyError('the token uses an unknown digest');
  const attribute = readSigningCertificate(signer.signedAttributes);
  const certificates = signedData.certificates.map((der) => readCertificate(der));
  const certificate = certificates.find(
    (candidate) => attribute !== undefined && essMatches(attribute, candidate),
  );
  if (certificate === undefined)
    throw new TimestampReplyError('the token does not name its signing certificate');
  checkUsage(certificate);
  const wanted = singleValue(signer.signedAttributes, oids.messageDigest);
  const found = createHash(digest).update(content).digest();
  if (wanted === undefined || Buffer.compare(Buffer.from(wanted).subarray(2), found) !== 0) {
    throw new TimestampReplyError('the digest of the token is wrong');
  }
  const scheme = signatureScheme(signer.signatureAlgorithm, digest);
  const data = signer.signedAttributesDer ?? new Uint8Array();
  if (checkSignature({ key: certificate.publicKey, scheme, data, signature: signer.signature }) !== 'valid') {
    throw new TimestampReplyError('the signature of the token is wrong');
  }
}

function checkUsage(certificate: Certificate): void {
  const uses = certificate.extendedKeyUsage;
  const alone = uses?.length === 1 && uses[0] === oids.timeStamping && certificate.extendedKeyUsageCritical;
  if (!alone)
    throw new TimestampReplyError('the certificate of the authority is not one for time-stamping alone');
}
