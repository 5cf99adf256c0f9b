/**
 * Buffers for sealed bytes, used again. What is read is opened into fresh buffers at once, and the sealed bytes are of
 * no more use: to allocate them anew for each reading costs as much as decrypting, most of it in garbage collection.
 */

/** Buffers that are kept: enough for the readings that run at once, at most 16 MiB. */
const MOST = 64;
const LARGEST = 256 * 1024;

export class BufferPool {
  readonly #free: Buffer[] = [];
  readonly #largest: number;
  readonly #most: number;

  /** @param largest bytes of each buffer  @param most buffers kept */
  constructor(largest = LARGEST, most = MOST) {
    this.#largest = largest;
    this.#most = most;
  }

  /** A buffer of at least so many bytes, of unknown contents; undefined where that is more than is kept. */
  borrow(bytes: number): Buffer | undefined {
    if (bytes > this.#largest) return undefined;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#largest);
  }

  /** Gives back what nobody writes into or reads from any more; after a failed reading it is simply dropped. */
  giveBack(buffer: Buffer): void {
    if (this.#free.length < this.#most) this.#free.push(buffer);
  }
}
