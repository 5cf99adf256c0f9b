/**
 * Runs approved batches in the background, one at a time, and takes up at start what an earlier process left. A fault
 * that is nobody's to mend (a database that is down) leaves the batch running; it is tried again at the next waking.
 */
import { type RunnerParts, runBatch } from './batch-runner.ts';

export class BatchWorker implements AsyncDisposable {
  readonly #parts: RunnerParts;
  readonly #onFault: (error: unknown) => void;
  readonly #stopping = new AbortController();
  readonly #queue: string[] = [];
  #working: Promise<void> | undefined;

  /** @param onFault hears of faults, for the log; never of a paused batch */
  constructor(parts: RunnerParts, onFault: (error: unknown) => void) {
    this.#parts = parts;
    this.#onFault = onFault;
  }

  /** Takes up every batch that stands as running. */
  async resume(): Promise<void> {
    const rows = await this.#parts.database.read<{ id: string }>(
      "SELECT id::text FROM issue_batch WHERE state = 'running' ORDER BY approved_at",
    );
    for (const { id } of rows) this.wake(id);
  }

  /** Runs a batch soon; waking it twice does no harm. */
  wake(batchId: string): void {
    if (!this.#queue.includes(batchId)) this.#queue.push(batchId);
    this.#working ??= this.#work();
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  /** Stops after the rows in hand; what is left goes on at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.idle();
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopping;
    for (let id = this.#queue.shift(); id !== undefined && !signal.aborted; id = this.#queue.shift()) {
      await runBatch(this.#parts, id, signal).catch(this.#onFault);
    }
    this.#working = undefined;
  }
}
