/**
 * Fetching an access token as a system does (RFC 6749 §4.4 with RFC 7523 §2.2): for the vault's own commands, the
 * client and the tests. The assertion is signed anew each time, since it counts once.
 */
import { type KeyObject, randomUUID, sign } from 'node:crypto';

export interface TokenRequest {
  /** Scheme, host and port of the vault. */
  readonly baseUrl: string;
  readonly clientId: string;
  /** P-256; its public half is registered under `kid`. */
  readonly privateKey: KeyObject;
  readonly kid: string;
  readonly scopes: readonly string[];
}

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** @throws Error with the server's own words when it refuses. */
export async function fetchClientToken(request: TokenRequest): Promise<AccessToken> {
  const asked = Date.now();
  const response = await fetch(`${request.baseUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: request.scopes.join(' '),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: clientAssertion(request, Math.floor(asked / 1000)),
    }),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok || typeof answer.access_token !== 'string') {
    throw new Error(
      `the token endpoint answered ${response.status}: ${String(answer.error_description ?? answer.error)}`,
    );
  }
  return { token: answer.access_token, expiresAt: new Date(asked + Number(answer.expires_in) * 1000) };
}

/** @param seconds the present, in seconds since 1970. */
export function clientAssertion(
  request: Pick<TokenRequest, 'baseUrl' | 'clientId' | 'privateKey' | 'kid'>,
  seconds: number,
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'ES256', kid: request.kid, typ: 'JWT' })}.${part({
    iss: request.clientId,
    sub: request.clientId,
    aud: `${request.baseUrl}/oauth`,
    iat: seconds,
    exp: seconds + 60,
    jti: randomUUID(),
  })}`;
  const signature = sign('sha256', Buffer.from(input), {
    key: request.privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}
