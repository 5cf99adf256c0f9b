/**
 * Scrubbing: re-reading everything that is kept, at a bounded rate, so that silent damage is found while a copy
 * can still mend it. Knows nothing of what it reads.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** One thing to re-read. */
export interface ScrubItem {
  /** Names it in reports: an opaque key or path. */
  readonly where: string;
  readonly bytes: number;
  /** Reads and verifies all its bytes. @returns what is wrong, or undefined. */
  readonly check: () => Promise<string | undefined>;
}

export interface ScrubOptions {
  readonly items: AsyncIterable<ScrubItem>;
  /** The rate is never above this; reading may be slower. */
  readonly bytesPerSecond: number;
  readonly onFault: (fault: { readonly where: string; readonly what: string }) => void | Promise<void>;
  /** Items under way at once; default 2. */
  readonly parallel?: number;
  readonly signal?: AbortSignal;
}

export interface ScrubResult {
  readonly items: number;
  readonly bytes: number;
  readonly faults: number;
}

/** Goes through all items once, or until the signal. An item whose check throws is a fault like any other. */
export async function scrub(options: ScrubOptions): Promise<ScrubResult> {
  const started = performance.now();
  const result = { items: 0, bytes: 0, faults: 0 };
  const rest = options.items[Symbol.asyncIterator]();
  const worker = async (): Promise<void> => {
    while (!options.signal?.aborted) {
      const { value: item, done } = await rest.next();
      if (done) return;
      result.items += 1;
      result.bytes += item.bytes;
      const what = await item
        .check()
        .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      if (what !== undefined) {
        result.faults += 1;
        await options.onFault({ where: item.where, what });
      }
      const ahead = (result.bytes / options.bytesPerSecond) * 1000 - (performance.now() - started);
      if (ahead > 1) await sleep(ahead, undefined, { signal: options.signal }).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: options.parallel ?? 2 }, worker));
  return result;
}

/** The rate at which so many bytes are re-read within a period, in bytes a second; at least 64 KiB a second. */
export const rateFor = (bytes: number, periodSeconds: number): number =>
  Math.max(64 * 1024, bytes / periodSeconds);
