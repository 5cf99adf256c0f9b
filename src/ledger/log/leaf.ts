/**
 * The leaf: what the public log says of one ledger event. It tells when, what kind, with which outcome and
 * which new status; everything else only as salted commitments. Whoever holds an opening (a salt and the
 * words it covers) proves those words offline; whoever does not learns nothing and cannot guess them.
 *
 * Layout, version 1 (all integers big-endian):
 *   0x01 ‖ u64 whole seconds since 1970 ‖ u8 n ‖ type ‖ u8 n ‖ outcome ‖ u8 n ‖ status
 *        ‖ commitment of `paper` ‖ of `use` ‖ of `office` (32 bytes each)
 * commitment = SHA-256("mot-lan/leaf/1/" part "\n" ‖ 16-byte salt of the part ‖ canonical JSON of the part)
 */
import { hash, randomBytes } from 'node:crypto';
import { type CanonicalValue, canonicalJson } from './canonical-json.ts';

/** Version byte of the leaves written today. */
export const LEAF_VERSION = 1;

/** Bytes of `LeafRecord.salt`: 16 for each of the three parts. */
export const LEAF_SALT_LENGTH = 48;

/** The separately opened parts of an event, in the order of their commitments and salts. */
export const LEAF_PARTS = ['paper', 'use', 'office'] as const;
export type LeafPart = (typeof LEAF_PARTS)[number];

/** One ledger event as the log needs it: the columns of `ledger_event`. Never carries a name. */
export interface LeafRecord {
  readonly id: string;
  /** Dotted lower-case word such as `document.read`; published. At most 255 ASCII characters. */
  readonly type: string;
  readonly occurredAt: Date;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly agencyId: string | null;
  readonly documentId: string | null;
  readonly dossierId: string | null;
  /** The owner: the person the event is about. */
  readonly personId: string | null;
  /** Everybody in whose usage log the event stands. May be left out when that is nobody else than `personId`. */
  readonly ownerIds?: readonly string[];
  readonly requestId: string | null;
  /** `permitted`, `denied`, …; published. */
  readonly outcome: string;
  /**
   * Further facts, without names. Two keys have a meaning of their own: `sha256` (lower-case hex digest of the
   * document's version) is committed to with the paper; `status` (the status after the event) is published.
   */
  readonly detail: Readonly<Record<string, CanonicalValue>>;
  /** Fresh from `newLeafSalt()`; kept in the row so that the leaf can be opened. */
  readonly salt: Uint8Array;
}

/** What anyone can read from a leaf. */
export interface Leaf {
  /** Whole seconds since 1970-01-01T00:00Z. */
  readonly seconds: number;
  readonly type: string;
  readonly outcome: string;
  /** Empty when the event changed no status. */
  readonly status: string;
  readonly commitments: Readonly<Record<LeafPart, Buffer>>;
}

/** 48 random bytes for one event. Never reuse a salt: equal salts make equal facts visible as equal. */
export const newLeafSalt = (): Buffer => randomBytes(LEAF_SALT_LENGTH);

/** The words each part commits to. Absent facts stand as null, so that a commitment does not tell their number. */
export function leafWords(record: LeafRecord, part: LeafPart): Record<string, CanonicalValue> {
  switch (part) {
    case 'paper':
      return {
        document: record.documentId,
        sha256: textOf(record.detail.sha256) ?? null,
        status: textOf(record.detail.status) ?? null,
      };
    case 'use':
      return {
        actorKind: record.actorKind,
        agency: record.agencyId,
        at: record.occurredAt.toISOString(),
        dossier: record.dossierId,
        event: record.id,
        person: (record.ownerIds?.length ?? 0) > 1 ? null : record.personId,
        request: record.requestId,
        ...((record.ownerIds?.length ?? 0) > 1 ? { owners: ownerCommitments(record) } : {}),
      };
    case 'office':
      return { actor: record.actorId, detail: record.detail };
  }
}

/**
 * Of an event with several owners, each is committed to under a salt of their own, so that one of them proves it is
 * theirs without telling who the others are. Hexadecimal, in byte order, which tells no order of persons.
 */
const ownerCommitments = (record: LeafRecord): string[] =>
  (record.ownerIds ?? [])
    .map((id) => ownerCommitment(ownerSalt(record.salt, id), id))
    .sort((one, other) => (one < other ? -1 : 1));

/** The salt that hides one owner: from the salt of `office`, which no owner is shown. */
export const ownerSalt = (salt: Uint8Array, ownerId: string): Buffer =>
  hash(
    'sha256',
    Buffer.concat([
      Buffer.from('mot-lan/leaf/1/owner-salt\n'),
      partSalt(salt, 'office'),
      Buffer.from(ownerId),
    ]),
    'buffer',
  ).subarray(0, 16);

