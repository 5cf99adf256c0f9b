/** What else lies below the log's prefix: older partial tiles, which must agree with the newest, and strangers. */
import { decodeBundle, HASH_LENGTH, parseTilePath, type TileId, tilePath, widthOfTile } from './log/index.ts';
import type { LogFault } from './log-fsck.ts';
import type { LogObjects } from './log-objects.ts';

/**
 * Examines the objects that no walk over the leaves meets. Objects beyond the signed size belong to a step that
 * was cut and will be written again, byte by byte: they are no fault.
 */
export async function* examineLeftovers(objects: LogObjects, size: number): AsyncGenerator<LogFault> {
  for await (const path of objects.paths()) {
    if (path === 'checkpoint') continue;
    const id = parseTilePath(path);
    if (id === undefined) {
      yield { where: path, what: 'is not an object of the log' };
      continue;
    }
    const width = widthOfTile(size, id.level, id.index);
    if (id.width >= width) continue;
    if (!(await agrees(objects, id, width)))
      yield { where: path, what: 'does not agree with the tile that grew from it' };
  }
}

/** Whether an older partial tile or bundle is the beginning of the newest one. */
async function agrees(objects: LogObjects, id: TileId, width: number): Promise<boolean> {
  const [older, newer] = [await objects.get(tilePath(id)), await objects.getTile({ ...id, width })];
  // A newest tile that is missing or malformed is a fault of its own.
  if (older === undefined || newer === undefined) return true;
  if (id.level !== 'entries') {
    return older.length === id.width * HASH_LENGTH && newer.subarray(0, older.length).equals(older);
  }
  const [entries, all] = [entriesOf(older), entriesOf(newer)];
  if (all === undefined) return true;
  return entries?.length === id.width && entries.every((entry, at) => all[at]?.equals(entry));
}

function entriesOf(bundle: Buffer): Buffer[] | undefined {
  try {
    return decodeBundle(bundle);
  } catch {
    return undefined;
  }
}
