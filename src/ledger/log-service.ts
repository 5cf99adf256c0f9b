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
  /** Witnesses with an address are asked to cosign. Default: none. */
  readonly policy?: Policy;
  /** True: without an answer of every witness at start, the vault stays closed for writing. Default false. */
  readonly witnessRequired?: boolean;
  /** Told of each doubt and each passing failure, once for each time it is met. */
  readonly onAlarm?: (alarm: LogAlarm) => void;
  /** Leaves placed in one step at most. */
  readonly batch?: number;
  /** Milliseconds between two steps while less than a full batch waits; default 150. */
  readonly pause?: number;
  /** Least milliseconds between two requests to the witnesses; default 2000. */
  readonly witnessPause?: number;
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
   */
  async start(): Promise<void> {
    await this.#guarded(async () => {
      const { unreached } = await compareLog(this.#comparison());
      this.#compared = true;
      if (unreached.length === 0) return;
      this.#alarm({ kind: 'witness-unreached', detail: unreached.join(', ') });
      if (this.#options.witnessRequired) {
        throw new LogInDoubt(
          'older-than-witnessed',
          `not shown otherwise: no answer from ${unreached.join(', ')}`,
        );
      }
    });
    this.#loop = this.#run();
  }

  /** Why the log refuses writes; empty when it does not. */
  refusals(): ReturnType<typeof rows.refusals> {
    return rows.refusals(this.#sql);
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

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#guarded(async () => {
        if ((await this.refusals()).length > 0) return;
        const sequencer = await takeSequencer(this.#options);
        if (sequencer === undefined) return;
        await using held = sequencer;
        await this.#sequence(held);
      });
      await this.#rest(1000);
    }
  }

  async #sequence(sequencer: Sequencer): Promise<void> {
    await compareLog({ ...this.#comparison(), witnesses: this.#compared ? [] : this.#witnesses });
    this.#compared = true;
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
      await rows
        .raiseRefusal(this.#sql, { kind: error.kind, detail }, this.#options.clock.now())
        .catch((failed: Error) => this.#alarm({ kind: 'failing', detail: failed.message }));
    }
  }

  #comparison(): Comparison {
    const { objects, log } = this.#options;
    return { sql: this.#sql, objects, reader: this.reader, log, witnesses: this.#witnesses };
  }

  #alarm(alarm: LogAlarm): void {
    this.#options.onAlarm?.(alarm);
  }

  async #rest(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
