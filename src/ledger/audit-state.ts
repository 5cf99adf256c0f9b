/**
 * How far an auditor has come: the hashes that all leaves up to a bundle's border amount to, level by level, and the
 * last checkpoint that held. Small, whatever the size of the log; kept in a file between two visits.
 */
import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { nodeHash } from './log/hash.ts';

export interface AuditState {
  /** Leaves examined: a multiple of 256. */
  readonly examined: number;
  /** Of each level from 1 on, the hashes in its unfinished tile. */
  readonly levels: readonly (readonly Buffer[])[];
  /** The text of the last checkpoint under which all of it held; undefined before the first. */
  readonly checkpoint: string | undefined;
}

export const BEGINNING: AuditState = { examined: 0, levels: [], checkpoint: undefined };

/** Root of a range of hashes, straight from RFC 6962 §2.1. */
export function rootOfHashes(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes;
  if (first === undefined) return createHash('sha256').digest();
  if (hashes.length === 1) return first;
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return nodeHash(rootOfHashes(hashes.slice(0, half)), rootOfHashes(hashes.slice(half)));
}

/** Root of the tree of all leaves examined and `more` leaf hashes behind them, fewer than 256 or a whole bundle. */
export function rootOfState({ levels }: Pick<AuditState, 'levels'>, more: readonly Buffer[]): Buffer {
  const perfect: Buffer[] = [];
  for (const row of [...levels.toReversed(), more]) {
    for (let at = 0; at < row.length; ) {
      let width = 1;
      while (at + width * 2 <= row.length) width *= 2;
      perfect.push(rootOfHashes(row.slice(at, at + width)));
      at += width;
    }
  }
  const last = perfect.pop();
  return last === undefined
    ? rootOfHashes([])
    : perfect.reduceRight((right, left) => nodeHash(left, right), last);
}

/** Reads a state file; a missing one is the beginning. @throws Error that says what is wrong with it */
export async function readState(file: string): Promise<AuditState> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return BEGINNING;
  const kept = JSON.parse(text) as { examined?: unknown; levels?: unknown; checkpoint?: unknown };
  const { examined, levels, checkpoint } = kept;
  const sound =
    Number.isSafeInteger(examined) &&
    Number(examined) % 256 === 0 &&
    Array.isArray(levels) &&
    levels.every((row) => Array.isArray(row) && row.length < 256);
  if (!sound) throw new Error(`${file} is not a state of an audit; remove it to begin anew`);
  return {
    examined: Number(examined),
    levels: (levels as string[][]).map((row) => row.map((hash) => Buffer.from(hash, 'base64'))),
    checkpoint: typeof checkpoint === 'string' ? checkpoint : undefined,
  };
}

/** Replaces a state file in one step, so that an interruption leaves the old one or the new one. */
export async function writeState(file: string, state: AuditState): Promise<void> {
  const levels = state.levels.map((row) => row.map((hash) => hash.toString('base64')));
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ ...state, levels })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
