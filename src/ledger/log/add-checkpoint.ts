/** The texts that a log and a witness exchange (C2SP tlog-witness, `add-checkpoint`). */
import { isDecimal, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { NoteError, type NoteSignature, parseSignatureLine } from './note.ts';
import { parseHashLines } from './proof-file.ts';

/** Longest request a witness reads, in bytes: 63 hashes and a checkpoint with many signatures. */
export const MAX_ADD_CHECKPOINT_LENGTH = 64 * 1024;

export interface AddCheckpoint {
  readonly oldSize: number;
  readonly path: readonly Buffer[];
  readonly checkpoint: SignedCheckpoint;
}

/** The body of a request. */
export function formatAddCheckpoint(
  oldSize: number,
  path: readonly Buffer[],
  signedCheckpoint: string,
): string {
  return `old ${oldSize}\n${path.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${signedCheckpoint}`;
}

/** @throws NoteError that says what is malformed. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf('\n\n');
  if (end < 0) throw new NoteError('the request has no checkpoint');
  const [old = '', ...hashes] = body.slice(0, end).split('\n');
  if (!old.startsWith('old ') || !isDecimal(old.slice(4)))
    throw new NoteError('the first line must be "old" and a size');
  if (hashes.length > 63) throw new NoteError('the request has more than 63 hashes');
  return {
    oldSize: Number(old.slice(4)),
    path: parseHashLines(hashes),
    checkpoint: parseCheckpoint(body.slice(end + 2)),
  };
}

/** The signature lines of a witness's answer. @throws NoteError when malformed. */
export function parseCosignatures(body: string): NoteSignature[] {
  if (!body.endsWith('\n'))
    throw new NoteError('the answer of the witness is not a sequence of signature lines');
  return body.slice(0, -1).split('\n').map(parseSignatureLine);
}
