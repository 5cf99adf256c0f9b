/**
 * The running log: compares at start, sequences while it holds the lock, collects cosignatures, and closes the
 * vault for writing when it finds the log in doubt. One in each instance; one of them sequences.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Clock } from '../platform/clock.ts';
import type { Sql } from '../platform/database.ts';
import type { NoteSigner, NoteVerifier, Policy } from './log/index.ts';
import { askWitnesses, type Comparison, compareLog } from './log-comparison.ts';
import { type DoubtKind, LogInDoubt } from './log-in-doubt.ts';
import type { LogObjects } from './log-objects.ts';
import { LogReader } from './log-reader.ts';
import * as rows from './log-repository.ts';
import { BATCH, type Sequencer, takeSequencer } from './sequencer.ts';
import { type WitnessClient, witnessClients } from './witness-client.ts';

export interface LogServiceOptions {
  readonly pool: pg.Pool;
  readonly objects: LogObjects;
  /** Signs checkpoints; its name is the log's origin. */
  readonly signer: NoteSigner;
  /** The public part of the signer. */
  readonly log: NoteVerifier;
  readonly clock: Clock;
  /**
   * Witnesses with an address are asked to cosign. Until its quorum has answered at the start, the vault stays closed
   * for writing. Default: none.
   */
  readonly policy?: Policy;
  /** Told of each doubt and each passing failure, once for each time it is met. */
  readonly onAlarm?: (alarm: LogAlarm) => void;
  /** Leaves placed in one step at most. */
  readonly batch?: number;
  /** Milliseconds between two steps while less than a full batch waits; default 150. */
  readonly pause?: number;
  /** Least milliseconds between two requests to the witnesses; default 2000. */
  readonly witnessPause?: number;
  /** How often the comparison at the start is tried while rows or objects do not answer; default 5. */
  readonly attempts?: number;
}

export type LogAlarm =
  | { readonly kind: DoubtKind; readonly detail: string }
  | { readonly kind: 'failing' | 'witness-unreached'; readonly detail: string };

export class LogService implements AsyncDisposable {
  readonly reader: LogReader;
  readonly #options: LogServiceOptions;
  readonly #witnesses: readonly WitnessClient[];
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #cosigning: Promise<void> = Promise.resolve();
  /** Whether rows, objects and witnesses were compared since the start. */
  #compared = false;
  /** Doubts that are not yet in the rows. */
  readonly #unrecorded = new Set<LogInDoubt>();
  #cosignedSize = 0;
  #cosignedAt = 0;

  constructor(options: LogServiceOptions) {
    this.#options = options;
    this.reader = new LogReader(options.objects);
    this.#witnesses = options.policy ? witnessClients(options.policy) : [];
  }

