/** LZW as PDF writes it (ISO 32000-2 §7.4.4): variable codes of 9 to 12 bits, most significant bit first. */
import { PdfError } from './pdf-error.ts';

const CLEAR = 256;
const END = 257;

/** @param options.limit bytes that may be put out. @throws PdfError `budget` or `syntax`. */
export function lzwDecode(
  data: Uint8Array,
  options: { earlyChange: number; limit: number; offset: number },
): Uint8Array {
  const { earlyChange, limit, offset } = options;
  const prefix = new Uint16Array(4097);
  const suffix = new Uint8Array(4097);
  const lengths = new Uint16Array(4097);
  for (let i = 0; i < 256; i += 1) {
    suffix[i] = i;
    lengths[i] = 1;
  }
  let out = new Uint8Array(Math.min(limit, Math.max(1024, data.length * 4)));
  let length = 0;
  let next = 258;
  let width = 9;
  let previous = -1;
  let bits = 0;
  let held = 0;
  for (const byte of data) {
    held = ((held << 8) | byte) & 0xffffff;
    bits += 8;
    if (bits < width) {
      continue;
    }
    bits -= width;
    const code = (held >> bits) & ((1 << width) - 1);
    if (code === END) {
      break;
    }
    if (code === CLEAR) {
      next = 258;
      width = 9;
      previous = -1;
      continue;
    }
    if (code > next || (code === next && previous < 0)) {
      throw new PdfError('syntax', 'an LZW stream is damaged', offset);
    }
    const entryLength = code < next ? (lengths[code] ?? 0) : (lengths[previous] ?? 0) + 1;
    if (length + entryLength > limit) {
      throw new PdfError('budget', 'an LZW stream grows beyond the limit', offset);
    }
    if (length + entryLength > out.length) {
      const grown = new Uint8Array(Math.min(limit, Math.max(out.length * 2, length + entryLength)));
      grown.set(out);
      out = grown;
    }
    // The entry is written backwards along its prefixes; a code not yet known is the previous one and its first byte.
    let at = length + entryLength - 1;
    let walk = code;
    if (code === next) {
      walk = previous;
      at -= 1;
    }
    while (at >= length) {
      out[at] = suffix[walk] ?? 0;
      walk = prefix[walk] ?? 0;
      at -= 1;
    }
    if (code === next) {
      out[length + entryLength - 1] = out[length] ?? 0;
    }
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next] = out[length] ?? 0;
      lengths[next] = (lengths[previous] ?? 0) + 1;
      next += 1;
      if (next + earlyChange >= 1 << width && width < 12) {
        width += 1;
      }
    }
    length += entryLength;
    previous = code;
  }
  return out.subarray(0, length);
}
