/**
 * Appends an incremental update (ISO 32000-2 §7.5.6). Promises: the bytes before the update are untouched, the
 * cross-reference is of the same kind as the file's last one, and only the objects given are in the update.
 */
import { createHash } from 'node:crypto';
import { isArray, PdfDict, type PdfObject, PdfRef, PdfStream, PdfString } from './objects.ts';
import type { PdfFile } from './pdf-file.ts';
import { pdfBytes, pdfDict, pdfName, serialize } from './serialize.ts';

const newline = Buffer.from('\n');

/** What was appended and where its objects stand in the whole file. */
export interface Update {
  /** To be written right behind the original bytes. */
  readonly bytes: Buffer;
  /** Absolute offset of the first byte of each object's body, behind `N G obj` and its line end. */
  readonly bodyOffsets: ReadonlyMap<number, number>;
}

export class IncrementalWriter {
  readonly #file: PdfFile;
  readonly #objects = new Map<number, { readonly gen: number; readonly body: Buffer }>();
  #next: number;

  /** @param file not encrypted, and ending with its last revision */
  constructor(file: PdfFile) {
    this.#file = file;
    this.#next = firstFreeNumber(file);
  }

  /** A reference for a new object. */
  reserve(): PdfRef {
    const ref = new PdfRef(this.#next, 0);
    this.#next += 1;
    return ref;
  }

  /** Adds a new object. */
  add(value: PdfObject): PdfRef {
    const ref = this.reserve();
    this.put(ref, value);
    return ref;
  }

  /** Writes an object under a reference, replacing what it named. */
  put(ref: PdfRef, value: PdfObject): void {
    this.putRaw(ref, Buffer.from(serialize(value), 'latin1'));
  }

  /** Writes an object whose body is given as bytes. */
  putRaw(ref: PdfRef, body: Buffer): void {
    this.#objects.set(ref.num, { gen: ref.gen, body });
  }

  /** Adds a stream; `/Length` is set here, other entries are the caller's. */
  addStream(entries: Readonly<Record<string, PdfObject | undefined>>, data: Uint8Array): PdfRef {
    const ref = this.reserve();
    this.putRaw(ref, streamBody(pdfDict({ ...entries, Length: data.length }), data));
    return ref;
  }

  /** What a reference names now: what was put here, else what the file says. Streams put here are not seen. */
  current(ref: PdfRef): PdfObject {
    return this.#file.last.object(ref);
  }

  /** The reference under which an existing object is to be replaced, with the generation in force. */
  existing(num: number): PdfRef {
    const entry = this.#file.last.entry(num);
    return new PdfRef(num, entry.kind === 'offset' ? entry.gen : 0);
  }

  /** Lays the update out. */
  finish(): Update {
    const { bytes } = this.#file;
    const parts: Buffer[] = [];
    const last = bytes[bytes.length - 1];
    let offset = bytes.length;
    const push = (part: Buffer) => {
      parts.push(part);
      offset += part.length;
    };
    if (last !== 0x0a && last !== 0x0d) push(newline);
    const places = new Map<number, { readonly offset: number; readonly gen: number }>();
    const bodyOffsets = new Map<number, number>();
    for (const [num, { gen, body }] of [...this.#objects].sort(([left], [right]) => left - right)) {
      places.set(num, { offset, gen });
      push(Buffer.from(`${num} ${gen} obj\n`));
      bodyOffsets.set(num, offset);
      push(body);
      push(Buffer.from('\nendobj\n'));
    }
    push(this.#crossReference(places, offset, parts));
    return { bytes: Buffer.concat(parts), bodyOffsets };
  }

  #crossReference(places: Map<number, Place>, offset: number, parts: readonly Buffer[]): Buffer {
    const { last } = this.#file;
    const entries: Record<string, PdfObject | undefined> = {
      Root: last.trailer.get('Root'),
      Info: last.trailer.has('Info') ? last.trailer.get('Info') : undefined,
      ID: this.#identifier(parts),
      Prev: last.startxref,
    };
    const tail = `startxref\n${offset}\n%%EOF\n`;
    if (last.sections[0]?.kind !== 'stream') {
      const trailer = serialize(pdfDict({ Size: this.#next, ...entries }));
      return Buffer.from(`${table(places)}trailer\n${trailer}\n${tail}`, 'latin1');
    }
    const own = this.reserve();
    places.set(own.num, { offset, gen: 0 });
    const { index, data } = streamEntries(places);
    const dict = pdfDict({
      Type: pdfName('XRef'),
      Size: this.#next,
      W: [1, 5, 2],
      Index: index,
      ...entries,
      Length: data.length,
    });
    const head = Buffer.from(`${own.num} 0 obj\n`);
    return Buffer.concat([head, streamBody(dict, data), Buffer.from(`\nendobj\n${tail}`)]);
  }

  // The first half names the file for ever, the second this state of it (§14.4). It is a digest of what is added,
  // so that the same update is the same bytes.
  #identifier(parts: readonly Buffer[]): PdfObject {
    const hash = createHash('sha256').update(String(this.#file.bytes.length));
    for (const part of parts) hash.update(part);
    const state = pdfBytes(hash.digest().subarray(0, 16));
    const found = this.#file.last.array(this.#file.last.trailer, 'ID');
    const first = isArray(found ?? null) ? found?.[0] : undefined;
    return [first instanceof PdfString ? pdfBytes(first.bytes) : state, state];
  }
}

interface Place {
  readonly offset: number;
  readonly gen: number;
}

/** Body of a stream object. */
export function streamBody(dict: PdfDict, data: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`${serialize(dict)}\nstream\n`, 'latin1'),
    data,
    Buffer.from('\nendstream'),
  ]);
}

/** The dictionary of a dictionary or stream object. */
export function dictOf(value: PdfObject): PdfDict | undefined {
  if (value instanceof PdfDict) return value;
  return value instanceof PdfStream ? value.dict : undefined;
}

function firstFreeNumber(file: PdfFile): number {
  let next = 1;
  for (const section of file.last.sections) {
    const size = section.trailer.get('Size');
    if (typeof size === 'number') next = Math.max(next, size);
    for (const [, end] of section.ranges) next = Math.max(next, end);
  }
  return next;
}

function runs(places: ReadonlyMap<number, Place>): { readonly first: number; readonly places: Place[] }[] {
  const found: { first: number; places: Place[] }[] = [];
  for (const [num, place] of [...places].sort(([left], [right]) => left - right)) {
    const run = found.at(-1);
    if (run !== undefined && run.first + run.places.length === num) run.places.push(place);
    else found.push({ first: num, places: [place] });
  }
  return found;
}

function table(places: ReadonlyMap<number, Place>): string {
  const lines = runs(places).map((run) => {
    const rows = run.places.map(({ offset, gen }) => {
      return `${String(offset).padStart(10, '0')} ${String(gen).padStart(5, '0')} n \n`;
    });
    return `${run.first} ${run.places.length}\n${rows.join('')}`;
  });
  return `xref\n${lines.join('')}`;
}

function streamEntries(places: ReadonlyMap<number, Place>) {
  const found = runs(places);
  const rows = found
    .flatMap((run) => run.places)
    .map(({ offset, gen }) => {
      const row = Buffer.alloc(8);
      row.writeUInt8(1, 0);
      row.writeUIntBE(offset, 1, 5);
      row.writeUInt16BE(gen, 6);
      return row;
    });
  return { index: found.flatMap((run) => [run.first, run.places.length]), data: Buffer.concat(rows) };
}
