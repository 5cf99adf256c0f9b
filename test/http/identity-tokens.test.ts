/** The token endpoint and the API as a hostile or careless system would try them. */
import { createHash, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, SignJWT } from 'jose';
import { disableMachineClient, replaceScopes } from '../../src/identity/machine-client-repository.ts';
import {
  addTestClient,
  askToken,
  assertion,
  createIdentitySite,
  type IdentitySite,
  type TestClient,
} from '../support/identity-site.ts';
import { createTestDatabase } from '../support/test-database.ts';

let stack: AsyncDisposableStack;
let site: IdentitySite;
let issuer: string;
let client: TestClient;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { database } = stack.use(await createTestDatabase());
  site = stack.use(await createIdentitySite(database));
  issuer = `${site.baseUrl}/oauth`;
  client = await addTestClient(database, {
    clientId: 'one-stop-hai-phong',
    agencyId: 'H31',
    scopes: ['reuse:request', 'reuse:retrieve'],
  });
});
afterAll(() => stack.disposeAsync());

const who = async (headers: Record<string, string>) => {
  const response = await fetch(`${site.baseUrl}/api/v1/who`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const bearer = (token: unknown) => ({ Authorization: `Bearer ${String(token)}` });

describe('an access token', () => {
  test('makes the caller the system of its agency, with the scopes asked for', async () => {
    const answer = await askToken(site.baseUrl, await assertion(client, issuer), { scope: 'reuse:request' });
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'reuse:request' } });
    expect(await who(bearer(answer.body.access_token))).toEqual({
      status: 200,
      body: { kind: 'system', clientId: client.clientId, agencyId: 'H31', scopes: ['reuse:request'] },
    });
  });

  test('is in the database as a digest only', async () => {
    const { body } = await askToken(site.baseUrl, await assertion(client, issuer), {
      scope: 'reuse:request',
    });
    const rows = await site.database.read<{ row: string }>('SELECT p::text AS row FROM oidc_payload p');
    expect(rows.some(({ row }) => row.includes(String(body.access_token)))).toBe(false);
  });

  test('that is unknown, malformed or expired is told so', async () => {
    expect((await who(bearer('x'.repeat(43)))).status).toBe(401);
    expect((await who({ Authorization: 'Bearer' })).status).toBe(401);
    expect((await who({ Authorization: 'Basic dXNlcjpwYXNz' })).status).toBe(401);
    const { body } = await askToken(site.baseUrl, await assertion(client, issuer));
    await site.database.read(
      `UPDATE oidc_payload SET expires_at = now() - interval '1 second' WHERE id_sha256 = $1::bytea`,
      [createHash('sha256').update(String(body.access_token)).digest()],
    );
    expect((await who(bearer(body.access_token))).status).toBe(401);
  });

  test('loses a scope that the client loses, and everything when the client is disabled', async () => {
    const other = await addTestClient(site.database, {
      clientId: 'short-lived',
      agencyId: 'H31',
      scopes: ['reuse:request', 'log:read'],
    });
    const { body } = await askToken(site.baseUrl, await assertion(other, issuer), {
      scope: 'reuse:request log:read',
    });
    await site.database.transactSql((sql) => replaceScopes(sql, other.clientId, ['log:read']));
    expect((await who(bearer(body.access_token))).body.scopes).toEqual(['log:read']);
    await site.database.transactSql((sql) => disableMachineClient(sql, other.clientId, new Date()));
    expect((await who(bearer(body.access_token))).status).toBe(401);
    expect((await askToken(site.baseUrl, await assertion(other, issuer))).status).toBe(401);
  });

  test('can be introspected and revoked by its own client, by no other', async () => {
    const other = await addTestClient(site.database, {
      clientId: 'onlooker',
      agencyId: 'H31',
      scopes: ['log:read'],
    });
    const { body } = await askToken(site.baseUrl, await assertion(client, issuer), {
      scope: 'reuse:request',
    });
    const token = String(body.access_token);
    const ask = async (path: string, asker: TestClient) =>
      fetch(`${issuer}/${path}`, {
        method: 'POST',
        body: new URLSearchParams({
          token,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await assertion(asker, issuer),
        }),
      });
    expect(await (await ask('introspect', other)).json()).toEqual({ active: false });
    expect(await (await ask('introspect', client)).json()).toMatchObject({
      active: true,
      client_id: client.clientId,
      scope: 'reuse:request',
    });
    await ask('revoke', other);
    expect((await who(bearer(token))).status).toBe(200);
    await ask('revoke', client);
    expect((await who(bearer(token))).status).toBe(401);
  });
});

test('addresses in the discovery document come from the configuration, not from the caller', async () => {
  for (const path of ['/oauth', '/dinh-danh-thu']) {
    const response = await fetch(`${site.baseUrl}${path}/.well-known/openid-configuration`, {
      headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' },
    });
    const text = await response.text();
    expect(text).not.toContain('evil.example');
    const { issuer: named, token_endpoint } = JSON.parse(text) as { issuer: string; token_endpoint: string };
    expect(named).toBe(`${site.baseUrl}${path}`);
    expect(token_endpoint).toBe(`${site.baseUrl}${path}/token`);
  }
});

