/** Webhooks on the wire: signatures that others verify, delays, and the addresses that are never called. */
import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { parseAllowedHosts } from '../../src/config/index.ts';
import { type OutboundPolicy, sendOut } from '../../src/delivery/outbound.ts';
import { newSecret, retryDelay, signedHeaders, webhookBody, webhookId } from '../../src/delivery/webhook.ts';

const body = webhookBody({
  type: 'document.revoked.v1',
  subject: 'd-1',
  agencyId: 'H24.991',
  data: { status: 'revoked' },
  occurredAt: new Date('2026-11-24T01:00:00Z'),
});
const message = { id: webhookId('01900000-0000-7000-8000-000000000001'), body };

test('the published library of Standard Webhooks accepts the HMAC, also among several signatures', () => {
  const [former, current] = [newSecret('hmac'), newSecret('hmac')];
  const headers = signedHeaders([current, newSecret('ed25519'), former], message, new Date());
  for (const { shown } of [former, current])
    expect(new Webhook(shown).verify(body, headers)).toMatchObject({ type: 'document.revoked.v1' });
  expect(() => new Webhook(newSecret('hmac').shown).verify(body, headers)).toThrow();
  expect(() => new Webhook(current.shown).verify(body.replace('H24', 'H17'), headers)).toThrow();
});

test('v1a verifies with the public key alone', () => {
  const secret = newSecret('ed25519');
  const headers = signedHeaders([secret], message, new Date(1_800_000_000_000));
  const [version, signature = ''] = (headers['webhook-signature'] ?? '').split(',');
  const x = Buffer.from(secret.shown.replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const content = Buffer.from(`${message.id}.1800000000.${body}`);
  expect(version).toBe('v1a');
  expect(verify(null, content, key, Buffer.from(signature, 'base64'))).toBe(true);
});

test('delays grow, stay spread and never exceed what an operator can wait for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const delay = retryDelay(attempt, random);
        expect(delay).toBeGreaterThan(0);
        expect(delay).toBeLessThanOrEqual(43_200 * 1.25);
        expect(retryDelay(attempt + 1, random)).toBeGreaterThanOrEqual(delay);
      },
    ),
  );
});

describe('the list of hosts', () => {
  test.each(['https://x.vn', 'x.vn:0', 'x.vn:99999', 'x.vn@10.0.0.0/33', 'x vn', 'x.vn@everything'])(
    '%s is no entry',
    (text) => expect(parseAllowedHosts(text)).toBeUndefined(),
  );
  test('names, ports and networks', () => {
    expect(parseAllowedHosts('A.example.vn, b.example.vn:8443@10.0.0.0/8,[::1]:*')).toEqual([
      { host: 'a.example.vn', port: null, network: null },
      { host: 'b.example.vn', port: 8443, network: { address: '10.0.0.0', prefix: 8, family: 'ipv4' } },
      { host: '::1', port: 'any', network: null },
    ]);
  });
});

describe('what is sent nowhere', () => {
  const policy = (hosts: string, addresses: string[] = []): OutboundPolicy => ({
    allowed: parseAllowedHosts(hosts) ?? [],
    requireTls: false,
    resolve: (_host, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
  });
  const faultOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'sent',
      (error: { fault?: string }) => error.fault,
    );
  const post = { method: 'POST', body: '{}' } as const;

  test.each([
    ['ftp://x.vn/', 'not-a-web-address'],
    ['http://user:word@x.vn/', 'not-a-web-address'],
    ['http://y.vn/', 'host-not-allowed'],
    ['http://x.vn.evil.example/', 'host-not-allowed'],
    ['http://x.vn:8080/', 'host-not-allowed'],
  ])('%s: %s', async (address, fault) => {
    expect(await faultOf(sendOut(policy('x.vn', ['93.184.216.34']), address, post))).toBe(fault);
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '172.20.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
  ])('a name of the list that resolves to %s', async (address) => {
    expect(await faultOf(sendOut(policy('x.vn', [address]), 'http://x.vn/', post))).toBe(
      'address-not-allowed',
    );
    const mixed = policy('x.vn', ['93.184.216.34', address]);
    expect(await faultOf(sendOut(mixed, 'http://x.vn/', post))).toBe('address-not-allowed');
  });

  test('a name inside its network is called at the checked address, and a redirect is not followed', async () => {
    let calls = 0;
    const server = createServer((_request, response) => {
      calls += 1;
      response.writeHead(307, { Location: 'http://169.254.169.254/latest' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      let asked = 0;
      const rebinding: OutboundPolicy = {
        ...policy('inside.example.vn:*@127.0.0.0/8'),
        resolve: (_host, done) => {
          asked += 1;
          done(null, [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
        },
      };
      const answer = await sendOut(rebinding, `http://inside.example.vn:${port}/`, post);
      expect({ status: answer.status, calls, asked }).toEqual({ status: 307, calls: 1, asked: 1 });
      expect(await faultOf(sendOut(rebinding, `http://inside.example.vn:${port}/`, post))).toBe(
        'address-not-allowed',
      );
    } finally {
      server.close();
    }
  });

  test('plain http, where the operator demands https', async () => {
    const strict = { ...policy('x.vn'), requireTls: true };
    expect(await faultOf(sendOut(strict, 'http://x.vn/', post))).toBe('plain-http');
  });
});
