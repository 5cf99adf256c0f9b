/** The key of the log: a private Ed25519 key in a file, made at the first start where the configuration allows it. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  formatVerifierKey,
  logSigner,
  type NoteSigner,
  type NoteVerifier,
  notePublicKey,
  noteVerifier,
} from './log/index.ts';

export interface LogKey {
  readonly signer: NoteSigner;
  readonly log: NoteVerifier;
  /** The public key as it is handed to auditors and witnesses. */
  readonly vkey: string;
}

/**
 * @param origin name of the log, a URL without its scheme such as `vault.example/log`
 * @param file PKCS#8 PEM; with `create` it is made when missing, readable by its owner only
 * @throws Error when the file is missing or holds no Ed25519 key
 */
export async function openLogKey(origin: string, file: string, create: boolean): Promise<LogKey> {
  const key = await readKey(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || !create) throw error;
    return makeKey(file);
  });
  const named = notePublicKey(origin, 'log', key);
  return { signer: logSigner(origin, key), log: noteVerifier(named), vkey: formatVerifierKey(named) };
}

const readKey = async (file: string): Promise<KeyObject> => createPrivateKey(await readFile(file));

async function makeKey(file: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    // Another instance was faster: its key is the log's.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readKey(file);
    throw error;
  }
  return privateKey;
}
