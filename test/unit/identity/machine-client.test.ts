/** Which public keys a machine client may register, and the key file of the authorisation server. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { jwksSchema } from '../../../src/identity/machine-client.ts';
import { openServerKeys, rotateServerKeys } from '../../../src/identity/server-keys.ts';

const jwk = (pair: { publicKey: { export(options: { format: 'jwk' }): object } }, more: object = {}) => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  kid: 'one',
  ...more,
});
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('keys of a client', () => {
  test.each([
    ['P-256', jwk(p256)],
    ['Ed25519', jwk(generateKeyPairSync('ed25519'))],
    ['RSA of 2048 bits', jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }))],
  ])('%s is taken', (_name, key) => {
    expect(jwksSchema.safeParse({ keys: [key] }).success).toBe(true);
  });

  test.each([
    ['a private key', { keys: [{ ...p256.privateKey.export({ format: 'jwk' }), kid: 'one' }] }],
    ['P-384', { keys: [jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }))] }],
    ['RSA of 1024 bits', { keys: [jwk(generateKeyPairSync('rsa', { modulusLength: 1024 }))] }],
    ['a secret', { keys: [{ kty: 'oct', k: 'AAAA', kid: 'one' }] }],
    ['another algorithm', { keys: [jwk(p256, { alg: 'RS256' })] }],
    ['no kid', { keys: [jwk(p256, { kid: undefined })] }],
    ['one kid twice', { keys: [jwk(p256), jwk(generateKeyPairSync('ed25519'))] }],
    ['nothing', { keys: [] }],
  ])('%s is refused', (_name, jwks) => {
    expect(jwksSchema.safeParse(jwks).success).toBe(false);
  });
});

describe('keys of the server', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'server-keys-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('are made once, also by instances that start together, and read by nobody else', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => openServerKeys(join(folder, 'keys'))));
    expect(new Set(all.map((keys) => JSON.stringify(keys))).size).toBe(1);
    const { mode } = await stat(join(folder, 'keys', 'oauth-keys.json'));
    expect(mode & 0o077).toBe(0);
  });

  test('rotate: the new one first, the former ones still there', async () => {
    const before = await openServerKeys(folder);
    const after = await rotateServerKeys(folder);
    expect(after.signing[1]).toEqual(before.signing[0]);
    expect(after.cookies[1]).toBe(before.cookies[0]);
    expect(await openServerKeys(folder)).toEqual(after);
  });

  test('damaged, they are not replaced in silence', async () => {
    await openServerKeys(folder);
    await writeFile(join(folder, 'oauth-keys.json'), '{"signing":[]}');
    await expect(openServerKeys(folder)).rejects.toThrow('damaged');
    expect(await readFile(join(folder, 'oauth-keys.json'), 'utf8')).toBe('{"signing":[]}');
  });
});
