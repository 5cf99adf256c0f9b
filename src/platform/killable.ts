/**
 * Runs work on hostile input in a warm child process that is killed when it takes too long, too much memory, or
 * crashes. The parent's event loop and memory are never at the mercy of the input.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lend } from './killable-bytes.ts';

/** A function exported by a module; its input and output must survive structured cloning. */
export interface KillableTask<Input, Output> {
  /** `import.meta.url` of the module that exports the function. */
  readonly module: string;
  readonly name: string;
  /** Ties the types of input and output to the task; never called. */
  readonly signature?: (input: Input) => Output | Promise<Output>;
}

export type KillableOutcome<Output> =
  | { readonly kind: 'done'; readonly value: Output }
  | { readonly kind: 'threw'; readonly name: string; readonly message: string }
  | { readonly kind: 'killed'; readonly why: 'time' | 'memory' | 'crash' | 'closed' }
  | { readonly kind: 'busy' };

export interface KillableLimits {
  /** Wall time of one task in milliseconds. */
  readonly milliseconds: number;
  /** Resident memory of the child in MiB, file included. */
  readonly megabytes: number;
}

export interface KillableOptions extends KillableLimits {
  /** Children kept warm. */
  readonly size: number;
  /** Tasks that may wait; more are answered `busy`. */
  readonly waiting: number;
}

const DEFAULTS: KillableOptions = { size: 1, waiting: 64, milliseconds: 10_000, megabytes: 512 };
const WATCH_EVERY = 50;

interface Job {
  readonly order: { module: string; name: string; input: unknown };
  readonly limits: KillableLimits;
  readonly settle: (outcome: KillableOutcome<unknown>) => void;
}

export class KillablePool implements AsyncDisposable {
  readonly #options: KillableOptions;
  readonly #queue: Job[] = [];
  readonly #idle: ChildProcess[] = [];
  readonly #children = new Set<ChildProcess>();
  readonly #busy = new Map<ChildProcess, (outcome: KillableOutcome<unknown>) => void>();
  #closed = false;

  constructor(options: Partial<KillableOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Never rejects: whatever becomes of the child is an outcome. */
  run<Input, Output>(
    task: KillableTask<Input, Output>,
    input: Input,
    limits: Partial<KillableLimits> = {},
  ): Promise<KillableOutcome<Output>> {
    return new Promise((resolve) => {
      if (this.#closed) {
        resolve({ kind: 'killed', why: 'closed' });
      } else if (this.#queue.length >= this.#options.waiting) {
        resolve({ kind: 'busy' });
      } else {
        this.#queue.push({
          order: { module: task.module, name: task.name, input },
          limits: { ...this.#options, ...limits },
          settle: (outcome) => resolve(outcome as KillableOutcome<Output>),
        });
        this.#next();
      }
    });
  }

  /** Starts the children before the first task comes. */
  warm(): void {
    while (this.#children.size < this.#options.size) {
      this.#idle.push(this.#spawn());
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) {
      job.settle({ kind: 'killed', why: 'closed' });
    }
    const gone = [...this.#children].map(
      (child) =>
        new Promise<void>((resolve) => {
          // An idle child does not hold the process; waiting for its end must.
          child.ref();
          child.once('exit', () => resolve());
          child.kill('SIGKILL');
        }),
    );
    await Promise.all(gone);
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const child =
        this.#idle.pop() ?? (this.#children.size < this.#options.size ? this.#spawn() : undefined);
      const job = child === undefined ? undefined : this.#queue.shift();
      if (child === undefined || job === undefined) {
        return;
      }
      this.#perform(child, job);
    }
  }

  #perform(child: ChildProcess, job: Job): void {
    const started = performance.now();
    child.ref();
    child.channel?.ref();
    let why: 'time' | 'memory' | 'crash' = 'crash';
    const watch = setInterval(() => {
      if (performance.now() - started > job.limits.milliseconds) {
        why = 'time';
      } else if (residentMegabytes(child.pid) > job.limits.megabytes) {
        why = 'memory';
      } else {
        return;
      }
      child.kill('SIGKILL');
    }, WATCH_EVERY);
    let release: () => Promise<void> = async () => undefined;
    const finish = (outcome: KillableOutcome<unknown>): void => {
      void release();
      clearInterval(watch);
      child.off('message', onMessage);
      this.#busy.delete(child);
      job.settle(outcome);
      this.#next();
    };
    const onMessage = (message: unknown): void => {
      const outcome = outcomeOf(message);
      if (outcome !== undefined) {
        child.unref();
        child.channel?.unref();
        this.#idle.push(child);
        finish(outcome);
      }
    };
    this.#busy.set(child, () => finish({ kind: 'killed', why: this.#closed ? 'closed' : why }));
    child.on('message', onMessage);
    const send = async (): Promise<void> => {
      const lent = await lend(job.order.input);
      release = lent.release;
      // It may have been killed meanwhile; then nobody else gives the bytes back.
      if (!this.#busy.has(child)) return release();
      child.send({ ...job.order, input: lent.input }, (error) => {
        if (error !== null) child.kill('SIGKILL');
      });
    };
    send().catch(() => child.kill('SIGKILL'));
  }

  #spawn(): ChildProcess {
    const file = fileURLToPath(new URL(`./killable-child${extname(import.meta.url)}`, import.meta.url));
    const child = fork(file, [], {
      serialization: 'advanced',
      // No secrets of the parent reach a process that reads hostile input.
      env: { NODE_NO_WARNINGS: '1' },
      execArgv: [`--max-old-space-size=${Math.max(64, Math.floor(this.#options.megabytes * 0.75))}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#children.add(child);
    child.unref();
    child.channel?.unref();
    const gone = (): void => {
      this.#children.delete(child);
      const at = this.#idle.indexOf(child);
      if (at >= 0) {
        this.#idle.splice(at, 1);
      }
      this.#busy.get(child)?.({ kind: 'killed', why: 'crash' });
    };
    child.once('exit', gone);
    child.once('error', gone);
    return child;
  }
}

function outcomeOf(message: unknown): KillableOutcome<unknown> | undefined {
  if (typeof message !== 'object' || message === null) {
    return undefined;
  }
  if ('value' in message) {
    return { kind: 'done', value: message.value };
  }
  if ('threw' in message) {
    return { kind: 'threw', ...(message.threw as { name: string; message: string }) };
  }
  return undefined;
}

/** Resident memory by the kernel's word; 0 where it does not tell (the old-space limit still holds there). */
function residentMegabytes(pid: number | undefined): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
    return (pages * 4096) / (1024 * 1024);
  } catch {
    return 0;
  }
}
