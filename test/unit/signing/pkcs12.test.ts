// PKCS#12 files made by node-forge and by OpenSSL, current and legacy encryption.
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import forge from 'node-forge';
import type { KeyKind } from '../../../src/signing/development/development-pki.ts';
import { openPkcs12, toPem } from '../../../src/signing/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { itWith, run } from '../../support/command.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'p12-'));
let pki: TestPki;
beforeAll(async () => {
  pki = await createTestPki(fixedClock('2026-11-23'), { key: 'rsa-2048' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withOpenssl(kind: KeyKind, extra: readonly string[]): Promise<Buffer> {
  const { key, certificate } = await pki.issue({ key: kind });
  const path = (name: string) => join(folder, name);
  writeFileSync(path('key.pem'), key.export({ format: 'pem', type: 'pkcs8' }));
  writeFileSync(path('cert.pem'), toPem(certificate));
  writeFileSync(path('chain.pem'), toPem(pki.intermediate.certificate) + toPem(pki.root.certificate));
  const result = run('openssl', [
    ...[
      'pkcs12',
      '-export',
      '-inkey',
      path('key.pem'),
      '-in',
      path('cert.pem'),
      '-certfile',
      path('chain.pem'),
    ],
    ...['-out', path('out.p12'), '-passout', 'pass:mật khẩu', ...extra],
  ]);
  expect(result.status).toBe(0);
  return readFileSync(path('out.p12'));
}

describe('PKCS#12', () => {
  itWith('openssl')('opens an RSA file of OpenSSL 3 (AES, PBKDF2) with its chain in order', async () => {
    const signer = openPkcs12(await withOpenssl('rsa-2048', []), 'mật khẩu');
    expect(signer.chain.map((issuer) => issuer.subject.commonName)).toEqual(['Trung gian thử', 'Gốc thử']);
    expect(await signer.sign(Buffer.from('x'))).toHaveLength(256);
  });

  itWith('openssl')('opens an EC file', async () => {
    const signer = openPkcs12(await withOpenssl('p-256', []), 'mật khẩu');
    expect(signer.scheme).toEqual({ kind: 'ecdsa', digest: 'sha256' });
  });

  itWith('openssl')('opens a legacy file (RC2-40 and 3DES)', async () => {
    const legacy = ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];
    expect(openPkcs12(await withOpenssl('rsa-2048', legacy), 'mật khẩu').certificate.subject.commonName).toBe(
      'Người ký thử',
    );
  });

  it('opens a file of node-forge, and says when the password is wrong', async () => {
    const { key, certificate } = await pki.issue({ key: 'rsa-2048' });
    const asn1 = forge.pkcs12.toPkcs12Asn1(
      forge.pki.privateKeyFromPem(key.export({ format: 'pem', type: 'pkcs1' }) as string),
      [forge.pki.certificateFromPem(toPem(certificate))],
      'bí mật',
      { algorithm: '3des' },
    );
    const file = Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
    const signer = openPkcs12(file, 'bí mật');
    expect(createPublicKey(key).equals(signer.certificate.publicKey!)).toBe(true);
    expect(() => openPkcs12(file, 'khác')).toThrow(expect.objectContaining({ kind: 'wrong-password' }));
    expect(() => openPkcs12(Buffer.from('không phải'), 'x')).toThrow(
      expect.objectContaining({ kind: 'unreadable-key' }),
    );
  });
});