describe('the token endpoint refuses', () => {
  const seconds = () => Math.floor(Date.now() / 1000);

  test.each<[string, () => Record<string, unknown>]>([
    ['an assertion that has expired', () => ({ exp: seconds() - 60 })],
    ['one without an end', () => ({ exp: undefined })],
    ['one that lives for a day', () => ({ exp: seconds() + 86_400 })],
    ['one not valid yet', () => ({ nbf: seconds() + 600 })],
    ['one meant for another server', () => ({ aud: 'https://elsewhere.example/token' })],
    ['one meant for many servers', () => ({ aud: [issuer, 'https://elsewhere.example'] })],
    ['one without an id', () => ({ jti: undefined })],
    ['one of another issuer', () => ({ iss: 'somebody-else' })],
    ['an unknown client', () => ({ iss: 'nobody', sub: 'nobody' })],
  ])('%s', async (_name, claims) => {
    const answer = await askToken(site.baseUrl, await assertion(client, issuer, claims()));
    expect([400, 401]).toContain(answer.status);
    expect(answer.body.access_token).toBeUndefined();
  });

  test('an assertion used before, also when two come at once', async () => {
    const one = await assertion(client, issuer);
    const answers = await Promise.all(Array.from({ length: 8 }, () => askToken(site.baseUrl, one)));
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
    expect(answers.filter(({ status }) => status === 401).length).toBe(7);
  });

  test('alg none, an HMAC with the public key, and another key', async () => {
    const now = seconds();
    const claims = {
      iss: client.clientId,
      sub: client.clientId,
      aud: issuer,
      iat: now,
      exp: now + 60,
      jti: randomUUID(),
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${part({ alg: 'none', kid: client.kid })}.${part(claims)}.`;
    const pem = createPublicKey(client.key).export({ type: 'spki', format: 'pem' });
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: client.kid })
      .sign(Buffer.from(pem));
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const forged = await assertion({ ...client, key: stranger }, issuer);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const rs256 = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: client.kid }).sign(rsa);
    for (const bad of [none, hmac, forged, rs256]) {
      expect((await askToken(site.baseUrl, bad)).body.error).toBe('invalid_client');
    }
  });

  test('more scope than the client has, another resource, another grant, and a secret', async () => {
    const wider = await askToken(site.baseUrl, await assertion(client, issuer), {
      scope: 'reuse:request documents:deposit',
    });
    expect(wider).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    const elsewhere = await askToken(site.baseUrl, await assertion(client, issuer), {
      resource: 'https://elsewhere.example',
    });
    expect(elsewhere).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
    for (const grant of ['password', 'authorization_code', 'refresh_token', 'implicit']) {
      const answer = await askToken(site.baseUrl, await assertion(client, issuer), { grant_type: grant });
      expect(answer.status).toBe(400);
    }
    const secret = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${client.clientId}:x`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(secret.status).toBe(401);
  });
});

describe('a token bound to a key (DPoP)', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  async function proof(claims: Record<string, unknown>, key = pair): Promise<string> {
    return new SignJWT({ jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(key.publicKey) })
      .sign(key.privateKey);
  }
  const ath = (token: string) => createHash('sha256').update(token).digest('base64url');

  async function boundToken(): Promise<string> {
    const bound = await addTestClient(site.database, {
      clientId: `bound-${randomUUID().slice(0, 8)}`,
      agencyId: 'H31',
      scopes: ['reuse:retrieve'],
      dpopRequired: true,
    });
    const without = await askToken(site.baseUrl, await assertion(bound, issuer));
    expect(without.status).toBe(400);
    const answer = await askToken(
      site.baseUrl,
      await assertion(bound, issuer),
      { scope: 'reuse:retrieve' },
      { DPoP: await proof({ htm: 'POST', htu: `${issuer}/token` }) },
    );
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    return String(answer.body.access_token);
  }

  test('works with its proof, once, and in no other way', async () => {
    const token = await boundToken();
    const htu = `${site.baseUrl}/api/v1/who`;
    const good = await proof({ htm: 'GET', htu, ath: ath(token) });
    const show = (DPoP: string, scheme = 'DPoP') => who({ Authorization: `${scheme} ${token}`, DPoP });
    expect(await show(good)).toMatchObject({
      status: 200,
      body: { kind: 'system', scopes: ['reuse:retrieve'] },
    });
    expect((await show(good)).status).toBe(401);
    expect((await who(bearer(token))).status).toBe(401);
    expect((await show(await proof({ htm: 'GET', htu, ath: ath(token) }), 'Bearer')).status).toBe(401);
    const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const bad of [
      await proof({ htm: 'POST', htu, ath: ath(token) }),
      await proof({ htm: 'GET', htu: `${site.baseUrl}/api/v1/other`, ath: ath(token) }),
      await proof({ htm: 'GET', htu, ath: ath('another token') }),
      await proof({ htm: 'GET', htu }),
      await proof({ htm: 'GET', htu, ath: ath(token), iat: Math.floor(Date.now() / 1000) - 3600 }),
      await proof({ htm: 'GET', htu, ath: ath(token) }, thief),
      'not-a-jwt',
    ]) {
      expect((await show(bad)).status).toBe(401);
    }
  });
});
