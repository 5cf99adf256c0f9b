// Keys in a token: softhsm2 where it and the binding are present (MOTLAN_PKCS11JS may name the binding's path), and
// a token that misbehaves.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCrl } from '../../../src/asn1/index.ts';
import {
  loadPkcs11Module,
  openPkcs11Signer,
  type Pkcs11Module,
  SigningError,
} from '../../../src/signing/index.ts';
import { createTrustSet, verify } from '../../../src/verification/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { hasCommand } from '../../support/command.ts';
import { makePdf } from '../../support/pdf.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'token-'));
const time = new Date('2026-11-24T07:05:09Z');
const library = '/usr/lib/softhsm/libsofthsm2.so';
/** Where scripts/conformance/install.sh puts the binding. */
const cached = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'mot-lan/pkcs11/node_modules/pkcs11js',
);
const binding = process.env.MOTLAN_PKCS11JS ?? (existsSync(cached) ? cached : 'pkcs11js');
const present = existsSync(library) && hasCommand('softhsm2-util') && canResolve(binding);
const itWithToken = present
  ? it
  : (title: string, _test: () => Promise<void>) =>
      it.skip(`${title} (softhsm2 or pkcs11js is not installed)`, () => undefined);
let pki: TestPki;

function canResolve(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  pki = await createTestPki(fixedClock('2026-11-24T07:05:09Z'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a token of softhsm2', () => {
  itWithToken('seals with RSA, PSS and EC keys, and in two steps through the agent of the PC', async () => {
    mkdirSync(join(folder, 'tokens'));
    const configuration = join(folder, 'softhsm2.conf');
    writeFileSync(
      configuration,
      `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`,
    );
    const env = { ...process.env, SOFTHSM2_CONF: configuration };
    const util = (...args: string[]) => execFileSync('softhsm2-util', args, { stdio: 'ignore', env });
    for (const kind of ['rsa-2048', 'rsa-4096', 'p-256', 'p-384'] as const) {
      const { key, certificate } = await pki.issue({ key: kind });
      const path = join(folder, `${kind}.pem`);
      writeFileSync(path, key.export({ format: 'pem', type: 'pkcs8' }));
      util('--init-token', '--free', '--label', kind, '--so-pin', '12345678', '--pin', '8842');
      util('--import', path, '--token', kind, '--label', 'ky', '--id', 'a1', '--pin', '8842');
      writeFileSync(join(folder, `${kind}.der`), certificate.der);
    }
    writeFileSync(join(folder, 'chain.der'), pki.intermediate.certificate.der);
    writeFileSync(join(folder, 'paper.pdf'), await makePdf());
    const entry = createRequire(import.meta.url).resolve(binding);
    const args = ['test/support/token-session.ts', folder, entry, library, time.toISOString()];
    const session = JSON.parse(
      execFileSync(process.execPath, ['--no-warnings', ...args], { encoding: 'utf8', env }),
    ) as { files: string[]; refusals: object; crossed: string };
    expect(session.refusals).toEqual({ wrongPin: 'wrong-password', absent: 'token-absent' });
    // A signature of the batch belongs to its own document.
    expect(session.crossed).toBe('signature-wrong');
    expect(session.files).toHaveLength(11);
    const crls = [readCrl(pki.root.crl(time)), readCrl(pki.intermediate.crl(time))];
    const trust = [createTrustSet('test', { certificates: [pki.root.certificate], crls })];
    for (const name of session.files) {
      const { verdict } = verify(readFileSync(join(folder, `${name}.pdf`)), { trust, at: time });
      expect([name, verdict]).toEqual([name, 'valid']);
    }
  });
});

describe('a token that misbehaves', () => {
  // Behaves as its script says; everything else is a token with one key.
  function scripted(
    certificate: Uint8Array,
    script: { login?: number; sign: (() => Buffer)[] },
  ): Pkcs11Module {
    const fail = (code: number) => Object.assign(new Error('CKR'), { code });
    let wanted = 0;
    return {
      load: () => undefined,
      C_Initialize: () => undefined,
      C_Finalize: () => undefined,
      C_GetSlotList: () => [Buffer.from([1])],
      C_GetTokenInfo: () => ({ label: 'the   ' }),
      C_OpenSession: () => Buffer.from([2]),
      C_CloseSession: () => undefined,
      C_Login: () => {
        if (script.login !== undefined) throw fail(script.login);
      },
      C_FindObjectsInit: (_, template) => {
        wanted = template[0]?.value as number;
      },
      C_FindObjects: () => [Buffer.from([wanted])],
      C_FindObjectsFinal: () => undefined,
      C_GetAttributeValue: (_, __, [asked]) => [
        { type: asked!.type, value: asked!.type === 0x11 ? Buffer.from(certificate) : Buffer.from([1]) },
      ],
      C_SignInit: () => undefined,
      C_Sign: () => (script.sign.shift() ?? (() => Buffer.alloc(64, 1)))(),
    };
  }
  const throwing = (code: number) => () => {
    throw Object.assign(new Error('CKR'), { code });
  };

  it('is asked for its PIN again after it was unplugged, and signs on', async () => {
    const { certificate } = await pki.issue({});
    let asked = 0;
    const signer = await openPkcs11Signer({
      module: scripted(certificate.der, { sign: [throwing(0x32)] }),
      tokenLabel: 'the',
      pin: async () => {
        asked += 1;
        return '8842';
      },
    });
    await expect(signer.sign(Buffer.from('a'))).rejects.toMatchObject({ kind: 'token-absent' });
    await expect(signer.sign(Buffer.from('b'))).resolves.toBeDefined();
    expect(asked).toBe(2);
  });

  it.each([
    [0xa3, 'pin-required'],
    [0xa4, 'token-refused'],
    [0xa0, 'wrong-password'],
    [0x05, 'token-refused'],
  ])('says what CK_RV 0x%x at login means: %s', async (login, kind) => {
    const { certificate } = await pki.issue({});
    const module = scripted(certificate.der, { login, sign: [] });
    const error = await openPkcs11Signer({ module, tokenLabel: 'the', pin: async () => '8842' }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(SigningError);
    expect(error).toMatchObject({ kind });
    expect(String(error)).not.toContain('8842');
  });

  it('says that the binding is missing', async () => {
    await expect(loadPkcs11Module(library, 'no-such-binding')).rejects.toThrow(/npm install pkcs11js/);
  });
});
