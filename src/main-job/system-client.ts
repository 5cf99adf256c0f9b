/** A procedure system as the vault sees it: a token by `private_key_jwt` (RFC 7523), then JSON. */
import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';

export class SystemClient {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async open(options: {
    url: string;
    keyFolder: string;
    clientId: string;
    scopes: readonly string[];
  }): Promise<SystemClient> {
    const { url, keyFolder, clientId, scopes } = options;
    const jwk = JSON.parse(await readFile(join(keyFolder, `client-${clientId}.jwk.json`), 'utf8')) as {
      kid: string;
      kty: string;
    };
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(`${url}/oauth`)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(createPrivateKey({ key: jwk, format: 'jwk' }));
    const response = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: scopes.join(' '),
        resource: `${url}/api`,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    const answer = (await response.json()) as {
      access_token?: string;
      error_description?: string;
      error?: string;
    };
    if (!answer.access_token)
      throw new Error(`no token: ${answer.error_description ?? answer.error ?? response.status}`);
    return new SystemClient(url, answer.access_token);
  }

  async json<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await this.raw(method, path, {
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    });
    return (await okay(response).json()) as T;
  }

  /** The answer as it comes, whatever its status. */
  answer(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${this.#token}`);
    return fetch(`${this.#url}${path}`, { ...init, headers, redirect: 'manual' });
  }

  async raw(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.answer(path, { ...init, method });
    if (response.ok || response.status === 403) return response;
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(
      `${method} ${path.replace(/[0-9a-f-]{36}/g, '…')} answered ${response.status}: ${problem.detail ?? ''} ${JSON.stringify((problem as { errors?: unknown }).errors ?? '')}`,
    );
  }
}

const okay = (response: Response): Response => {
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response;
};
