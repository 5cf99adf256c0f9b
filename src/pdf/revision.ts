/**
 * One state of a file: the cross-reference in force at a given end, and the objects as they were then. Nothing
 * behind that end is ever read, so a revision cannot be changed by what was appended later.
 */
import { type Decryptor, decryptStrings } from './encryption.ts';
import { isArray, isName, PdfDict, type PdfObject, PdfRef, PdfStream } from './objects.ts';
import { Parser } from './parser.ts';
import { PdfError } from './pdf-error.ts';
import type { PdfSource, Resolve } from './pdf-source.ts';
import type { XrefEntry, XrefSection } from './xref.ts';

const FREE: XrefEntry = { kind: 'free' };
const MAX_REFERENCES = 32;

export class Revision {
  readonly source: PdfSource;
  /** Offset after the line of `%%EOF`: the revision is `bytes[0, end)`. */
  readonly end: number;
  /** What `startxref` says. */
  readonly startxref: number;
  /** Newest first; a hybrid's stream follows its table. */
  readonly sections: readonly XrefSection[];
  readonly #cache = new Map<number, PdfObject>();
  readonly #entries = new Map<number, XrefEntry>();
  readonly #resolve: Resolve = (value) => this.resolve(value);
  #decryptor: Decryptor | undefined;
  #encryptRef = -1;

  constructor(source: PdfSource, place: { end: number; startxref: number }) {
    this.source = source;
    this.end = place.end;
    this.startxref = place.startxref;
    this.sections = chain(source, place.startxref, place.end);
  }

  /** The newest trailer dictionary. */
  get trailer(): PdfDict {
    const [newest] = this.sections;
    return newest?.trailer ?? new PdfDict(new Map());
  }

  /** The document catalogue. @throws PdfError when there is none. */
  get catalog(): PdfDict {
    const root = this.resolve(this.trailer.get('Root'));
    if (!(root instanceof PdfDict)) {
      throw new PdfError('structure', 'the document catalogue is missing', this.startxref);
    }
    return root;
  }

  /** Gives the revision the means to decrypt. @param encryptRef object number of the encryption dictionary, or -1. */
  useDecryptor(decryptor: Decryptor, encryptRef: number): void {
    this.#decryptor = decryptor;
    this.#encryptRef = encryptRef;
    this.#cache.clear();
  }

  /** The entry in force for an object number. */
  entry(num: number): XrefEntry {
    const known = this.#entries.get(num);
    if (known !== undefined) {
      return known;
    }
    const found = this.#findEntry(num);
    this.#entries.set(num, found);
    return found;
  }

  /** The object a reference names; `null` where it is free or unknown (§7.3.10). @throws PdfError. */
  object(ref: PdfRef): PdfObject {
    const known = this.#cache.get(ref.num);
    if (known !== undefined) {
      return known;
    }
    const entry = this.entry(ref.num);
    const value =
      entry.kind === 'free'
        ? null
        : entry.kind === 'offset'
          ? this.#plain(ref.num, entry.offset)
          : this.#packed(ref.num, entry);
    this.#cache.set(ref.num, value);
    return value;
  }

  /** Follows references until something else stands there. @throws PdfError when they go round. */
  resolve(value: PdfObject): PdfObject {
    let at = value;
    for (let i = 0; i < MAX_REFERENCES; i += 1) {
      if (!(at instanceof PdfRef)) {
        return at;
      }
      at = this.object(at);
    }
    throw new PdfError('structure', 'references go round in a circle', -1);
  }

  /** The value of a key, resolved. */
  get(dict: PdfDict, key: string): PdfObject {
    return this.resolve(dict.get(key));
  }

  dict(dict: PdfDict, key: string): PdfDict | undefined {
    const value = this.get(dict, key);
    return value instanceof PdfDict ? value : undefined;
  }

  array(dict: PdfDict, key: string): readonly PdfObject[] | undefined {
    const value = this.get(dict, key);
    return isArray(value) ? value : undefined;
  }

