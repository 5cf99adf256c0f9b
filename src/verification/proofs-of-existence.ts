/**
 * Document timestamps, newest first (EN 319 102-1 §5.6.2): each trusted one proves that all it covers existed then,
 * and becomes the time at which the older ones are looked at.
 */
import { digestOf } from './byte-range.ts';
import type { FileContext } from './file-context.ts';
import type { InspectedSignature } from './inspected-signature.ts';
import { checkTimestamp, type TimestampCheck } from './timestamp-check.ts';

export interface Proof {
  /** Everything before this offset existed … */
  readonly end: number;
  /** … at this time. */
  readonly time: Date;
}

export interface DocumentTimestamps {
  readonly checks: ReadonlyMap<InspectedSignature, TimestampCheck>;
  readonly proofs: readonly Proof[];
}

export function collectProofs(
  context: FileContext,
  signatures: readonly InspectedSignature[],
): DocumentTimestamps {
  const newestFirst = signatures
    .filter((s) => s.isTimestamp && s.covered !== undefined)
    .sort((a, b) => (b.covered?.end ?? 0) - (a.covered?.end ?? 0));
  const checks = new Map<InspectedSignature, TimestampCheck>();
  const proofs: Proof[] = [];
  for (const stamp of newestFirst) {
    const { covered } = stamp;
    if (covered === undefined || stamp.signed === undefined) {
      continue;
    }
    const check = checkTimestamp(
      stamp.signed.der,
      (algorithm) => digestOf(context.file, covered, algorithm),
      {
        context,
        controlTime: earliestProof(proofs, covered.end) ?? context.at,
      },
    );
    checks.set(stamp, check);
    if (check.trusted && check.time !== undefined) {
      proofs.push({ end: covered.end, time: check.time });
    }
  }
  return { checks, proofs };
}

/** The earliest time at which everything before `end` is proven to have existed. */
export function earliestProof(proofs: readonly Proof[], end: number): Date | undefined {
  return earliest(proofs.filter((proof) => proof.end >= end).map((proof) => proof.time));
}

export function earliest(times: readonly Date[]): Date | undefined {
  return times.length === 0 ? undefined : new Date(Math.min(...times.map((time) => time.getTime())));
}