  /**
   * Compares, then sequences in the background. Resolves before the vault may serve. A log in doubt does not make
   * it reject: the vault starts, refuses writes, and says why.
   * @throws Error when the comparison cannot be made, or its doubt cannot be recorded: such a vault must not serve
   */
  async start(): Promise<void> {
    for (let attempt = 1; !(await this.#compareOrClose(attempt)); attempt += 1)
      await this.#rest(300 * attempt);
    this.#loop = this.#run();
  }

  /** Why the log refuses writes; empty when it does not. */
  refusals(): ReturnType<typeof rows.refusals> {
    return rows.refusals(this.#sql);
  }

  /** Closes the vault for writing because of what others found: a damaged tile, a proof that does not hold. */
  async doubt(doubt: LogInDoubt): Promise<void> {
    await this.#guarded(() => Promise.reject(doubt));
  }

  /** Stops after the step under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.#cosigning;
  }

  readonly #sql: Sql = {
    query: async <Row>(text: string, parameters: readonly unknown[] = []) =>
      (await this.#options.pool.query({ text, values: [...parameters] })).rows as Row[],
  };

  /** One comparison at the start. @returns false when it could not be made and may be tried again. */
  async #compareOrClose(attempt: number): Promise<boolean> {
    try {
      await this.#compare();
    } catch (error) {
      if (error instanceof LogInDoubt) {
        this.#alarm({ kind: error.kind, detail: error.message });
        await this.#record(error);
        return true;
      }
      const detail = error instanceof Error ? error.message : String(error);
      this.#alarm({ kind: 'failing', detail });
      if (attempt < (this.#options.attempts ?? 5)) return false;
      throw new Error(`Rows, objects and witnesses of the log could not be compared: ${detail}`, {
        cause: error,
      });
    }
    await rows.clearRefusals(this.#sql, 'witness-unreached');
    return true;
  }

  /** @throws LogInDoubt also when too few witnesses answered */
  async #compare(): Promise<void> {
    const { unreached, reached } = await compareLog(this.#comparison());
    const names = unreached.join(', ');
    if (this.#options.policy?.quorum(reached) === false) {
      throw new LogInDoubt(
        'witness-unreached',
        `no answer from ${names}: it is not shown that the database is no older than what was witnessed`,
      );
    }
    if (unreached.length > 0) this.#alarm({ kind: 'witness-unreached', detail: names });
    this.#compared = true;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#guarded(async () => {
        for (const doubt of this.#unrecorded) await this.#record(doubt);
        const reasons = await this.refusals();
        if (reasons.some(({ kind }) => kind !== 'witness-unreached')) return;
        if (reasons.length > 0) {
          // Witnesses that answer now show what could not be shown at the start.
          await this.#compare();
          await rows.clearRefusals(this.#sql, 'witness-unreached');
        }
        const sequencer = await takeSequencer(this.#options);
        if (sequencer === undefined) return;
        await using held = sequencer;
        await this.#sequence(held);
      });
      await this.#rest(1000);
    }
  }

  async #sequence(sequencer: Sequencer): Promise<void> {
    if (this.#compared) await compareLog({ ...this.#comparison(), witnesses: [] });
    else await this.#compare();
    let restedAt = 0;
    while (!this.#stop.signal.aborted) {
      const { placed } = await sequencer.step();
      this.#cosignSoon();
      // A full batch means that more waits; otherwise the next leaves are gathered, for a step costs several files.
      if (placed === (this.#options.batch ?? BATCH)) continue;
      if (Date.now() - restedAt > 2000) {
        restedAt = Date.now();
        if ((await this.refusals()).length > 0) return;
      }
      await this.#rest(this.#options.pause ?? 150);
    }
  }

  /** Cosignatures are collected beside the sequencing, so that a slow witness delays no checkpoint. */
  #cosignSoon(): void {
    const now = performance.now();
    if (this.#witnesses.length === 0 || now - this.#cosignedAt < (this.#options.witnessPause ?? 2000)) return;
    this.#cosignedAt = Number.POSITIVE_INFINITY;
    this.#cosigning = this.#guarded(() => this.#cosign()).finally(() => {
      this.#cosignedAt = performance.now();
    });
  }

  async #cosign(): Promise<void> {
    const signed = await rows.newestCheckpoint(this.#sql, true);
    if (signed?.note == null || signed.size === this.#cosignedSize) return;
    const { cosignatures, unreached } = await askWitnesses(this.#comparison(), {
      note: signed.note,
      size: signed.size,
    });
    if (unreached.length > 0) this.#alarm({ kind: 'witness-unreached', detail: unreached.join(', ') });
    await rows.keepCosignatures(this.#sql, signed.size, cosignatures.join(''));
    if (unreached.length === 0) this.#cosignedSize = signed.size;
    const newest = await rows.newestCheckpoint(this.#sql, true);
    if (newest?.size === signed.size)
      await this.#options.objects.putCheckpoint(signed.note + cosignatures.join(''));
  }

  /** Runs work; a doubt closes the vault for writing, any other failure is told and passes. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      if (!(error instanceof LogInDoubt)) {
        if (!this.#stop.signal.aborted) this.#alarm({ kind: 'failing', detail });
        return;
      }
      this.#alarm({ kind: error.kind, detail });
      this.#unrecorded.add(error);
      await this.#record(error).catch((failed: Error) =>
        this.#alarm({ kind: 'failing', detail: failed.message }),
      );
    }
  }

  /** Into the rows, from where it stops every instance. What cannot be recorded is tried again by the loop. */
  async #record(doubt: LogInDoubt): Promise<void> {
    await rows.raiseRefusal(
      this.#sql,
      { kind: doubt.kind, detail: doubt.message },
      this.#options.clock.now(),
    );
    this.#unrecorded.delete(doubt);
  }

  #comparison(): Comparison {
    const { objects, log, signer } = this.#options;
    return { sql: this.#sql, objects, reader: this.reader, log, signer, witnesses: this.#witnesses };
  }

  #alarm(alarm: LogAlarm): void {
    this.#options.onAlarm?.(alarm);
  }

  async #rest(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
