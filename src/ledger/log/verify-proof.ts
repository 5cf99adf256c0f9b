/**
 * Checking Merkle proofs (RFC 9162 §2.1.3.2 and §2.1.4.2, the same tree as RFC 6962). Every argument may come
 * from an attacker; a proof that does not hold gives `false`, never an exception.
 */
import { HASH_LENGTH, nodeHash, sameHash } from './hash.ts';

/** Sizes, hashes and path as a proof claims them. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** Root that the path leads to, or undefined when the path has a wrong length for index and size. */
export function rootFromInclusion(claim: Omit<InclusionClaim, 'root'>): Buffer | undefined {
  const { index, size, leafHash, path } = claim;
  if (!validSize(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) return undefined;
  if (!allHashes([leafHash, ...path])) return undefined;
  let [node, last] = [index, size - 1];
  let root: Buffer = Buffer.from(leafHash);
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (isOdd(node) || node === last) {
      root = nodeHash(sibling, root);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      root = nodeHash(root, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** Whether the leaf stands at `index` in the tree of that size and root. */
export function verifyInclusion(claim: InclusionClaim): boolean {
  const root = rootFromInclusion(claim);
  return root !== undefined && sameHash(root, claim.root);
}

/** Whether the new tree begins with the old one. A tree without leaves begins every tree, with an empty path. */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { oldSize, oldRoot, newSize, newRoot, path } = claim;
  if (!validSize(newSize) || !Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > newSize) return false;
  if (!allHashes([oldRoot, newRoot, ...path])) return false;
  if (oldSize === 0) return path.length === 0;
  if (oldSize === newSize) return path.length === 0 && sameHash(oldRoot, newRoot);
  let [node, last] = [oldSize - 1, newSize - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  const rest = node === 0 ? [oldRoot, ...path] : [...path];
  const first = rest.shift();
  if (first === undefined) return false;
  let older: Buffer = Buffer.from(first);
  let newer: Buffer = Buffer.from(first);
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newer = nodeHash(newer, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameHash(older, oldRoot) && sameHash(newer, newRoot);
}

const validSize = (size: number): boolean => Number.isSafeInteger(size) && size > 0;
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
// 63 is the longest path of any tree that C2SP tlog-witness allows.
const allHashes = (hashes: readonly Uint8Array[]): boolean =>
  hashes.length <= 66 && hashes.every((hash) => hash.length === HASH_LENGTH);
