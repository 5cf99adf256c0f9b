/** What an auditor reads: the objects of a published log, over HTTP or from a folder, by the paths of C2SP tlog-tiles. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The hashes of a tile of at least this width; undefined, and a named fault, when it is missing or malformed. */
export async function readTile(
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

/** The entries of a bundle of at least this width; undefined, and a named fault, when it is missing or malformed. */
export async function readEntries(
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

/** Path of a tile or bundle below the log's prefix. */
export function path(level: number | 'entries', index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width < 256 ? `.p/${width}` : ''}`;
}

/** The bytes of one object; undefined when there is none. @throws Error when the server does not answer */
export async function read(prefix: string, name: string): Promise<Buffer | undefined> {
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
