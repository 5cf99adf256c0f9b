/**
 * How a system proves itself: `private_key_jwt` (RFC 7523 §2.2) for tokens, DPoP (RFC 9449) for the token and each request,
 * so that a token that leaks is worth nothing. Assertions and proofs are signed anew each time, since they count once.
 */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';

export interface Credentials {
  readonly clientId: string;
  /** P-256; its public half is registered with the vault under `kid`. */
  readonly key: KeyObject;
  readonly kid: string;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(header: object, claims: object, key: KeyObject): string {
  const input = `${part({ alg: 'ES256', ...header })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** @param issuer the authorisation server: `<vault>/oauth` */
export function clientAssertion({ clientId, key, kid }: Credentials, issuer: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: issuer,
    iat: seconds,
    exp: seconds + 60,
    jti: randomUUID(),
  };
  return jwt({ kid, typ: 'JWT' }, claims, key);
}

/** A key that lives as long as the client object: tokens are bound to it. */
export class ProofKey {
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  /** @param url scheme, host and path of the request; @param token once there is one */
  proof(method: string, url: string, now: Date, token?: string): string {
    const { kty, crv, x, y } = createPublicKey(this.#pair.privateKey).export({ format: 'jwk' });
    const address = new URL(url);
    return jwt(
      { typ: 'dpop+jwt', jwk: { kty, crv, x, y } },
      {
        jti: randomUUID(),
        iat: Math.floor(now.getTime() / 1000),
        htm: method,
        htu: `${address.origin}${address.pathname}`,
        ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
      },
      this.#pair.privateKey,
    );
  }
}
