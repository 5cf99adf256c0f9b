/** Proof files (C2SP tlog-proof): all that an offline check of one leaf needs, as one text. */
import { type Checkpoint, isDecimal, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { HASH_LENGTH } from './hash.ts';
import { formatNote, NoteError } from './note.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_PROOF_FILE_LENGTH = 1_500_000;

export interface ProofFile {
  /** Opaque and not authenticated; here an opening of the leaf. */
  readonly extra: Buffer | undefined;
  readonly index: number;
  /** From the leaf's sibling up to a child of the root. */
  readonly path: readonly Buffer[];
  readonly checkpoint: SignedCheckpoint;
}

/** The text of a proof file; `.tlog-proof` is its extension. */
export function formatProofFile(proof: Omit<ProofFile, 'checkpoint'>, signedCheckpoint: string): string {
  const extra = proof.extra === undefined ? '' : `extra ${proof.extra.toString('base64')}\n`;
  const path = proof.path.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `${HEADER}\n${extra}index ${proof.index}\n${path}\n${signedCheckpoint}`;
}

/** Reads a proof file and checks nothing but its form. @throws NoteError that says what is malformed. */
export function parseProofFile(text: string): ProofFile {
  if (text.length > MAX_PROOF_FILE_LENGTH) throw new NoteError('the proof is too long');
  const end = text.indexOf('\n\n');
  if (end < 0) throw new NoteError('the proof has no checkpoint');
  const lines = text.slice(0, end).split('\n');
  if (lines.shift() !== HEADER) throw new NoteError(`a proof starts with the line "${HEADER}"`);
  const extra = lines[0]?.startsWith('extra ')
    ? decodeBase64(lines.shift()?.slice(6), 'the extra line')
    : undefined;
  const [, index = ''] = /^index (.*)$/.exec(lines.shift() ?? '') ?? [];
  if (!isDecimal(index)) throw new NoteError('the index line of the proof is malformed');
  if (lines.length > 63) throw new NoteError('the proof has more than 63 hashes');
  return {
    extra,
    index: Number(index),
    path: parseHashLines(lines),
    checkpoint: parseCheckpoint(text.slice(end + 2)),
  };
}

/** Base64 lines of 32 bytes each. @throws NoteError */
export function parseHashLines(lines: readonly string[]): Buffer[] {
  return lines.map((line) => {
    const hash = decodeBase64(line, 'a hash of the proof');
    if (hash.length !== HASH_LENGTH)
      throw new NoteError(`a hash of the proof does not have ${HASH_LENGTH} bytes`);
    return hash;
  });
}

/** The signed checkpoint inside a proof file, as text. */
export const checkpointOf = (proof: ProofFile): string => formatNote(proof.checkpoint.note);

/** Whether two checkpoints say the same of the same log. */
export const sameTree = (one: Checkpoint, other: Checkpoint): boolean =>
  one.origin === other.origin && one.size === other.size && one.root.equals(other.root);

function decodeBase64(text: string | undefined, what: string): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64');
  if (text === undefined || bytes.toString('base64') !== text) throw new NoteError(`${what} is malformed`);
  return bytes;
}
