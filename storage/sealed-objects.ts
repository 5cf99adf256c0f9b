/**
 * Bytes that only the vault can read, and only as they were written: the one way modules keep and read contents.
 *
 * It promises: what is stored is sealed under a key of its own (`sealed-format.ts`), wrapped by a master key
 * (`key-ring.ts`); no byte leaves that was not verified; an object of up to {@link WHOLE_BYTES} is checked whole,
 * SHA-256 included, before its first byte leaves; a larger one leaves in verified chunks of 64 KiB, pinned to the
 * version that was written. Truncated, swapped, reordered, older or flipped bytes are `corrupted`, never contents.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';
import { type ByteRange, type ObjectStore, ObjectStoreError } from './object-store.ts';
import { SECRET_BYTES, sealOf } from './sealed-format.ts';
import { checkAll, clip, openLarge, type Reading, readSmall, WHOLE_BYTES } from './sealed-reading.ts';
import { SealingWriter } from './sealing-writer.ts';
import { authenticatedFacts, type StoredObject } from './stored-object.ts';

export interface WriteOptions {
  /**
   * What the object belongs to, such as `document:<id>/original`. It must be given again at every read, so that a
   * row's object cannot be passed off as another's.
   */
  readonly boundTo: string;
  /** More plaintext than this is `too-large`, and nothing is kept. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface ReadOptions {
  readonly boundTo: string;
  readonly signal?: AbortSignal;
}

export interface OpenedRange {
  /** First byte and the byte after the last, as HTTP `Content-Range` needs them. */
  readonly start: number;
  readonly end: number;
  /** Verified plaintext. The first piece was verified before the range was opened; a later failure throws. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export class SealedObjects {
  readonly #store: ObjectStore;
  readonly #keys: KeyRing;
  readonly #spoolFolder: string;

  /** @param spoolFolder holds large uploads, sealed, until the store has them; made when missing. */
  constructor({ store, keys, spoolFolder }: { store: ObjectStore; keys: KeyRing; spoolFolder: string }) {
    this.#store = store;
    this.#keys = keys;
    this.#spoolFolder = spoolFolder;
  }

  /**
   * Seals and keeps a source of any length up to `maxBytes`, in bounded memory. Resolves when the object is
   * durable; then, and only then, the row may be written. Errors of the source are passed on and nothing is kept.
   * @throws `too-large`, `unavailable`
   */
  async writeObject(
    source: Uint8Array | AsyncIterable<Uint8Array>,
    options: WriteOptions,
  ): Promise<StoredObject> {
    const objectId = randomUUID();
    const secret = randomBytes(SECRET_BYTES);
    await using writer = new SealingWriter(sealOf(objectId, secret), this.#spoolFolder, WHOLE_BYTES);
    for await (const piece of source instanceof Uint8Array ? [source] : source) {
      if (writer.plainBytes + piece.byteLength > options.maxBytes) {
        throw new ObjectStoreError(
          'too-large',
          `the contents are larger than the ${options.maxBytes} bytes allowed`,
        );
      }
      await writer.append(piece);
    }
    const { body, sha256, size } = await writer.finish();
    const key = newObjectKey();
    const { versionId } = await this.#store.put(key, body, { ifAbsent: true, signal: options.signal });
    const facts = { objectId, key, sha256, size, format: 'sealed/1' as const };
    const wrappedKey = this.#keys.wrap(secret, authenticatedFacts(facts, options.boundTo));
    return { ...facts, versionId, wrappedKey, masterKeyId: this.#keys.currentId };
  }

  /** The whole plaintext, SHA-256 checked. For contents that must be in memory; others are opened as a range. */
  async readWhole(stored: StoredObject, options: ReadOptions): Promise<Buffer> {
    if (stored.size <= WHOLE_BYTES) {
      const pieces = await readSmall(this.#reading(stored, options, undefined));
      return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, stored.size);
    }
    const { chunks } = await this.openRange(stored, options);
    const whole = Buffer.allocUnsafe(stored.size);
    let filled = 0;
    for await (const chunk of chunks) {
      whole.set(chunk, filled);
      filled += chunk.byteLength;
    }
    return whole;
  }

  /**
   * Verifies a whole object as reading it would, SHA-256 included, and gives nothing.
   * @throws as `readWhole`
   */
  async check(stored: StoredObject, options: ReadOptions): Promise<void> {
    await checkAll(this.#reading(stored, options, undefined));
  }

  /**
   * Opens the plaintext, or a range of it, and resolves when the first piece is verified. A whole object that is
   * read to its end has its SHA-256 checked before the last piece is given.
   * @throws `invalid-range`, `not-found`, `corrupted`, `unknown-master-key`, `unavailable`
   */
  async openRange(stored: StoredObject, options: ReadOptions & { range?: ByteRange }): Promise<OpenedRange> {
    const reading = this.#reading(stored, options, options.range);
    const { start, end } = reading;
    if (stored.size <= WHOLE_BYTES) {
      const pieces = await readSmall(reading);
      return { start, end, chunks: given(pieces.map((plain, index) => clip(plain, index, reading))) };
    }
    return { start, end, chunks: await openLarge(reading) };
  }

  /** The same object with its secret wrapped under the current master key; the object is not touched. */
  rewrap(stored: StoredObject, { boundTo }: { boundTo: string }): StoredObject {
    return this.rebind(stored, { from: boundTo, to: boundTo });
  }

  /** The same object as belonging to something else, such as an upload that became a document. */
  rebind(stored: StoredObject, { from, to }: { from: string; to: string }): StoredObject {
    const secret = this.#keys.unwrap(stored.masterKeyId, stored.wrappedKey, authenticatedFacts(stored, from));
    const wrappedKey = this.#keys.wrap(secret, authenticatedFacts(stored, to));
    return { ...stored, wrappedKey, masterKeyId: this.#keys.currentId };
  }

  /** Removes the bytes of an object whose row is gone. Erasure does not wait for it: without the row they are noise. */
  async removeBytes(stored: Pick<StoredObject, 'key'>): Promise<void> {
    await this.#store.delete(stored.key);
  }

  #reading(stored: StoredObject, { boundTo, signal }: ReadOptions, range: ByteRange | undefined): Reading {
    if (stored.format !== 'sealed/1')
      throw new ObjectStoreError('corrupted', 'an object is in an unknown format');
    const secret = this.#keys.unwrap(
      stored.masterKeyId,
      stored.wrappedKey,
      authenticatedFacts(stored, boundTo),
    );
    return {
      store: this.#store,
      stored,
      seal: sealOf(stored.objectId, secret),
      ...fitRange(stored.size, range),
      signal,
    };
  }
}

/** 128 random bits, fanned out over 256 folders: it tells nothing of its object and cannot be guessed. */
function newObjectKey(): string {
  const name = randomBytes(16).toString('hex');
  return `o/${name.slice(0, 2)}/${name.slice(2)}`;
}

function fitRange(size: number, range: ByteRange | undefined): ByteRange {
  if (!range) return { start: 0, end: size };
  const { start, end } = range;
  if (
    !Number.isSafeInteger(start) ||
    !Number.isSafeInteger(end) ||
    start < 0 ||
    start >= Math.min(end, size)
  ) {
    throw new ObjectStoreError('invalid-range', `bytes ${start} to ${end} are not inside ${size} bytes`);
  }
  return { start, end: Math.min(end, size) };
}

async function* given(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) if (piece.byteLength > 0) yield piece;
}
