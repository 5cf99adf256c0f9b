/**
 * Re-examines the whole log: events ↔ leaves ↔ bundles ↔ tiles ↔ checkpoints. Names every fault it finds and goes
 * on: a leaf that is lost in the rows is taken from its bundle, and the other way round. Reads only; memory is
 * bounded by one bundle and the edge of the tree.
 */
import type { Sql } from '../platform/database.ts';
import {
  decodeBundle,
  type Edge,
  growTree,
  HASH_LENGTH,
  type LeafRecord,
  leafHash,
  leafOf,
  type NoteVerifier,
  openCheckpoint,
  TILE_WIDTH,
  type TileId,
  tilePath,
  widthOfTile,
} from './log/index.ts';
import { checkNote } from './log-comparison.ts';
import { examineLeftovers } from './log-leftovers.ts';
import type { LogObjects } from './log-objects.ts';
import * as rows from './log-repository.ts';

export interface LogFault {
  /** The object's path, or the table with the row's key. */
  readonly where: string;
  readonly what: string;
}

export interface LogExamination {
  readonly sql: Sql;
  readonly objects: LogObjects;
  readonly log: NoteVerifier;
}

/** Yields faults as they are found; none means that all of the log is whole up to its newest signed size. */
export async function* examineLog(examination: LogExamination): AsyncGenerator<LogFault> {
  const { sql, objects } = examination;
  const size = (await rows.newestCheckpoint(sql, true))?.size ?? 0;
  yield* examineState(examination);
  yield* examineCheckpoints(examination, size);
  yield* examinePlaces(sql);
  let edge: Edge = [];
  for (let start = 0; start < size; start += TILE_WIDTH) {
    const end = Math.min(size, start + TILE_WIDTH);
    const leaves = yield* examineLeaves(examination, start, end);
    if (leaves === undefined) {
      yield { where: 'log', what: `entries from ${start} on cannot be re-examined until these are mended` };
      return;
    }
    const hashes = Buffer.concat(leaves.map(leafHash));
    for (const row of await checkpointsWithin(sql, start, end)) {
      const { root } = await growTree(start, edge, hashes.subarray(0, HASH_LENGTH * (row.size - start)));
      if (!root.equals(row.root))
        yield { where: `log_checkpoint ${row.size}`, what: 'its root is not that of the leaves' };
    }
    const growth = await growTree(start, edge, hashes);
    edge = growth.edge;
    for (const { id, bytes } of growth.tiles) {
      // On the way an upper tile grows by one hash a bundle; only its form at the signed size is kept.
      if (id.width === widthOfTile(size, id.level, id.index)) yield* examineTile(objects, id, bytes);
    }
  }
  yield* examineLeftovers(objects, size);
}

async function* examineState({ sql, log }: LogExamination): AsyncGenerator<LogFault> {
  const [state] = await sql.query<{ origin: string; size: string; root: Buffer }>(
    'SELECT origin, size::text, root FROM log_state',
  );
  if (state === undefined) return yield { where: 'log_state', what: 'missing' };
  if (state.origin !== log.name) yield { where: 'log_state', what: `is of the log ${state.origin}` };
  const newest = await rows.newestCheckpoint(sql);
  if (
    Number(state.size) !== (newest?.size ?? 0) ||
    (newest && !newest.root.equals(Buffer.from(state.root)))
  ) {
    yield { where: 'log_state', what: 'its size and root are not those of the newest log_checkpoint' };
  }
}

async function* examineCheckpoints(
  { sql, objects, log }: LogExamination,
  size: number,
): AsyncGenerator<LogFault> {
  const published = await objects.getCheckpoint();
  if (published === undefined && size > 0) yield { where: 'checkpoint', what: 'missing' };
  else if (published !== undefined) yield* examinePublished(sql, published, log);
  let page: { size: string; root: Buffer; note: string }[];
  let before = Number.MAX_SAFE_INTEGER;
  do {
    page = await sql.query(
      `SELECT size::text, root, note FROM log_checkpoint WHERE note IS NOT NULL AND size < $1::bigint
       ORDER BY log_checkpoint.size DESC LIMIT 500`,
      [before],
    );
    for (const row of page) {
      before = Number(row.size);
      const named = { size: before, root: Buffer.from(row.root) };
      yield* faultOf(`log_checkpoint ${before}`, () => checkNote(row.note, log, named));
    }
  } while (page.length === 500);
}

/** The published checkpoint must be signed, and be one that the rows decided: two roots of one size are two histories. */
async function* examinePublished(sql: Sql, published: string, log: NoteVerifier): AsyncGenerator<LogFault> {
  let checkpoint: ReturnType<typeof openCheckpoint> | undefined;
  yield* faultOf('checkpoint', () => {
    checkpoint = openCheckpoint(published, log);
  });
  if (checkpoint === undefined || checkpoint.size === 0) return;
  const row = await rows.checkpointOfSize(sql, checkpoint.size);
  if (row === undefined)
    yield { where: 'checkpoint', what: `is of size ${checkpoint.size}, which was never decided here` };
  else if (!row.root.equals(checkpoint.root))
    yield { where: 'checkpoint', what: `has another root of size ${checkpoint.size} than log_checkpoint` };
}

