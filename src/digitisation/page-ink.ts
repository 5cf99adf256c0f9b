/** Ink against paper: the ground of each part of a page, what is ink on it, how it leans, how steep its edges are. */
import type { Grey } from './picture.ts';

export interface Ground {
  /** Columns and rows of the grid. */
  readonly across: number;
  readonly down: number;
  /** Lightness of the paper in each cell. */
  readonly cells: Uint8Array;
}

const CELLS = 24;

/** Lightness of the paper, cell by cell: what four fifths of the cell's pixels do not exceed. */
export function groundOf({ width, height, data }: Grey): Ground {
  const across = Math.min(CELLS, width);
  const down = Math.max(1, Math.min(height, Math.round((across * height) / width)));
  const cells = new Uint8Array(across * down);
  const counts = new Uint32Array(256);
  for (let row = 0; row < down; row += 1) {
    const top = Math.floor((row * height) / down);
    const bottom = Math.floor(((row + 1) * height) / down);
    for (let column = 0; column < across; column += 1) {
      const left = Math.floor((column * width) / across);
      const right = Math.floor(((column + 1) * width) / across);
      counts.fill(0);
      for (let y = top; y < bottom; y += 1) {
        for (let x = left; x < right; x += 1) {
          const value = data[y * width + x] ?? 0;
          counts[value] = (counts[value] ?? 0) + 1;
        }
      }
      cells[row * across + column] = percentile(counts, (bottom - top) * (right - left), 0.8);
    }
  }
  return { across, down, cells };
}

export function percentile(counts: Uint32Array, total: number, share: number): number {
  let seen = 0;
  for (let value = 0; value < 256; value += 1) {
    seen += counts[value] ?? 0;
    if (seen >= total * share) return value;
  }
  return 255;
}

/** 1 where there is ink: clearly darker than the paper around it. */
export function inkOf(grey: Grey, ground: Ground, darker = 0.72): Uint8Array {
  const { width, height, data } = grey;
  const ink = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(ground.down - 1, Math.floor((y * ground.down) / height)) * ground.across;
    for (let x = 0; x < width; x += 1) {
      const paper =
        ground.cells[row + Math.min(ground.across - 1, Math.floor((x * ground.across) / width))] ?? 255;
      if ((data[y * width + x] ?? 0) < paper * darker) ink[y * width + x] = 1;
    }
  }
  return ink;
}

export const shareOf = (mask: Uint8Array): number => {
  let set = 0;
  for (const value of mask) set += value;
  return set / Math.max(1, mask.length);
};

/** Degrees by which the lines lean, clockwise positive; 0 where there are too few. */
export function skewOf(ink: Uint8Array, width: number, height: number): number {
  const points: [number, number][] = [];
  const total = ink.reduce((sum, value) => sum + value, 0);
  if (total < 200) return 0;
  const every = Math.max(1, Math.floor(total / 30_000));
  const marginX = width * 0.03;
  const marginY = height * 0.03;
  for (let at = 0, seen = 0; at < ink.length; at += 1) {
    if (ink[at] !== 1) continue;
    seen += 1;
    const x = at % width;
    const y = (at - x) / width;
    if (seen % every === 0 && x > marginX && x < width - marginX && y > marginY && y < height - marginY) {
      points.push([x - width / 2, y - height / 2]);
    }
  }
  const counts = new Float64Array(width + height + 4);
  const score = (degrees: number): number => {
    counts.fill(0);
    const radians = (degrees * Math.PI) / 180;
    const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
    for (const [x, y] of points) {
      const row = Math.round(y * cosine - x * sine + (width + height) / 2);
      counts[row] = (counts[row] ?? 0) + 1;
    }
    let sum = 0;
    for (let row = 1; row < counts.length; row += 1)
      sum += ((counts[row] ?? 0) - (counts[row - 1] ?? 0)) ** 2;
    return sum;
  };
  const flat = score(0);
  let best = 0;
  let bestScore = flat;
  const look = (from: number, to: number, step: number): void => {
    for (let degrees = from; degrees <= to + 1e-9; degrees += step) {
      const found = score(degrees);
      if (found > bestScore) {
        bestScore = found;
        best = degrees;
      }
    }
  };
  look(-10, 10, 0.5);
  look(best - 0.4, best + 0.4, 0.1);
  // A lean that explains the lines hardly better than none is noise.
  return bestScore < flat * 1.02 ? 0 : Math.round(best * 10) / 10;
}

/**
 * How steep the edges of the letters are, 0 to 1: the largest step between two neighbours against the whole step, in
 * windows that hold an edge. A sharp scan has steps of more than half; blur of two pixels has a fifth.
 * @param grey at about 200 dots per inch
 */
export function sharpnessOf({ width, height, data }: Grey): number {
  const WINDOW = 9;
  const ratios = new Uint32Array(101);
  let found = 0;
  for (let y = 2; y < height - 2; y += 3) {
    for (let x = 0; x + WINDOW < width; x += 4) {
      let low = 255;
      let high = 0;
      let step = 0;
      let before = data[y * width + x] ?? 0;
      for (let at = 1; at <= WINDOW; at += 1) {
        const value = data[y * width + x + at] ?? 0;
        step = Math.max(step, Math.abs(value - before));
        low = Math.min(low, value);
        high = Math.max(high, value);
        before = value;
      }
      if (high - low < 60) continue;
      found += 1;
      const ratio = Math.min(100, Math.round((100 * step) / (high - low)));
      ratios[ratio] = (ratios[ratio] ?? 0) + 1;
    }
  }
  if (found < 60) return 1;
  let seen = 0;
  for (let ratio = 0; ratio <= 100; ratio += 1) {
    seen += ratios[ratio] ?? 0;
    if (seen >= found * 0.5) return ratio / 100;
  }
  return 1;
}
