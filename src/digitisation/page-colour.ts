/** Colours that mean something on a paper: the red of a seal, the blue of a pen, the skin of a finger. */
import { largestArea } from './paper-corners.ts';
import type { Picture } from './picture.ts';

export interface ColourMarks {
  readonly colour: boolean;
  readonly seal: number;
  readonly bluePen: number;
  readonly fingers: number;
}

/** @param picture some 400 pixels wide */
export function colourMarks(picture: Picture): ColourMarks {
  const { width, height, rgb } = picture;
  const total = width * height;
  const red = new Uint8Array(total);
  const skin = new Uint8Array(total);
  let chroma = 0;
  let blue = 0;
  for (let at = 0, from = 0; at < total; at += 1, from += 3) {
    const [r, g, b] = [rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0];
    const high = Math.max(r, g, b);
    const low = Math.min(r, g, b);
    const spread = high - low;
    if (spread > 12) chroma += 1;
    if (r - g > 45 && r - b > 35 && r > 100) red[at] = 1;
    if (b - r > 30 && b - g > 8 && high < 215) blue += 1;
    if (r === high && spread > 0) {
      const hue = (60 * (g - b)) / spread;
      const saturation = spread / high;
      if (hue >= 8 && hue <= 42 && saturation > 0.2 && saturation < 0.7 && high > 90 && high < 245)
        skin[at] = 1;
    }
  }
  return {
    colour: chroma > 0,
    seal: sealShare(red, width, height),
    bluePen: blue / total,
    fingers: fromBorder(skin, width, height) / total,
  };
}

/** The largest red area, its gaps of two pixels bridged, where it is about as wide as high and of a seal's size. */
function sealShare(red: Uint8Array, width: number, height: number): number {
  const near = new Uint8Array(red.length);
  for (let y = 2; y < height - 2; y += 1) {
    for (let x = 2; x < width - 2; x += 1) {
      if (red[y * width + x] !== 1) continue;
      for (let dy = -2; dy <= 2; dy += 1) near.fill(1, (y + dy) * width + x - 2, (y + dy) * width + x + 3);
    }
  }
  const { inside, size } = largestArea(width, height, (at) => near[at] === 1);
  if (size === 0) return 0;
  let [left, right, top, bottom, count] = [width, 0, height, 0, 0];
  for (let at = 0; at < inside.length; at += 1) {
    if (inside[at] !== 1) continue;
    const x = at % width;
    const y = (at - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    count += red[at] ?? 0;
  }
  const across = right - left + 1;
  const down = bottom - top + 1;
  const round = across / down > 0.6 && across / down < 1.7;
  // A seal is 30 to 45 mm on a page of 210; on a card it is more of the width.
  return round && across > width * 0.07 && across < width * 0.4 ? count / (width * height) : 0;
}

/** Pixels of areas that come in from the border. */
function fromBorder(mask: Uint8Array, width: number, height: number): number {
  const seen = new Uint8Array(mask.length);
  const stack: number[] = [];
  const push = (at: number): void => {
    if (mask[at] === 1 && seen[at] === 0) {
      seen[at] = 1;
      stack.push(at);
    }
  };
  for (let x = 0; x < width; x += 1) {
    push(x);
    push((height - 1) * width + x);
  }
  for (let y = 0; y < height; y += 1) {
    push(y * width);
    push(y * width + width - 1);
  }
  let count = 0;
  while (stack.length > 0) {
    const at = stack.pop() ?? 0;
    count += 1;
    const x = at % width;
    if (x > 0) push(at - 1);
    if (x < width - 1) push(at + 1);
    if (at >= width) push(at - width);
    if (at + width < mask.length) push(at + width);
  }
  return count;
}
