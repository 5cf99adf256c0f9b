/**
 * The log as public objects: tiles, bundles and the checkpoint, below one prefix of the object store. Immutable
 * but for the checkpoint; not encrypted, since they hold nothing that identifies.
 */
import { isObjectStoreError, type ObjectStore } from '../../storage/index.ts';
import { TILE_WIDTH, type TileId, tilePath } from './log/index.ts';
import { LogInDoubt } from './log-in-doubt.ts';

/** Where the log's objects lie in the store, and how they are written and read. */
export class LogObjects {
  readonly #store: ObjectStore;
  readonly #prefix: string;

  constructor(store: ObjectStore, prefix = 'log/') {
    this.#store = store;
    this.#prefix = prefix;
  }

  /**
   * Keeps a tile or bundle for ever. Writing the same bytes again is no error, so that a cut can be repaired.
   * @throws LogInDoubt when other bytes lie there: two histories met.
   */
  async putTile(tile: TileId, bytes: Buffer): Promise<void> {
    const path = tilePath(tile);
    try {
      await this.#store.put(this.#prefix + path, bytes, { ifAbsent: true });
    } catch (error) {
      if (!isObjectStoreError(error, 'already-exists')) throw error;
      const { bytes: kept } = await this.#store.get(this.#prefix + path);
      if (!kept.equals(bytes)) throw new LogInDoubt('other-bytes', `${path} holds other bytes than the rows`);
    }
  }

  /** A tile or bundle of at least the width asked for: the partial one, or the full one that took its place. */
  async getTile(tile: TileId): Promise<Buffer | undefined> {
    const exact = await this.get(tilePath(tile));
    if (exact !== undefined || tile.width === TILE_WIDTH) return exact;
    return this.get(tilePath({ ...tile, width: TILE_WIDTH }));
  }

  /** Bytes of one path below the prefix; undefined when nothing lies there. */
  async get(path: string): Promise<Buffer | undefined> {
    try {
      return (await this.#store.get(this.#prefix + path)).bytes;
    } catch (error) {
      if (isObjectStoreError(error, 'not-found')) return undefined;
      throw error;
    }
  }

  /** The published checkpoint as text; undefined before the first. */
  async getCheckpoint(): Promise<string | undefined> {
    return (await this.get('checkpoint'))?.toString('utf8');
  }

  /** Publishes a checkpoint in place of the one before, whose older versions are removed. */
  async putCheckpoint(note: string): Promise<void> {
    const key = `${this.#prefix}checkpoint`;
    const before = await this.#store.head(key).catch((error: unknown) => {
      if (isObjectStoreError(error, 'not-found')) return undefined;
      throw error;
    });
    const { versionId } = await this.#store.put(key, Buffer.from(note));
    if (before !== undefined && before.versionId !== versionId)
      await this.#store.delete(key, before.versionId);
  }

  /** Removes the partial forms of a tile once the full one is kept (C2SP tlog-tiles, "Partial Tiles"). */
  async removePartials(full: TileId): Promise<void> {
    const prefix = `${this.#prefix}${tilePath(full)}.p/`;
    for (const { key } of await this.#store.list({ prefix })) await this.#store.delete(key);
  }

  /** Every path below the prefix, in byte order. */
  async *paths(): AsyncGenerator<string> {
    let after: string | undefined;
    for (;;) {
      const page = await this.#store.list({ prefix: this.#prefix, limit: 1000, ...(after ? { after } : {}) });
      for (const { key } of page) yield key.slice(this.#prefix.length);
      after = page.at(-1)?.key;
      if (page.length < 1000 || after === undefined) return;
    }
  }
}
