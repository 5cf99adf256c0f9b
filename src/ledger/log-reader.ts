/**
 * Reads the log's tiles for proofs, with a bounded memory of tiles whose inner nodes are computed. Damaged tiles
 * are noticed because every proof is checked against its checkpoint before it leaves.
 */
import {
  HASH_LENGTH,
  type HashTile,
  placeOfNode,
  proveConsistency,
  proveInclusion,
  readHashTile,
  TILE_WIDTH,
  type TileId,
  type TileSource,
  tilePath,
} from './log/index.ts';
import { LogInDoubt } from './log-in-doubt.ts';
import type { LogObjects } from './log-objects.ts';

export interface LogReaderOptions {
  /** Bytes of tiles kept in memory; default 96 MiB, some 6,000 tiles or 1.5 million leaves. */
  readonly cacheBytes?: number;
}

export class LogReader {
  readonly #objects: LogObjects;
  readonly #limit: number;
  /** In order of use; the first is the next to go. */
  readonly #tiles = new Map<string, HashTile>();
  readonly #loading = new Map<string, Promise<HashTile>>();
  #bytes = 0;

  constructor(objects: LogObjects, options: LogReaderOptions = {}) {
    this.#objects = objects;
    this.#limit = options.cacheBytes ?? 96 * 1024 * 1024;
  }

  /** RFC 6962 §2.1.1, from tiles. @throws RangeError beyond the size; LogInDoubt when a tile is missing. */
  inclusion(index: number, size: number): Promise<Buffer[]> {
    return proveInclusion(this.#source, index, size);
  }

  /** RFC 6962 §2.1.2, from tiles. An old size of 0 needs no hashes. */
  async consistency(oldSize: number, newSize: number): Promise<Buffer[]> {
    return oldSize === 0 ? [] : proveConsistency(this.#source, oldSize, newSize);
  }

  /** Hash of one leaf, as its tile has it. */
  async leafHash(index: number, size: number): Promise<Buffer> {
    const { tile, offset } = placeOfNode({ height: 0, index }, size);
    return (await this.#source(tile)).node(0, offset);
  }

  /** Forgets tiles, so that they are read again: after a proof that did not hold. */
  forget(): void {
    this.#tiles.clear();
    this.#bytes = 0;
  }

  readonly #source: TileSource = (tile) => {
    const path = tilePath(tile);
    const kept = this.#tiles.get(path);
    if (kept !== undefined) {
      this.#tiles.delete(path);
      this.#tiles.set(path, kept);
      return kept;
    }
    const loading =
      this.#loading.get(path) ?? this.#load(path, tile).finally(() => this.#loading.delete(path));
    this.#loading.set(path, loading);
    return loading;
  };

  async #load(path: string, tile: TileId): Promise<HashTile> {
    const bytes = await this.#objects.getTile(tile);
    if (bytes === undefined) throw new LogInDoubt('missing-object', `${path} is missing`);
    const length = tile.width * HASH_LENGTH;
    if (bytes.length !== length && bytes.length !== TILE_WIDTH * HASH_LENGTH) {
      throw new LogInDoubt('corrupted-object', `${path} has a wrong length`);
    }
    const read = readHashTile(bytes.subarray(0, length));
    this.#tiles.set(path, read);
    this.#bytes += read.bytes;
    for (const [oldest, { bytes: size }] of this.#tiles) {
      if (this.#bytes <= this.#limit || oldest === path) break;
      this.#tiles.delete(oldest);
      this.#bytes -= size;
    }
    return read;
  }
}
