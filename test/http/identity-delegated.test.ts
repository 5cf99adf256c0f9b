/** Systems that ask people: pushed requests, item-by-item consent, the back channel, withdrawal, and what is refused. */
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, SignJWT } from 'jose';
import { formTokenOf } from '../../src/identity/session.ts';
import {
  addTestClient,
  assertion,
  type Browser,
  createIdentitySite,
  HUNG,
  type IdentitySite,
  LAN,
  type TestClient,
} from '../support/identity-site.ts';
import { createTestDatabase } from '../support/test-database.ts';

const REDIRECT = 'http://127.0.0.1:1/tra-loi';
const DETAIL = {
  type: 'document_access',
  datatypes: ['KQ.G15.000031', 'KQ.G15.000032'],
  actions: ['view'],
  procedure: '1.001193',
  dossier: 'H24.991-261124-0001',
  purpose: 'Đăng ký kết hôn',
};

let stack: AsyncDisposableStack;
let site: IdentitySite;
let issuer: string;
let client: TestClient;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { database } = stack.use(await createTestDatabase());
  site = stack.use(await createIdentitySite(database));
  issuer = `${site.baseUrl}/oauth`;
  client = await addTestClient(database, {
    clientId: 'asks-people',
    agencyId: 'H24.991',
    scopes: ['reuse:retrieve'],
    asksPeople: true,
    redirectUris: [REDIRECT],
  });
});
afterAll(() => stack.disposeAsync());

async function proof(method: string, url: string, token?: string): Promise<string> {
  return new SignJWT({
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    htm: method,
    htu: url,
    ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(pair.publicKey) })
    .sign(pair.privateKey);
}

