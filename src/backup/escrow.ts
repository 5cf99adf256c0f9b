/**
 * The vault's keys inside a backup, sealed under a passphrase: scrypt (RFC 7914, N 2^17, r 8, p 1) to a key, then
 * AES-256-GCM. Without them the objects are noise, so they either travel here or are kept where the backup is not.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { BackupError } from './manifest.ts';

/** Relative path → bytes. */
export type KeyFiles = ReadonlyMap<string, Buffer>;

const MAGIC = Buffer.from('mot-lan-escrow/1\n');
const SALT = 16;
const NONCE = 12;
const TAG = 16;
/** Shortest passphrase taken: six words of a list. */
export const PASSPHRASE_MIN = 20;

/** Belongs to one cluster of one machine; a restored vault makes its own. */
const NOT_KEPT = new Set(['database-password']);

export function readKeyFiles(folder: string): KeyFiles {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_KEPT.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(names.map((name) => [name.slice(folder.length + 1), readFileSync(name)]));
}

/** Puts files where none lies yet. @returns the paths that were there already and stayed as they were */
export function placeKeyFiles(folder: string, files: KeyFiles): string[] {
  const kept: string[] = [];
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(file, bytes, { mode: 0o600, flag: 'wx', flush: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!readFileSync(file).equals(bytes)) kept.push(path);
    }
  }
  return kept;
}

export function sealKeys(files: KeyFiles, passphrase: string): Buffer {
  const salt = randomBytes(SALT);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce).setAAD(MAGIC);
  const plain = JSON.stringify(
    [...files].map(([path, bytes]) => ({ path, base64: bytes.toString('base64') })),
  );
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([MAGIC, salt, nonce, cipher.getAuthTag(), sealed]);
}

const entries = z.array(
  z.strictObject({ path: z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[\w./-]+$/), base64: z.base64() }),
);

/** @throws BackupError for another passphrase or changed bytes; the two cannot be told apart */
export function openKeys(sealed: Buffer, passphrase: string): KeyFiles {
  const at = MAGIC.length;
  if (!sealed.subarray(0, at).equals(MAGIC))
    throw new BackupError('The keys of the backup are of another form.');
  const salt = sealed.subarray(at, at + SALT);
  const nonce = sealed.subarray(at + SALT, at + SALT + NONCE);
  const tag = sealed.subarray(at + SALT + NONCE, at + SALT + NONCE + TAG);
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce, { authTagLength: TAG })
      .setAAD(MAGIC)
      .setAuthTag(tag);
    const plain = Buffer.concat([
      decipher.update(sealed.subarray(at + SALT + NONCE + TAG)),
      decipher.final(),
    ]);
    return new Map(
      entries
        .parse(JSON.parse(plain.toString('utf8')))
        .map(({ path, base64 }) => [path, Buffer.from(base64, 'base64')]),
    );
  } catch {
    throw new BackupError(
      'The keys of the backup do not open: the passphrase is another one, or the file was changed.',
    );
  }
}

const keyOf = (passphrase: string, salt: Uint8Array): Buffer =>
  scryptSync(passphrase.normalize('NFC'), salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 });
