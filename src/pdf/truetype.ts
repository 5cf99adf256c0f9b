/**
 * Reads a TrueType font of our own (never one from outside) and cuts it down to the glyphs in use. Glyph numbers
 * stay as they are, so that text is encoded without a second table; unused outlines are left empty.
 */

export interface TrueTypeFont {
  readonly postScriptName: string;
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  readonly capHeight: number;
  readonly boundingBox: readonly [number, number, number, number];
  /** Glyph number of a code point; 0 when the font does not have it. */
  glyph(codePoint: number): number;
  /** Advance width in font units. */
  advance(glyph: number): number;
  /** A font file with only these glyphs and what they are composed of. */
  subset(glyphs: Iterable<number>): Buffer;
}

/** @throws RangeError when the file is cut short or is not TrueType with a Unicode character map */
export function readTrueType(file: Buffer): TrueTypeFont {
  const tables = readDirectory(file);
  const table = (tag: string): Buffer => {
    const found = tables.get(tag);
    if (found === undefined) throw new RangeError(`the font has no ${tag} table`);
    return found;
  };
  const head = table('head');
  const hhea = table('hhea');
  const hmtx = table('hmtx');
  const os2 = tables.get('OS/2');
  const metricCount = hhea.readUInt16BE(34);
  const offsets = readOffsets(table('loca'), head.readInt16BE(50), table('maxp').readUInt16BE(4));
  const ascent = hhea.readInt16BE(4);
  return {
    postScriptName: readPostScriptName(table('name')),
    unitsPerEm: head.readUInt16BE(18),
    ascent,
    descent: hhea.readInt16BE(6),
    capHeight: os2 !== undefined && os2.readUInt16BE(0) >= 2 ? os2.readInt16BE(88) : ascent,
    boundingBox: [head.readInt16BE(36), head.readInt16BE(38), head.readInt16BE(40), head.readInt16BE(42)],
    glyph: readCharacterMap(table('cmap')),
    advance: (glyph) => hmtx.readUInt16BE(Math.min(glyph, metricCount - 1) * 4),
    subset: (glyphs) => cut(tables, offsets, glyphs),
  };
}

function readDirectory(file: Buffer): Map<string, Buffer> {
  const count = file.readUInt16BE(4);
  const tables = new Map<string, Buffer>();
  for (let at = 12; at < 12 + count * 16; at += 16) {
    const start = file.readUInt32BE(at + 8);
    tables.set(file.toString('latin1', at, at + 4), file.subarray(start, start + file.readUInt32BE(at + 12)));
  }
  return tables;
}

function readOffsets(loca: Buffer, format: number, glyphCount: number): number[] {
  return Array.from({ length: glyphCount + 1 }, (_, index) => {
    return format === 0 ? loca.readUInt16BE(index * 2) * 2 : loca.readUInt32BE(index * 4);
  });
}

function readPostScriptName(name: Buffer): string {
  const count = name.readUInt16BE(2);
  const strings = name.readUInt16BE(4);
  for (let at = 6; at < 6 + count * 12; at += 12) {
    if (name.readUInt16BE(at) !== 3 || name.readUInt16BE(at + 6) !== 6) continue;
    const start = strings + name.readUInt16BE(at + 10);
    return Buffer.from(name.subarray(start, start + name.readUInt16BE(at + 8)))
      .swap16()
      .toString('utf16le');
  }
  return 'Unnamed';
}

// Format 4 (§cmap of the OpenType specification) holds the whole basic plane, where Vietnamese lies.
function readCharacterMap(cmap: Buffer): (codePoint: number) => number {
  const count = cmap.readUInt16BE(2);
  for (let at = 4; at < 4 + count * 8; at += 8) {
    const map = cmap.subarray(cmap.readUInt32BE(at + 4));
    if (cmap.readUInt16BE(at) === 3 && map.readUInt16BE(0) === 4) return lookUpIn(map);
  }
  throw new RangeError('the font has no Unicode character map of format 4');
}

