/** Finds the sheet in a photograph and flattens it from its four corners. Pure arithmetic on pixels. */
import type { Grey, Picture } from './picture.ts';

export type Corner = readonly [x: number, y: number];

export interface FoundPaper {
  /** Top left, top right, bottom right, bottom left, as fractions of width and height. */
  readonly corners: readonly [Corner, Corner, Corner, Corner];
  /** Edges of the sheet that lie outside the picture. */
  readonly cut: readonly string[];
}

/**
 * The largest bright area that stands out from a darker ground; undefined where the sheet fills the picture, as in a
 * scan, or where none stands out. @param grey some 300 pixels wide
 */
export function findPaper(grey: Grey): FoundPaper | undefined {
  const { width, height, data } = grey;
  const threshold = otsu(data);
  const sheet = largestArea(width, height, (at) => (data[at] ?? 0) > threshold);
  const total = width * height;
  if (sheet.size < total * 0.2 || sheet.size > total * 0.965) return undefined;
  if (meanDifference(data, sheet.inside) < 40) return undefined;
  const corners = extremes(sheet.inside, width, height);
  const area = quadArea(corners);
  if (area < total * 0.2 || sheet.size / area < 0.72 || sheet.size / area > 1.25) return undefined;
  return {
    corners: corners.map(
      ([x, y]) => [x / (width - 1), y / (height - 1)] as const,
    ) as unknown as FoundPaper['corners'],
    cut: cutEdges(sheet.inside, width, height),
  };
}

function otsu(data: Uint8Array): number {
  const counts = new Float64Array(256);
  for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
  let sum = 0;
  for (let value = 0; value < 256; value += 1) sum += value * (counts[value] ?? 0);
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let threshold = 128;
  for (let value = 0; value < 256; value += 1) {
    below += counts[value] ?? 0;
    const above = data.length - below;
    if (below === 0 || above === 0) continue;
    sumBelow += value * (counts[value] ?? 0);
    const between = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2;
    if (between > best) {
      best = between;
      threshold = value;
    }
  }
  return threshold;
}

/** The largest area of pixels joined by their sides, with its holes (ink) filled in by row. */
export function largestArea(
  width: number,
  height: number,
  holds: (at: number) => boolean,
): { readonly size: number; readonly inside: Uint8Array } {
  const label = new Int32Array(width * height);
  const stack: number[] = [];
  let best = 0;
  let bestLabel = 0;
  let next = 0;
  for (let start = 0; start < label.length; start += 1) {
    if (label[start] !== 0 || !holds(start)) continue;
    next += 1;
    let size = 0;
    stack.push(start);
    label[start] = next;
    while (stack.length > 0) {
      const at = stack.pop() ?? 0;
      size += 1;
      const x = at % width;
      for (const near of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (near >= 0 && near < label.length && label[near] === 0 && holds(near)) {
          label[near] = next;
          stack.push(near);
        }
      }
    }
    if (size > best) {
      best = size;
      bestLabel = next;
    }
  }
  const inside = new Uint8Array(width * height);
  let size = 0;
  for (let y = 0; y < height; y += 1) {
    let first = -1;
    let last = -1;
    for (let x = 0; x < width; x += 1) {
      if (label[y * width + x] !== bestLabel || bestLabel === 0) continue;
      if (first < 0) first = x;
      last = x;
    }
    if (first < 0) continue;
    inside.fill(1, y * width + first, y * width + last + 1);
    size += last - first + 1;
  }
  return { size, inside };
}

function meanDifference(data: Uint8Array, inside: Uint8Array): number {
  let bright = 0;
  let dark = 0;
  let within = 0;
  for (let at = 0; at < data.length; at += 1) {
    if (inside[at] === 1) {
      bright += data[at] ?? 0;
      within += 1;
    } else dark += data[at] ?? 0;
  }
  return bright / Math.max(1, within) - dark / Math.max(1, data.length - within);
}

