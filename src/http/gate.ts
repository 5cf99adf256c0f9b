/**
 * How many requests are worked on at once. What goes beyond waits in a short line; what the line cannot hold, or what
 * has waited too long to still be wanted, is refused at once with the time to come back. So a vault that is asked for
 * twice what it can do goes on doing all it can.
 */
import { Failure } from '../platform/failure.ts';

export interface GateLimits {
  /** Requests worked on at once. */
  readonly running: number;
  /** Requests that wait for their turn. */
  readonly waiting: number;
  /** Milliseconds after which a waiting request is refused. */
  readonly patience: number;
}

/** As many as keep the database busy, and a line that empties in less than a second. */
export const GATE_LIMITS: GateLimits = { running: 32, waiting: 96, patience: 1500 };

/** The code of the refusal. */
export const OVERLOADED = 'overloaded';

interface Waiter {
  readonly since: number;
  readonly begin: (turn: 'go' | 'late' | 'gone') => void;
}

export class Gate {
  readonly #limits: GateLimits;
  readonly #line: Waiter[] = [];
  #running = 0;

  constructor(limits: GateLimits = GATE_LIMITS) {
    this.#limits = limits;
  }

  /** For the gauge of `/metrics`. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#line.length };
  }

  /**
   * Does the work when its turn has come.
   * @param gone aborted when nobody waits for the answer any more
   * @throws Failure `unavailable` with the seconds to wait, before the work has begun
   */
  async pass<T>(work: () => Promise<T>, gone?: AbortSignal): Promise<T> {
    if (this.#running < this.#limits.running) this.#running += 1;
    else await this.#turn(gone);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  async #turn(gone: AbortSignal | undefined): Promise<void> {
    if (this.#line.length >= this.#limits.waiting) throw overloaded();
    const turn = await new Promise<'go' | 'late' | 'gone'>((resolve) => {
      const waiter = { since: performance.now(), begin: resolve };
      this.#line.push(waiter);
      gone?.addEventListener('abort', () => {
        const at = this.#line.indexOf(waiter);
        if (at >= 0) this.#line.splice(at, 1);
        resolve('gone');
      });
    });
    if (turn !== 'go') throw overloaded();
  }

  /** Hands the turn on; those who waited too long are refused on the way. */
  #next(): void {
    const oldest = performance.now() - this.#limits.patience;
    for (let waiter = this.#line.shift(); waiter; waiter = this.#line.shift()) {
      if (waiter.since >= oldest) {
        waiter.begin('go');
        return;
      }
      waiter.begin('late');
    }
    this.#running -= 1;
  }
}

const overloaded = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'The vault is asked for more than it can do at the moment. Try again in a few seconds.',
      vi: 'Kho đang có quá nhiều yêu cầu cùng lúc. Xin thử lại sau vài giây.',
    },
    { code: OVERLOADED, retryAfter: 2 },
  );
