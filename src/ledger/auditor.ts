/**
 * An outsider's auditor: reads a whole published log over HTTP or from a folder and believes nothing but its key.
 * It shares only the hashing with the writer; the formats are read here anew, so that a mistake of the writer is
 * not repeated by its judge.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leafHash, nodeHash } from './log/hash.ts';

export interface AuditOptions {
  /** URL or folder below which `checkpoint` and `tile/` lie. */
  readonly prefix: string;
  /** The log's public key, `name+id+base64`, from a place other than the log itself. */
  readonly vkey: string;
  /** A checkpoint seen earlier; the log must have grown from it. */
  readonly earlier?: string;
}

export interface AuditReport {
  readonly size: number;
  readonly root: string;
  /** What does not hold, each with the name of its object; empty when all is well. */
  readonly faults: readonly string[];
}

/** Reads every tile and entry. Never throws for what it finds: whatever is missing or wrong is a named fault. */
export async function auditLog(options: AuditOptions): Promise<AuditReport> {
  const faults: string[] = [];
  const head = await readHead(options, faults);
  if (head === undefined) return { size: 0, root: '', faults };
  const wantedPrefix = earlierHead(options, faults);
  const levels: Buffer[][] = [[]];
  for (let first = 0; first < head.size; first += 256) {
    const width = Math.min(256, head.size - first);
    const entries = await readEntries(options.prefix, first / 256, width, faults);
    const tile = await readTile(options.prefix, 0, first / 256, width, faults);
    for (let at = 0; at < width; at += 1) {
      const entry = entries?.[at];
      const published = tile?.[at];
      const computed = entry && leafHash(entry);
      if (computed && published && !computed.equals(published)) {
        faults.push(
          `entry ${first + at}: ${path('entries', first / 256, width)} and ${path(0, first / 256, width)} differ`,
        );
      }
      levels[0]?.push(published ?? computed ?? Buffer.alloc(32));
    }
  }
  await auditUpperTiles(options.prefix, levels, faults);
  const leaves = levels[0] ?? [];
  if (!rootOfRange(leaves, 0, head.size).equals(head.root))
    faults.push('checkpoint: its root is not that of the tiles');
  if (wantedPrefix && wantedPrefix.size > head.size)
    faults.push('checkpoint: the log is shorter than it was earlier');
  else if (wantedPrefix && !rootOfRange(leaves, 0, wantedPrefix.size).equals(wantedPrefix.root)) {
    faults.push(`checkpoint: the log did not grow from the earlier one of size ${wantedPrefix.size}`);
  }
  return { size: head.size, root: head.root.toString('base64'), faults };
}

interface Head {
  readonly size: number;
  readonly root: Buffer;
}

async function readHead(options: AuditOptions, faults: string[]): Promise<Head | undefined> {
  const bytes = await read(options.prefix, 'checkpoint');
  if (bytes === undefined) faults.push('checkpoint: missing');
  return bytes && checkHead(bytes.toString('utf8'), options.vkey, 'checkpoint', faults);
}

const earlierHead = ({ earlier, vkey }: AuditOptions, faults: string[]): Head | undefined =>
  earlier === undefined ? undefined : checkHead(earlier, vkey, 'the earlier checkpoint', faults);