/** SHA-256("mot-lan/leaf/1/owner\n" ‖ 16-byte salt ‖ owner's id), hexadecimal. */
export function ownerCommitment(salt: Uint8Array, ownerId: string): string {
  if (salt.length !== 16) throw new LeafError('the salt of the owner must have 16 bytes');
  return hash(
    'sha256',
    Buffer.concat([Buffer.from('mot-lan/leaf/1/owner\n'), salt, Buffer.from(ownerId)]),
    'hex',
  );
}

/** The 16 bytes of an event's salt that hide one part. */
export function partSalt(salt: Uint8Array, part: LeafPart): Buffer {
  if (salt.length !== LEAF_SALT_LENGTH) throw new RangeError(`a leaf salt has ${LEAF_SALT_LENGTH} bytes`);
  const start = LEAF_PARTS.indexOf(part) * 16;
  return Buffer.from(salt.subarray(start, start + 16));
}

/** SHA-256 commitment to the canonical words of a part under its own 16-byte salt. */
export function commitmentOf(part: LeafPart, salt: Uint8Array, words: string): Buffer {
  // A salt of another length would let words move across the border between salt and words.
  if (salt.length !== 16) throw new LeafError(`the salt of the part "${part}" must have 16 bytes`);
  const input = Buffer.concat([Buffer.from(`mot-lan/leaf/1/${part}\n`), salt, Buffer.from(words, 'utf8')]);
  return hash('sha256', input, 'buffer');
}

/**
 * The leaf of an event. The same record always gives the same bytes, also after a journey through `jsonb`.
 * @throws RangeError when type, outcome or status is not short printable ASCII, or the salt has a wrong length.
 */
export function leafOf(record: LeafRecord): Buffer {
  const commitment = (part: LeafPart): Buffer =>
    commitmentOf(part, partSalt(record.salt, part), canonicalJson(leafWords(record, part)));
  return encodeLeaf({
    seconds: Math.floor(record.occurredAt.getTime() / 1000),
    type: record.type,
    outcome: record.outcome,
    status: textOf(record.detail.status) ?? '',
    commitments: { paper: commitment('paper'), use: commitment('use'), office: commitment('office') },
  });
}

/** Writes the published bytes. @throws RangeError on a word that is not ASCII of at most 255 characters. */
export function encodeLeaf(leaf: Leaf): Buffer {
  const head = Buffer.alloc(9);
  head[0] = LEAF_VERSION;
  head.writeBigUInt64BE(BigInt(leaf.seconds), 1);
  const words = [leaf.type, leaf.outcome, leaf.status].map(encodeWord);
  return Buffer.concat([head, ...words, ...LEAF_PARTS.map((part) => leaf.commitments[part])]);
}

/** Reads published bytes. @throws LeafError on anything that `encodeLeaf` would not have written. */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < 9) throw new LeafError('the leaf is too short');
  if (view[0] !== LEAF_VERSION) throw new LeafError(`leaf version ${view[0]} is unknown`);
  const seconds = view.readBigUInt64BE(1);
  if (seconds > 253402300799n) throw new LeafError('the time of the leaf is out of range');
  let offset = 9;
  const word = (): string => {
    const length = view[offset] ?? 0;
    const text = view.toString('latin1', offset + 1, offset + 1 + length);
    if (text.length !== length || !PRINTABLE.test(text))
      throw new LeafError('a word of the leaf is malformed');
    offset += 1 + length;
    return text;
  };
  const [type, outcome, status] = [word(), word(), word()];
  if (view.length !== offset + 96) throw new LeafError('the leaf has a wrong length');
  const slice = (index: number): Buffer => view.subarray(offset + 32 * index, offset + 32 * (index + 1));
  return {
    seconds: Number(seconds),
    type,
    outcome,
    status,
    commitments: { paper: slice(0), use: slice(1), office: slice(2) },
  };
}

/** The bytes are not a leaf. */
export class LeafError extends Error {
  override readonly name = 'LeafError';
}

const PRINTABLE = /^[\x21-\x7e]*$/;

const textOf = (value: CanonicalValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

function encodeWord(word: string): Buffer {
  if (word.length > 255 || !PRINTABLE.test(word)) {
    throw new RangeError(
      `"${word.slice(0, 40)}" must be printable ASCII without spaces, at most 255 characters`,
    );
  }
  return Buffer.concat([Buffer.of(word.length), Buffer.from(word, 'latin1')]);
}
