// The agent on the official's PC: two-step signing through it, and whom and what it refuses.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  completeSignature,
  createSigningAgent,
  prepareSignature,
  type Signer,
  SigningError,
} from '../../../src/signing/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { findSignatures, makePdf } from '../../support/pdf.ts';
import { createTestPki } from '../../support/pki.ts';

const time = new Date('2026-11-24T07:05:09Z');
const pairingCode = 'abcd-efgh-ijkl-mnop';
const origin = 'https://kho.example.vn';
let signer: Signer;
let agent: Server;
let unplugged = false;

beforeAll(async () => {
  const pki = await createTestPki(fixedClock('2026-11-24T07:05:09Z'));
  const inner = await pki.signer();
  signer = {
    certificate: inner.certificate,
    chain: inner.chain,
    scheme: inner.scheme,
    maximumSignatureLength: inner.maximumSignatureLength,
    sign: async (data) => {
      if (unplugged) throw new SigningError('token-absent', 'The token was unplugged.');
      return inner.sign(data);
    },
  };
  agent = createSigningAgent({ signer, allowedOrigins: [origin], pairingCode });
  agent.listen(0, '127.0.0.1');
  await once(agent, 'listening');
});
afterAll(() => {
  agent.closeAllConnections();
  agent.close();
});

async function call(path: string, options: { body?: object; headers?: Record<string, string> } = {}) {
  const { port } = agent.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: options.body === undefined ? 'GET' : 'POST',
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    headers: { origin, authorization: `Bearer ${pairingCode}`, ...options.headers },
  });
  return {
    status: response.status,
    body: (await response.json()) as { signatures: string[]; certificate: string; kind: string },
  };
}

describe('the signing agent', () => {
  it('signs a batch that the vault prepared, in order', async () => {
    const papers = await Promise.all([makePdf(), makePdf({ pages: 2 }), makePdf({ streams: true })]);
    const prepared = await Promise.all(papers.map((paper) => prepareSignature(paper, signer, { time })));
    const { status, body } = await call('/signatures', {
      body: { toSign: prepared.map(({ toSign }) => toSign) },
    });
    expect(status).toBe(200);
    for (const [index, paper] of papers.entries()) {
      const signature = Buffer.from(body.signatures[index] ?? '', 'base64');
      expect(findSignatures(completeSignature(paper, prepared[index]!, signature))[0]).toMatchObject({
        intact: true,
      });
    }
  });

  it('shows its certificate to its page', async () => {
    const { body } = await call('/certificate');
    expect(body.certificate).toBe(Buffer.from(signer.certificate.der).toString('base64'));
  });

  it('refuses other pages, other codes and anything that is not its own signature', async () => {
    expect((await call('/certificate', { headers: { origin: 'https://elsewhere.example' } })).status).toBe(
      403,
    );
    expect((await call('/certificate', { headers: { authorization: 'Bearer guess' } })).status).toBe(401);
    const arbitrary = Buffer.from('a contract').toString('base64');
    expect((await call('/signatures', { body: { toSign: [arbitrary] } })).status).toBe(422);
    expect((await call('/signatures', { body: { other: 1 } })).status).toBe(422);
    expect((await call('/other')).status).toBe(404);
  });

  it('says that the token is away, and works again when it is back', async () => {
    const { toSign } = await prepareSignature(await makePdf(), signer, { time });
    unplugged = true;
    expect(await call('/signatures', { body: { toSign: [toSign] } })).toMatchObject({
      status: 409,
      body: { kind: 'token-absent' },
    });
    unplugged = false;
    expect((await call('/signatures', { body: { toSign: [toSign] } })).status).toBe(200);
  });
});