function checkHead(text: string, vkey: string, what: string, faults: string[]): Head | undefined {
  const [name = '', id = '', ...material] = vkey.trim().split('+');
  const key = Buffer.from(material.join('+'), 'base64').subarray(1);
  const body = text.slice(0, text.indexOf('\n\n') + 1);
  const lines = text.slice(body.length + 1).split('\n');
  const ours = lines
    .map((line) => line.split(' '))
    .find(([dash, who, signature]) => {
      return (
        dash === '—' && who === name && Buffer.from(signature ?? '', 'base64').toString('hex', 0, 4) === id
      );
    });
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  const expectedId = createHash('sha256').update(`${name}\n\x01`).update(key).digest('hex').slice(0, 8);
  const signature = Buffer.from(ours?.[2] ?? '', 'base64').subarray(4);
  if (key.length !== 32 || expectedId !== id) {
    faults.push('the key: malformed');
    return undefined;
  }
  if (ours === undefined) {
    faults.push(`${what}: not signed by the key of ${name}`);
    return undefined;
  }
  if (!verify(null, Buffer.from(body), createPublicKey({ key: jwk, format: 'jwk' }), signature)) {
    faults.push(`${what}: the signature is false`);
    return undefined;
  }
  const [origin, size = '', root = ''] = body.split('\n');
  if (origin !== name || !/^(0|[1-9]\d{0,14})$/.test(size) || Buffer.from(root, 'base64').length !== 32) {
    faults.push(`${what}: malformed, or of another log`);
    return undefined;
  }
  return { size: Number(size), root: Buffer.from(root, 'base64') };
}

async function auditUpperTiles(prefix: string, levels: Buffer[][], faults: string[]): Promise<void> {
  for (let level = 1; (levels[level - 1]?.length ?? 0) >= 256; level += 1) {
    const below = levels[level - 1] ?? [];
    const computed: Buffer[] = [];
    for (let first = 0; first + 256 <= below.length; first += 256)
      computed.push(rootOfRange(below, first, first + 256));
    for (let first = 0; first < computed.length; first += 256) {
      const width = Math.min(256, computed.length - first);
      const tile = await readTile(prefix, level, first / 256, width, faults);
      if (tile?.some((hash, at) => !hash.equals(computed[first + at] ?? hash))) {
        faults.push(`${path(level, first / 256, width)}: does not follow from the tiles below`);
      }
    }
    levels[level] = computed;
  }
}

function rootOfRange(hashes: readonly Buffer[], start: number, end: number): Buffer {
  const count = end - start;
  if (count === 0) return createHash('sha256').digest();
  const [only] = hashes.slice(start, start + 1);
  if (count === 1 && only !== undefined) return only;
  let half = 1;
  while (half * 2 < count) half *= 2;
  return nodeHash(rootOfRange(hashes, start, start + half), rootOfRange(hashes, start + half, end));
}

async function readTile(
  prefix: string,
  level: number,
  index: number,
  width: number,
  faults: string[],
): Promise<Buffer[] | undefined> {
  const bytes = await readEither(prefix, level, index, width);
  const name = path(level, index, width);
  if (bytes === undefined) faults.push(`${name}: missing`);
  else if (bytes.length < 32 * width || bytes.length % 32 !== 0) faults.push(`${name}: wrong length`);
  else return Array.from({ length: width }, (_, at) => bytes.subarray(32 * at, 32 * at + 32));
  return undefined;
}

async function readEntries(
  prefix: string,
  index: number,
  width: number,
  faults: string[],
): Promise<Buffer[] | undefined> {
  const bytes = await readEither(prefix, 'entries', index, width);
  const name = path('entries', index, width);
  if (bytes === undefined) {
    faults.push(`${name}: missing`);
    return undefined;
  }
  const entries: Buffer[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const next = at + 2 + bytes.readUInt16BE(at);
    entries.push(bytes.subarray(at + 2, next));
    at = next;
  }
  if (at === bytes.length && entries.length >= width) return entries;
  faults.push(`${name}: malformed`);
  return undefined;
}

const readEither = async (
  prefix: string,
  level: number | 'entries',
  index: number,
  width: number,
): Promise<Buffer | undefined> =>
  (await read(prefix, path(level, index, width))) ??
  (width < 256 ? read(prefix, path(level, index, 256)) : undefined);

function path(level: number | 'entries', index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width < 256 ? `.p/${width}` : ''}`;
}

async function read(prefix: string, name: string): Promise<Buffer | undefined> {
  if (/^https?:/.test(prefix)) {
    const response = await fetch(`${prefix.replace(/\/$/, '')}/${name}`, {
      signal: AbortSignal.timeout(30_000),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }
  return readFile(join(prefix, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
