/** Webhooks over real rows and a real receiver: subscriptions, retries, rotation, dead letters, crashes, strangers. */
import { spawn } from 'node:child_process';
import { createSecretKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { parseAllowedHosts } from '../../src/config/index.ts';
import { OutboxDrain, WebhookDispatch, WebhookService, webhookReader } from '../../src/delivery/index.ts';
import { MAX_ATTEMPTS } from '../../src/delivery/webhook.ts';
import type { SystemActor } from '../../src/identity/index.ts';
import { type OutboxEvent, publish } from '../../src/platform/outbox.ts';
import { KeyRing } from '../../storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let db: TestDatabase;
let server: Server;
let address: string;
let received: Received[] = [];
let answer: (count: number) => number | 'hang' = () => 204;
let now = new Date('2026-11-24T02:00:00Z');
const clock = { now: () => now };
const keys = new KeyRing({ id: 'test', key: createSecretKey(randomBytes(32)) });
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};

const system = (clientId: string, agencyId: string): SystemActor => ({
  kind: 'system',
  clientId,
  agencyId,
  scopes: ['events:subscribe'],
});
const ours = { actor: system('tthc-h24', 'H24.991'), requestId: 'r-1' };
const stranger = { actor: system('tthc-h17', 'H17.991'), requestId: 'r-2' };

const parts = () => ({
  database: db.database,
  clock,
  keys,
  outbound: { allowed: parseAllowedHosts('127.0.0.1:*') ?? [], requireTls: false },
  random: () => 0.5,
});
const service = () => new WebhookService(parts());
const drain = () => new OutboxDrain({ database: db.database, clock, readers: [webhookReader] });
const dispatch = () => new WebhookDispatch(parts());
const happens = (event: Partial<OutboxEvent> = {}): Promise<string> =>
  db.database.transactSql((sql) =>
    publish(sql, {
      type: 'document.revoked.v1',
      at: now,
      subject: 'd-1',
      agency: 'H24.991',
      data: { status: 'revoked' },
      ...event,
    }),
  );
const register = (asking = ours) =>
  service().register({ ...asking, url: address, types: ['document.revoked.v1'], description: 'test' });
const endAll = async (): Promise<void> => {
  for (const { id } of await service().list(ours))
    await service().change({ ...ours, endpointId: id, state: 'ended' });
};

beforeAll(async () => {
  db = await createTestDatabase();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const status = answer(received.length);
      if (status !== 'hang') response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db[Symbol.asyncDispose]();
});

beforeEach(async () => {
  received = [];
  answer = () => 204;
  await endAll();
});

const verify = ({ headers, body }: Received, secret: string): unknown =>
  new Webhook(secret).verify(body, {
    'webhook-id': String(headers['webhook-id']),
    // The library compares with the real clock; the signature covers the instant, so it is made anew over the real one.
    'webhook-timestamp': String(headers['webhook-timestamp']),
    'webhook-signature': String(headers['webhook-signature']),
  });

test('an event reaches those who subscribed, once, signed; the outbox is empty afterwards', async () => {
  now = new Date();
  const { secrets, endpoint } = await register();
  await register(stranger);
  const id = await happens();
  await happens({ type: 'consent.given.v1' });
  await happens({ agency: null });
  expect(await drain().drain()).toBe(3);
  expect(await drain().drain()).toBe(0);
  expect(await dispatch().dispatch()).toBe(1);
  expect(received).toHaveLength(1);
  const [only] = received as [Received];
  expect(only.headers['webhook-id']).toBe(`msg_${id.replaceAll('-', '')}`);
  expect(verify(only, secrets.hmac)).toEqual({
    type: 'document.revoked.v1',
    timestamp: expect.any(String),
    data: { subject: 'd-1', agency: 'H24.991', status: 'revoked' },
  });
  const [message] = await service().messages({ ...ours, endpointId: endpoint.id, state: null, before: null });
  expect(message).toMatchObject({ state: 'delivered', attempts: 1 });
});

test('two instances that drain and send at once deliver each event once', async () => {
  await register();
  const ids = await Promise.all(Array.from({ length: 40 }, () => happens()));
  await Promise.all([drain().drain(), drain().drain()]);
  await Promise.all([dispatch().dispatch(), dispatch().dispatch()]);
  const seen = received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(seen)).toEqual(new Set(ids.map((id) => `msg_${id.replaceAll('-', '')}`)));
  expect(seen).toHaveLength(40);
});

