// Keys in a token: softhsm2 where it and the binding are present (MOTLAN_PKCS11JS may name the binding's path), and
// a token that misbehaves.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  loadPkcs11Module,
  openPkcs11Signer,
  type Pkcs11Module,
  SigningError,
  sealPdf,
} from '../../../src/signing/index.ts';
import { fixedClock } from '../../support/clock.ts';
import { hasCommand } from '../../support/command.ts';
import { findSignatures, makePdf } from '../../support/pdf.ts';
import { createTestPki, type TestPki } from '../../support/pki.ts';

const folder = mkdtempSync(join(tmpdir(), 'token-'));
const time = new Date('2026-11-24T07:05:09Z');
const library = '/usr/lib/softhsm/libsofthsm2.so';
const binding = process.env.MOTLAN_PKCS11JS ?? 'pkcs11js';
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
  let module: Pkcs11Module;
  beforeAll(async () => {
    if (!present) return;
    mkdirSync(join(folder, 'tokens'));
    writeFileSync(
      join(folder, 'softhsm2.conf'),
      `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`,
    );
    process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
    const util = (...args: string[]) => execFileSync('softhsm2-util', args, { stdio: 'ignore' });
    for (const kind of ['rsa-2048', 'p-256'] as const) {
      const { key, certificate } = await pki.issue({ key: kind });
      const path = join(folder, `${kind}.pem`);
      writeFileSync(path, key.export({ format: 'pem', type: 'pkcs8' }));
      util('--init-token', '--free', '--label', kind, '--so-pin', '12345678', '--pin', '8842');
      util('--import', path, '--token', kind, '--label', 'ky', '--id', 'a1', '--pin', '8842');
      writeFileSync(join(folder, `${kind}.der`), certificate.der);
    }
    module = await loadPkcs11Module(library, binding);
    for (const kind of ['rsa-2048', 'p-256'] as const) storeCertificate(module, kind);
  });
  afterAll(() => {
    if (present) module.C_Finalize();
  });

  itWithToken('seals with RSA and with an EC key', async () => {
    for (const tokenLabel of ['rsa-2048', 'p-256']) {
      const signer = await openPkcs11Signer({ module, tokenLabel, pin: async () => '8842' });
      const { bytes } = await sealPdf(await makePdf(), { signer, time });
      expect(findSignatures(bytes)[0]).toMatchObject({ intact: true });
      const many = await Promise.all([1, 2, 3, 4, 5].map((each) => signer.sign(Buffer.from([each]))));
      expect(many).toHaveLength(5);
      signer.close();
    }
  });

  itWithToken('names a wrong PIN and an absent token', async () => {
    const open = (tokenLabel: string, pin: string) =>
      openPkcs11Signer({ module, tokenLabel, pin: async () => pin });
    await expect(open('rsa-2048', '0000')).rejects.toMatchObject({ kind: 'wrong-password' });
    await expect(open('none', '8842')).rejects.toMatchObject({ kind: 'token-absent' });
  });
});

// softhsm2-util imports keys only; the certificate goes in over PKCS#11 itself.
function storeCertificate(module: Pkcs11Module, label: string): void {
  const writable = module as Pkcs11Module & {
    C_CreateObject(session: Buffer, template: object[]): Buffer;
    C_Logout(session: Buffer): void;
  };
  const slot = module.C_GetSlotList(true).find((each) => module.C_GetTokenInfo(each).label.trim() === label)!;
  const session = module.C_OpenSession(slot, 6);
  module.C_Login(session, 1, '8842');
  writable.C_CreateObject(session, [
    { type: 0x000, value: 1 },
    { type: 0x001, value: true },
    { type: 0x080, value: 0 },
    { type: 0x101, value: Buffer.from('subject') },
    { type: 0x102, value: Buffer.from([0xa1]) },
    { type: 0x011, value: readDer(label) },
  ]);
  writable.C_Logout(session);
  module.C_CloseSession(session);
}

function readDer(label: string): Buffer {
  return execFileSync('cat', [join(folder, `${label}.der`)]);
}

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
