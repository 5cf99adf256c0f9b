/** What the harms are planted in, and what one harm is. */
import type { openLogKey } from '../../../src/ledger/log-key.ts';
import type { Database } from '../../../src/platform/database.ts';
import type { KeyRing } from '../../../storage/index.ts';
import type { Chance } from '../round.ts';

/** A vault at rest: its rows, a copy of its objects in memory, its keys. */
export interface Still {
  readonly database: Database;
  readonly objects: ReadonlyMap<string, Buffer>;
  readonly keys: KeyRing;
  readonly log: Awaited<ReturnType<typeof openLogKey>>;
  readonly spool: string;
}

export interface Plant {
  readonly name: string;
  /** Part of the name under which it must be found. */
  readonly named: string;
  readonly statements?: readonly string[];
  readonly change?: (objects: Map<string, Buffer>) => void;
}

/** Draws one harm of its kind; undefined where there is nothing of that kind to harm. */
export type Maker = (still: Still, chance: Chance) => Promise<Plant | undefined>;
