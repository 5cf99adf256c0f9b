// CMS of every algorithm: read back by our reader, by OpenSSL in CAdES mode, and shaped as PAdES asks.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  checkSignature,
  essMatches,
  oids,
  readSignedData,
  readSigningCertificate,
  signatureScheme,
  singleValue,
} from '../../../src/asn1/index.ts';
import { generateKey, type KeyKind } from '../../../src/signing/development/development-pki.ts';
import { createKeySigner, type Signer, SigningError, signCms, toPem } from '../../../src/signing/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { itWith, run } from '../../support/command.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'cms-'));
const content = Buffer.from('Nội dung được ký');
let pki: TestPki;

beforeAll(async () => {
  pki = await createTestPki(fixedClock(new Date().toISOString()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases: [KeyKind, boolean][] = [
  ['rsa-2048', false],
  ['rsa-2048', true],
  ['rsa-3072', false],
  ['p-256', false],
  ['p-384', false],
];

async function signed(signer: Signer): Promise<Buffer> {
  return signCms(
    signer,
    createHash(signer.scheme.digest ?? 'sha256')
      .update(content)
      .digest(),
  );
}

describe.each(cases)('%s, pss %s', (key, pss) => {
  let signer: Signer;
  let cms: Buffer;
  beforeAll(async () => {
    signer = await pki.signer({ key, pss });
    cms = await signed(signer);
  });

  it('is one SignerInfo with sorted attributes, a digest and a signature that hold', () => {
    const data = readSignedData(cms);
    expect(data).toMatchObject({ ber: false, contentType: oids.data, content: undefined });
    expect(data.certificates).toHaveLength(3);
    const [info, second] = data.signerInfos;
    expect(second).toBeUndefined();
    expect(info!.signedAttributesSorted).toBe(true);
    expect(singleValue(info!.signedAttributes, oids.signingTime)).toBeUndefined();
    expect(essMatches(readSigningCertificate(info!.signedAttributes)!, signer.certificate)).toBe(true);
    const scheme = signatureScheme(info!.signatureAlgorithm);
    expect(
      checkSignature({
        key: signer.certificate.publicKey,
        scheme,
        data: info!.signedAttributesDer!,
        signature: info!.signature,
      }),
    ).toBe('valid');
  });

  itWith('openssl')('is accepted by OpenSSL in CAdES mode', () => {
    const at = (name: string, bytes: Uint8Array | string) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    };
    const result = run('openssl', [
      ...['cms', '-verify', '-cades', '-inform', 'DER', '-binary', '-purpose', 'any', '-out', '/dev/null'],
      ...['-in', at('x.cms', cms), '-content', at('x.data', content)],
      ...['-CAfile', at('root.pem', toPem(pki.root.certificate))],
    ]);
    expect(result.output).toContain('successful');
  });
});

describe('a signer', () => {
  it('shows its name and never its key', async () => {
    const { key, certificate } = await pki.issue({ name: 'Cán bộ thử' });
    const signer = createKeySigner({ key, certificate });
    const secret = key.export({ format: 'jwk' }).d as string;
    for (const shown of [
      inspect(signer, { depth: 9, showHidden: true }),
      JSON.stringify(signer),
      String(signer),
    ]) {
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain('PRIVATE');
    }
    expect(JSON.stringify(signer)).toContain('Cán bộ thử');
  });

  it('refuses the certificate of another key', async () => {
    const { certificate } = await pki.issue({});
    const key = await generateKey('p-256');
    expect(() => createKeySigner({ key, certificate })).toThrow(SigningError);
  });
});
