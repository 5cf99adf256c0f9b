/** Where bytes lie and under which master keys, by configuration. Shared by the vault and the commands that examine it. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FilesystemStore,
  KeyRing,
  type MasterKey,
  masterKeyFromBase64,
  type ObjectStore,
} from '../storage/index.ts';
import type { Config } from './config/index.ts';
import type { DataPaths } from './platform/data-directory.ts';

/** @param options.alone the caller holds the data directory's lock, so that what an earlier process left is removed */
export async function openObjectStore(
  config: Config,
  paths: DataPaths,
  options: { readonly alone?: boolean } = {},
): Promise<ObjectStore> {
  if (config.objects.kind === 'filesystem') return FilesystemStore.open(paths.objects, options);
  const { S3Store } = await import('../storage/s3.ts');
  const { kind: _, secretAccessKey, ...where } = config.objects;
  return new S3Store({ ...where, secretAccessKey: secretAccessKey.reveal() });
}

/** Ends the connections of a store that has any. */
export function closeObjectStore(store: ObjectStore): void {
  if (Symbol.dispose in store) (store as ObjectStore & Disposable)[Symbol.dispose]();
}

export function openKeyRing(config: Config, paths: DataPaths): KeyRing {
  if (config.masterKeys.kind === 'given') {
    const { current, older } = config.masterKeys;
    const key = ({ id, key: secret }: typeof current) => ({ id, key: secret.reveal() });
    return new KeyRing(key(current), older.map(key));
  }
  const file = embeddedKeys(paths);
  if (!existsSync(file)) writeFileSync(file, line('development'), { mode: 0o600, flag: 'wx' });
  let readAt = statSync(file).mtimeMs;
  const [current, ...older] = readKeys(file);
  if (current === undefined) throw new Error(`${file} holds no master key; put it back from your backup.`);
  return new KeyRing(current, older, () => {
    const { mtimeMs } = statSync(file);
    if (mtimeMs === readAt) return undefined;
    readAt = mtimeMs;
    return readKeys(file);
  });
}

/** Puts a new master key first where the vault keeps its own. @returns its id */
export function addEmbeddedMasterKey(paths: DataPaths, now: Date): string {
  const file = embeddedKeys(paths);
  const id = `embedded-${now.toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')}`;
  const kept = readFileSync(file, 'utf8');
  // Beside it and renamed, so that a power cut leaves the old ring or the new one.
  writeFileSync(`${file}.new`, line(id) + named(kept), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return id;
}

const embeddedKeys = (paths: DataPaths): string => join(paths.keys, 'master.key');
const line = (id: string): string => `${id}:${randomBytes(32).toString('base64')}\n`;

/** The first release wrote the one key without a name. */
const named = (text: string): string => (text.includes(':') ? text : `development:${text.trim()}\n`);

const readKeys = (file: string): MasterKey[] =>
  named(readFileSync(file, 'utf8'))
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => {
      const [id = '', base64 = ''] = each.split(':');
      return masterKeyFromBase64(id, base64);
    });
