/**
 * One file's bytes with everything that does not depend on the revision: objects parsed at an offset,
 * cross-reference sections, decoded object streams. All revisions of a file share it.
 */
import type { Budget } from './budget.ts';
import { asBuffer } from './characters.ts';
import { applyFilters, type FilterStep } from './filters.ts';
import { isArray, isName, PdfDict, type PdfObject, PdfStream } from './objects.ts';
import { type IndirectObject, Parser } from './parser.ts';
import { PdfError } from './pdf-error.ts';
import { rangeLookup } from './ranges.ts';
import {
  readSubsections,
  streamEntry,
  tableEntry,
  type XrefSection,
  type XrefStreamRange,
  type XrefStreamWidths,
} from './xref.ts';

/** Follows a reference in the revision at hand. */
export type Resolve = (value: PdfObject) => PdfObject;

const direct: Resolve = (value) => value;

export class PdfSource {
  readonly bytes: Uint8Array;
  readonly buffer: Buffer;
  readonly budget: Budget;
  readonly #objects = new Map<number, IndirectObject>();
  readonly #sections = new Map<number, XrefSection>();
  readonly #objectStreams = new Map<PdfStream, ObjectStream>();

  constructor(bytes: Uint8Array, budget: Budget) {
    this.bytes = bytes;
    this.buffer = asBuffer(bytes);
    this.budget = budget;
  }

  /** The indirect object that starts at `offset`. @throws PdfError. */
  objectAt(offset: number): IndirectObject {
    const known = this.#objects.get(offset);
    if (known !== undefined) {
      return known;
    }
    if (offset >= this.bytes.length) {
      throw new PdfError('structure', 'a cross-reference entry points behind the end of the file', offset);
    }
    const parsed = new Parser(this.bytes, this.budget, { pos: offset }).indirectObject();
    this.#objects.set(offset, parsed);
    return parsed;
  }

  /** The cross-reference section at `offset`, table or stream. @throws PdfError. */
  sectionAt(offset: number): XrefSection {
    const known = this.#sections.get(offset);
    if (known !== undefined) {
      return known;
    }
    if (offset >= this.bytes.length) {
      throw new PdfError('structure', 'the cross-reference section lies behind the end of the file', offset);
    }
    const parser = new Parser(this.bytes, this.budget, { pos: offset });
    const section = parser.keyword('xref') ? this.#table(parser, offset) : this.#streamSection(offset);
    this.#sections.set(offset, section);
    return section;
  }

  /** Bytes of a stream as they stand in the file. @param end nothing from here on may be read. */
  rawStream(stream: PdfStream, resolve: Resolve, end: number): Uint8Array {
    return this.bytes.subarray(stream.dataStart, this.#dataEnd(stream, resolve, end));
  }

  /** Where a stream object ends: after `endobj`, or after `endstream` where that is missing. */
  streamEnd(stream: PdfStream, resolve: Resolve, end: number): number {
    const parser = new Parser(this.bytes, this.budget, { pos: this.#dataEnd(stream, resolve, end) });
    parser.keyword('endstream');
    parser.keyword('endobj');
    return parser.pos;
  }

  #dataEnd(stream: PdfStream, resolve: Resolve, end: number): number {
    const length = resolve(stream.dict.get('Length'));
    if (
      typeof length === 'number' &&
      Number.isInteger(length) &&
      length >= 0 &&
      stream.dataStart + length <= end
    ) {
      const parser = new Parser(this.bytes, this.budget, { pos: stream.dataStart + length });
      if (parser.keyword('endstream')) {
        return stream.dataStart + length;
      }
    }
    // A wrong /Length is common; the first `endstream` then ends the data, as other readers have it.
    let at = this.buffer.indexOf('endstream', stream.dataStart, 'latin1');
    if (at < 0 || at > end) {
      throw new PdfError('syntax', 'a stream has no end', stream.dataStart);
    }
    if (this.bytes[at - 1] === 0x0a && at > stream.dataStart) {
      at -= this.bytes[at - 2] === 0x0d && at - 1 > stream.dataStart ? 2 : 1;
    } else if (this.bytes[at - 1] === 0x0d && at > stream.dataStart) {
      at -= 1;
    }
    return at;
  }

  /** Undoes the filters of a stream whose raw bytes are given. */
  decode(raw: Uint8Array, stream: PdfStream, resolve: Resolve): Uint8Array {
    return applyFilters(raw, filterSteps(stream.dict, resolve), {
      budget: this.budget,
      offset: stream.dataStart,
    });
  }

  /** Directory of an object stream (§7.5.7); `decoded` is asked for once. */
  objectStream(stream: PdfStream, resolve: Resolve, decoded: () => Uint8Array): ObjectStream {
    const known = this.#objectStreams.get(stream);
    if (known !== undefined) {
      return known;
    }
    const count = resolve(stream.dict.get('N'));
    const first = resolve(stream.dict.get('First'));
    if (
      typeof count !== 'number' ||
      typeof first !== 'number' ||
      !isName(resolve(stream.dict.get('Type')), 'ObjStm')
    ) {
      throw new PdfError('structure', 'an object stream lacks its entries', stream.dataStart);
    }
    const data = decoded();
    if (count < 0 || count > data.length || first < 0 || first > data.length) {
      throw new PdfError('structure', 'an object stream is damaged', stream.dataStart);
    }
    const parser = new Parser(data, this.budget, { inFile: false });
    const directory: { num: number; at: number }[] = [];
    for (let i = 0; i < count; i += 1) {
      directory.push({ num: parser.integer(), at: first + parser.integer() });
    }
    const made: ObjectStream = { data, directory, values: new Map() };
    this.#objectStreams.set(stream, made);
    return made;
  }

  #table(parser: Parser, start: number): XrefSection {
    const subsections = readSubsections(parser);
    const find = rangeLookup(subsections, start);
    if (!parser.keyword('trailer')) {
      parser.fail('the trailer is missing', parser.pos);
    }
    const trailer = parser.object();
    if (!(trailer instanceof PdfDict)) {
      return parser.fail('the trailer must be a dictionary', parser.pos);
    }
    return {
      kind: 'table',
      start,
      end: parser.pos,
      trailer,
      entry: (num) => {
        const subsection = find(num);
        return subsection === undefined ? undefined : tableEntry(this.bytes, subsection, num);
      },
      ranges: subsections.map((s) => [s.first, s.first + s.count] as const),
    };
  }

  #streamSection(start: number): XrefSection {
    const { value } = this.objectAt(start);
    if (!(value instanceof PdfStream) || !isName(value.dict.get('Type'), 'XRef')) {
      throw new PdfError('structure', 'a cross-reference section was expected here', start);
    }
    const end = this.bytes.length;
    const data = this.decode(this.rawStream(value, direct, end), value, direct);
    const { widths, index } = xrefStreamShape(value.dict);
    const find = rangeLookup(index, start);
    return {
      kind: 'stream',
      start,
      end: this.streamEnd(value, direct, end),
      trailer: value.dict,
      entry: (num) => {
        const range = find(num);
        return range === undefined ? undefined : streamEntry(data, widths, { range, num });
      },
      ranges: index.map(({ first, count }) => [first, first + count] as const),
    };
  }
}

