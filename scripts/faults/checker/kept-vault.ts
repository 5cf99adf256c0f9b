/** Finds a vault's rows, objects and keys in its data directory, by the layout that `src/platform/README.md` tells. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kept } from './finding.ts';

export interface KeptVault {
  readonly dataDir: string;
  /** Where it is not the embedded database. */
  readonly databaseUrl?: string;
  /** Where the log is not named after 127.0.0.1. */
  readonly origin?: string;
  readonly windowSeconds?: number;
}

/** @throws Error with a sentence where the embedded database does not run. */
export function keptVault({
  dataDir,
  databaseUrl,
  origin = '127.0.0.1/log',
  windowSeconds,
}: KeptVault): Kept {
  const jwk = createPublicKey(createPrivateKey(readFileSync(join(dataDir, 'keys', 'log.pem')))).export({
    format: 'jwk',
  });
  return {
    databaseUrl: databaseUrl ?? embeddedUrl(dataDir),
    objectsFolder: join(dataDir, 'objects'),
    masterKeys: masterKeys(readFileSync(join(dataDir, 'keys', 'master.key'), 'utf8')),
    log: { origin, publicKey: Buffer.from(jwk.x ?? '', 'base64url') },
    windowSeconds,
  };
}

function masterKeys(text: string): Map<string, Buffer> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [id, base64] = line.includes(':') ? line.split(':') : ['development', line];
      return [id ?? '', Buffer.from(base64 ?? '', 'base64')];
    }),
  );
}

function embeddedUrl(dataDir: string): string {
  const moved = join(dataDir, 'database-location');
  const cluster = existsSync(moved) ? readFileSync(moved, 'utf8').trim() : join(dataDir, 'database');
  const running = join(cluster, 'postmaster.pid');
  if (!existsSync(running)) throw new Error('The embedded database does not run; start the vault first.');
  const port = readFileSync(running, 'utf8').split('\n')[3];
  const password = readFileSync(join(dataDir, 'keys', 'database-password'), 'utf8').trim();
  return `postgres://motlan:${password}@127.0.0.1:${port}/motlan`;
}