async function ask(path: string, fields: Record<string, string>, asker = client) {
  const response = await fetch(`${issuer}/${path}`, {
    method: 'POST',
    headers: { DPoP: await proof('POST', `${issuer}/${path}`) },
    body: new URLSearchParams({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(asker, issuer),
      ...fields,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function who(token: string) {
  const url = `${site.baseUrl}/api/v1/who`;
  const response = await fetch(url, {
    headers: { Authorization: `DPoP ${token}`, DPoP: await proof('GET', url, token) },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const events = async (type: string): Promise<number> =>
  (await site.database.read('SELECT 1 AS one FROM ledger_event WHERE type = $1', [type])).length;

const verifier = randomBytes(32).toString('base64url');
const push = (details: unknown = [DETAIL], more: Record<string, string> = {}) =>
  ask('par', {
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'reuse:retrieve',
    state: 'xyz',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify(details),
    ...more,
  });

/** Opens a pushed request in a browser. @returns the page the person sees, and its address. */
async function open(browser: Browser, requestUri: unknown) {
  const query = new URLSearchParams({ client_id: client.clientId, request_uri: String(requestUri) });
  return browser.open(`/oauth/authorize?${query}`);
}

/** Sends the form and follows to the client's address. */
async function answer(browser: Browser, path: string, fields: [string, string][]): Promise<URL> {
  const form = formTokenOf(browser.cookies.get('session')!.value);
  let response = await browser.fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams([['_csrf', form], ...fields]).toString(),
  });
  for (let hops = 0; hops < 4; hops += 1) {
    const next = new URL(response.headers.get('Location') ?? '', site.baseUrl);
    if (next.href.startsWith(REDIRECT)) return next;
    response = await browser.fetch(next.href);
  }
  throw new Error(`ended with ${response.status}: ${await response.text()}`);
}

describe('over the browser', () => {
  test('the person ticks one of two papers, and the token stands for that one', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const { personId } = await browser.who();
    const pushed = await push();
    expect(pushed.status).toBe(201);
    const page = await open(browser, pushed.body.request_uri);
    expect(page.response.status).toBe(200);
    expect(page.text).toContain(DETAIL.purpose);
    expect(page.text).not.toContain('checked');

    const back = await answer(browser, page.path, [
      ['tra-loi', 'cho-phep'],
      ['muc', '0:KQ.G15.000031'],
      ['muc', '0:KQ.G15.999999'],
    ]);
    expect(back.searchParams.get('state')).toBe('xyz');
    expect(back.searchParams.get('iss')).toBe(issuer);
    const code = back.searchParams.get('code')!;
    const exchange = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      code_verifier: verifier,
    };
    const tokens = await ask('token', exchange);
    expect(tokens).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    const allowed = [{ ...DETAIL, datatypes: ['KQ.G15.000031'] }];
    expect(tokens.body.authorization_details).toEqual(allowed);
    expect(tokens.body.refresh_token).toBeUndefined();

    const token = String(tokens.body.access_token);
    expect(await who(token)).toMatchObject({
      status: 200,
      body: {
        kind: 'system',
        agencyId: 'H24.991',
        scopes: ['reuse:retrieve'],
        onBehalfOf: { personId, details: allowed },
      },
    });
    expect(await events('consent.given')).toBe(1);

    const given = (await (await browser.fetch('/api/v1/me/access-grants')).json()) as {
      items: { id: string; clientId: string }[];
    };
    expect(given.items).toMatchObject([{ clientId: client.clientId }]);
    const other = site.browser();
    await other.signIn(HUNG.subject);
    const withdraw = `/api/v1/me/access-grants/${given.items[0]!.id}/withdraw`;
    expect((await other.fetch(withdraw, { method: 'POST' })).status).toBe(404);
    expect((await who(token)).status).toBe(200);
    expect((await browser.fetch(withdraw, { method: 'POST' })).status).toBe(204);
    expect((await who(token)).status).toBe(401);
    expect(await events('consent.withdrawn')).toBe(1);
  });

  test('a code is used once, and using it again takes the token back', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const page = await open(browser, (await push()).body.request_uri);
    const back = await answer(browser, page.path, [
      ['tra-loi', 'cho-phep'],
      ['muc', '0:KQ.G15.000031'],
    ]);
    const code = back.searchParams.get('code')!;
    const exchange = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      code_verifier: verifier,
    };
    const wrong = await ask('token', { ...exchange, code_verifier: 'x'.repeat(43) });
    expect(wrong.status).toBe(400);
    const again = await ask('token', exchange);
    const third = await ask('token', exchange);
    expect([again.status, third.status]).toContain(400);
    if (again.status === 200) expect((await who(String(again.body.access_token))).status).toBe(401);
  });

  test('refusing sends no code, and is an event', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const page = await open(browser, (await push()).body.request_uri);
    const empty = await browser.post(page.path, {
      _csrf: formTokenOf(browser.cookies.get('session')!.value),
      'tra-loi': 'cho-phep',
    });
    expect(empty.status).toBe(422);
    const back = await answer(browser, page.path, [['tra-loi', 'tu-choi']]);
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('code')).toBeNull();
    expect(await events('consent.refused')).toBe(1);
  });

  test('a visitor signs in first; an account of level 1 may only refuse', async () => {
    const browser = site.browser();
    const first = await open(browser, (await push()).body.request_uri);
    expect(first.path).toMatch(/^\/dang-nhap\?ve=%2Fcho-phep%2F/);
    const consent = decodeURIComponent(first.path.split('ve=')[1]!);
    const page = await browser.signIn(HUNG.subject, consent);
    expect(page.path).toBe(consent);
    const denied = await browser.post(page.path, {
      _csrf: formTokenOf(browser.cookies.get('session')!.value),
      'tra-loi': 'cho-phep',
      muc: '0:KQ.G15.000031',
    });
    expect(denied.status).toBe(403);
  });

  test('the page of one browser opens in no other', async () => {
    const [browser, other] = [site.browser(), site.browser()];
    await browser.signIn(LAN.subject);
    await other.signIn(HUNG.subject);
    const page = await open(browser, (await push()).body.request_uri);
    expect((await other.fetch(page.path)).status).toBe(410);
  });
});

