/** Re-reading as the vault does it: papers and log by turns, damage on record, alarmed, and seen by operators. */
import { Gauge, type Registry } from 'prom-client';
import type { SealedObjects } from '../storage/index.ts';
import { scrubObjects } from './documents/index.ts';
import { type Damage, DamageBook, scrubLog } from './ledger/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import type { Duties } from './platform/duties.ts';
import type { Logger } from './platform/logger.ts';
import type { Ledger } from './vault-ledger.ts';

export interface ScrubParts {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly ledger: Ledger;
  readonly duties: Duties;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly periodDays: number;
}

export interface Scrubbing {
  /** What is damaged now. */
  readonly damaged: () => Promise<Damage[]>;
  readonly watch: (registry: Registry) => void;
}

/** Seconds between two stretches. */
const EVERY = 60;

export function openScrub(parts: ScrubParts): Scrubbing {
  const { database, objects, ledger, clock, logger } = parts;
  const periodSeconds = parts.periodDays * 86_400;
  const book = new DamageBook({
    database,
    clock,
    onDamage: ({ key, what }) => logger.error({ object: key, detail: what }, 'an object is damaged'),
  });
  parts.duties.every({
    name: 'scrub',
    seconds: EVERY,
    run: async (signal) => {
      const faults = {
        onFault: (key: string, what: string, documentId: string | null) => book.found(key, what, documentId),
        onWhole: (keys: readonly string[]) => book.hold(keys),
      };
      await scrubObjects({ database, objects, clock, ...faults }, { periodSeconds, seconds: EVERY, signal });
      const size = (await ledger.facts()).size;
      const limit = Math.max(16, Math.ceil((size / 256 / periodSeconds) * EVERY * 1.1));
      await scrubLog(
        {
          database,
          objects: ledger.objects,
          onWhole: (paths) => book.hold(paths),
          onDoubt: async (path, doubt) => {
            await book.found(path, doubt.message);
            await ledger.log.doubt(doubt);
          },
        },
        { now: clock.now(), limit, signal },
      );
    },
  });
  return {
    damaged: () => book.standing(),
    watch: (registry) => {
      new Gauge({
        name: 'motlan_damaged_objects',
        help: 'Objects that did not hold when they were read again',
        registers: [registry],
        async collect() {
          this.set(
            await book.standing().then(
              ({ length }) => length,
              () => Number.NaN,
            ),
          );
        },
      });
    },
  };
}
