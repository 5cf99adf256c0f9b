/**
 * A ZIP archive (APPNOTE 6.3) of stored files, written as it is sent. Sizes and checksums are known beforehand, so that
 * headers tell the truth, the length of the whole is known before its first byte, and any reader can read it as it
 * arrives. Nothing is compressed: scans and PDFs are already. Up to 4 GB and 65,535 files, since ZIP64 is not written.
 */
export interface ZipEntry {
  /** ASCII, with `/` between folders. */
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
  /** Exactly `size` bytes; another number, or a fault on the way, ends the archive with that fault. */
  open(): AsyncIterable<Uint8Array>;
}

const MOST_BYTES = 0xffff_ffff;
const MOST_FILES = 0xffff;

/** Bytes of the whole archive; undefined where it is larger than the form can tell. */
export function zipSize(entries: readonly ZipEntry[]): number | undefined {
  const size = entries.reduce((sum, { name, size: bytes }) => sum + 30 + 46 + 2 * name.length + bytes, 22);
  return size <= MOST_BYTES && entries.length <= MOST_FILES ? size : undefined;
}

/** @param at the time of every file, as DOS has it: two-second steps, no zone; written as in Viet Nam */
export async function* zipStream(entries: readonly ZipEntry[], at: Date): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const facts = factsOf(entry, at);
    const name = Buffer.from(entry.name, 'latin1');
    yield Buffer.concat([signed(0x04034b50), facts, name]);
    let sent = 0;
    for await (const chunk of entry.open()) {
      sent += chunk.byteLength;
      if (sent > entry.size) break;
      yield chunk;
    }
    if (sent !== entry.size) throw new Error('a file of the archive has another size than was told');
    directory.push(Buffer.concat([signed(0x02014b50), Buffer.from([20, 0]), facts, placeOf(offset), name]));
    offset += 30 + name.length + entry.size;
  }
  yield Buffer.concat([...directory, endOf(directory, offset)]);
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}

/** What the local header and the directory say alike: version, flags, method, time, checksum, sizes, length of the name. */
function factsOf({ name, size, crc32 }: ZipEntry, at: Date): Buffer {
  const local = new Date(at.getTime() + 7 * 3_600_000);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(
    (local.getUTCHours() << 11) | (local.getUTCMinutes() << 5) | (local.getUTCSeconds() >> 1),
    6,
  );
  facts.writeUInt16LE(
    ((local.getUTCFullYear() - 1980) << 9) | ((local.getUTCMonth() + 1) << 5) | local.getUTCDate(),
    8,
  );
  facts.writeUInt32LE(crc32, 10);
  facts.writeUInt32LE(size, 14);
  facts.writeUInt32LE(size, 18);
  facts.writeUInt16LE(name.length, 22);
  return facts;
}

/** Comment, disk and attributes are none; then where the local header stands. */
function placeOf(offset: number): Buffer {
  const place = Buffer.alloc(14);
  place.writeUInt32LE(offset, 10);
  return place;
}

function endOf(directory: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return end;
}
