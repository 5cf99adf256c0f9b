/**
 * How the filesystem store lays objects out, and the system calls it is made of.
 *
 * `data/<key>@<sequence>` holds one version: a 24-byte header (magic, random nonce, size), then the bytes. The
 * header lets a truncated file be seen as damage, and its nonce makes a version id unique even if a key is
 * deleted and made again. `@` is no character of a key, so no file can be taken for a folder of another key.
 * An empty file is the tombstone of one deleted version: it keeps the sequence from being given out twice.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type FileHandle, link, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  assertKey,
  bodySize,
  type FetchedObject,
  type GetOptions,
  measuredPieces,
  type ObjectBody,
  type ObjectKey,
  ObjectStoreError,
  type ObjectSummary,
  resolveRange,
  type VersionId,
} from './object-store.ts';

const MAGIC = Buffer.from('MLFILE1\n', 'latin1');
const HEADER_BYTES = 24;
/** The most that is read on the caller's word for the size: enough for what is read whole. */
const MAX_GUESS = 2 * 1024 * 1024;
const VERSION_ID = /^([1-9][0-9]{0,8})\.([0-9a-f]{16})$/;
const VERSION_FILE = /^(.+)@([0-9]{9})$/;

/** One version's file, and the nonce it must have when the reader named a version. */
export interface KeptFile {
  readonly key: ObjectKey;
  readonly path: string;
  readonly sequence: number;
  readonly nonce: string | undefined;
}

/** Where a version lies. The key must have passed `assertKey`, which is what keeps the path inside `data`. */
export const versionPath = (data: string, key: ObjectKey, sequence: number): string =>
  join(data, `${key}@${String(sequence).padStart(9, '0')}`);

/** Sequences under a key, ascending, tombstones included. */
export async function sequencesOf(data: string, key: ObjectKey): Promise<readonly number[]> {
  const name = basename(key);
  const found = (await namesIn(dirname(join(data, key)))).map((entry) => VERSION_FILE.exec(entry));
  return found.flatMap((match) => (match?.[1] === name ? [Number(match[2])] : [])).sort((a, b) => a - b);
}

/** The file of a named version, or of the newest that is not a tombstone. */
export async function findVersion(
  data: string,
  key: ObjectKey,
  versionId: VersionId | undefined,
): Promise<KeptFile | undefined> {
  if (versionId !== undefined) {
    const match = VERSION_ID.exec(versionId);
    if (!match) return undefined;
    const sequence = Number(match[1]);
    return { key, path: versionPath(data, key, sequence), sequence, nonce: match[2] };
  }
  for (const sequence of (await sequencesOf(data, key)).toReversed()) {
    const path = versionPath(data, key, sequence);
    const file = await openIfPresent(path);
    const size = (await file?.stat())?.size ?? 0;
    await file?.close();
    if (size > 0) return { key, path, sequence, nonce: undefined };
  }
  return undefined;
}

/** Writes a complete, flushed, nameless file into `incoming`. On any failure nothing is left there. */
export async function writeComplete(
  incoming: string,
  body: ObjectBody,
  signal: AbortSignal | undefined,
): Promise<{ path: string; nonce: string; size: number }> {
  const path = join(incoming, randomUUID());
  const nonce = randomBytes(8);
  const size = bodySize(body);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  nonce.copy(header, 8);
  header.writeBigUInt64BE(BigInt(size), 16);
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw storeFailure(incoming, error);
  });
  try {
    // What is in memory goes in one system call with its header; a source goes piece by piece.
    if (body instanceof Uint8Array) await writeBoth(file, header, body);
    else await writeAll(file, header);
    for await (const piece of body instanceof Uint8Array ? [] : measuredPieces(body)) {
      if (signal?.aborted) throw new ObjectStoreError('unavailable', 'aborted by the caller');
      await writeAll(file, piece);
    }
    if (signal?.aborted) throw new ObjectStoreError('unavailable', 'aborted by the caller');
    await file.sync();
    await file.close();
    return { path, nonce: nonce.toString('hex'), size };
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(path).catch(() => {});
    const isOurs = isSystemError(error) && ['write', 'fsync', 'close'].includes(error.syscall ?? '');
    throw isOurs ? storeFailure(incoming, error) : error;
  }
}

/** Reads a range of a version, checking its header. @throws `not-found`, `corrupted`, `too-large`, `invalid-range` */
export async function readKept(
  kept: KeptFile,
  { range, expectedSize, into }: GetOptions,
): Promise<FetchedObject> {
  let file: FileHandle | undefined;
  try {
    file = await openIfPresent(kept.path);
    if (!file) throw new ObjectStoreError('not-found', `no such object: ${kept.key}`);
    // One read brings header and bytes when the guess at the size was right, which it is when the caller knows it.
    const guess = range ? 0 : Math.min(expectedSize ?? 64 * 1024, MAX_GUESS);
    const room = HEADER_BYTES + guess;
    const buffer = into && into.byteLength >= room ? into.subarray(0, room) : Buffer.allocUnsafe(room);
    const first = await readAt(file, 0, buffer);
    const { nonce, size } = parseHeader(kept, first);
    const answer = { key: kept.key, versionId: `${kept.sequence}.${nonce}`, size };
    const { start, end } = resolveRange(kept.key, size, range);
    const wanted = end - start;
    if (!range && HEADER_BYTES + wanted <= first.byteLength) {
      return { ...answer, bytes: first.subarray(HEADER_BYTES, HEADER_BYTES + wanted) };
    }
    const place = into && into.byteLength >= wanted ? into.subarray(0, wanted) : Buffer.allocUnsafe(wanted);
    const bytes = await readAt(file, HEADER_BYTES + start, place);
    if (bytes.byteLength !== wanted) throw damaged(kept, 'is shorter than its header says');
    return { ...answer, bytes };
  } catch (error) {
    throw storeFailure(kept.key, error);
  } finally {
    await file?.close();
  }
}

