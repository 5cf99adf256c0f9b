/** A tile with the inner nodes of its subtree computed once, so that proofs cost look-ups and not hashing. */
import { HASH_LENGTH, writeParentHash } from './hash.ts';
import { TILE_WIDTH } from './tile.ts';

/** Hashes of the perfect subtrees inside one tile. */
export interface HashTile {
  /** Hashes at the bottom: 1 to 256. */
  readonly width: number;
  /** Hash of the `offset`-th subtree of height `rise` (0 to 8) above the tile's bottom. */
  node(rise: number, offset: number): Buffer;
  /** Memory held, in bytes. */
  readonly bytes: number;
}

/**
 * Reads the published bytes of a tile, a whole number of hashes from 1 to 256, and computes what lies above.
 * @throws RangeError when the length is not that of a tile.
 */
export function readHashTile(published: Uint8Array): HashTile {
  const width = published.length / HASH_LENGTH;
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw new RangeError(
      `a tile has 1 to ${TILE_WIDTH} hashes of ${HASH_LENGTH} bytes, not ${published.length} bytes`,
    );
  }
  const starts: number[] = [];
  let total = 0;
  for (let nodes = width; nodes >= 1; nodes = Math.floor(nodes / 2)) {
    starts.push(total);
    total += nodes;
  }
  const all = Buffer.allocUnsafe(total * HASH_LENGTH);
  all.set(published);
  const hashAt = (position: number): Buffer =>
    all.subarray(position * HASH_LENGTH, (position + 1) * HASH_LENGTH);
  for (let rise = 1; rise < starts.length; rise += 1) {
    const [below, here] = [starts[rise - 1] ?? 0, starts[rise] ?? 0];
    for (let at = 0; at < width >> rise; at += 1) {
      writeParentHash(all, (below + 2 * at) * HASH_LENGTH, (here + at) * HASH_LENGTH);
    }
  }
  return {
    width,
    bytes: all.length,
    node: (rise, offset) => {
      if (offset < 0 || offset >= width >> rise)
        throw new RangeError(`the tile has no node ${rise}/${offset}`);
      return hashAt((starts[rise] ?? 0) + offset);
    },
  };
}
