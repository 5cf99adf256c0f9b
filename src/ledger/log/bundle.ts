/** Entry bundles (C2SP tlog-tiles): up to 256 leaves, each behind a big-endian uint16 length. */
import { TILE_WIDTH } from './tile.ts';

/** Largest leaf a bundle can carry, in bytes. */
export const MAX_ENTRY_LENGTH = 0xffff;

/** Joins 1 to 256 leaves. @throws RangeError on another number of leaves or on a leaf above 65,535 bytes. */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  if (entries.length < 1 || entries.length > TILE_WIDTH)
    throw new RangeError('a bundle has 1 to 256 entries');
  let length = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_LENGTH) throw new RangeError('an entry has at most 65535 bytes');
    length += 2 + entry.length;
  }
  const bundle = Buffer.allocUnsafe(length);
  let offset = 0;
  for (const entry of entries) {
    bundle.writeUInt16BE(entry.length, offset);
    bundle.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bundle;
}

/** Splits a bundle. @throws RangeError when it ends inside an entry or holds more than 256. */
export function decodeBundle(bundle: Uint8Array): Buffer[] {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.length);
  const entries: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (offset + 2 > bytes.length) throw new RangeError('the bundle ends inside a length');
    const end = offset + 2 + bytes.readUInt16BE(offset);
    if (end > bytes.length) throw new RangeError('the bundle ends inside an entry');
    entries.push(bytes.subarray(offset + 2, end));
    if (entries.length > TILE_WIDTH) throw new RangeError('the bundle has more than 256 entries');
    offset = end;
  }
  return entries;
}
