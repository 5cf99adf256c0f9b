/**
 * Opens a ZIP archive (APPNOTE 6.3) held in memory, for the files inside a spreadsheet. Hostile input: the directory is
 * bounded, nothing is inflated before it is asked for, each file has a limit that inflation cannot pass, and names never
 * become paths. Encryption, spanning and ZIP64 are refused: no spreadsheet of the allowed size needs them.
 */
import { inflateRawSync } from 'node:zlib';
import { SheetFault } from './sheet.ts';

interface Entry {
  readonly method: number;
  readonly start: number;
  readonly packed: number;
  readonly size: number;
  readonly encrypted: boolean;
}

const mostEntries = 2000;
const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;

export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #entries: ReadonlyMap<string, Entry>;

  /** @throws SheetFault when it is no ZIP archive that could be a spreadsheet */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#entries = readDirectory(this.#bytes);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The text of a file, or undefined. @throws SheetFault when it is damaged or larger than `limit` bytes */
  text(name: string, limit: number): string | undefined {
    const entry = this.#entries.get(name);
    if (!entry) return undefined;
    if (entry.encrypted)
      throw new SheetFault(
        'Tệp có mật khẩu; hãy bỏ mật khẩu.',
        'The file is locked with a password; remove it.',
      );
    if (entry.size > limit) throw tooLarge();
    const data = this.#packed(entry);
    try {
      const plain = entry.method === 0 ? data : inflateRawSync(data, { maxOutputLength: limit });
      return new TextDecoder('utf-8', { fatal: true }).decode(plain);
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
      throw damaged();
    }
  }

  #packed({ start, packed, method }: Entry): Buffer {
    const bytes = this.#bytes;
    if (start + 30 > bytes.length || bytes.readUInt32LE(start) !== localSignature) throw damaged();
    if (method !== 0 && method !== 8) throw damaged();
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    if (from + packed > bytes.length) throw damaged();
    return bytes.subarray(from, from + packed);
  }
}

function readDirectory(bytes: Buffer): Map<string, Entry> {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > mostEntries) throw damaged();
  let at = bytes.readUInt32LE(end + 16);
  const entries = new Map<string, Entry>();
  for (let n = 0; n < count; n += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== directorySignature) throw damaged();
    const nameLength = bytes.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (next > bytes.length) throw damaged();
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    // Two files of one name would let two readers see two different tables.
    if (entries.has(name)) throw damaged();
    entries.set(name, {
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      start: bytes.readUInt32LE(at + 42),
    });
    at = next;
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - 22 - 0xffff);
  for (let at = bytes.length - 22; at >= lowest; at -= 1) {
    if (bytes.readUInt32LE(at) === endSignature) return at;
  }
  throw damaged();
}

const damaged = (): SheetFault =>
  new SheetFault(
    'Tệp bị hỏng hoặc không phải bảng tính .xlsx; hãy mở bằng Excel rồi lưu lại.',
    'The file is damaged or no .xlsx spreadsheet; open it in Excel and save it again.',
  );
const tooLarge = (): SheetFault =>
  new SheetFault(
    'Nội dung giải nén quá lớn; hãy chia nhỏ bảng.',
    'What the file unpacks to is too large; split the table.',
  );