export interface ObjectStream {
  readonly data: Uint8Array;
  readonly directory: readonly { readonly num: number; readonly at: number }[];
  /** Parsed values by index. */
  readonly values: Map<number, PdfObject>;
}

function xrefStreamShape(dict: PdfDict): {
  readonly widths: XrefStreamWidths;
  readonly index: readonly XrefStreamRange[];
} {
  const widths = numbers(dict.get('W'));
  const size = dict.get('Size');
  if (widths.length < 3 || widths.some((w) => w < 0 || w > 8) || typeof size !== 'number') {
    throw new PdfError('structure', 'a cross-reference stream lacks its entries', dict.start);
  }
  const flat = dict.has('Index') ? numbers(dict.get('Index')) : [0, size];
  const index: XrefStreamRange[] = [];
  let rows = 0;
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const first = flat[i] ?? 0;
    const count = flat[i + 1] ?? 0;
    if (first < 0 || count < 0) {
      throw new PdfError('structure', 'a cross-reference stream is damaged', dict.start);
    }
    index.push({ first, count, rows });
    rows += count;
  }
  return { widths: [widths[0] ?? 0, widths[1] ?? 0, widths[2] ?? 0], index };
}

function numbers(value: PdfObject): number[] {
  return isArray(value) ? value.filter((item) => typeof item === 'number') : [];
}

/** `/Filter` and `/DecodeParms` as steps; the crypt filter is the decryptor's business. */
function filterSteps(dict: PdfDict, resolve: Resolve): FilterStep[] {
  const filter = resolve(dict.get('Filter') ?? dict.get('F'));
  const parameters = resolve(dict.get('DecodeParms') ?? dict.get('DP'));
  const list = isArray(filter) ? filter : [filter];
  const parameterList = isArray(parameters) ? parameters : [parameters];
  const steps: FilterStep[] = [];
  list.forEach((item, i) => {
    const name = resolve(item);
    if (isName(name) && name.value !== 'Crypt') {
      steps.push({ name: name.value, parameters: parametersOf(resolve(parameterList[i] ?? null), resolve) });
    }
  });
  return steps;
}

function parametersOf(value: PdfObject, resolve: Resolve): FilterStep['parameters'] {
  const read = (key: string, fallback: number): number => {
    const found = value instanceof PdfDict ? resolve(value.get(key)) : null;
    return typeof found === 'number' ? found : fallback;
  };
  return {
    predictor: read('Predictor', 1),
    colors: read('Colors', 1),
    bitsPerComponent: read('BitsPerComponent', 8),
    columns: read('Columns', 1),
    earlyChange: read('EarlyChange', 1),
  };
}
