/**
 * The keys of the embedded authorisation servers: signature keys and the secret of their cookies, in one file of the
 * key folder that all instances share. Rotation puts a new key first and keeps the former ones, so that what they
 * signed is still verified.
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'oidc-provider';
import { z } from 'zod';

const jwkSchema = z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string() });
const fileSchema = z.strictObject({
  signing: z.array(jwkSchema).min(1),
  /** Base64url, newest first. */
  cookies: z.array(z.string().min(43)).min(1),
});

export interface ServerKeys {
  /** Private JWKs, newest first. */
  readonly signing: readonly JWK[];
  readonly cookies: readonly string[];
}

const FILE = 'oauth-keys.json';

/** Reads the keys, making them first when the folder has none. Two instances that start at once get the same keys. */
export async function openServerKeys(folder: string): Promise<ServerKeys> {
  const path = join(folder, FILE);
  const present = await read(path);
  if (present) return present;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh: ServerKeys = { signing: [newSigningKey()], cookies: [newSecret()] };
  const draft = await writeDraft(folder, fresh);
  try {
    // link() never overwrites: of two that race, the first one's keys stand.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const written = await read(path);
  if (!written) throw new Error(`the key file ${FILE} vanished while it was made`);
  return written;
}

/** Puts a new key and secret first; keeps `keep` former ones. Instances take them up at their next start. */
export async function rotateServerKeys(folder: string, keep = 2): Promise<ServerKeys> {
  const former = await openServerKeys(folder);
  const next: ServerKeys = {
    signing: [newSigningKey(), ...former.signing].slice(0, keep + 1),
    cookies: [newSecret(), ...former.cookies].slice(0, keep + 1),
  };
  const draft = await writeDraft(folder, next);
  await rename(draft, join(folder, FILE));
  return next;
}

async function read(path: string): Promise<ServerKeys | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = fileSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is damaged. Restore it from the backup, or delete it to make new keys.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function writeDraft(folder: string, keys: ServerKeys): Promise<string> {
  const draft = join(folder, `.${randomUUID()}`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(keys));
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

const newSecret = (): string => randomBytes(32).toString('base64url');

function newSigningKey(): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' } as JWK;
}
