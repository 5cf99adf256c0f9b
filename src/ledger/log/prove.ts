/** Builds proofs, roots and subtree hashes of a log from its tiles, wherever these come from. */
import { EMPTY_ROOT, nodeHash } from './hash.ts';
import type { HashTile } from './hash-tile.ts';
import { consistencyPlan, inclusionPlan, type LeafRange, perfectNodes } from './proof-plan.ts';
import { type NodeId, placeOfNode, type TileId, tilePath } from './tile.ts';

/**
 * Where tiles come from. Gives the tile with at least the width asked for; at once when it is at hand.
 * Rejects, or throws, when the tile cannot be had.
 */
export type TileSource = (tile: TileId) => HashTile | Promise<HashTile>;

/** Inclusion proof of leaf `index` in the tree of `size` leaves (RFC 6962 §2.1.1). @throws RangeError as its plan. */
export const proveInclusion = (source: TileSource, index: number, size: number): Promise<Buffer[]> =>
  hashesOfRanges(source, inclusionPlan(index, size), size);

/** Consistency proof between two sizes (RFC 6962 §2.1.2). @throws RangeError as its plan. */
export const proveConsistency = (source: TileSource, oldSize: number, newSize: number): Promise<Buffer[]> =>
  hashesOfRanges(source, consistencyPlan(oldSize, newSize), newSize);

/** Root of the tree of `size` leaves, from the tiles at its edge. */
export async function rootFromTiles(source: TileSource, size: number): Promise<Buffer> {
  if (size === 0) return Buffer.from(EMPTY_ROOT);
  const [root] = await hashesOfRanges(source, [{ start: 0, end: size }], size);
  if (root === undefined) throw new Error('a range gives one hash');
  return root;
}

/** Merkle tree hashes of ranges; each tile is asked for once, all tiles at the same time. */
async function hashesOfRanges(
  source: TileSource,
  ranges: readonly LeafRange[],
  size: number,
): Promise<Buffer[]> {
  const tiles = new Map<string, HashTile>();
  const waiting: Promise<void>[] = [];
  const nodes = ranges.map(perfectNodes);
  for (const node of nodes.flat()) {
    const { tile } = placeOfNode(node, size);
    const key = tilePath(tile);
    if (tiles.has(key)) continue;
    const given = source(tile);
    if (given instanceof Promise) {
      waiting.push(given.then((loaded) => void tiles.set(key, loaded)));
    } else {
      tiles.set(key, given);
    }
  }
  if (waiting.length > 0) await Promise.all(waiting);
  return nodes.map((perfect) => joinNodes(perfect.map((node) => nodeFrom(tiles, node, size))));
}

function nodeFrom(tiles: ReadonlyMap<string, HashTile>, node: NodeId, size: number): Buffer {
  const { tile, rise, offset } = placeOfNode(node, size);
  const loaded = tiles.get(tilePath(tile));
  if (loaded === undefined) throw new Error(`tile ${tilePath(tile)} was not loaded`);
  return loaded.node(rise, offset);
}

/** Folds the perfect subtrees of a range from the right, as RFC 6962 splits it. */
function joinNodes(hashes: readonly Buffer[]): Buffer {
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}
