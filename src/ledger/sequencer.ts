/**
 * The sequencer: the one process at a time that gives leaves their places and signs checkpoints. It promises
 * indexes without a gap, immutable tiles before the checkpoint that needs them, one root a size for ever, and a
 * checkpoint at most a second after its leaf was committed.
 *
 * One step: (A) in a transaction under the fence, queue → places, and the intent (size, root) → (B) tiles and
 * bundles → (C) sign → (D) the note into the row, under the fence → (E) publish. A cut after A is finished from
 * the rows by whoever comes next; before A nothing happened. A sequencer that lost its lock writes only bytes that
 * the rows already decided, and signs only the decided root.
 */
import type pg from 'pg';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Sql } from '../platform/database.ts';
import {
  checkpointText,
  type Edge,
  edgeTiles,
  formatNote,
  type Growth,
  growTree,
  HASH_LENGTH,
  type NoteSigner,
  readHashTile,
  rootFromTiles,
  signNote,
  TILE_WIDTH,
  tilePath,
} from './log/index.ts';
import { type Entries, readEntries } from './log-bundles.ts';
import { LogInDoubt } from './log-in-doubt.ts';
import type { LogObjects } from './log-objects.ts';
import * as rows from './log-repository.ts';

export interface SequencerOptions {
  readonly pool: pg.Pool;
  readonly objects: LogObjects;
  readonly signer: NoteSigner;
  readonly clock: Clock;
  /** Leaves placed in one step at most; default {@link BATCH}. */
  readonly batch?: number;
}

/** What one step did. */
export interface SequencerStep {
  /** Leaves placed in this step. */
  readonly placed: number;
  /** Size of the newest signed and published checkpoint. */
  readonly size: number;
}

/** New leaves, and the tree with them. */
interface Decided {
  readonly entries: Entries;
  readonly growth: Growth;
}

/** Leaves placed in one step at most, unless told. */
export const BATCH = 20_000;

/** The lock is a number that no other part of the vault uses. */
const LOCK = '7810498326013537127';

/** A sequencer that holds the lock, for as long as its connection lives. Made by `takeSequencer`. */
export class Sequencer implements AsyncDisposable {
  readonly #options: SequencerOptions;
  readonly #client: pg.PoolClient;
  readonly #sql: Sql;
  readonly #fence: string;
  #size = 0;
  #edge: Edge = [];
  /** Bytes of the open bundle. */
  #bundle: Buffer = Buffer.alloc(0);

  constructor(options: SequencerOptions, client: pg.PoolClient, fence: string) {
    this.#options = options;
    this.#client = client;
    this.#sql = sqlOf(client);
    this.#fence = fence;
  }