test('a receiver that fails is asked again under the same id, later and later, then the message is dead', async () => {
  answer = () => 500;
  const { endpoint } = await register();
  await happens();
  await drain().drain();
  const waits: number[] = [];
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    expect(await dispatch().dispatch()).toBe(1);
    const [message] = await service().messages({
      ...ours,
      endpointId: endpoint.id,
      state: null,
      before: null,
    });
    waits.push(((message?.nextAt.getTime() ?? 0) - now.getTime()) / 1000);
    expect(await dispatch().dispatch()).toBe(0);
    later(waits.at(-1) ?? 0);
  }
  expect(waits.slice(0, 4)).toEqual([10, 30, 90, 270]);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const dead = await service().messages({ ...ours, endpointId: endpoint.id, state: 'dead', before: null });
  expect(dead).toHaveLength(1);
  const [{ id: messageId } = { id: '' }] = dead;
  const { attempts } = await service().message({ ...ours, endpointId: endpoint.id, messageId });
  expect(attempts).toHaveLength(MAX_ATTEMPTS);
  expect(attempts[0]).toMatchObject({ status: 500, fault: 'status' });
  expect((await service().list(ours))[0]?.failingSince).not.toBeNull();

  answer = () => 200;
  await service().resend({ ...ours, endpointId: endpoint.id, messageId });
  expect(await dispatch().dispatch()).toBe(1);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect((await service().list(ours))[0]?.failingSince).toBeNull();
});

test('a sender that is killed in the middle loses nothing: the same id comes again', async () => {
  now = new Date();
  answer = (count) => (count === 1 ? 'hang' : 204);
  await register();
  const id = await happens();
  await drain().drain();
  const task = 'test/support/tasks/dispatch-until-killed.ts';
  const child = spawn(process.execPath, [task, db.url, address], { stdio: ['ignore', 'ignore', 'inherit'] });
  while (received.length === 0 && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await dispatch().dispatch()).toBe(0);
  // The child's lease is counted from its own clock, which began after this test's.
  later(600);
  expect(await dispatch().dispatch()).toBe(1);
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(
    Array.from({ length: 2 }, () => `msg_${id.replaceAll('-', '')}`),
  );
});

test('while secrets are rotated both sign; after the overlap only the new one', async () => {
  now = new Date();
  const { endpoint, secrets } = await register();
  const fresh = await service().rotate({ ...ours, endpointId: endpoint.id, overlapHours: 1 });
  await happens();
  await drain().drain();
  await dispatch().dispatch();
  const [during] = received as [Received];
  expect(verify(during, secrets.hmac)).toBeTruthy();
  expect(verify(during, fresh.hmac)).toBeTruthy();
  expect(await service().publicKeys({ ...ours, endpointId: endpoint.id })).toEqual([
    { key: fresh.ed25519, until: null },
    { key: secrets.ed25519, until: expect.any(Date) },
  ]);
  later(3_601);
  await happens();
  await drain().drain();
  await dispatch().dispatch();
  expect(String(received[1]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
  const [row] = await db.database.read<{ shown: string }>(
    `SELECT string_agg(encode(wrapped, 'base64'), ' ') AS shown FROM webhook_secret`,
  );
  expect(row?.shown).not.toContain(secrets.hmac.replace('whsec_', ''));
});

test('“gone” pauses the endpoint; a paused one keeps its messages until it is active again', async () => {
  answer = () => 410;
  const { endpoint } = await register();
  await happens();
  await drain().drain();
  await dispatch().dispatch();
  expect((await service().list(ours))[0]?.state).toBe('paused');
  await happens();
  await drain().drain();
  expect(await dispatch().dispatch()).toBe(0);
  answer = () => 200;
  await service().change({ ...ours, endpointId: endpoint.id, state: 'active' });
  expect(await dispatch().dispatch()).toBe(1);
});

test('a host that is not on the list is refused at registration, and nothing is sent when it leaves the list', async () => {
  await expect(
    service().register({
      ...ours,
      url: 'http://169.254.169.254/latest/meta-data',
      types: ['document.revoked.v1'],
      description: '',
    }),
  ).rejects.toMatchObject({ kind: 'invalid', code: 'host-not-allowed' });
  const { endpoint } = await register();
  await happens();
  await drain().drain();
  await new WebhookDispatch({ ...parts(), outbound: { allowed: [], requireTls: false } }).dispatch();
  expect(received).toHaveLength(0);
  const [message] = await service().messages({ ...ours, endpointId: endpoint.id, state: null, before: null });
  const { attempts } = await service().message({
    ...ours,
    endpointId: endpoint.id,
    messageId: message?.id ?? '',
  });
  expect(attempts[0]).toMatchObject({ status: null, fault: 'host-not-allowed' });
});

test('another system learns nothing of an endpoint, and each try is an event', async () => {
  const { endpoint } = await register();
  const guess = '01900000-0000-7000-8000-000000000000';
  const denied = async (): Promise<number | undefined> =>
    (
      await db.database.read<{ n: number }>(
        `SELECT count(*)::int AS n FROM ledger_event WHERE type = 'access.denied'`,
      )
    )[0]?.n;
  const before = (await denied()) ?? 0;
  const words = await Promise.all(
    [endpoint.id, guess].map((endpointId) =>
      service()
        .rotate({ ...stranger, endpointId, overlapHours: 0 })
        .catch((error: Error) => error.message),
    ),
  );
  expect(words[0]).toBe(words[1]);
  expect(await denied()).toBe(before + 2);
});
