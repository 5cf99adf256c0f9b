// A key at a remote service: signs PDFs with digests only, and every refusal has a name.
import { inspect } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readCrl } from '../../../src/asn1/index.ts';
import { openRemoteSigner, type RemoteSignerSettings, sealPdf } from '../../../src/signing/index.ts';
import { createTrustSet, verify } from '../../../src/verification/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { type CscSimulator, createCscSimulator, cscCredential } from '../../support/csc.ts';
import { findSignatures, makePdf } from '../../support/pdf.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const time = new Date('2026-11-24T07:05:09Z');
let pki: TestPki;
let service: CscSimulator;
let settings: RemoteSignerSettings;

beforeAll(async () => {
  pki = await createTestPki(fixedClock('2026-11-24T07:05:09Z'));
});
beforeEach(async () => {
  const issued = await pki.issue({ key: 'rsa-2048' });
  service = createCscSimulator({
    ...issued,
    chain: [pki.intermediate.certificate],
    token: 'tok',
    pin: '8842',
    multisign: 3,
  });
  settings = {
    baseUrl: service.baseUrl,
    allowedHosts: [service.host],
    fetch: service.fetch,
    accessToken: async () => 'tok',
    credentialId: cscCredential,
    authorisation: async () => ({ PIN: '8842' }),
  };
});

describe('a remote signer', () => {
  it('seals a PDF', async () => {
    const signer = await openRemoteSigner(settings);
    const sealed = await sealPdf(await makePdf(), { signer, time });
    expect(findSignatures(sealed.bytes)[0]).toMatchObject({ intact: true });
    expect(service.calls).toEqual(['credentials/info', 'credentials/authorize', 'signatures/signHash']);
  });

  it.each([
    ['rsa-4096', false],
    ['rsa-2048', true],
    ['rsa-3072', true],
    ['p-256', false],
    ['p-384', false],
  ] as const)('seals with %s (PSS: %s)', async (key, pss) => {
    const issued = await pki.issue({ key });
    const chain = [pki.intermediate.certificate];
    service = createCscSimulator({ ...issued, chain, token: 'tok', pin: '8842' });
    const signer = await openRemoteSigner({ ...settings, fetch: service.fetch, pss });
    const { bytes } = await sealPdf(await makePdf(), { signer, time });
    const crls = [readCrl(pki.root.crl(time)), readCrl(pki.intermediate.crl(time))];
    const trust = [createTrustSet('test', { certificates: [pki.root.certificate], crls })];
    expect(verify(bytes, { trust, at: time })).toMatchObject({ verdict: 'valid' });
  });

  it('signs a batch in groups as large as the service allows, in order', async () => {
    const signer = await openRemoteSigner(settings);
    const data = Array.from({ length: 7 }, (_, index) => Buffer.from(`paper ${index}`));
    expect(await signer.signMany(data)).toHaveLength(7);
    expect(service.calls.filter((path) => path === 'signatures/signHash')).toHaveLength(3);
  });

  it.each<[string, Partial<RemoteSignerSettings>, string]>([
    ['a wrong PIN', { authorisation: async () => ({ PIN: '0000' }) }, 'token-refused'],
    ['an expired token', { accessToken: async () => 'old' }, 'token-refused'],
    ['another credential', { credentialId: 'other' }, 'token-refused'],
    ['a host that is not allowed', { allowedHosts: [] }, 'signer-unavailable'],
    ['a service that is down', { fetch: () => Promise.reject(new Error('down')) }, 'signer-unavailable'],
  ])('names %s', async (_, change, kind) => {
    const sign = async () => (await openRemoteSigner({ ...settings, ...change })).sign(Buffer.from('x'));
    const error = await sign().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'SigningError', kind });
    for (const secret of ['0000', '8842', 'tok']) expect(inspect(error)).not.toContain(`"${secret}"`);
    expect((error as Error).message).not.toMatch(/0000|8842/);
  });

  it('does not accept a signature that is not of its certificate', async () => {
    const signer = await openRemoteSigner(settings);
    const wrong = Buffer.alloc(256, 1).toString('base64');
    service.broken.set('signatures/signHash', () => Response.json({ signatures: [wrong] }));
    await expect(signer.sign(Buffer.from('x'))).rejects.toMatchObject({ kind: 'signature-wrong' });
    service.broken.set('signatures/signHash', () => Response.json({ signatures: [] }));
    await expect(signer.sign(Buffer.from('x'))).rejects.toMatchObject({ kind: 'signer-unavailable' });
    service.broken.set('signatures/signHash', () => new Response('<html>', { status: 502 }));
    await expect(signer.sign(Buffer.from('x'))).rejects.toMatchObject({ kind: 'signer-unavailable' });
  });
});
