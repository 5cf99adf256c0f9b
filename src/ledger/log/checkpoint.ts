/** Checkpoints (C2SP tlog-checkpoint): the text of the note in which a log states its size and root. */
import { HASH_LENGTH } from './hash.ts';
import { NoteError, type NoteVerifier, parseNote, type SignedNote, verifyNote } from './note.ts';

export interface Checkpoint {
  /** Name of the log; also the name of its key. */
  readonly origin: string;
  /** Number of leaves, a safe integer. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
}

/** A checkpoint together with the note it was read from. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: SignedNote;
}

/** The note text: origin, size and base64 root, each on a line. */
export const checkpointText = (checkpoint: Checkpoint): string =>
  `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;

/**
 * Reads a note text. Extension lines are allowed by the standard, and skipped.
 * @throws NoteError that says which line is wrong.
 */
export function parseCheckpointText(text: string): Checkpoint {
  const [origin = '', size = '', encoded = '', ...rest] = text.split('\n');
  if (origin === '') throw new NoteError('the checkpoint has no origin');
  if (!isDecimal(size)) throw new NoteError('the size of the checkpoint is malformed');
  const root = Buffer.from(encoded, 'base64');
  if (root.length !== HASH_LENGTH || root.toString('base64') !== encoded) {
    throw new NoteError('the root of the checkpoint is malformed');
  }
  if (rest.pop() !== '' || rest.includes('')) throw new NoteError('the checkpoint has an empty line');
  return { origin, size: Number(size), root };
}

/** Whether a text is a safe non-negative decimal without leading zeroes. */
export const isDecimal = (text: string): boolean =>
  /^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text));

/** Reads a signed checkpoint and checks nothing but its form. @throws NoteError when malformed. */
export function parseCheckpoint(text: string): SignedCheckpoint {
  const note = parseNote(text);
  return { ...parseCheckpointText(note.text), note };
}

/**
 * Reads a checkpoint and checks that the log signed it.
 * @throws NoteError on a malformed note, another origin than the key's name, an unknown key or a bad signature.
 */
export function openCheckpoint(text: string, log: NoteVerifier): SignedCheckpoint {
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== log.name) {
    throw new NoteError(`the checkpoint is of the log ${checkpoint.origin}, not of ${log.name}`);
  }
  verifyNote(checkpoint.note, [log]);
  return checkpoint;
}