/** What a version's header says, and when it was written. @throws `not-found`, `corrupted` */
export async function describeKept(kept: KeptFile): Promise<ObjectSummary> {
  let file: FileHandle | undefined;
  try {
    file = await openIfPresent(kept.path);
    if (!file) throw new ObjectStoreError('not-found', `no such object: ${kept.key}`);
    const { nonce, size } = parseHeader(kept, await readAt(file, 0, Buffer.allocUnsafe(HEADER_BYTES)));
    const { mtimeMs } = await file.stat();
    return { key: kept.key, versionId: `${kept.sequence}.${nonce}`, size, writtenAt: new Date(mtimeMs) };
  } catch (error) {
    throw storeFailure(kept.key, error);
  } finally {
    await file?.close();
  }
}

/** Gives a file a second name in one atomic step; false when the name is taken. */
export async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces a version's file by an empty one. */
export async function makeTombstone(incoming: string, path: string): Promise<void> {
  const empty = join(incoming, randomUUID());
  await (await open(empty, 'wx', 0o600)).close();
  await rename(empty, path);
}

/** Flushes under way, by folder: one that runs, and the one that those who came since wait for. */
const flushes = new Map<string, { readonly running: Promise<void>; next: Promise<void> | undefined }>();

/**
 * Flushes the names in a folder, as `fsync` of a file does not. Whoever asks while a flush runs shares the next one,
 * which begins after they asked: many puts at once cost few flushes.
 */
export function flushFolder(path: string): Promise<void> {
  const current = flushes.get(path);
  if (current === undefined) return beginFlush(path);
  current.next ??= current.running.then(
    () => beginFlush(path),
    () => beginFlush(path),
  );
  return current.next;
}

function beginFlush(path: string): Promise<void> {
  const running = flushNow(path);
  const entry = { running, next: undefined };
  flushes.set(path, entry);
  const end = (): void => {
    if (flushes.get(path) === entry && entry.next === undefined) flushes.delete(path);
  };
  running.then(end, end);
  return running;
}

async function flushNow(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function removeIfPresent(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
  });
}

/** Every key after `after` that begins with `prefix`, in byte order; folders that cannot hold one are not read. */
export async function* walk(
  data: string,
  prefix: string,
  after: string,
  folder = '',
): AsyncGenerator<ObjectKey> {
  const keys = new Set<string>();
  for (const entry of await namesIn(join(data, folder))) {
    const match = VERSION_FILE.exec(entry);
    // A folder sorts as its name with the slash, which is where the keys below it stand among their neighbours.
    keys.add(match ? `${folder}${match[1]}` : `${folder}${entry}/`);
  }
  for (const key of [...keys].sort()) {
    if (key.endsWith('/')) {
      const mayHold =
        (key.startsWith(prefix) || prefix.startsWith(key)) && (key > after || after.startsWith(key));
      if (mayHold) yield* walk(data, prefix, after, key);
    } else if (key.startsWith(prefix) && key > after && isKey(key)) {
      yield key;
    }
  }
}

/** Turns a system error into the store's error; the store's own pass unchanged. */
export function storeFailure(what: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return new ObjectStoreError('unavailable', `${what}: ${error.code} in ${error.syscall}`, { cause: error });
}

function parseHeader(kept: KeptFile, first: Buffer): { nonce: string; size: number } {
  if (first.byteLength === 0) throw new ObjectStoreError('not-found', `no such object: ${kept.key}`);
  if (first.byteLength < HEADER_BYTES || !first.subarray(0, 8).equals(MAGIC))
    throw damaged(kept, 'has no header');
  const nonce = first.toString('hex', 8, 16);
  if (kept.nonce !== undefined && kept.nonce !== nonce) {
    throw new ObjectStoreError('not-found', `no such version of ${kept.key}`);
  }
  const size = first.readBigUInt64BE(16);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(kept, 'has an impossible size in its header');
  return { nonce, size: Number(size) };
}

const damaged = (kept: KeptFile, how: string): ObjectStoreError =>
  new ObjectStoreError('corrupted', `${kept.key} (version ${kept.sequence}) ${how}`);

async function openIfPresent(path: string): Promise<FileHandle | undefined> {
  return open(path, 'r').catch((error: unknown) => {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Fills a buffer from a file, and gives what could be filled. */
async function readAt(file: FileHandle, position: number, buffer: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.byteLength) {
    const { bytesRead } = await file.read(buffer, filled, buffer.byteLength - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function writeBoth(file: FileHandle, header: Uint8Array, bytes: Uint8Array): Promise<void> {
  const { bytesWritten } = await file.writev([header, bytes]);
  if (bytesWritten < header.byteLength) await writeAll(file, header.subarray(bytesWritten));
  const done = Math.max(0, bytesWritten - header.byteLength);
  if (done < bytes.byteLength) await writeAll(file, bytes.subarray(done));
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    done += (await file.write(bytes, done, bytes.byteLength - done)).bytesWritten;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  });
}

function isKey(key: string): boolean {
  try {
    assertKey(key);
    return true;
  } catch {
    return false;
  }
}

// Not `instanceof Error`: system errors may come from another realm, as they do under Jest.
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;