function extremes(inside: Uint8Array, width: number, height: number): [Corner, Corner, Corner, Corner] {
  const best: [number, Corner][] = Array.from({ length: 4 }, () => [Number.NEGATIVE_INFINITY, [0, 0]]);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (inside[y * width + x] !== 1) continue;
      for (const [index, score] of [-x - y, x - y, x + y, y - x].entries()) {
        const held = best[index];
        if (held && score > held[0]) best[index] = [score, [x, y]];
      }
    }
  }
  return best.map(([, corner]) => corner) as [Corner, Corner, Corner, Corner];
}

function quadArea(corners: readonly Corner[]): number {
  let twice = 0;
  for (const [index, [x, y]] of corners.entries()) {
    const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [0, 0];
    twice += x * nextY - nextX * y;
  }
  return Math.abs(twice) / 2;
}

function cutEdges(inside: Uint8Array, width: number, height: number): string[] {
  const share = (length: number, at: (index: number) => number): number => {
    let touched = 0;
    for (let index = 0; index < length; index += 1) touched += inside[at(index)] ?? 0;
    return touched / length;
  };
  const edges: [string, number][] = [
    ['top', share(width, (x) => x)],
    ['right', share(height, (y) => y * width + width - 1)],
    ['bottom', share(width, (x) => (height - 1) * width + x)],
    ['left', share(height, (y) => y * width)],
  ];
  return edges.filter(([, touched]) => touched > 0.25).map(([edge]) => edge);
}

/** The sheet seen from straight above, as large as it is in the photograph. Bilinear. */
export function flatten(picture: Picture, corners: FoundPaper['corners']): Picture {
  const points = corners.map(([x, y]) => [x * (picture.width - 1), y * (picture.height - 1)] as const);
  const [topLeft = [0, 0], topRight = [0, 0], bottomRight = [0, 0], bottomLeft = [0, 0]] = points;
  const length = (a: Corner, b: Corner): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const width = Math.round((length(topLeft, topRight) + length(bottomLeft, bottomRight)) / 2);
  const height = Math.round((length(topLeft, bottomLeft) + length(topRight, bottomRight)) / 2);
  const map = homography(
    [
      [0, 0],
      [width - 1, 0],
      [width - 1, height - 1],
      [0, height - 1],
    ],
    [topLeft, topRight, bottomRight, bottomLeft],
  );
  const rgb = new Uint8Array(width * height * 3);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = map;
  const source = picture.rgb;
  const stride = picture.width * 3;
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 3) {
      const w = g * x + h * y + 1;
      const sx = Math.min(picture.width - 1.001, Math.max(0, (a * x + b * y + c) / w));
      const sy = Math.min(picture.height - 1.001, Math.max(0, (d * x + e * y + f) / w));
      const left = sx | 0;
      const top = sy | 0;
      const dx = sx - left;
      const dy = sy - top;
      const at = top * stride + left * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const upper = (source[at + channel] ?? 0) * (1 - dx) + (source[at + 3 + channel] ?? 0) * dx;
        const lower =
          (source[at + stride + channel] ?? 0) * (1 - dx) + (source[at + stride + 3 + channel] ?? 0) * dx;
        rgb[to + channel] = upper * (1 - dy) + lower * dy;
      }
    }
  }
  return { ...picture, width, height, rgb };
}

/** The eight numbers of the projective map that takes `from` to `to` (four points each). */
export function homography(from: readonly Corner[], to: readonly Corner[]): number[] {
  const rows: number[][] = [];
  for (const [index, [x, y]] of from.entries()) {
    const [u, v] = to[index] ?? [0, 0];
    rows.push([x, y, 1, 0, 0, 0, -x * u, -y * u, u], [0, 0, 0, x, y, 1, -x * v, -y * v, v]);
  }
  for (let column = 0; column < 8; column += 1) {
    let pivot = column;
    for (let row = column; row < 8; row += 1) {
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    }
    const chosen = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    rows[column] = chosen;
    const divisor = chosen[column] || 1e-12;
    for (let row = 0; row < 8; row += 1) {
      const other = rows[row];
      if (row === column || !other) continue;
      const factor = (other[column] ?? 0) / divisor;
      for (let at = column; at < 9; at += 1) other[at] = (other[at] ?? 0) - factor * (chosen[at] ?? 0);
    }
  }
  return rows.map((row, index) => (row[8] ?? 0) / (row[index] || 1e-12));
}