  /** A stream's bytes as stored (still encrypted, still compressed). */
  rawStream(stream: PdfStream): Uint8Array {
    return this.source.rawStream(stream, this.#resolve, this.end);
  }

  /** A stream's bytes decrypted and with its filters undone as far as they are not image filters. */
  decode(stream: PdfStream): Uint8Array {
    const raw = this.rawStream(stream);
    return this.source.decode(this.#decryptStream(raw, stream), stream, this.#resolve);
  }

  /** Offset after the object that starts at `offset`. */
  objectEnd(offset: number): number {
    const { value, end } = this.source.objectAt(offset);
    return value instanceof PdfStream ? this.source.streamEnd(value, this.#resolve, this.end) : end;
  }

  #findEntry(num: number): XrefEntry {
    for (const [i, section] of this.sections.entries()) {
      const entry = section.entry(num);
      if (entry !== undefined) {
        // Hybrid files (§7.5.8.4) mark as free in the table what the stream beside it holds.
        const isHybrid = section.kind === 'table' && typeof section.trailer.get('XRefStm') === 'number';
        return entry.kind === 'free' && isHybrid ? (this.sections[i + 1]?.entry(num) ?? entry) : entry;
      }
    }
    return FREE;
  }

  #plain(num: number, offset: number): PdfObject {
    if (offset >= this.end) {
      throw new PdfError('structure', `object ${num} lies behind the end of its revision`, offset);
    }
    const parsed = this.source.objectAt(offset);
    if (parsed.num !== num) {
      throw new PdfError(
        'structure',
        `the cross-reference says object ${num}, the file says ${parsed.num}`,
        offset,
      );
    }
    if (this.#decryptor === undefined || num === this.#encryptRef) {
      return parsed.value;
    }
    const ref = new PdfRef(parsed.num, parsed.gen);
    if (parsed.value instanceof PdfStream) {
      const { dict } = parsed.value;
      if (isName(dict.get('Type'), 'XRef')) {
        return parsed.value;
      }
      const plain = decryptStrings(dict, this.#decryptor, ref);
      return new PdfStream(plain instanceof PdfDict ? plain : dict, parsed.value.dataStart, ref);
    }
    return decryptStrings(parsed.value, this.#decryptor, ref);
  }

  #packed(num: number, entry: { stream: number; index: number }): PdfObject {
    const place = this.entry(entry.stream);
    if (place.kind !== 'offset') {
      throw new PdfError(
        'structure',
        `object ${num} is said to be in an object stream that does not exist`,
        -1,
      );
    }
    const container = this.object(new PdfRef(entry.stream, 0));
    if (!(container instanceof PdfStream)) {
      throw new PdfError('structure', `object ${entry.stream} is no object stream`, place.offset);
    }
    const packed = this.source.objectStream(container, this.#resolve, () => this.decode(container));
    const slot = packed.directory[entry.index];
    if (slot === undefined || slot.num !== num) {
      throw new PdfError('structure', `object ${num} is not where the cross-reference says`, place.offset);
    }
    const known = packed.values.get(entry.index);
    if (known !== undefined) {
      return known;
    }
    this.source.budget.object(place.offset);
    const value = new Parser(packed.data, this.source.budget, { pos: slot.at, inFile: false }).object();
    packed.values.set(entry.index, value);
    return value;
  }

  #decryptStream(raw: Uint8Array, stream: PdfStream): Uint8Array {
    if (this.#decryptor === undefined || isName(stream.dict.get('Type'), 'XRef')) {
      return raw;
    }
    const filter = this.resolve(stream.dict.get('Filter'));
    const first = isArray(filter) ? this.resolve(filter[0] ?? null) : filter;
    const isClearMetadata = !this.#decryptor.metadataEncrypted && isName(stream.dict.get('Type'), 'Metadata');
    return isName(first, 'Crypt') || isClearMetadata ? raw : this.#decryptor.stream(raw, stream.ref);
  }
}

/** All sections from `startxref` along `/Prev`, each hybrid stream after its table. @throws PdfError on loops. */
function chain(source: PdfSource, startxref: number, end: number): XrefSection[] {
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  const add = (offset: number): XrefSection => {
    if (seen.has(offset)) {
      throw new PdfError('structure', 'the cross-reference sections go round in a circle', offset);
    }
    if (offset >= end) {
      throw new PdfError(
        'structure',
        'a cross-reference section lies behind the end of its revision',
        offset,
      );
    }
    if (seen.size >= source.budget.limits.sections) {
      throw new PdfError(
        'budget',
        `more than ${source.budget.limits.sections} cross-reference sections`,
        offset,
      );
    }
    seen.add(offset);
    const section = source.sectionAt(offset);
    sections.push(section);
    return section;
  };
  let next = startxref;
  for (;;) {
    const section = add(next);
    const beside = section.kind === 'table' ? section.trailer.get('XRefStm') : null;
    if (typeof beside === 'number') {
      add(beside);
    }
    const previous = section.trailer.get('Prev');
    if (typeof previous !== 'number' || previous <= 0) {
      return sections;
    }
    if (!Number.isInteger(previous)) {
      throw new PdfError(
        'structure',
        'the offset of the previous cross-reference section is no integer',
        section.start,
      );
    }
    next = previous;
  }
}
