/** Where bytes lie and under which master keys, by configuration. Shared by the vault and the commands that examine it. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FilesystemStore,
  KeyRing,
  masterKeyFromBase64,
  type ObjectStore,
  S3Store,
} from '../storage/index.ts';
import type { Config } from './config/index.ts';
import type { DataPaths } from './platform/data-directory.ts';

export async function openObjectStore(config: Config, paths: DataPaths): Promise<ObjectStore> {
  if (config.objects.kind === 'filesystem') return FilesystemStore.open(paths.objects);
  const { kind: _, secretAccessKey, ...where } = config.objects;
  return new S3Store({ ...where, secretAccessKey: secretAccessKey.reveal() });
}

export function openKeyRing(config: Config, paths: DataPaths): KeyRing {
  if (config.masterKeys.kind === 'given') {
    const { current, older } = config.masterKeys;
    const key = ({ id, key: secret }: typeof current) => ({ id, key: secret.reveal() });
    return new KeyRing(key(current), older.map(key));
  }
  const file = join(paths.keys, 'master.key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  return new KeyRing(masterKeyFromBase64('development', readFileSync(file, 'utf8').trim()));
}
