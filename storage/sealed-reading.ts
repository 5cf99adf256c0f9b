/**
 * Reading one sealed object: windows of chunks are fetched, pinned to a version, and opened before any is given.
 *
 * It promises that what it gives is the plaintext that was written, or throws `corrupted`. Bytes damaged on their
 * way heal, since a window that does not open is fetched once more; bytes damaged at rest do not.
 */
import { createHash, type Hash } from 'node:crypto';
import { BufferPool } from './buffer-pool.ts';
import { type ByteRange, isObjectStoreError, type ObjectStore, ObjectStoreError } from './object-store.ts';
import {
  CHUNK_BYTES,
  chunkCount,
  eachChunk,
  HEADER_BYTES,
  openChunks,
  type Seal,
  sealedRange,
  sealedSize,
} from './sealed-format.ts';
import type { StoredObject } from './stored-object.ts';

/** Objects up to this size are checked whole before the first byte: 1 MiB. Also the window in which larger are read. */
export const WHOLE_BYTES = 1024 * 1024;
const WINDOW_CHUNKS = WHOLE_BYTES / CHUNK_BYTES;

/** One object as one caller reads it: `start` to before `end` of its plaintext. */
export interface Reading extends ByteRange {
  readonly store: ObjectStore;
  readonly stored: StoredObject;
  readonly seal: Seal;
  readonly signal: AbortSignal | undefined;
}

/**
 * All chunks of an object of at most {@link WHOLE_BYTES}, SHA-256 checked. They are not joined: that would cost half
 * as much again as opening them.
 */
export async function readSmall(reading: Reading): Promise<Buffer[]> {
  const { stored } = reading;
  const pieces = await readWindow({ ...reading, start: 0, end: stored.size }, 0);
  const digest = createHash('sha256');
  for (const plain of pieces) digest.update(plain);
  if (digest.digest('hex') !== stored.sha256) throw wrongDigest(stored);
  return pieces;
}

/**
 * Reads and verifies all of an object, SHA-256 included, and keeps nothing: one chunk of plaintext is held at a time.
 * @throws as reading does
 */
export async function checkAll(reading: Reading): Promise<void> {
  const { stored } = reading;
  let digest = createHash('sha256');
  const chunks = chunkCount(stored.size);
  for (let first = 0; first < chunks; first += WINDOW_CHUNKS) {
    const end = Math.min(first + WINDOW_CHUNKS, chunks);
    const before = digest.copy();
    try {
      await digestWindow(reading, first, end, digest);
    } catch (error) {
      if (!isObjectStoreError(error, 'corrupted')) throw error;
      digest = before;
      await digestWindow(reading, first, end, digest);
    }
  }
  if (digest.digest('hex') !== stored.sha256) throw wrongDigest(stored);
}

/** Whole windows, for the few checks that run at once: they keep nothing of what they read. */
const checking = new BufferPool(sealedSize(WHOLE_BYTES) + 64, 4);

async function digestWindow(reading: Reading, first: number, end: number, digest: Hash): Promise<void> {
  const { seal, stored } = reading;
  const into = checking.borrow(sealedSize(Math.min(stored.size, WHOLE_BYTES)) + STORE_HEADER);
  const sealed = await fetchChunks(reading, { first, end, into });
  for (const plain of eachChunk(seal, stored.size, first, sealed)) digest.update(plain);
  if (into) checking.giveBack(into);
}

/** The wanted bytes, chunk by chunk; resolves when the first window is verified. */
export async function openLarge(reading: Reading): Promise<AsyncIterable<Uint8Array>> {
  const firstChunk = Math.floor(reading.start / CHUNK_BYTES);
  return stream(reading, firstChunk, await readWindow(reading, firstChunk));
}

/** What of chunk `index` lies inside the wanted range. */
export function clip(plain: Buffer, index: number, { start, end }: ByteRange): Buffer {
  const at = index * CHUNK_BYTES;
  return plain.subarray(Math.max(0, start - at), Math.max(0, Math.min(plain.byteLength, end - at)));
}

async function* stream(
  reading: Reading,
  firstChunk: number,
  firstWindow: Buffer[],
): AsyncGenerator<Uint8Array> {
  const { stored, start, end } = reading;
  const digest = start === 0 && end === stored.size ? createHash('sha256') : undefined;
  let window = firstWindow;
  for (let index = firstChunk; ; ) {
    for (const plain of window) {
      digest?.update(plain);
      const isLast = (index + 1) * CHUNK_BYTES >= end;
      if (digest && isLast && digest.digest('hex') !== stored.sha256) throw wrongDigest(stored);
      yield clip(plain, index, reading);
      index += 1;
    }
    if (index * CHUNK_BYTES >= end) return;
    window = await readWindow(reading, index);
  }
}

const pool = new BufferPool();
/** Room for what a store keeps in front of its objects, so that one read brings both. */
const STORE_HEADER = 64;

async function readWindow(reading: Reading, first: number): Promise<Buffer[]> {
  const { stored, end: endByte, seal } = reading;
  const wantedEnd = Math.max(1, Math.ceil(endByte / CHUNK_BYTES));
  const end = Math.min(first + WINDOW_CHUNKS, chunkCount(stored.size), wantedEnd);
  const fetchAndOpen = async (): Promise<Buffer[]> => {
    const into = pool.borrow(sealedSize(stored.size) + STORE_HEADER);
    const opened = openChunks(seal, stored.size, first, await fetchChunks(reading, { first, end, into }));
    if (into) pool.giveBack(into);
    return opened;
  };
  try {
    return await fetchAndOpen();
  } catch (error) {
    if (!isObjectStoreError(error, 'corrupted')) throw error;
    return fetchAndOpen();
  }
}

/** The sealed chunks from `first` to before `end`; with chunk 0 also comes the header, checked and left away. */
async function fetchChunks(
  { store, stored, seal, signal }: Reading,
  { first, end, into }: { first: number; end: number; into: Buffer | undefined },
): Promise<Buffer> {
  const { key, versionId } = stored;
  const withHeader = first === 0;
  const chunks = sealedRange(stored.size, first, end);
  const range = { start: withHeader ? 0 : chunks.start, end: chunks.end };
  const expectedSize = sealedSize(stored.size);
  const isWhole = withHeader && range.end === expectedSize;
  const request = { versionId, signal, expectedSize, into, range: isWhole ? undefined : range };
  const found = await store.get(key, request).catch((error: unknown) => {
    // Of an object of the right size every request is fair; so these tell that it has another.
    if (!isObjectStoreError(error, 'invalid-range') && !isObjectStoreError(error, 'too-large')) throw error;
    throw new ObjectStoreError('corrupted', `${key} has not the ${expectedSize} bytes written`, {
      cause: error,
    });
  });
  if (found.size !== expectedSize || found.bytes.byteLength !== range.end - range.start) {
    throw new ObjectStoreError('corrupted', `${key} has ${found.size} bytes instead of ${expectedSize}`);
  }
  if (!withHeader) return found.bytes;
  if (!found.bytes.subarray(0, HEADER_BYTES).equals(seal.header)) {
    throw new ObjectStoreError('corrupted', `${key} does not begin as object ${stored.objectId}`);
  }
  return found.bytes.subarray(HEADER_BYTES);
}

const wrongDigest = (stored: StoredObject): ObjectStoreError =>
  new ObjectStoreError('corrupted', `the contents of ${stored.key} have another SHA-256 than was written`);
