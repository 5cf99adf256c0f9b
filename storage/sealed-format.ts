/**
 * The format of a sealed object, and the sealing and opening of its chunks. Pure: bytes in, bytes out.
 *
 *     header   "MLSEAL1\n" (8 bytes) ‖ object id (16 bytes)
 *     chunk i  AES-256-GCM ciphertext of 65,536 bytes of plaintext (the last: what is left) ‖ tag (16 bytes)
 *
 * The chunks are the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): chunk i is sealed under
 * nonce = prefix (7 random bytes) ‖ i (4 bytes, big endian) ‖ 1 for the last chunk, else 0, with the header as
 * associated data. So a chunk opens only in its own object, at its own place, and as the end only if it is the end.
 * Data key and prefix are random for each object and used for no other. An empty object is one empty last chunk.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { type ByteRange, ObjectStoreError } from './object-store.ts';

/** Plaintext bytes in each chunk but the last. */
export const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const MAGIC = Buffer.from('MLSEAL1\n', 'latin1');
/** Bytes before the first chunk. */
export const HEADER_BYTES = 24;
const KEY_BYTES = 32;
const PREFIX_BYTES = 7;
/** Length of an object's secret: data key ‖ nonce prefix. */
export const SECRET_BYTES = KEY_BYTES + PREFIX_BYTES;

/** What seals and opens the chunks of one object. */
export interface Seal {
  readonly key: KeyObject;
  readonly noncePrefix: Uint8Array;
  readonly header: Uint8Array;
}

/** @param objectId a UUID  @param secret {@link SECRET_BYTES} random bytes, of this object alone */
export function sealOf(objectId: string, secret: Uint8Array): Seal {
  const id = Buffer.from(objectId.replaceAll('-', ''), 'hex');
  if (id.byteLength !== 16 || secret.byteLength !== SECRET_BYTES) {
    throw new ObjectStoreError('corrupted', 'an object id or secret has the wrong length');
  }
  return {
    key: createSecretKey(secret.subarray(0, KEY_BYTES)),
    noncePrefix: secret.subarray(KEY_BYTES),
    header: Buffer.concat([MAGIC, id]),
  };
}

/** How many chunks hold so many plaintext bytes. */
export const chunkCount = (size: number): number => Math.max(1, Math.ceil(size / CHUNK_BYTES));

/** Bytes in the store for so many plaintext bytes. */
export const sealedSize = (size: number): number => HEADER_BYTES + size + chunkCount(size) * TAG_BYTES;

/** Where chunks `first` to before `end` lie in the sealed object of `size` plaintext bytes. */
export function sealedRange(size: number, first: number, end: number): ByteRange {
  const start = HEADER_BYTES + first * SEALED_CHUNK_BYTES;
  return { start, end: Math.min(HEADER_BYTES + end * SEALED_CHUNK_BYTES, sealedSize(size)) };
}

/** Seals chunk `index`; two pieces, ciphertext and tag. */
export function sealChunk(seal: Seal, index: number, isLast: boolean, plain: Uint8Array): [Buffer, Buffer] {
  const cipher = createCipheriv('aes-256-gcm', seal.key, nonceOf(seal, index, isLast), {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(seal.header);
  const sealed = cipher.update(plain);
  cipher.final();
  return [sealed, cipher.getAuthTag()];
}

/**
 * Opens the consecutive chunks from `first` in `sealed`, which must be exactly those chunks, and gives their
 * plaintext one by one. A chunk is given only after its tag held.
 * @param size plaintext bytes in the whole object, which tells how long each chunk is and which is the last
 * @throws `corrupted`
 */
export const openChunks = (seal: Seal, size: number, first: number, sealed: Uint8Array): Buffer[] => [
  ...eachChunk(seal, size, first, sealed),
];

/** As `openChunks`, one at a time, so that a caller who keeps none holds one. @throws `corrupted` on the way */
export function* eachChunk(seal: Seal, size: number, first: number, sealed: Uint8Array): Generator<Buffer> {
  const last = chunkCount(size) - 1;
  let index = first;
  for (let at = 0; at < sealed.byteLength; index += 1) {
    const isLast = index === last;
    const length = isLast ? size - last * CHUNK_BYTES : CHUNK_BYTES;
    const tagAt = at + length;
    at = tagAt + TAG_BYTES;
    if (at > sealed.byteLength || index > last) throw damaged(index);
    const nonce = nonceOf(seal, index, isLast);
    const decipher = createDecipheriv('aes-256-gcm', seal.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(seal.header);
    decipher.setAuthTag(sealed.subarray(tagAt, at));
    const plain = decipher.update(sealed.subarray(tagAt - length, tagAt));
    try {
      decipher.final();
    } catch (error) {
      throw damaged(index, error);
    }
    yield plain;
  }
}

function nonceOf(seal: Seal, index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.set(seal.noncePrefix);
  nonce.writeUInt32BE(index, PREFIX_BYTES);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

const damaged = (index: number, cause?: unknown): ObjectStoreError =>
  new ObjectStoreError('corrupted', `chunk ${index} is damaged, moved or of another object`, { cause });
