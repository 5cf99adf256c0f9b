/**
 * A small site that listens: the vault's HTTP pipeline with identity alone, its own development issuer and
 * authorisation server, and a few routes that say who called. For tests that go through real cookies and redirects.
 */
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, SignJWT } from 'jose';
import { z } from 'zod';
import { createApp, IdempotencyKeys, Metrics, RateLimiter, type Route, route } from '../../src/http/index.ts';
import {
  createIdentity,
  DEMO_PEOPLE,
  type DemoAccount,
  type Identity,
  type Scope,
} from '../../src/identity/index.ts';
import { insertMachineClient } from '../../src/identity/machine-client-repository.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Database } from '../../src/platform/database.ts';
import { createLogger } from '../../src/platform/logger.ts';

const demo = (subject: string): DemoAccount => {
  const person = DEMO_PEOPLE.find((candidate) => candidate.subject === subject);
  if (!person) throw new Error(`nobody is called ${subject}`);
  return person;
};
/** A citizen of level 2, one of level 1, and a third person. Roles come with the seed only. */
export const LAN = demo('lan');
export const HUNG = demo('hung');
export const MAI = demo('danh-muc');

export interface IdentitySite extends AsyncDisposable {
  readonly baseUrl: string;
  readonly database: Database;
  readonly identity: Identity;
  browser(): Browser;
}

const whoSchema = z.looseObject({ kind: z.string() });

const whoRoutes = (): Route[] => [
  route(
    {
      method: 'get',
      path: '/api/v1/who',
      operationId: 'who',
      summary: 'Who calls',
      tag: 'test',
      auth: { kind: 'public' },
      responses: { 200: whoSchema },
    },
    async ({ actor }) => ({ status: 200, body: actor }),
  ),
  route(
    {
      method: 'post',
      path: '/mot-viec',
      operationId: 'doOneThing',
      summary: 'A form',
      tag: 'test',
      auth: { kind: 'citizen' },
      page: true,
      body: z.object({}),
      responses: { 200: { page: true } },
    },
    async () => ({ status: 200, body: 'done' }),
  ),
];

export async function createIdentitySite(database: Database): Promise<IdentitySite> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keyFolder = await mkdtemp(join(tmpdir(), 'identity-'));
  const clock = systemClock;
  const identity = await createIdentity({
    database,
    clock,
    mode: 'development',
    baseUrl,
    keyFolder,
    issuer: { kind: 'development' },
    agencyExists: async (code) => ['H24', 'H24.991', 'H17.991'].includes(code),
    frame: ({ csrfToken }) => ({
      language: 'vi',
      path: '/',
      place: 'Tỉnh Thử',
      now: new Date('2026-11-24'),
      csrfToken,
    }),
  });
  const { authenticator } = identity;
  const app = createApp({
    routes: [...whoRoutes(), ...identity.routes],
    authenticate: authenticator.authenticate,
    csrfHolds: authenticator.csrfHolds,
    recordDenial: async () => undefined,
    signInPage: '/dang-nhap',
    renderProblem: (problem) => `<!doctype html><title>${problem.status}</title>${problem.type}`,
    idempotencyKeys: new IdempotencyKeys(database, clock),
    rateLimiter: new RateLimiter(database, clock),
    metrics: new Metrics(),
    logger: createLogger('silent'),
    clock,
    ready: async () => ({ ready: true, parts: {} }),
    secure: false,
    mounts: identity.mounts,
    trustedProxies: 0,
  });
  server.on('request', app);
  return {
    baseUrl,
    database,
    identity,
    browser: () => new Browser(baseUrl),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(keyFolder, { recursive: true, force: true });
    },
  };
}

/** A browser without a script engine: keeps cookies by name and path, follows redirects, sends forms. */
export class Browser {
  readonly cookies = new Map<string, { value: string; path: string }>();
  readonly baseUrl: string;

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, this.baseUrl);
    const cookie = [...this.cookies]
      .filter(([, { path: scope }]) => url.pathname.startsWith(scope))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('Cookie', cookie);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  /** Follows redirects to the end. */
  async open(path: string, init?: RequestInit): Promise<{ response: Response; path: string; text: string }> {
    let at = path;
    let response = await this.fetch(at, init);
    for (let hops = 0; hops < 10 && response.status >= 300 && response.status < 400; hops += 1) {
      at = new URL(response.headers.get('Location') ?? '/', new URL(at, this.baseUrl)).href;
      response = await this.fetch(at);
    }
    const { pathname, search } = new URL(at, this.baseUrl);
    return { response, path: `${pathname}${search}`, text: await response.text() };
  }

  post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** Signs in at the development issuer, as a person would. */
  async signIn(subject: string, returnTo = '/'): Promise<{ response: Response; path: string; text: string }> {
    const chosen = await this.open(`/dang-nhap/bat-dau?ve=${encodeURIComponent(returnTo)}`);
    return this.open(chosen.path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ subject }).toString(),
    });
  }

  async who(): Promise<Record<string, unknown>> {
    return (await (await this.fetch('/api/v1/who')).json()) as Record<string, unknown>;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const path = attributes.find((a) => /^path=/i.test(a))?.slice(5) ?? '/';
    const gone = value === '' || attributes.some((a) => /^max-age=0$/i.test(a));
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, { value, path });
  }
}

export interface TestClient {
  readonly clientId: string;
  readonly key: KeyObject;
  readonly kid: string;
}

/** Registers a machine client with a fresh P-256 key. */
export async function addTestClient(
  database: Database,
  options: {
    clientId: string;
    agencyId: string;
    scopes: readonly Scope[];
    dpopRequired?: boolean;
    redirectUris?: readonly string[];
    asksPeople?: boolean;
  },
): Promise<TestClient> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const { x = '', y = '' } = await exportJWK(publicKey);
  await database.transactSql((sql) =>
    insertMachineClient(
      sql,
      {
        name: options.clientId,
        dpopRequired: options.dpopRequired ?? false,
        asksPeople: options.asksPeople ?? false,
        redirectUris: options.redirectUris ?? [],
        registeredBy: 'test',
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256' }] },
        clientId: options.clientId,
        agencyId: options.agencyId,
        scopes: options.scopes,
      },
      new Date(),
    ),
  );
  return { clientId: options.clientId, key: privateKey, kid };
}

/** A client assertion (RFC 7523 §3); `claims` overrides single claims. */
export function assertion(
  client: TestClient,
  issuer: string,
  claims: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: client.clientId,
    sub: client.clientId,
    aud: issuer,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: client.kid })
    .sign(client.key);
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Asks the token endpoint. */
export async function askToken(
  baseUrl: string,
  clientAssertion: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${baseUrl}/oauth/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: clientAssertion,
      ...fields,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
