/** The three classes of characters (ISO 32000-2 §7.2.3) and searches over bytes. */

export const REGULAR = 0;
export const WHITESPACE = 1;
export const DELIMITER = 2;

export const CHAR_CLASS: Uint8Array = (() => {
  const table = new Uint8Array(256);
  for (const c of [0, 9, 10, 12, 13, 32]) {
    table[c] = WHITESPACE;
  }
  for (const c of '()<>[]{}/%') {
    table[c.charCodeAt(0)] = DELIMITER;
  }
  return table;
})();

/** 0–15, or -1 for anything that is no hexadecimal digit. */
export function hexValue(c: number): number {
  if (c >= 0x30 && c <= 0x39) {
    return c - 0x30;
  }
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

export function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && CHAR_CLASS[byte] === WHITESPACE;
}

/** A Buffer over the same memory: its native searches are the fastest there are. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