describe('a request is refused', () => {
  test.each<[string, unknown]>([
    ['of another type', [{ ...DETAIL, type: 'payment' }]],
    ['without purpose', [{ ...DETAIL, purpose: undefined }]],
    ['with surplus fields', [{ ...DETAIL, everything: true }]],
    ['with no paper', [{ ...DETAIL, datatypes: [] }]],
    ['that is no list', DETAIL],
  ])('%s', async (_name, details) => {
    expect(await push(details)).toMatchObject({
      status: 400,
      body: { error: 'invalid_authorization_details' },
    });
  });

  test('that was not pushed, has no PKCE, or goes to another address', async () => {
    const query = new URLSearchParams({
      client_id: client.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'reuse:retrieve',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const plain = await site.browser().fetch(`/oauth/authorize?${query}`);
    expect(plain.headers.get('Location') ?? 'error=').toContain('error=');
    expect((await push([DETAIL], { code_challenge: '', code_challenge_method: '' })).status).toBe(400);
    expect((await push([DETAIL], { redirect_uri: 'https://evil.example/' })).status).toBe(400);
  });

  test('by a client that may not ask people, or for itself alone', async () => {
    const plain = await addTestClient(site.database, {
      clientId: 'asks-nobody',
      agencyId: 'H24.991',
      scopes: ['reuse:retrieve'],
    });
    const details = JSON.stringify([DETAIL]);
    const back = {
      scope: 'openid reuse:retrieve',
      login_hint: LAN.personalNumber,
      authorization_details: details,
    };
    expect((await ask('backchannel', back, plain)).status).toBe(400);
    const alone = {
      grant_type: 'client_credentials',
      scope: 'reuse:retrieve',
      authorization_details: details,
    };
    expect((await ask('token', alone)).status).toBe(400);
  });
});

describe('over the back channel (the officer asks, the phone answers)', () => {
  const back = (more: Record<string, string> = {}) =>
    ask('backchannel', {
      scope: 'openid reuse:retrieve',
      login_hint: LAN.personalNumber,
      binding_message: 'Quay 3, so 0001',
      authorization_details: JSON.stringify([DETAIL]),
      ...more,
    });
  const poll = (id: unknown) =>
    ask('token', { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: String(id) });
  interface Waiting {
    items: { id: string; bindingMessage: string; items: { key: string }[] }[];
  }
  const send = (browser: Browser, id: string, allow: readonly string[]) =>
    browser.fetch(`/api/v1/me/access-requests/${id}/answer`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ allow }),
    });

  test('waits, is answered once by the right person, and gives a token for what was allowed', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const asked = await back();
    expect(asked.status).toBe(200);
    expect(await poll(asked.body.auth_req_id)).toMatchObject({ body: { error: 'authorization_pending' } });
    const waiting = (await (await browser.fetch('/api/v1/me/access-requests')).json()) as Waiting;
    expect(waiting.items).toMatchObject([{ bindingMessage: 'Quay 3, so 0001' }]);
    const [request] = waiting.items;

    const other = site.browser();
    await other.signIn('hoa');
    expect((await send(other, request!.id, [request!.items[0]!.key])).status).toBe(410);
    expect((await send(browser, request!.id, [request!.items[1]!.key])).status).toBe(200);
    expect((await send(browser, request!.id, [request!.items[0]!.key])).status).toBe(410);

    const tokens = await poll(asked.body.auth_req_id);
    expect(tokens.status).toBe(200);
    const { personId } = await browser.who();
    expect(await who(String(tokens.body.access_token))).toMatchObject({
      status: 200,
      body: { onBehalfOf: { personId, details: [{ ...DETAIL, datatypes: ['KQ.G15.000032'] }] } },
    });
    expect((await poll(asked.body.auth_req_id)).status).toBe(400);
  });

  test('refused, it gives nothing', async () => {
    const browser = site.browser();
    await browser.signIn(LAN.subject);
    const asked = await back();
    const waiting = (await (await browser.fetch('/api/v1/me/access-requests')).json()) as Waiting;
    expect((await send(browser, waiting.items[0]!.id, [])).status).toBe(200);
    expect(await poll(asked.body.auth_req_id)).toMatchObject({
      status: 400,
      body: { error: 'access_denied' },
    });
  });

  test('asks nobody it does not know, and nothing without details', async () => {
    expect(await back({ login_hint: '000190999999' })).toMatchObject({ body: { error: 'unknown_user_id' } });
    expect((await back({ authorization_details: '[]' })).status).toBe(400);
    expect(await back({ binding_message: '<b>' })).toMatchObject({
      body: { error: 'invalid_binding_message' },
    });
  });
});