function lookUpIn(map: Buffer): (codePoint: number) => number {
  const segments = map.readUInt16BE(6);
  return (codePoint) => {
    if (codePoint > 0xffff) return 0;
    for (let at = 0; at < segments; at += 2) {
      if (map.readUInt16BE(14 + at) < codePoint) continue;
      const start = map.readUInt16BE(16 + segments + at);
      if (start > codePoint) return 0;
      const delta = map.readUInt16BE(16 + segments * 2 + at);
      const rangeAt = 16 + segments * 3 + at;
      const range = map.readUInt16BE(rangeAt);
      if (range === 0) return (codePoint + delta) & 0xffff;
      const glyph = map.readUInt16BE(rangeAt + range + (codePoint - start) * 2);
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

// Hints are for screens of few pixels; without them the font is half as long, and every bulk file carries it.
const keptTables = ['head', 'hhea', 'hmtx', 'maxp'];

function cut(
  tables: ReadonlyMap<string, Buffer>,
  offsets: readonly number[],
  glyphs: Iterable<number>,
): Buffer {
  const outlines = tables.get('glyf') ?? Buffer.alloc(0);
  const outline = (glyph: number) => outlines.subarray(offsets[glyph] ?? 0, offsets[glyph + 1] ?? 0);
  const wanted = withComponents(glyphs, outline);
  const parts: Buffer[] = [];
  const loca = Buffer.alloc(offsets.length * 4);
  let length = 0;
  for (let glyph = 0; glyph < offsets.length - 1; glyph++) {
    loca.writeUInt32BE(length, glyph * 4);
    if (!wanted.has(glyph)) continue;
    const data = withoutHints(outline(glyph));
    const padded = Buffer.alloc(Math.ceil(data.length / 4) * 4);
    data.copy(padded);
    parts.push(padded);
    length += padded.length;
  }
  loca.writeUInt32BE(length, (offsets.length - 1) * 4);
  const made = new Map<string, Buffer>([
    ['glyf', Buffer.concat(parts)],
    ['loca', loca],
  ]);
  for (const tag of keptTables) {
    const kept = tables.get(tag);
    if (kept !== undefined) made.set(tag, Buffer.from(kept));
  }
  made.get('head')?.writeInt16BE(1, 50);
  const hmtx = made.get('hmtx');
  const metricCount = tables.get('hhea')?.readUInt16BE(34) ?? 0;
  if (hmtx !== undefined) clearMetrics(hmtx, metricCount, wanted);
  return layOut(made);
}

/** An outline (§glyf of the OpenType specification) without its instructions. */
function withoutHints(data: Buffer): Buffer {
  if (data.length === 0) return data;
  const contours = data.readInt16BE(0);
  if (contours < 0) {
    const copy = Buffer.from(data);
    let at = 10;
    for (let flags = 0x20; (flags & 0x20) !== 0; ) {
      flags = copy.readUInt16BE(at);
      copy.writeUInt16BE(flags & ~0x100, at);
      at += componentLength(flags);
    }
    return copy.subarray(0, at);
  }
  const lengthAt = 10 + contours * 2;
  const length = data.readUInt16BE(lengthAt);
  return Buffer.concat([data.subarray(0, lengthAt), Buffer.alloc(2), data.subarray(lengthAt + 2 + length)]);
}

// Flags, glyph number, two arguments of one or two bytes, and a scale of none, one, two or four numbers.
function componentLength(flags: number): number {
  const scale = (flags & 0x08) !== 0 ? 2 : (flags & 0x40) !== 0 ? 4 : (flags & 0x80) !== 0 ? 8 : 0;
  return 4 + ((flags & 1) !== 0 ? 4 : 2) + scale;
}

// Metrics of unused glyphs compress to nothing when they are zero.
function clearMetrics(hmtx: Buffer, metricCount: number, wanted: ReadonlySet<number>): void {
  for (let glyph = 0; glyph < metricCount - 1; glyph++) {
    if (!wanted.has(glyph)) hmtx.writeUInt32BE(0, glyph * 4);
  }
}

function withComponents(glyphs: Iterable<number>, outline: (glyph: number) => Buffer): Set<number> {
  const wanted = new Set<number>([0]);
  const waiting = [...glyphs];
  while (waiting.length > 0) {
    const glyph = waiting.pop() ?? 0;
    if (wanted.has(glyph)) continue;
    wanted.add(glyph);
    const data = outline(glyph);
    if (data.length === 0 || data.readInt16BE(0) >= 0) continue;
    let at = 10;
    for (let flags = 0x20; (flags & 0x20) !== 0; ) {
      flags = data.readUInt16BE(at);
      waiting.push(data.readUInt16BE(at + 2));
      at += componentLength(flags);
    }
  }
  return wanted;
}

function layOut(tables: ReadonlyMap<string, Buffer>): Buffer {
  const sorted = [...tables].sort(([left], [right]) => (left < right ? -1 : 1));
  const log = Math.floor(Math.log2(sorted.length));
  const directory = Buffer.alloc(12 + sorted.length * 16);
  directory.writeUInt32BE(0x00010000, 0);
  directory.writeUInt16BE(sorted.length, 4);
  directory.writeUInt16BE(2 ** log * 16, 6);
  directory.writeUInt16BE(log, 8);
  directory.writeUInt16BE((sorted.length - 2 ** log) * 16, 10);
  const bodies: Buffer[] = [];
  let offset = directory.length;
  for (const [index, [tag, data]] of sorted.entries()) {
    const padded = Buffer.alloc(Math.ceil(data.length / 4) * 4);
    data.copy(padded);
    const row = 12 + index * 16;
    directory.write(tag, row, 'latin1');
    directory.writeUInt32BE(checksum(padded), row + 4);
    directory.writeUInt32BE(offset, row + 8);
    directory.writeUInt32BE(data.length, row + 12);
    bodies.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([directory, ...bodies]);
}

function checksum(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum = (sum + data.readUInt32BE(at)) >>> 0;
  return sum;
}
