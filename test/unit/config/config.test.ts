import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { ConfigError, parseConfig } from '../../../src/config/config.ts';
import { envExample } from '../../../src/config/env-example.ts';
import { SETTINGS } from '../../../src/config/settings.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const production = {
  MOTLAN_MODE: 'production',
  BASE_URL: 'https://kho.example.vn',
  DATABASE_URL: 'postgres://motlan:hush@db.example.vn/motlan',
  S3_ENDPOINT: 'https://s3.example.vn',
  S3_BUCKET: 'mot-lan',
  S3_ACCESS_KEY_ID: 'vault',
  S3_SECRET_ACCESS_KEY: 'hush',
  MASTER_KEYS: `2026-11:${key}`,
  SIGNER_PKCS12_FILE: '/etc/seal.p12',
  SIGNER_PKCS12_PASSPHRASE: 'hush',
  LEDGER_KEY_FILE: '/etc/log.key',
  OIDC_ISSUER: 'https://login.example.vn',
  OIDC_CLIENT_ID: 'mot-lan',
  OIDC_CLIENT_SECRET: 'hush',
};

const faultsOf = (env: Record<string, string>): Record<string, string> => {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) {
      return Object.fromEntries(error.faults.map(({ name, problem }) => [name, problem]));
    }
    throw error;
  }
  return {};
};

test('without any setting everything is embedded, for trying out', () => {
  expect(parseConfig({})).toMatchObject({
    mode: 'development',
    port: 3000,
    baseUrl: 'http://127.0.0.1:3000',
    dataDir: '.vault',
    database: { kind: 'embedded' },
    objects: { kind: 'filesystem' },
    signer: { kind: 'development' },
    issuer: { kind: 'development' },
    masterKeys: { kind: 'embedded' },
    ledger: { origin: '127.0.0.1/log' },
    limits: { fileBytes: 100_000_000, pages: 2000 },
    seedDemo: true,
  });
});

test('the address follows the port; an empty value counts as unset', () => {
  expect(parseConfig({ PORT: '8080', DATABASE_URL: '' })).toMatchObject({
    baseUrl: 'http://127.0.0.1:8080',
    database: { kind: 'embedded' },
  });
});

test('every fault is told at once, with how to mend it', () => {
  const env = { PORT: 'eighty', BASE_URL: 'kho.example.vn', MASTER_KEYS: 'a:short', LOG_LEVEL: 'loud' };
  expect(Object.keys(faultsOf(env)).sort()).toEqual(['BASE_URL', 'LOG_LEVEL', 'MASTER_KEYS', 'PORT']);
  expect(() => parseConfig(env)).toThrow(
    'PORT is "eighty", that cannot be used: write a whole number from 1 to 65535',
  );
});

test('settings that belong together are demanded together', () => {
  expect(faultsOf({ S3_BUCKET: 'mot-lan' })).toMatchObject({
    S3_ENDPOINT: 'is missing while S3_BUCKET is set',
    S3_SECRET_ACCESS_KEY: expect.anything(),
  });
  expect(Object.keys(faultsOf({ OIDC_ISSUER: 'https://a.example' }))).toEqual([
    'OIDC_CLIENT_ID',
    'OIDC_CLIENT_SECRET',
  ]);
});

test('production stands when everything is given', () => {
  expect(parseConfig(production)).toMatchObject({
    mode: 'production',
    seedDemo: false,
    timestamps: { kind: 'none' },
  });
});

test.each(['BASE_URL', 'MASTER_KEYS', 'SIGNER_PKCS12_FILE', 'LEDGER_KEY_FILE', 'OIDC_ISSUER'])(
  'production refuses to start without %s',
  (name) => {
    expect(Object.keys(faultsOf({ ...production, [name]: '' }))).toContain(name);
  },
);

