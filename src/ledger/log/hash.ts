/**
 * Merkle tree hashing of RFC 6962 §2.1 with SHA-256. Pure; the only file that the outsider's auditor shares
 * with the writer.
 */
import { hash } from 'node:crypto';

/** Length in bytes of every hash here. */
export const HASH_LENGTH = 32;

/** Root of the tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

const pair = Buffer.alloc(1 + 2 * HASH_LENGTH, 1);

/** Hash of one leaf: SHA-256(0x00 ‖ leaf). */
export function leafHash(leaf: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(leaf.length + 1);
  input[0] = 0;
  input.set(leaf, 1);
  return Buffer.from(hash('sha256', input, 'binary'), 'latin1');
}

/** One buffer for each short length, 0x00 in front: hashing many leaves then allocates nothing. */
const inputs: (Buffer | undefined)[] = [];

/** As `leafHash`, of the leaf that lies in `bytes` from `start` to before `end`, written into `out` at `offset`. */
export function writeLeafHash(
  bytes: Buffer,
  start: number,
  end: number,
  { out, offset }: { out: Buffer; offset: number },
): void {
  const length = end - start + 1;
  let input = length <= 1024 ? inputs[length] : undefined;
  if (input === undefined) {
    input = Buffer.alloc(length);
    if (length <= 1024) inputs[length] = input;
  }
  bytes.copy(input, 1, start, end);
  out.write(hash('sha256', input, 'binary'), offset, 'latin1');
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right); both sides are 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(HASH_LENGTH);
  writeNodeHash(left, right, out);
  return out;
}

/**
 * As `nodeHash`, written into `out` at `offset`. A binary-string digest spares the allocation of a buffer a hash,
 * which makes it three times cheaper than a buffer digest.
 */
export function writeNodeHash(left: Uint8Array, right: Uint8Array, out: Buffer, offset = 0): void {
  if (left.length !== HASH_LENGTH || right.length !== HASH_LENGTH)
    throw new RangeError('a hash has 32 bytes');
  pair.set(left, 1);
  pair.set(right, 1 + HASH_LENGTH);
  out.write(hash('sha256', pair, 'binary'), offset, 'latin1');
}

/** Node hash of two hashes that lie side by side at `from`, written to `to` of the same bytes. */
export function writeParentHash(hashes: Buffer, from: number, to: number): void {
  hashes.copy(pair, 1, from, from + 2 * HASH_LENGTH);
  hashes.write(hash('sha256', pair, 'binary'), to, 'latin1');
}

/** Whether two hashes are equal; lengths may differ. Hashes are public, so time does not matter. */
export const sameHash = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** Largest power of two below `size`, for `size` ≥ 2: where RFC 6962 splits a tree. */
export function splitPoint(size: number): number {
  let point = 1;
  while (point * 2 < size) point *= 2;
  return point;
}

/** Root over leaf hashes, straight from the definition of RFC 6962 §2.1; linear time. */
export function rootOf(leafHashes: readonly Uint8Array[]): Buffer {
  const [first] = leafHashes;
  if (first === undefined) return Buffer.from(EMPTY_ROOT);
  if (leafHashes.length === 1) return Buffer.from(first);
  const split = splitPoint(leafHashes.length);
  return nodeHash(rootOf(leafHashes.slice(0, split)), rootOf(leafHashes.slice(split)));
}
