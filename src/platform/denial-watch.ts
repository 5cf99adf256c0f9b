/**
 * Whether a denial was told to the ledger while something ran. A refusal that no service wrote down is written by the
 * edge, so that each refused attempt leaves one event whoever forgot it, and none leaves two.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface DenialWatch {
  told: boolean;
}

const watches = new AsyncLocalStorage<DenialWatch>();

/** Runs the work; `watch.told` is true afterwards where its denial was written. */
export const underWatch = <T>(watch: DenialWatch, work: () => Promise<T>): Promise<T> =>
  watches.run(watch, work);

/** Called by the ledger with each denial. */
export function denialTold(): void {
  const watch = watches.getStore();
  if (watch) watch.told = true;
}