test('the seal may be a token or a remote key, but one of them, and whole', () => {
  const { SIGNER_PKCS12_FILE: _file, SIGNER_PKCS12_PASSPHRASE: _phrase, ...rest } = production;
  const token = {
    SIGNER_PKCS11_LIBRARY: '/lib/p11.so',
    SIGNER_PKCS11_TOKEN: 'seal',
    SIGNER_PKCS11_PIN: 'hush',
  };
  expect(parseConfig({ ...rest, ...token }).signer).toMatchObject({
    kind: 'pkcs11',
    library: '/lib/p11.so',
    token: 'seal',
  });
  expect(JSON.stringify(parseConfig({ ...rest, ...token }))).not.toContain('hush');
  expect(Object.keys(faultsOf({ ...production, ...token }))).toEqual(['SIGNER_PKCS11_LIBRARY']);
  expect(Object.keys(faultsOf({ ...rest, ...token, SIGNER_PKCS11_PIN: '' }))).toEqual(['SIGNER_PKCS11_PIN']);
  const remote = {
    SIGNER_REMOTE_URL: 'https://sign.example.vn/csc/v2',
    SIGNER_REMOTE_CREDENTIAL: 'seal',
    SIGNER_REMOTE_TOKEN_URL: 'https://sign.example.vn/token',
    SIGNER_REMOTE_CLIENT_ID: 'mot-lan',
    SIGNER_REMOTE_CLIENT_SECRET: 'hush',
    SIGNER_REMOTE_PIN: 'hush',
  };
  expect(parseConfig({ ...rest, ...remote }).signer).toMatchObject({ kind: 'remote', credential: 'seal' });
  const plain = { ...remote, SIGNER_REMOTE_URL: 'http://sign.example.vn/csc/v2' };
  expect(Object.keys(faultsOf({ ...rest, ...plain }))).toEqual(['SIGNER_REMOTE_URL']);
});

test('timestamp authorities and revocation hosts are lists', () => {
  const given = parseConfig({
    TSA_URL: 'http://a.example http://b.example',
    REVOCATION_HOSTS: 'ocsp.example',
  });
  expect(given.timestamps).toEqual({ kind: 'authorities', urls: ['http://a.example', 'http://b.example'] });
  expect(given.revocationHosts).toEqual(['ocsp.example']);
  expect(Object.keys(faultsOf({ TSA_URL: 'ftp://a.example', REVOCATION_HOSTS: 'http://x' }))).toEqual([
    'TSA_URL',
    'REVOCATION_HOSTS',
  ]);
});

test('production refuses plain http and invented people', () => {
  const env = {
    ...production,
    BASE_URL: 'http://kho.example.vn',
    OIDC_ISSUER: 'http://a.example',
    SEED_DEMO: 'yes',
  };
  expect(Object.keys(faultsOf(env)).sort()).toEqual(['BASE_URL', 'OIDC_ISSUER', 'SEED_DEMO']);
});

test('master keys rotate: the first wraps, the others still open', () => {
  const older = Buffer.alloc(32, 8).toString('base64url');
  const { masterKeys } = parseConfig({ MASTER_KEYS: `new:${key}, old:${older}` });
  if (masterKeys.kind !== 'given') throw new Error('keys were given');
  expect(masterKeys.current.id).toBe('new');
  expect(masterKeys.older.map(({ id }) => id)).toEqual(['old']);
  expect(masterKeys.older[0]?.key.reveal().export()).toEqual(Buffer.alloc(32, 8));
  expect(Object.keys(faultsOf({ MASTER_KEYS: `a:${key},a:${key}` }))).toEqual(['MASTER_KEYS']);
});

test('no secret shows in a printed configuration or in a fault', () => {
  const config = parseConfig(production);
  for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 })]) {
    expect(shown).not.toContain('hush');
    expect(shown).not.toContain(key);
  }
  expect(JSON.stringify(faultsOf({ DATABASE_URL: 'mysql://a:hush@b/c' }))).not.toContain('hush');
});

test('.env.example is what the table says, and its lines parse once their mark is taken away', () => {
  const file = readFileSync('.env.example', 'utf8');
  expect(file).toBe(envExample());
  for (const name of Object.keys(SETTINGS)) expect(file).toContain(`#${name}=`);
  const shown = [...file.matchAll(/^#([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  // The seal lives in one place: the first example is taken.
  const usable = shown
    .filter(([, value]) => !/["P]/.test(value ?? '') && value !== '')
    .filter(([name]) => !/^SIGNER_(PKCS11|REMOTE)_/.test(name ?? ''));
  expect(() => parseConfig(Object.fromEntries(usable))).not.toThrow();
});
