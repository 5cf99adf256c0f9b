/**
 * Where the hashes and entries of a log lie (C2SP tlog-tiles): coordinates, paths, widths. Pure arithmetic on
 * sizes up to 2⁵³−1; the tile of height 8 is the only one there is.
 */

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** A tile of hashes (`level` 0: leaf hashes), or with `level: 'entries'` a bundle of leaves. */
export interface TileId {
  readonly level: number | 'entries';
  /** Zero-based index within the level. */
  readonly index: number;
  /** 1 to 255 for a partial tile, 256 for a full one. */
  readonly width: number;
}

/** A perfect subtree: the hash of leaves [index · 2^height, (index + 1) · 2^height). */
export interface NodeId {
  readonly height: number;
  readonly index: number;
}

/** Path below the log's prefix, for example `tile/0/x001/234.p/112`. */
export function tilePath(tile: TileId): string {
  const groups: string[] = [];
  let rest = tile.index;
  do {
    groups.unshift(String(rest % 1000).padStart(3, '0'));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  const last = groups.length - 1;
  const name = groups.map((group, at) => (at === last ? group : `x${group}`)).join('/');
  return `tile/${tile.level}/${name}${tile.width < TILE_WIDTH ? `.p/${tile.width}` : ''}`;
}

const TILE_PATH =
  /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** Reads a path written by `tilePath`; undefined for any other text (hostile input), including another spelling. */
export function parseTilePath(path: string): TileId | undefined {
  const match = TILE_PATH.exec(path);
  if (match === null) return undefined;
  const tile: TileId = {
    level: match[1] === 'entries' ? 'entries' : Number(match[1]),
    index: Number((match[2] ?? '').replaceAll(/[x/]/g, '')),
    width: match[3] === undefined ? TILE_WIDTH : Number(match[3]),
  };
  return Number.isSafeInteger(tile.index) && tilePath(tile) === path ? tile : undefined;
}

/** How many hashes of `level` a tree of `size` leaves has: ⌊size / 256^level⌋. */
export const hashesAtLevel = (size: number, level: number): number => Math.floor(size / TILE_WIDTH ** level);

/** Width that the tile has in a tree of `size` leaves: 256 when full, 0 when it does not exist yet. */
export function widthOfTile(size: number, level: number | 'entries', index: number): number {
  const hashes = hashesAtLevel(size, level === 'entries' ? 0 : level) - index * TILE_WIDTH;
  return Math.max(0, Math.min(TILE_WIDTH, hashes));
}

/** Highest level that has a hash in a tree of `size` ≥ 1 leaves. */
export function topLevel(size: number): number {
  let level = 0;
  while (hashesAtLevel(size, level + 1) > 0) level += 1;
  return level;
}

/**
 * Tiles (not bundles) that a tree of `newSize` has and a tree of `oldSize` had not, in the order lower levels
 * first: tiles filled since, and for each level the partial tile at the edge.
 */
export function tilesGrown(oldSize: number, newSize: number): TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; newSize > 0 && level <= topLevel(newSize); level += 1) {
    const [before, after] = [hashesAtLevel(oldSize, level), hashesAtLevel(newSize, level)];
    for (
      let index = Math.floor(before / TILE_WIDTH);
      before < after && index * TILE_WIDTH < after;
      index += 1
    ) {
      tiles.push({ level, index, width: widthOfTile(newSize, level, index) });
    }
  }
  return tiles;
}

/** Bundles that hold the entries [oldSize, newSize) at their width in a tree of `newSize`. */
export const bundlesGrown = (oldSize: number, newSize: number): TileId[] =>
  tilesGrown(oldSize, newSize)
    .filter((tile) => tile.level === 0)
    .map((tile) => ({ ...tile, level: 'entries' }));

/** Every tile and bundle that a complete log of `size` leaves serves, full ones and the edge. */
export const tilesOfSize = (size: number): TileId[] => [...tilesGrown(0, size), ...bundlesGrown(0, size)];

/** The tile of a tree of `size` leaves that holds a perfect subtree, and the subtree's place in it. */
export function placeOfNode(node: NodeId, size: number): { tile: TileId; rise: number; offset: number } {
  const level = Math.floor(node.height / 8);
  const rise = node.height % 8;
  const index = Math.floor((node.index * 2 ** rise) / TILE_WIDTH);
  const tile = { level, index, width: widthOfTile(size, level, index) };
  return { tile, rise, offset: node.index - (index * TILE_WIDTH) / 2 ** rise };
}
