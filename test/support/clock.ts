/** A clock that stands still until it is told to move. */
import type { Clock } from '../../src/platform/clock.ts';

export interface FixedClock extends Clock {
  set(iso: string): void;
  advance(milliseconds: number): void;
}

/** @param iso an ISO 8601 instant; a bare date means midnight UTC. */
export function fixedClock(iso: string): FixedClock {
  let instant = new Date(iso);
  return {
    now: () => new Date(instant),
    set: (next) => {
      instant = new Date(next);
    },
    advance: (milliseconds) => {
      instant = new Date(instant.getTime() + milliseconds);
    },
  };
}
