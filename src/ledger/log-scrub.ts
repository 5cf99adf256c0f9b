/**
 * Re-reads the log's objects by and by: each bundle against its rows, each tile against the hashes below it. One round
 * takes the configured period; where it stands is kept in a row, so that restarts lose nothing.
 */
import type { Database, Sql } from '../platform/database.ts';
import {
  encodeBundle,
  HASH_LENGTH,
  leafHash,
  readHashTile,
  TILE_WIDTH,
  type TileId,
  tilePath,
  widthOfTile,
} from './log/index.ts';
import { splitBundle } from './log-bundles.ts';
import { type DoubtKind, LogInDoubt } from './log-in-doubt.ts';
import type { LogObjects } from './log-objects.ts';
import * as rows from './log-repository.ts';

export interface LogScrubParts {
  readonly database: Database;
  readonly objects: LogObjects;
  /** Told of each damaged object; the vault must refuse to write then. */
  readonly onDoubt: (path: string, doubt: LogInDoubt) => Promise<void>;
  /** Told of objects that hold. */
  readonly onWhole: (paths: readonly string[]) => Promise<void>;
}

/** Bundles and tiles of one step. */
export interface LogScrubStep {
  readonly bundles: number;
  readonly faults: number;
  readonly roundEnded: boolean;
}

/** Examines at most `limit` bundles with the tiles above them, and remembers how far it came. */
export async function scrubLog(
  parts: LogScrubParts,
  { now, limit, signal }: { now: Date; limit: number; signal?: AbortSignal },
): Promise<LogScrubStep> {
  const { database } = parts;
  const sql: Sql = { query: (text, values) => database.read(text, values) };
  const size = (await rows.newestCheckpoint(sql, true))?.size ?? 0;
  const bundles = Math.ceil(size / TILE_WIDTH);
  const [state] = await sql.query<{ next: string }>(
    'SELECT next_bundle::text AS next FROM log_scrub WHERE id = 1',
  );
  let next = Math.min(Number(state?.next ?? 0), bundles);
  const result = { bundles: 0, faults: 0 };
  while (next < bundles && result.bundles < limit && !signal?.aborted) {
    const whole: string[] = [];
    for (const { path, doubt } of await examineColumn(sql, parts.objects, next, size)) {
      if (doubt === undefined) whole.push(path);
      else {
        result.faults += 1;
        await parts.onDoubt(path, doubt);
      }
    }
    await parts.onWhole(whole);
    result.bundles += 1;
    next += 1;
  }
  const roundEnded = next >= bundles;
  await database.read(
    `INSERT INTO log_scrub (id, next_bundle, round_began_at, round_ended_at)
     VALUES (1, $1::bigint, $2::timestamptz, CASE WHEN $3::boolean THEN $2::timestamptz END)
     ON CONFLICT (id) DO UPDATE SET next_bundle = $1::bigint,
       round_began_at = CASE WHEN $3::boolean THEN $2::timestamptz ELSE log_scrub.round_began_at END,
       round_ended_at = CASE WHEN $3::boolean THEN $2::timestamptz ELSE log_scrub.round_ended_at END`,
    [roundEnded ? 0 : next, now, roundEnded],
  );
  return { ...result, roundEnded };
}

interface Examined {
  readonly path: string;
  readonly doubt?: LogInDoubt;
}

/** One bundle, the tile of its leaf hashes, and every tile above that ends with it. */
async function examineColumn(
  sql: Sql,
  objects: LogObjects,
  bundle: number,
  size: number,
): Promise<Examined[]> {
  const start = bundle * TILE_WIDTH;
  const end = Math.min(size, start + TILE_WIDTH);
  const examined: Examined[] = [];
  const tell = (id: TileId, kind?: DoubtKind, what = ''): void => {
    const path = tilePath(id);
    examined.push(kind === undefined ? { path } : { path, doubt: new LogInDoubt(kind, `${path} ${what}`) });
  };
  const leaves = splitBundle(await rows.readLeaves(sql, start, end));
  const bundleId: TileId = { level: 'entries', index: bundle, width: end - start };
  await compare(objects, bundleId, encodeBundle(leaves), tell);
  let hashes = Buffer.concat(leaves.map(leafHash));
  let index = bundle;
  for (let level = 0; ; level += 1) {
    await compare(objects, { level, index, width: hashes.length / HASH_LENGTH }, hashes, tell);
    // A tile above is examined once it has grown as far as this one reaches, from the tiles below it.
    const above = widthOfTile(size, level + 1, Math.floor(index / TILE_WIDTH));
    const isLast = index % TILE_WIDTH === above - 1;
    if (hashes.length < TILE_WIDTH * HASH_LENGTH || !isLast) return examined;
    const parent = Math.floor(index / TILE_WIDTH);
    const below: Buffer[] = [];
    for (let child = parent * TILE_WIDTH; child <= index; child += 1) {
      const bytes = await objects.getTile({ level, index: child, width: TILE_WIDTH });
      // What is missing or malformed below was told when it was examined.
      if (bytes?.length !== TILE_WIDTH * HASH_LENGTH) return examined;
      below.push(Buffer.from(readHashTile(bytes).node(8, 0)));
    }
    hashes = Buffer.concat(below);
    index = parent;
  }
}

async function compare(
  objects: LogObjects,
  id: TileId,
  expected: Buffer,
  tell: (id: TileId, kind?: DoubtKind, what?: string) => void,
): Promise<void> {
  const bytes = await objects.getTile(id);
  if (bytes === undefined) tell(id, 'missing-object', 'is missing');
  else if (!bytes.subarray(0, expected.length).equals(expected))
    tell(id, 'corrupted-object', 'does not hold what the rows and the tiles below it give');
  else tell(id);
}
