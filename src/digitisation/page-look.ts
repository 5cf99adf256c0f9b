/** How a page looks, in 256 bits: pages that look alike differ in few of them, whatever their size and compression. */
import sharp from 'sharp';
import type { Picture } from './picture.ts';

const SIDE = 16;

/** Difference hash: whether each of 16 × 16 fields is lighter than its right neighbour. 64 hexadecimal digits. */
export async function lookOf(picture: Picture): Promise<string> {
  const data = await sharp(picture.rgb, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .greyscale()
    .resize(SIDE + 1, SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
  let hash = '';
  for (let row = 0; row < SIDE; row += 1) {
    let bits = 0;
    for (let column = 0; column < SIDE; column += 1) {
      const at = row * (SIDE + 1) + column;
      bits = (bits << 1) | ((data[at] ?? 0) > (data[at + 1] ?? 0) + 1 ? 1 : 0);
    }
    hash += (bits & 0xffff).toString(16).padStart(4, '0');
  }
  return hash;
}

/** In how many bits two looks differ, 0 to 256. */
export function lookDistance(one: string, other: string): number {
  let distance = 0;
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    let bits = Number.parseInt(one[at] ?? 'f', 16) ^ Number.parseInt(other[at] ?? '0', 16);
    for (; bits > 0; bits >>= 1) distance += bits & 1;
  }
  return distance;
}
