/** The bundle at the edge of the log, and how new leaves fill it and the ones after it. Pure. */
import { encodeBundle, TILE_WIDTH, type TileId } from './log/index.ts';

/** Splits any number of length-prefixed leaves. @throws RangeError when they end inside an entry. */
export function splitEntries(entries: Buffer): Buffer[] {
  const leaves: Buffer[] = [];
  for (let offset = 0; offset < entries.length; ) {
    const end = offset + 2 + entries.readUInt16BE(offset);
    if (end > entries.length) throw new RangeError('the entries end inside a leaf');
    leaves.push(entries.subarray(offset + 2, end));
    offset = end;
  }
  return leaves;
}

/** The leaves of the last, partial bundle. */
export class BundleEdge {
  readonly #leaves: readonly Buffer[];

  constructor(leaves: readonly Buffer[] = []) {
    this.#leaves = leaves;
  }

  /** Bundles that grow when `leaves` follow on a log of `size`, and the edge after them. */
  append(
    size: number,
    leaves: readonly Buffer[],
  ): { tiles: { id: TileId; bytes: Buffer }[]; edge: BundleEdge } {
    const all = [...this.#leaves, ...leaves];
    const first = Math.floor(size / TILE_WIDTH);
    const tiles: { id: TileId; bytes: Buffer }[] = [];
    for (let at = 0; at < all.length; at += TILE_WIDTH) {
      const part = all.slice(at, at + TILE_WIDTH);
      const id: TileId = { level: 'entries', index: first + at / TILE_WIDTH, width: part.length };
      tiles.push({ id, bytes: encodeBundle(part) });
    }
    const full = Math.floor(all.length / TILE_WIDTH) * TILE_WIDTH;
    // Copies: slices would keep the whole batch alive.
    return { tiles, edge: new BundleEdge(all.slice(full).map((leaf) => Buffer.from(leaf))) };
  }
}
