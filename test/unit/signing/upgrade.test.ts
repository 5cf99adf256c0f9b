// Levels: B-B → B-T → B-LT → B-LTA and renewal, each behind the last; authorities that fail or lie.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { der, oids } from '../../../src/asn1/index.ts';
import { openPdf } from '../../../src/pdf/index.ts';
import {
  archiveExpiry,
  createRevocationClient,
  createTimestampAuthority,
  createTimestampClient,
  type Signer,
  sealPdf,
  type TimestampClient,
  toPem,
  type UpgradeSettings,
  upgradePdf,
} from '../../../src/signing/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { itWith, run } from '../../support/command.ts';
import { findSignatures, makePdf } from '../../support/pdf.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
const clock = fixedClock('2026-11-24T07:00:00Z');
let pki: TestPki;
let signer: Signer;
let settings: UpgradeSettings & { timestamps: TimestampClient };

const tsa = { name: 'Thử', url: 'http://pki.test.invalid/tsa' };
const connect = () => ({
  timestamps: createTimestampClient({ authorities: [tsa], allowedHosts: pki.hosts, fetch: pki.fetch }),
  revocation: createRevocationClient({ allowedHosts: pki.hosts, fetch: pki.fetch, now: () => clock.now() }),
  issuers: [pki.intermediate.certificate, pki.root.certificate],
});

