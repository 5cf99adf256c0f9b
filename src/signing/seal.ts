// Seals a PDF in one call: reserve, sign, timestamp where wanted, fill. The bytes given stay as they are; the
// signature is appended.
import { signatureTimestampAttribute } from './cms-writer.ts';
import { completeSignature, prepareSignature, type SealOptions } from './prepared-signature.ts';
import type { Signer } from './signer.ts';
import type { TimestampClient, TimestampOutcome } from './timestamp-client.ts';

export interface SealRequest extends Omit<SealOptions, 'reserveForTimestamp'> {
  readonly signer: Signer;
  /** With it the signature becomes B-T; when all authorities fail it is B-B and `upgrade` says `queued`. */
  readonly timestamps?: TimestampClient;
}

export interface Sealed {
  readonly bytes: Uint8Array;
  readonly fieldName: string;
  /** EN 319 142-1 level of the signature just made. */
  readonly level: 'B-B' | 'B-T';
  /** `queued`: a timestamp was wanted and not had; call `upgradePdf` later. */
  readonly upgrade: 'none' | 'queued';
  readonly timestamp?: TimestampOutcome;
}

/** A token with its certificates fits; larger ones leave the signature at B-B. */
const roomForTimestamp = 8192;

/**
 * Signs `original` as PAdES and returns the whole new file.
 * @throws SigningError as `prepareSignature`, and what the signer throws; never for a timestamp authority
 */
export async function sealPdf(original: Uint8Array, request: SealRequest): Promise<Sealed> {
  const { signer, timestamps, ...options } = request;
  const prepared = await prepareSignature(original, signer, {
    ...options,
    reserveForTimestamp: timestamps === undefined ? 0 : roomForTimestamp,
  });
  const { fieldName } = prepared;
  const signature = await signer.sign(Buffer.from(prepared.toSign, 'base64'));
  if (timestamps === undefined) {
    return {
      bytes: completeSignature(original, prepared, signature),
      fieldName,
      level: 'B-B',
      upgrade: 'none',
    };
  }
  const timestamp = await timestamps.stamp(signature);
  const attributes = timestamp.ok ? [signatureTimestampAttribute(timestamp.token)] : [];
  const fits = attributes.every((attribute) => attribute.length < roomForTimestamp - 16);
  const bytes = completeSignature(original, prepared, signature, fits ? attributes : []);
  if (!timestamp.ok || !fits) return { bytes, fieldName, level: 'B-B', upgrade: 'queued', timestamp };
  return { bytes, fieldName, level: 'B-T', upgrade: 'none', timestamp };
}
