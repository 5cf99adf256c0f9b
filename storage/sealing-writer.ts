/**
 * Seals a plaintext of unknown length as it arrives: chunk by chunk, hashing on the way, in memory while it is
 * small and in a spool file beyond that. Memory stays at one limit whatever the length.
 */
import { createHash } from 'node:crypto';
import { type ObjectBody, ObjectStoreError } from './object-store.ts';
import { CHUNK_BYTES, type Seal, sealChunk } from './sealed-format.ts';
import { Spool } from './spool.ts';

export class SealingWriter implements AsyncDisposable {
  readonly #seal: Seal;
  readonly #spoolFolder: string;
  readonly #memoryLimit: number;
  readonly #digest = createHash('sha256');
  /** The chunk being filled: it is sealed only when more follows, since the last one is sealed as the last. */
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;
  #index = 0;
  #size = 0;
  #sealed: Uint8Array[];
  #sealedBytes: number;
  #spool: Spool | undefined;

  constructor(seal: Seal, spoolFolder: string, memoryLimit: number) {
    this.#seal = seal;
    this.#spoolFolder = spoolFolder;
    this.#memoryLimit = memoryLimit;
    this.#sealed = [seal.header];
    this.#sealedBytes = seal.header.byteLength;
  }

  /** Plaintext bytes appended so far. */
  get plainBytes(): number {
    return this.#size;
  }

  async append(piece: Uint8Array): Promise<void> {
    this.#digest.update(piece);
    this.#size += piece.byteLength;
    for (let at = 0; at < piece.byteLength; ) {
      if (this.#filled === CHUNK_BYTES) await this.#sealOne(false);
      const part = piece.subarray(at, at + CHUNK_BYTES - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.byteLength;
      at += part.byteLength;
    }
  }

  /** Seals the last chunk. The body can be read while the writer is not disposed of. */
  async finish(): Promise<{ body: ObjectBody; sha256: string; size: number }> {
    await this.#sealOne(true);
    if (this.#spool) await this.#moveToSpool(this.#spool);
    const body = this.#spool ? this.#spool.body() : Buffer.concat(this.#sealed, this.#sealedBytes);
    return { body, sha256: this.#digest.digest('hex'), size: this.#size };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spool?.[Symbol.asyncDispose]();
  }

  async #sealOne(isLast: boolean): Promise<void> {
    const pieces = sealChunk(this.#seal, this.#index, isLast, this.#chunk.subarray(0, this.#filled));
    this.#sealed.push(...pieces);
    this.#sealedBytes += pieces[0].byteLength + pieces[1].byteLength;
    this.#index += 1;
    this.#filled = 0;
    if (isLast || this.#sealedBytes < this.#memoryLimit) return;
    this.#spool ??= await Spool.create(this.#spoolFolder).catch(spoolFailure);
    await this.#moveToSpool(this.#spool);
  }

  async #moveToSpool(spool: Spool): Promise<void> {
    await spool.append(this.#sealed).catch(spoolFailure);
    this.#sealed = [];
    this.#sealedBytes = 0;
  }
}

function spoolFailure(error: unknown): never {
  throw new ObjectStoreError('unavailable', 'the spool folder cannot be written', { cause: error });
}