  /** Loads the edge of the newest signed checkpoint, checks it, and finishes what an earlier sequencer left open. */
  async recover(): Promise<void> {
    const signed = await rows.newestCheckpoint(this.#sql, true);
    const newest = await rows.newestCheckpoint(this.#sql);
    await this.#loadEdge(signed?.size ?? 0, signed?.root);
    if (newest !== undefined && newest.note === null) await this.#finish(newest.size, newest.root);
    else if (signed?.note) await this.#options.objects.putCheckpoint(signed.note + signed.cosignatures);
  }

  /** One step as the file's comment tells. @throws LogInDoubt, or an error when the lock was lost. */
  async step(): Promise<SequencerStep> {
    const decided = await this.#decide();
    if (decided === undefined) return { placed: 0, size: this.#size };
    await this.#finish(this.#size + decided.entries.count, decided.growth.root, decided);
    return { placed: decided.entries.count, size: this.#size };
  }

  /** Gives the lock back. */
  async [Symbol.asyncDispose](): Promise<void> {
    const freed = await this.#client.query('SELECT pg_advisory_unlock($1::bigint)', [LOCK]).then(
      () => undefined,
      (error: Error) => error,
    );
    this.#client.off('error', ignore);
    this.#client.release(freed);
  }

  /** Step A. */
  async #decide(): Promise<Decided | undefined> {
    const waiting = await this.#sql.query('SELECT 1 FROM log_queue LIMIT 1');
    if (waiting.length === 0) return undefined;
    await this.#client.query('BEGIN');
    try {
      const state = await rows.lockState(this.#sql, this.#fence);
      if (state === undefined) throw new Error('another sequencer took over');
      if (state.size !== this.#size)
        throw new LogInDoubt('rows', `log_state is at ${state.size}, not ${this.#size}`);
      const { count, entries } = await rows.placeLeaves(this.#sql, this.#size, this.#options.batch ?? BATCH);
      if (count === 0) {
        await this.#client.query('ROLLBACK');
        return undefined;
      }
      const decided = await this.#grow(entries);
      const { root } = decided.growth;
      const size = this.#size + count;
      await rows.decideRoot(this.#sql, { fence: this.#fence, size, root }, this.#options.clock.now());
      await this.#client.query('COMMIT');
      crashPoint('sequencer.after-decision');
      return decided;
    } catch (error) {
      await this.#client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** Steps B to E, for a size and root that the rows have decided. */
  async #finish(size: number, root: Buffer, decided?: Decided): Promise<void> {
    const { entries, growth } =
      decided ?? (await this.#grow(await rows.readLeaves(this.#sql, this.#size, size)));
    if (!growth.root.equals(root))
      throw new LogInDoubt('two-roots', `the rows give another root of size ${size}`);
    const written = [...entries.bundles, ...growth.tiles];
    await inParallel(written, ({ id, bytes }) => this.#options.objects.putTile(id, bytes));
    crashPoint('sequencer.after-tiles');
    const checkpoint = { origin: this.#options.signer.name, size, root };
    const note = formatNote(await signNote(checkpointText(checkpoint), this.#options.signer));
    crashPoint('sequencer.after-signing');
    if (!(await rows.keepNote(this.#sql, this.#fence, size, note)))
      throw new Error('another sequencer took over');
    crashPoint('sequencer.before-publishing');
    const before = this.#size;
    [this.#size, this.#edge, this.#bundle] = [size, growth.edge, entries.edge];
    await this.#options.objects.putCheckpoint(note);
    const outgrown = written.filter(({ id }) => {
      const span = TILE_WIDTH ** (id.level === 'entries' ? 1 : id.level + 1);
      return id.width === TILE_WIDTH && id.index * span < before;
    });
    await inParallel(outgrown, ({ id }) => this.#options.objects.removePartials(id));
  }

  async #grow(leaves: Buffer): Promise<Decided> {
    const entries = readEntries(this.#size, this.#bundle, leaves);
    return { entries, growth: await growTree(this.#size, this.#edge, entries.hashes) };
  }

  async #loadEdge(size: number, root: Buffer | undefined): Promise<void> {
    const { objects } = this.#options;
    const edge: Buffer[] = [];
    for (const tile of edgeTiles(size)) {
      const bytes = await objects.getTile(tile);
      if (bytes === undefined) throw new LogInDoubt('missing-object', `${tilePath(tile)} is missing`);
      edge[tile.level as number] = bytes.subarray(0, tile.width * HASH_LENGTH);
    }
    if (root !== undefined) {
      const source = (id: { level: unknown }) => readHashTile(edge[id.level as number] ?? Buffer.alloc(0));
      const found = await rootFromTiles(source, size).catch(() => undefined);
      if (found === undefined || !found.equals(root)) {
        const names = edgeTiles(size).map(tilePath).join(', ');
        throw new LogInDoubt(
          'corrupted-object',
          `one of ${names} is damaged: they do not give the root of size ${size}`,
        );
      }
    }
    const start = Math.floor(size / TILE_WIDTH) * TILE_WIDTH;
    this.#bundle = await rows.readLeaves(this.#sql, start, size);
    [this.#size, this.#edge] = [size, edge];
  }
}

/** The sequencer, recovered and ready, or undefined while another instance holds the lock. */
export async function takeSequencer(options: SequencerOptions): Promise<Sequencer | undefined> {
  const client = await options.pool.connect();
  // A connection that dies between two statements is met by the next one; unheard it would end the process.
  client.on('error', ignore);
  try {
    const { rows: locked } = await client.query('SELECT pg_try_advisory_lock($1::bigint) AS held', [LOCK]);
    if (!(locked[0] as { held: boolean }).held) {
      client.off('error', ignore);
      client.release();
      return undefined;
    }
    await rows.openState(sqlOf(client), options.signer.name);
    const sequencer = new Sequencer(options, client, await rows.takeFence(sqlOf(client)));
    await sequencer.recover();
    return sequencer;
  } catch (error) {
    // A session lock ends with its session only: the connection must not go back to the pool.
    client.release(true);
    throw error;
  }
}

const ignore = (): void => undefined;

const sqlOf = (client: pg.PoolClient): Sql => ({
  query: async <Row>(text: string, parameters: readonly unknown[] = []) =>
    (await client.query({ text, values: [...parameters] })).rows as Row[],
});

/** At most sixteen at a time, so that flushes of one folder are shared; stops at the first failure. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
