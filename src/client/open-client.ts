/** A client from a key file: a private P-256 JWK with its `kid`, as the sandbox writes them. */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { VaultClient } from './client.ts';

export async function openClient(options: {
  readonly url: string;
  readonly clientId: string;
  readonly keyFile: string;
  readonly scopes: readonly string[];
}): Promise<VaultClient> {
  const jwk = JSON.parse(await readFile(options.keyFile, 'utf8')) as { kty: string; kid: string };
  return new VaultClient({ ...options, kid: jwk.kid, key: createPrivateKey({ key: jwk, format: 'jwk' }) });
}