/** Events that have no leaf, neither placed nor waiting, and events that have two; the first thousand of each. */
async function* examinePlaces(sql: Sql): AsyncGenerator<LogFault> {
  const lost = await sql.query<{ id: string }>(
    `SELECT id::text FROM (SELECT id FROM ledger_event EXCEPT ALL
       (SELECT unnest(event_ids) FROM log_run UNION SELECT event_id FROM log_queue)) AS lost LIMIT 1000`,
  );
  for (const { id } of lost) yield { where: `ledger_event ${id}`, what: 'has no leaf' };
  const twice = await sql.query<{ id: string }>(
    `SELECT id::text FROM (SELECT unnest(event_ids) AS id FROM log_run UNION ALL SELECT event_id FROM log_queue) AS placed
     GROUP BY id HAVING count(*) > 1 LIMIT 1000`,
  );
  for (const { id } of twice) yield { where: `ledger_event ${id}`, what: 'has more than one leaf' };
}

/** Leaves [start, end), each from its row or else from its bundle; undefined when one is in neither. */
async function* examineLeaves(
  { sql, objects }: LogExamination,
  start: number,
  end: number,
): AsyncGenerator<LogFault, Buffer[] | undefined> {
  const id: TileId = { level: 'entries', index: start / TILE_WIDTH, width: end - start };
  const entries = yield* examineBundle(objects, id);
  const placed = new Map<number, { eventId: string | undefined; leaf: Buffer; run: number }>();
  for (const run of await rows.readRuns(sql, start, end)) {
    const leaves = entriesOf(run.leaves);
    if (leaves?.length !== run.count || run.eventIds.length !== run.count || run.first + run.count > end) {
      yield { where: `log_run ${run.first}`, what: 'its count, events and leaves do not fit together' };
    }
    for (const [n, leaf] of (leaves ?? []).entries()) {
      const index = run.first + n;
      if (placed.has(index)) yield { where: `log_run ${run.first}`, what: `places another leaf at ${index}` };
      placed.set(index, { eventId: run.eventIds[n], leaf, run: run.first });
    }
  }
  const ids = [...placed.values()].flatMap(({ eventId }) => eventId ?? []);
  const events = new Map((await rows.readLeafRecords(sql, ids)).map((record) => [record.id, record]));
  const leaves: Buffer[] = [];
  for (let index = start; index < end; index += 1) {
    const row = placed.get(index);
    const entry = entries?.[index - start];
    const leaf = row?.leaf ?? entry;
    if (row === undefined) yield { where: 'log_run', what: `leaf ${index} is missing` };
    else {
      if (entry !== undefined && !entry.equals(row.leaf)) {
        yield { where: tilePath(id), what: `its entry ${index} is not the one in log_run ${row.run}` };
        yield { where: `log_run ${row.run}`, what: `its leaf ${index} is not the one in ${tilePath(id)}` };
      }
      const event = row.eventId === undefined ? undefined : events.get(row.eventId);
      if (event === undefined)
        yield { where: `ledger_event ${row.eventId ?? '?'}`, what: `missing; it is entry ${index}` };
      else if (!gives(event, row.leaf)) {
        yield {
          where: `ledger_event ${event.id}`,
          what: `does not give leaf ${index} of log_run ${row.run}`,
        };
      }
    }
    if (leaf === undefined) return undefined;
    leaves.push(leaf);
  }
  return leaves;
}

function entriesOf(leaves: Buffer): Buffer[] | undefined {
  try {
    return decodeBundle(leaves);
  } catch {
    return undefined;
  }
}

async function* examineBundle(
  objects: LogObjects,
  id: TileId,
): AsyncGenerator<LogFault, Buffer[] | undefined> {
  const bytes = await objects.getTile(id);
  if (bytes === undefined) {
    yield { where: tilePath(id), what: 'missing' };
    return undefined;
  }
  try {
    const entries = decodeBundle(bytes);
    if (entries.length === id.width || entries.length === TILE_WIDTH) return entries;
    yield { where: tilePath(id), what: `has ${entries.length} entries, not ${id.width}` };
  } catch (error) {
    yield { where: tilePath(id), what: error instanceof Error ? error.message : String(error) };
  }
  return undefined;
}

async function* examineTile(objects: LogObjects, id: TileId, expected: Buffer): AsyncGenerator<LogFault> {
  const bytes = await objects.getTile(id);
  if (bytes === undefined) yield { where: tilePath(id), what: 'missing' };
  else if (bytes.length !== expected.length && bytes.length !== TILE_WIDTH * HASH_LENGTH) {
    yield { where: tilePath(id), what: `has ${bytes.length} bytes, not ${expected.length}` };
  } else if (!bytes.subarray(0, expected.length).equals(expected)) {
    yield { where: tilePath(id), what: 'its hashes do not follow from the leaves' };
  }
}

async function checkpointsWithin(
  sql: Sql,
  start: number,
  end: number,
): Promise<{ size: number; root: Buffer }[]> {
  const found = await sql.query<{ size: string; root: Buffer }>(
    'SELECT size::text, root FROM log_checkpoint WHERE size > $1::bigint AND size <= $2::bigint ORDER BY log_checkpoint.size',
    [start, end],
  );
  return found.map(({ size, root }) => ({ size: Number(size), root: Buffer.from(root) }));
}

function gives(event: LeafRecord, leaf: Buffer): boolean {
  try {
    const { personId, ownerIds = [] } = event;
    // The leaf of an event with one owner tells the person; the usage log tells by the subjects. Both must agree.
    const sameOwners = personId === null ? ownerIds.length === 0 : ownerIds.includes(personId);
    return sameOwners && leafOf(event).equals(leaf);
  } catch {
    return false;
  }
}

function* faultOf(where: string, check: () => unknown): Generator<LogFault> {
  try {
    check();
  } catch (error) {
    yield { where, what: error instanceof Error ? error.message : String(error) };
  }
}
