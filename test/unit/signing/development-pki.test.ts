// The development hierarchy: made once, reloaded, named for what it is, its files closed to others.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkSignature, signatureScheme } from '../../../src/asn1/index.ts';
import { openDevelopmentPki, testMark } from '../../../src/signing/index.ts';

const base = mkdtempSync(join(tmpdir(), 'dev-pki-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const options = { now: () => new Date('2026-11-23T00:00:00Z') };

describe('the development hierarchy', () => {
  it('is the same after a restart, marked in every certificate, with closed key files', async () => {
    const folder = join(base, 'a', 'pki');
    const made = await openDevelopmentPki(folder, { ...options, keys: { agencySeal: 'rsa-2048' } });
    const again = await openDevelopmentPki(folder, options);
    expect(again.root.fingerprint).toBe(made.root.fingerprint);
    expect(readdirSync(join(base, 'a'))).toEqual(['pki']);
    for (const signer of Object.values(again.signers)) {
      expect(signer.certificate.subject.text).toContain(testMark);
      const { signatureAlgorithm, tbs, signature } = signer.certificate;
      const scheme = signatureScheme(signatureAlgorithm);
      expect(checkSignature({ key: again.root.publicKey, scheme, data: tbs, signature })).toBe('valid');
    }
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.key'))) {
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
  });

  it('is made once when two starts race', async () => {
    const folder = join(base, 'b');
    const small = { ...options, keys: { agencySeal: 'p-256' } as const };
    const [left, right] = await Promise.all([
      openDevelopmentPki(folder, small),
      openDevelopmentPki(folder, small),
    ]);
    expect(left.root.fingerprint).toBe(right.root.fingerprint);
  });
});
