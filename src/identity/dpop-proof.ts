/**
 * Checks a DPoP proof at the vault's own API (RFC 9449 §4.3, §7): the caller holds the key that the access token is
 * bound to, for this method, this address, now, once. The proof is hostile input.
 */
import { hash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';

/** Seconds by which the clocks of client and vault may differ. */
export const PROOF_WINDOW = 60;

export interface DpopRequest {
  readonly proof: string;
  readonly method: string;
  /** Scheme, host and path as the client sees them, without query. */
  readonly url: string;
  readonly accessToken: string;
  /** `jkt` of the token: the thumbprint of the key (RFC 7638). */
  readonly thumbprint: string;
  readonly now: Date;
}

/** @returns the proof's `jti`, still to be checked against replay; undefined when the proof does not hold. */
export async function checkDpopProof(request: DpopRequest): Promise<string | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(request.proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
      currentDate: request.now,
      maxTokenAge: PROOF_WINDOW,
      clockTolerance: PROOF_WINDOW / 2,
    });
    const { jti, htm, htu, ath } = payload;
    const holds =
      typeof jti === 'string' &&
      jti.length > 0 &&
      jti.length <= 256 &&
      htm === request.method &&
      typeof htu === 'string' &&
      sameAddress(htu, request.url) &&
      ath === hash('sha256', request.accessToken, 'base64url') &&
      protectedHeader.jwk !== undefined &&
      (await calculateJwkThumbprint(protectedHeader.jwk)) === request.thumbprint;
    return holds ? jti : undefined;
  } catch {
    return undefined;
  }
}

function sameAddress(said: string, expected: string): boolean {
  const url = URL.parse(said);
  if (!url) return false;
  url.hash = '';
  url.search = '';
  return url.href === new URL(expected).href;
}
