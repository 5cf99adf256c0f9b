/**
 * Signed notes (C2SP signed-note): a text, and under it lines of signatures that anyone can check against keys
 * configured beforehand. Text and signatures are attacker-controlled until a known key has been checked.
 */

/** One signature line. `signature` is what follows the key id; its form depends on the kind of key. */
export interface NoteSignature {
  readonly name: string;
  /** First four bytes of the key's hash, as an unsigned number. */
  readonly keyId: number;
  readonly signature: Buffer;
}

export interface SignedNote {
  /** Ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A key that is trusted to have signed notes. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  verify(text: string, signature: Uint8Array): boolean;
}

/** A key that signs notes. The private part may lie in another device, hence the promise. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  sign(text: string): Buffer | Promise<Buffer>;
}

/** The note is malformed, or no trusted key signed it. The message says which. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
}

/** Longest note read here, in characters, and most signature lines. */
const MAX_NOTE_LENGTH = 1_000_000;
const MAX_SIGNATURES = 100;

const SEPARATOR = '\n\n— ';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a note must not contain.
const CONTROL = /[\x00-\x09\x0b-\x1f]/;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;

/** Whether a text may name a key: not empty, no space, no plus sign. */
export const isKeyName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && !/[\s+]/u.test(name);

/** Splits a note without checking any signature. @throws NoteError when it is not a signed note. */
export function parseNote(note: string): SignedNote {
  if (note.length > MAX_NOTE_LENGTH) throw new NoteError('the note is too long');
  if (!note.isWellFormed() || CONTROL.test(note)) throw new NoteError('the note contains control characters');
  const at = note.lastIndexOf(SEPARATOR);
  if (at < 0 || !note.endsWith('\n')) throw new NoteError('the note has no signature lines');
  const lines = note.slice(at + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES)
    throw new NoteError(`the note has more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, at + 1), signatures: lines.map(parseSignatureLine) };
}

/** Reads one signature line without its newline. @throws NoteError when malformed. */
export function parseSignatureLine(line: string): NoteSignature {
  const match = SIGNATURE_LINE.exec(line);
  const [, name = '', encoded = ''] = match ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (!isKeyName(name) || bytes.length < 5 || bytes.toString('base64') !== encoded) {
    throw new NoteError('a signature line of the note is malformed');
  }
  return { name, keyId: bytes.readUInt32BE(0), signature: bytes.subarray(4) };
}

/** One line `— name base64(key id ‖ signature)` with its newline. */
export function formatSignatureLine(signature: NoteSignature): string {
  const keyId = Buffer.alloc(4);
  keyId.writeUInt32BE(signature.keyId);
  return `— ${signature.name} ${Buffer.concat([keyId, signature.signature]).toString('base64')}\n`;
}

/** The note as text. @throws NoteError when the text does not end in a newline or there is no signature. */
export function formatNote(note: SignedNote): string {
  if (!note.text.endsWith('\n') || CONTROL.test(note.text))
    throw new NoteError('the text is not that of a note');
  if (note.signatures.length === 0) throw new NoteError('a note needs a signature');
  return `${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`;
}

/** Signs a text with one key. */
export async function signNote(text: string, signer: NoteSigner): Promise<SignedNote> {
  const signature = await signer.sign(text);
  return { text, signatures: [{ name: signer.name, keyId: signer.keyId, signature }] };
}

/**
 * The signatures by known keys, all of them good. Lines by other keys are ignored, as the standard demands.
 * @throws NoteError when a known key's signature is wrong, or when no known key signed.
 */
export function verifyNote(note: SignedNote, verifiers: readonly NoteVerifier[]): NoteSignature[] {
  const verified: NoteSignature[] = [];
  for (const signature of note.signatures) {
    const verifier = verifiers.find(
      ({ name, keyId }) => name === signature.name && keyId === signature.keyId,
    );
    if (verifier === undefined) continue;
    if (!verifier.verify(note.text, signature.signature)) {
      throw new NoteError(`the signature of ${signature.name} does not match the note`);
    }
    verified.push(signature);
  }
  if (verified.length === 0) throw new NoteError('no known key has signed the note');
  return verified;
}