beforeAll(async () => {
  pki = await createTestPki(clock);
});
beforeEach(async () => {
  clock.set('2026-11-24T07:00:00Z');
  signer = await pki.signer();
  settings = connect();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function sealed(timestamps?: TimestampClient) {
  return sealPdf(await makePdf(), { signer, time: clock.now(), timestamps });
}

function storeOf(bytes: Uint8Array) {
  const { last } = openPdf(bytes);
  const store = last.dict(last.catalog, 'DSS');
  const count = (key: string) => (store === undefined ? 0 : (last.array(store, key)?.length ?? 0));
  return { certs: count('Certs'), ocsps: count('OCSPs'), crls: count('CRLs') };
}

describe('sealing with a timestamp', () => {
  it('is B-T with the token in the signature', async () => {
    const result = await sealed(settings.timestamps);
    expect(result).toMatchObject({
      level: 'B-T',
      upgrade: 'none',
      timestamp: { ok: true, authority: 'Thử' },
    });
    expect(findSignatures(result.bytes)[0]).toMatchObject({
      intact: true,
      unsigned: [oids.signatureTimestamp],
    });
  });

  it('asks the next authority when one is down', async () => {
    const down = { name: 'Hỏng', url: 'http://pki.test.invalid/down' };
    const outcome = await createTimestampClient({
      authorities: [down, tsa],
      allowedHosts: pki.hosts,
      fetch: pki.fetch,
    }).stamp(Buffer.from('x'));
    expect(outcome).toMatchObject({ ok: true, authority: 'Thử', failures: [{ authority: 'Hỏng' }] });
  });

  it('is B-B with a queued upgrade when all are down', async () => {
    const fetch = () => Promise.reject(new Error('unreachable'));
    const timestamps = createTimestampClient({ authorities: [tsa], allowedHosts: pki.hosts, fetch });
    const result = await sealed(timestamps);
    expect(result).toMatchObject({ level: 'B-B', upgrade: 'queued', timestamp: { ok: false } });
    expect(findSignatures(result.bytes)[0]).toMatchObject({ intact: true, unsigned: [] });
    const upgraded = await upgradePdf(result.bytes, 'B-T', settings);
    expect(upgraded.added).toEqual(['timestamp']);
  });

  it('never asks a host that is not on the list', async () => {
    const asked = pki.asked.length;
    const timestamps = createTimestampClient({ authorities: [tsa], allowedHosts: [], fetch: pki.fetch });
    const outcome = await timestamps.stamp(Buffer.from('x'));
    expect(outcome).toMatchObject({ ok: false });
    expect(pki.asked).toHaveLength(asked);
  });
});

describe('an authority that lies', () => {
  const answering = (reply: () => Promise<Uint8Array>) =>
    createTimestampClient({
      authorities: [tsa],
      allowedHosts: pki.hosts,
      fetch: async () => new Response(Uint8Array.from(await reply())),
    }).stamp(Buffer.from('data'));

  it('is not believed with another nonce, an old token or noise', async () => {
    let kept: Uint8Array | undefined;
    await createTimestampClient({
      authorities: [tsa],
      allowedHosts: pki.hosts,
      fetch: async (...args) => {
        const response = await pki.fetch(...args);
        kept = new Uint8Array(await response.clone().arrayBuffer());
        return response;
      },
    }).stamp(Buffer.from('data'));
    const replayed = await answering(async () => kept!);
    expect(replayed).toMatchObject({ ok: false, failures: [{ reason: expect.stringContaining('nonce') }] });
    expect(await answering(async () => Buffer.from('noise'))).toMatchObject({ ok: false });
    const refusal = der.sequence(der.sequence(der.integer(2)));
    expect(await answering(async () => refusal)).toMatchObject({
      ok: false,
      failures: [{ reason: expect.stringContaining('status 2') }],
    });
  });

  it('is not believed with a certificate for something else', async () => {
    const authority = createTimestampAuthority(await pki.signer(), () => clock.now());
    const outcome = await createTimestampClient({
      authorities: [tsa],
      allowedHosts: pki.hosts,
      fetch: async (_, init) => {
        const body = new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
        return new Response(Uint8Array.from(await authority(body)));
      },
    }).stamp(Buffer.from('data'));
    expect(outcome).toMatchObject({
      ok: false,
      failures: [{ reason: expect.stringContaining('time-stamping') }],
    });
  });

  it('is not believed with a changed signature', async () => {
    const outcome = await createTimestampClient({
      authorities: [tsa],
      allowedHosts: pki.hosts,
      fetch: async (...args) => {
        const reply = new Uint8Array(await (await pki.fetch(...args)).arrayBuffer());
        reply[reply.length - 1]! ^= 1;
        return new Response(reply);
      },
    }).stamp(Buffer.from('data'));
    expect(outcome).toMatchObject({ ok: false });
  });
});

describe('upgrading', () => {
  it('goes from B-B to B-LTA and renews, every earlier byte kept', async () => {
    const start = (await sealed()).bytes;
    const lta = await upgradePdf(start, 'B-LTA', settings);
    expect(lta.added).toEqual(['timestamp', 'validation-data', 'archive-timestamp']);
    expect(Buffer.from(lta.bytes).subarray(0, start.length).equals(start)).toBe(true);
    const found = findSignatures(lta.bytes);
    expect(found.map(({ type, intact }) => [type, intact])).toEqual([
      ['ETSI.CAdES.detached', true],
      ['ETSI.RFC3161', true],
      ['ETSI.RFC3161', true],
    ]);
    // Signer, authority, responder, intermediate, root; OCSP for the leaves, a list for the intermediate.
    expect(storeOf(lta.bytes)).toEqual({ certs: 5, ocsps: 2, crls: 1 });

    expect(archiveExpiry(lta.bytes)?.toISOString()).toBe(
      pki.timestampSigner.certificate.notAfter.toISOString(),
    );
    clock.advance(86_400_000 * 300);
    const renewed = await upgradePdf(lta.bytes, 'B-LTA', connect());
    expect(renewed.added).toContain('archive-timestamp');
    expect(Buffer.from(renewed.bytes).subarray(0, lta.bytes.length).equals(lta.bytes)).toBe(true);
    expect(findSignatures(renewed.bytes).every(({ intact }) => intact)).toBe(true);
  });

  it('adds nothing to what is there already', async () => {
    const lt = await upgradePdf((await sealed(settings.timestamps)).bytes, 'B-LT', settings);
    expect(lt.added).toEqual(['validation-data']);
    const again = await upgradePdf(lt.bytes, 'B-LT', settings);
    expect(again.added).toEqual([]);
    expect(again.bytes).toBe(lt.bytes);
  });

  it('works where the file has a cross-reference stream', async () => {
    const start = await sealPdf(await makePdf({ streams: true }), { signer, time: clock.now() });
    const { bytes } = await upgradePdf(start.bytes, 'B-LTA', settings);
    expect(findSignatures(bytes).map(({ intact }) => intact)).toEqual([true, true, true]);
  });

  it('refuses a certificate revoked before the proof, and accepts one revoked after it', async () => {
    const proven = await sealed(settings.timestamps);
    pki.intermediate.revoke({
      certificate: signer.certificate,
      at: new Date('2026-11-25T00:00:00Z'),
      reason: 1,
    });
    clock.set('2026-11-26T00:00:00Z');
    await expect(upgradePdf(proven.bytes, 'B-LT', connect())).resolves.toMatchObject({ level: 'B-LT' });
    const late = await sealed();
    await expect(upgradePdf(late.bytes, 'B-LT', connect())).rejects.toMatchObject({
      kind: 'certificate-revoked',
    });
  });

  it('says what is missing', async () => {
    const start = (await sealed()).bytes;
    await expect(upgradePdf(await makePdf(), 'B-T', settings)).rejects.toMatchObject({
      kind: 'pdf-not-signable',
    });
    const mute = {
      ...settings,
      timestamps: createTimestampClient({ authorities: [], allowedHosts: [], fetch: pki.fetch }),
    };
    await expect(upgradePdf(start, 'B-T', mute)).rejects.toMatchObject({ kind: 'timestamp-failed' });
    const closed = createRevocationClient({ allowedHosts: [], fetch: pki.fetch, now: () => clock.now() });
    await expect(upgradePdf(start, 'B-LT', { ...settings, revocation: closed })).rejects.toThrow(
      /not on the list of allowed hosts/,
    );
  });

  itWith('pdfsig')('is accepted by pdfsig at B-LTA', async () => {
    const path = join(folder, 'lta.pdf');
    writeFileSync(path, (await upgradePdf((await sealed()).bytes, 'B-LTA', settings)).bytes);
    expect(run('pdfsig', ['-nocert', path]).output).toContain('Signature is Valid');
    expect(run('qpdf', ['--check', path]).status).toBe(0);
  });

  itWith('openssl')('carries a token that OpenSSL verifies', async () => {
    const outcome = await settings.timestamps.stamp(Buffer.from('data'));
    if (!outcome.ok) throw new Error('no token');
    const at = (name: string, bytes: Uint8Array | string) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    };
    const { output } = run('openssl', [
      ...['ts', '-verify', '-token_in', '-in', at('token.der', outcome.token), '-data', at('data', 'data')],
      ...[
        '-CAfile',
        at('root.pem', toPem(pki.root.certificate)),
        '-attime',
        String(clock.now().getTime() / 1000),
      ],
    ]);
    expect(output).toContain('Verification: OK');
  });
});
