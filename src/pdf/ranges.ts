/** Looks up which of many half-open number ranges holds a number, in logarithmic time. */
import { PdfError } from './pdf-error.ts';

export interface NumberRange {
  readonly first: number;
  readonly count: number;
}

/** Few ranges may overlap: the later one wins, as readers have it. Many that do are an attack on time. */
const MAX_OVERLAPPING = 64;

/** @throws PdfError `structure` on asking, where a great many ranges overlap. @param offset for that error. */
export function rangeLookup<T extends NumberRange>(
  ranges: readonly T[],
  offset: number,
): (num: number) => T | undefined {
  let sorted: readonly T[] | undefined;
  let overlapping = false;
  const prepare = (): readonly T[] => {
    const made = ranges.filter((range) => range.count > 0).sort((a, b) => a.first - b.first);
    overlapping = made.some((range, i) => i > 0 && range.first < endOf(made[i - 1]));
    if (overlapping && made.length > MAX_OVERLAPPING) {
      throw new PdfError(
        'structure',
        'the cross-reference section speaks of the same objects many times',
        offset,
      );
    }
    return made;
  };
  return (num) => {
    sorted ??= prepare();
    return overlapping ? ranges.findLast((range) => holds(range, num)) : search(sorted, num);
  };
}

function search<T extends NumberRange>(sorted: readonly T[], num: number): T | undefined {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = sorted[middle];
    if (range === undefined || holds(range, num)) {
      return range;
    }
    if (num < range.first) {
      high = middle - 1;
    } else {
      low = middle + 1;
    }
  }
  return undefined;
}

function holds(range: NumberRange, num: number): boolean {
  return num >= range.first && num < range.first + range.count;
}

function endOf(range: NumberRange | undefined): number {
  return range === undefined ? 0 : range.first + range.count;
}
