/**
 * Opening a leaf: the parts shown to one reader, with their salts. An opening travels as the `extra` line of a
 * tlog-proof file; it carries no trust of its own: it must rebuild the very leaf that the proof includes.
 */
import { type CanonicalValue, canonicalJson } from './canonical-json.ts';
import {
  commitmentOf,
  decodeLeaf,
  LEAF_PARTS,
  type Leaf,
  LeafError,
  type LeafPart,
  type LeafRecord,
  leafOf,
  leafWords,
  ownerCommitment,
  ownerSalt,
  partSalt,
} from './leaf.ts';

/** What an opened leaf says, checked against its commitments. */
export interface OpenedLeaf {
  readonly bytes: Buffer;
  readonly leaf: Leaf;
  /** Only the parts that were shown. */
  readonly parts: Readonly<Partial<Record<LeafPart, Readonly<Record<string, CanonicalValue>>>>>;
  /** One of several owners of the event, when the opening shows one. */
  readonly owner?: string;
}

/**
 * UTF-8 JSON `{"leaf": base64, "parts": {"paper": {"salt": base64, "words": "<canonical JSON>"}, …}}`.
 * Of an event with several owners, `owner` opens the commitment to the one who is named.
 * The words travel as the text that was committed to, so that a checker need not canonicalise anything.
 */
export function openLeaf(record: LeafRecord, parts: readonly LeafPart[], ownerId?: string): Buffer {
  const shown: Record<string, { salt: string; words: string }> = {};
  if (ownerId !== undefined && parts.includes('use') && (record.ownerIds?.length ?? 0) > 1) {
    shown.owner = { salt: ownerSalt(record.salt, ownerId).toString('base64'), words: ownerId };
  }
  for (const part of parts) {
    const salt = partSalt(record.salt, part).toString('base64');
    shown[part] = { salt, words: canonicalJson(leafWords(record, part)) };
  }
  return Buffer.from(JSON.stringify({ leaf: leafOf(record).toString('base64'), parts: shown }));
}

/**
 * Checks an opening (hostile input) against the commitments in its leaf.
 * @throws LeafError naming the first thing that does not hold.
 */
export function readOpening(extra: Uint8Array): OpenedLeaf {
  const { leaf: encoded, parts: shown } = parseOpening(extra);
  const bytes = Buffer.from(encoded, 'base64');
  const leaf = decodeLeaf(bytes);
  const parts: Partial<Record<LeafPart, Record<string, CanonicalValue>>> = {};
  for (const part of LEAF_PARTS) {
    const one = shown[part];
    if (one === undefined) continue;
    if (!isObject(one) || typeof one.salt !== 'string' || typeof one.words !== 'string') {
      throw new LeafError(`the part "${part}" of the opening is malformed`);
    }
    const commitment = commitmentOf(part, Buffer.from(one.salt, 'base64'), one.words);
    if (!commitment.equals(leaf.commitments[part])) {
      throw new LeafError(`the part "${part}" does not match the commitment in the leaf`);
    }
    parts[part] = parseObject(one.words, `the part "${part}"`) as Record<string, CanonicalValue>;
  }
  const owner = readOwner(shown.owner, parts.use?.owners);
  return { bytes, leaf, parts, ...(owner === undefined ? {} : { owner }) };
}

function readOwner(shown: unknown, owners: CanonicalValue | undefined): string | undefined {
  if (shown === undefined) return undefined;
  if (!isObject(shown) || typeof shown.salt !== 'string' || typeof shown.words !== 'string')
    throw new LeafError('the owner of the opening is malformed');
  const commitment = ownerCommitment(Buffer.from(shown.salt, 'base64'), shown.words);
  if (!Array.isArray(owners) || !owners.includes(commitment))
    throw new LeafError('the owner is not one of those whom the leaf commits to');
  return shown.words;
}

function parseOpening(extra: Uint8Array): { leaf: string; parts: Record<string, unknown> } {
  const opening = parseObject(Buffer.from(extra).toString('utf8'), 'the opening');
  if (typeof opening.leaf !== 'string') throw new LeafError('the opening names no leaf');
  if (!isObject(opening.parts)) throw new LeafError('the opening has no parts');
  return { leaf: opening.leaf, parts: opening.parts };
}

function parseObject(text: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LeafError(`${what} is not JSON`);
  }
  if (!isObject(value)) throw new LeafError(`${what} is not a JSON object`);
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
