/** The bundle at the edge of the log, and how new leaves fill it and the ones after it, hashed on the way. Pure. */
import { HASH_LENGTH, TILE_WIDTH, type TileId, writeLeafHash } from './log/index.ts';

/** New leaves in the form of an entry bundle, gone through once. */
export interface Entries {
  readonly count: number;
  /** Leaf hashes, one behind the other. */
  readonly hashes: Buffer;
  /** The bundles that grow, whole as they are published. */
  readonly bundles: readonly { readonly id: TileId; readonly bytes: Buffer }[];
  /** Bytes of the bundle that is still open; empty when the last one is full. */
  readonly edge: Buffer;
}

/**
 * Hashes leaves and cuts them into bundles.
 * @param edge bytes of the open bundle of the log of `size`
 * @param entries any number of leaves, each behind its uint16 length; left as they are given
 * @throws RangeError when they end inside a leaf
 */
export function readEntries(size: number, edge: Buffer, entries: Buffer): Entries {
  const all = edge.length === 0 ? entries : Buffer.concat([edge, entries]);
  const starts: number[] = [];
  // Of the open bundle only the place of its end matters: its leaves are hashed already.
  let inBundle = size % TILE_WIDTH;
  let start = 0;
  let count = 0;
  const hashes = Buffer.allocUnsafe(HASH_LENGTH * countEntries(entries));
  for (let at = edge.length; at < all.length; ) {
    const end = at + 2 + all.readUInt16BE(at);
    writeLeafHash(all, at + 2, end, { out: hashes, offset: HASH_LENGTH * count });
    count += 1;
    inBundle += 1;
    at = end;
    if (inBundle === TILE_WIDTH) {
      starts.push(start);
      [start, inBundle] = [end, 0];
    }
  }
  const first = Math.floor(size / TILE_WIDTH);
  const bundles = starts.map((from, n) => ({
    id: { level: 'entries' as const, index: first + n, width: TILE_WIDTH },
    bytes: all.subarray(from, starts[n + 1] ?? start),
  }));
  // A copy: a slice would keep the whole batch alive.
  const open = Buffer.from(all.subarray(start));
  if (inBundle > 0 && count > 0) {
    bundles.push({ id: { level: 'entries', index: first + starts.length, width: inBundle }, bytes: open });
  }
  return { count, hashes, bundles, edge: open };
}

/** The leaves of any number of length-prefixed entries. @throws RangeError when they end inside one */
export function splitBundle(entries: Buffer): Buffer[] {
  countEntries(entries);
  const leaves: Buffer[] = [];
  for (let at = 0; at < entries.length; ) {
    const end = at + 2 + entries.readUInt16BE(at);
    leaves.push(entries.subarray(at + 2, end));
    at = end;
  }
  return leaves;
}

function countEntries(entries: Buffer): number {
  let count = 0;
  for (let at = 0; at < entries.length; count += 1) {
    if (at + 2 > entries.length) throw new RangeError('the entries end inside a length');
    at += 2 + entries.readUInt16BE(at);
    if (at > entries.length) throw new RangeError('the entries end inside a leaf');
  }
  return count;
}
