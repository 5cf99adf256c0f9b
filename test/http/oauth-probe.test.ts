/**
 * The token endpoints as a conformance suite tries them (FAPI 2.0 security profile, RFC 9126, 9396, 9449, CIBA): each
 * attempt in its own words, refused with the error its RFC names and without a token.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, SignJWT } from 'jose';
import { RateLimiter } from '../../src/http/index.ts';
import { rotateServerKeys } from '../../src/identity/index.ts';
import { replaceKeys } from '../../src/identity/machine-client-repository.ts';
import { limited, OAUTH_PER_MINUTE } from '../../src/identity/oauth-limit.ts';
import { systemClock } from '../../src/platform/clock.ts';
import {
  addTestClient,
  assertion,
  createIdentitySite,
  HUNG,
  type IdentitySite,
  LAN,
  type TestClient,
} from '../support/identity-site.ts';
import { createTestDatabase } from '../support/test-database.ts';

const DETAIL = {
  type: 'document_access',
  datatypes: ['KQ.G15.000031'],
  actions: ['view'],
  procedure: '1.001193',
  dossier: 'H24.991-261124-0001',
  purpose: 'Đăng ký kết hôn',
};
const REDIRECT = 'http://127.0.0.1:1/tra-loi';

let stack: AsyncDisposableStack;
let site: IdentitySite;
let issuer: string;
let client: TestClient;
let asker: TestClient;
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' });

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { database } = stack.use(await createTestDatabase());
  site = stack.use(await createIdentitySite(database));
  issuer = `${site.baseUrl}/oauth`;
  client = await addTestClient(database, {
    clientId: 'bound-system',
    agencyId: 'H24.991',
    scopes: ['reuse:request'],
    dpopRequired: true,
  });
  asker = await addTestClient(database, {
    clientId: 'asking-system',
    agencyId: 'H24.991',
    scopes: ['reuse:retrieve'],
    asksPeople: true,
    redirectUris: [REDIRECT],
  });
});
afterAll(() => stack.disposeAsync());

interface Proof {
  readonly pair?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
}

async function proof(method: string, url: string, { pair = ours, claims = {}, header = {} }: Proof = {}) {
  const payload = { jti: randomUUID(), iat: Math.floor(Date.now() / 1000), htm: method, htu: url, ...claims };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(pair.publicKey), ...header })
    .sign(pair.privateKey);
}

async function post(path: string, fields: Record<string, string>, dpop?: string, who = client) {
  const response = await fetch(`${issuer}/${path}`, {
    method: 'POST',
    headers: dpop === undefined ? {} : { DPoP: dpop },
    body: new URLSearchParams({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(who, issuer),
      ...fields,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const tokenUrl = () => `${issuer}/token`;
const token = (dpop?: string) => post('token', { grant_type: 'client_credentials' }, dpop);
const who = (headers: Record<string, string>) => fetch(`${site.baseUrl}/api/v1/who`, { headers });

describe('a DPoP proof at the token endpoint is refused', () => {
  const old = Math.floor(Date.now() / 1000) - 3_600;
  test.each<[string, () => Promise<string>]>([
    ['for another method', () => proof('GET', tokenUrl())],
    ['for another address', () => proof('POST', `${issuer}/introspect`)],
    ['for another host', () => proof('POST', 'https://elsewhere.example/oauth/token')],
    ['that is an hour old', () => proof('POST', tokenUrl(), { claims: { iat: old } })],
    ['without an id', () => proof('POST', tokenUrl(), { claims: { jti: undefined } })],
    ['of another type', () => proof('POST', tokenUrl(), { header: { typ: 'JWT' } })],
    [
      'that carries the private key',
      async () => proof('POST', tokenUrl(), { header: { jwk: await exportJWK(ours.privateKey) } }),
    ],
    [
      'signed with another key than it names',
      async () => proof('POST', tokenUrl(), { header: { jwk: await exportJWK(theirs.publicKey) } }),
    ],
    [
      'signed with nothing',
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const [, payload] = (await proof('POST', tokenUrl())).split('.');
        return `${part({ alg: 'none', typ: 'dpop+jwt', jwk: await exportJWK(ours.publicKey) })}.${payload}.`;
      },
    ],
    ['that is no JWT', async () => 'not-a-proof'],
  ])('%s', async (_name, make) => {
    const answer = await token(await make());
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: 'invalid_dpop_proof' });
    expect(answer.body.access_token).toBeUndefined();
  });

  test('that was used before, and no proof at all where one is demanded', async () => {
    const once = await proof('POST', tokenUrl());
    expect((await token(once)).status).toBe(200);
    expect((await token(once)).body.access_token).toBeUndefined();
    expect((await token()).body.access_token).toBeUndefined();
  });
});

describe('a stolen token', () => {
  test('is worth nothing without its key, with another key, or for another request', async () => {
    const { body } = await token(await proof('POST', tokenUrl()));
    const stolen = String(body.access_token);
    const ath = createHash('sha256').update(stolen).digest('base64url');
    const url = `${site.baseUrl}/api/v1/who`;
    const shown = async (dpop: string) => (await who({ Authorization: `DPoP ${stolen}`, DPoP: dpop })).status;
    expect((await who({ Authorization: `Bearer ${stolen}` })).status).toBe(401);
    expect((await who({ Authorization: `DPoP ${stolen}` })).status).toBe(401);
    expect(await shown(await proof('GET', url, { pair: theirs, claims: { ath } }))).toBe(401);
    expect(await shown(await proof('GET', url))).toBe(401);
    expect(await shown(await proof('POST', url, { claims: { ath } }))).toBe(401);
    expect(await shown(await proof('GET', `${site.baseUrl}/api/v1/other`, { claims: { ath } }))).toBe(401);
    const good = await proof('GET', url, { claims: { ath } });
    expect(await shown(good)).toBe(200);
    expect(await shown(good)).toBe(401);
  });
});

describe('asking people', () => {
  const push = async (fields: Record<string, string>) =>
    post(
      'par',
      {
        client_id: asker.clientId,
        response_type: 'code',
        redirect_uri: REDIRECT,
        scope: 'reuse:retrieve',
        code_challenge: createHash('sha256').update('x'.repeat(43)).digest('base64url'),
        code_challenge_method: 'S256',
        authorization_details: JSON.stringify([DETAIL]),
        ...fields,
      },
      undefined,
      asker,
    );

  test('needs a pushed request (RFC 9126)', async () => {
    const query = new URLSearchParams({
      client_id: asker.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'reuse:retrieve',
    });
    const response = await fetch(`${issuer}/authorize?${query}`, { redirect: 'manual' });
    const back = new URL(response.headers.get('location') ?? '');
    expect(back.href.startsWith(REDIRECT)).toBe(true);
    expect(back.searchParams.get('error')).toBe('invalid_request');
    expect(back.searchParams.get('code')).toBeNull();
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'another type of detail',
      { authorization_details: '[{"type":"payment"}]' },
      'invalid_authorization_details',
    ],
    [
      'a detail with surplus members',
      { authorization_details: JSON.stringify([{ ...DETAIL, everything: true }]) },
      'invalid_authorization_details',
    ],
    ['another address to return to', { redirect_uri: 'https://elsewhere.example/' }, 'invalid_request'],
    ['a plain code challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['a scope it does not hold', { scope: 'documents:deposit' }, 'invalid_scope'],
  ])('is refused with %s', async (_name, fields, error) => {
    const answer = await push(fields);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect([error, 'invalid_request', 'invalid_redirect_uri']).toContain(answer.body.error);
    expect(answer.body.request_uri).toBeUndefined();
  });

  test('the officer asks, the phone answers on its page; a notice says so; another person finds nothing', async () => {
    const lan = site.browser();
    await lan.signIn(LAN.subject);
    const { personId } = await lan.who();
    const asked = await post(
      'backchannel',
      {
        scope: 'openid reuse:retrieve',
        login_hint: LAN.personalNumber,
        binding_message: 'Quay 3 so 118',
        authorization_details: JSON.stringify([DETAIL]),
      },
      undefined,
      asker,
    );
    expect(asked.status).toBe(200);
    const [event] = await site.database.read<{ subject: string; person: string }>(
      `SELECT subject, person_id::text AS person FROM outbox_event WHERE type = 'access.asked.v1'`,
    );
    expect(event?.person).toBe(personId);
    const address = `/hoi-qua-dien-thoai/${event?.subject}`;
    const hung = site.browser();
    await hung.signIn(HUNG.subject);
    expect((await hung.fetch(address)).status).toBe(410);

    const page = await lan.open(address);
    expect(page.response.status).toBe(200);
    expect(page.text).toContain('Quay 3 so 118');
    expect(page.text).not.toContain('checked');
    const send = async (fields: [string, string][]) =>
      lan.fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams([
          ['_csrf', /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''],
          ...fields,
        ]),
      });
    expect((await send([['tra-loi', 'cho-phep']])).status).toBe(422);
    const answered = await send([
      ['tra-loi', 'cho-phep'],
      ['muc', '0:KQ.G15.000031'],
    ]);
    expect(answered.headers.get('location')).toBe('/hoi-qua-dien-thoai/xong/da-cho-phep');
    expect((await send([['tra-loi', 'tu-choi']])).status).toBe(410);
    const given = await post(
      'token',
      { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: String(asked.body.auth_req_id) },
      await proof('POST', tokenUrl()),
      asker,
    );
    expect(given.body).toMatchObject({ token_type: 'DPoP', authorization_details: [DETAIL] });
  });
});

describe('keys change', () => {
  test('of a client: the former key is refused from the change on', async () => {
    const rotating = await addTestClient(site.database, {
      clientId: 'rotating',
      agencyId: 'H24.991',
      scopes: ['log:read'],
    });
    const ask = (key: TestClient) => post('token', { grant_type: 'client_credentials' }, undefined, key);
    expect((await ask(rotating)).status).toBe(200);
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'second', alg: 'ES256' };
    await site.database.transactSql((sql) =>
      replaceKeys(sql, rotating.clientId, { keys: [jwk] } as Parameters<typeof replaceKeys>[2]),
    );
    expect((await ask(rotating)).body.error).toBe('invalid_client');
    expect((await ask({ ...rotating, key: pair.privateKey, kid: 'second' })).status).toBe(200);
  });

  test('of the server: new keys come first, former ones stay to verify with', async () => {
    const { mkdtemp, rm } = await import('node:fs/promises');
    const folder = await mkdtemp('/tmp/oauth-keys-');
    try {
      const first = await rotateServerKeys(folder);
      const second = await rotateServerKeys(folder);
      expect(second.signing[0]?.kid).not.toBe(first.signing[0]?.kid);
      expect(second.signing.map(({ kid }) => kid)).toContain(first.signing[0]?.kid);
    } finally {
      await rm(folder, { recursive: true });
    }
    const published = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] };
    expect(published.keys.length).toBeGreaterThan(0);
    expect(published.keys.every((key) => key.d === undefined)).toBe(true);
  });
});

test('the metadata promises what the profile demands and nothing weaker', async () => {
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >;
  expect(metadata).toMatchObject({
    issuer,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    require_pushed_authorization_requests: true,
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
    authorization_response_iss_parameter_supported: true,
  });
  const algorithms = JSON.stringify([
    metadata.token_endpoint_auth_signing_alg_values_supported,
    metadata.dpop_signing_alg_values_supported,
  ]);
  expect(algorithms).not.toMatch(/none|HS256|RS256/);
});

test('an address that knocks too often is slowed down, by two instances together', async () => {
  const call = async (limiter: RateLimiter): Promise<number> => {
    let status = 200;
    const response = {
      status(code: number) {
        status = code;
        return response;
      },
      set: () => response,
      json: () => response,
    };
    const handle = limited(() => undefined, limiter);
    await handle({ method: 'POST', ip: '203.0.113.7' } as never, response as never, () => undefined);
    return status;
  };
  const instances = [1, 2].map(() => new RateLimiter(site.database, systemClock));
  const statuses: number[] = [];
  for (let times = 0; times < OAUTH_PER_MINUTE; times += 1)
    for (const instance of instances) statuses.push(await call(instance));
  expect(statuses.filter((status) => status === 200).length).toBeLessThan(OAUTH_PER_MINUTE * 1.3);
  expect(statuses.at(-1)).toBe(429);
});
