/**
 * Growing a log: from the tiles at its edge and new leaf hashes to the new tiles and the new root. Pure; writing
 * the result is the caller's part.
 */
import { HASH_LENGTH } from './hash.ts';
import { type HashTile, readHashTile } from './hash-tile.ts';
import { rootFromTiles } from './prove.ts';
import { TILE_WIDTH, type TileId, tilePath, tilesGrown, topLevel, widthOfTile } from './tile.ts';

/** The published bytes of the partial tile at the right of each level; level 0 first. Full tiles are not part of it. */
export type Edge = readonly Buffer[];

/** What grew: every tile that the new size has and the old had not, the new edge, and the new root. */
export interface Growth {
  readonly tiles: readonly { readonly id: TileId; readonly bytes: Buffer }[];
  readonly edge: Edge;
  readonly root: Buffer;
}

/** The tiles that make up the edge of a tree of `size` leaves, one a level; those of width 0 left out. */
export function edgeTiles(size: number): TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; size > 0 && level <= topLevel(size); level += 1) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    const width = widthOfTile(size, level, index);
    if (width > 0) tiles.push({ level, index, width });
  }
  return tiles;
}

/** Appends at least one leaf hash to the tree of `size` leaves. @param leafHashes one behind the other */
export async function growTree(size: number, edge: Edge, leafHashes: Buffer): Promise<Growth> {
  const newSize = size + leafHashes.length / HASH_LENGTH;
  const tiles: { id: TileId; bytes: Buffer }[] = [];
  const read = new Map<string, HashTile>();
  const newEdge: Buffer[] = [];
  let fresh = leafHashes;
  for (let level = 0; level <= topLevel(newSize); level += 1) {
    const before = edge[level] ?? Buffer.alloc(0);
    const row = before.length === 0 ? fresh : Buffer.concat([before, fresh]);
    const first = Math.floor(size / TILE_WIDTH ** (level + 1));
    const completed: Buffer[] = [];
    for (let at = 0; at * TILE_WIDTH * HASH_LENGTH < row.length; at += 1) {
      const bytes = row.subarray(at * TILE_WIDTH * HASH_LENGTH, (at + 1) * TILE_WIDTH * HASH_LENGTH);
      const id: TileId = { level, index: first + at, width: bytes.length / HASH_LENGTH };
      const tile = readHashTile(bytes);
      read.set(tilePath(id), tile);
      if (fresh.length > 0) tiles.push({ id, bytes });
      if (id.width === TILE_WIDTH) completed.push(tile.node(8, 0));
    }
    newEdge[level] = Buffer.from(
      row.subarray(Math.floor(row.length / (TILE_WIDTH * HASH_LENGTH)) * TILE_WIDTH * HASH_LENGTH),
    );
    fresh = Buffer.concat(completed);
  }
  const expected = tilesGrown(size, newSize).map(tilePath).join();
  if (expected !== tiles.map(({ id }) => tilePath(id)).join())
    throw new Error('the edge does not fit the size');
  const source = (id: TileId): HashTile => {
    const tile = read.get(tilePath(id));
    if (tile === undefined) throw new Error(`tile ${tilePath(id)} is not at the edge`);
    return tile;
  };
  return { tiles, edge: newEdge, root: await rootFromTiles(source, newSize) };
}
