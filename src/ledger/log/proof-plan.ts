/**
 * Which subtrees make up a proof (RFC 6962 §2.1.1 and §2.1.2), as ranges of leaves [start, end) in the order
 * in which their hashes stand in the proof. Pure arithmetic; the hashes come from tiles.
 */
import { splitPoint } from './hash.ts';
import type { NodeId } from './tile.ts';

/** Leaves [start, end) of a tree; their Merkle tree hash is one line of a proof. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The path of leaf `index` in a tree of `size` leaves, from its sibling up.
 * @throws RangeError unless 0 ≤ index < size.
 */
export function inclusionPlan(index: number, size: number): LeafRange[] {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    throw new RangeError(`a log of ${size} entries has no entry ${index}`);
  }
  const plan: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      plan.push({ start: middle, end });
      end = middle;
    } else {
      plan.push({ start, end: middle });
      start = middle;
    }
  }
  return plan.reverse();
}

/**
 * The proof that the tree of `newSize` leaves begins with the tree of `oldSize`; empty when they are equal.
 * @throws RangeError unless 1 ≤ oldSize ≤ newSize.
 */
export function consistencyPlan(oldSize: number, newSize: number): LeafRange[] {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 1 || oldSize > newSize) {
    throw new RangeError(`no consistency proof leads from size ${oldSize} to size ${newSize}`);
  }
  const plan: LeafRange[] = [];
  let [start, end] = [0, newSize];
  while (oldSize !== end) {
    const middle = start + splitPoint(end - start);
    if (oldSize <= middle) {
      plan.push({ start: middle, end });
      end = middle;
    } else {
      plan.push({ start, end: middle });
      start = middle;
    }
  }
  if (start > 0) plan.push({ start, end });
  return plan.reverse();
}

/** The perfect subtrees of a range that starts a subtree of RFC 6962, largest (leftmost) first. */
export function perfectNodes(range: LeafRange): NodeId[] {
  const nodes: NodeId[] = [];
  let { start } = range;
  while (start < range.end) {
    let height = 0;
    while (start % 2 ** (height + 1) === 0 && start + 2 ** (height + 1) <= range.end) height += 1;
    nodes.push({ height, index: start / 2 ** height });
    start += 2 ** height;
  }
  return nodes;
}
