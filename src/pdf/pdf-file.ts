/**
 * Opens a PDF for verification: strictly by its cross-references, never by searching for objects, and every
 * revision on its own. A file that must be repaired to be read is refused, because readers repair differently.
 */
import { Budget } from './budget.ts';
import { isSpace } from './characters.ts';
import { createDecryptor, type Decryptor } from './encryption.ts';
import { isArray, PdfDict, type PdfObject, PdfRef, PdfString } from './objects.ts';
import { Parser } from './parser.ts';
import { PdfError } from './pdf-error.ts';
import { PdfSource } from './pdf-source.ts';
import { Revision } from './revision.ts';
import { type Trailing, trailingBytes } from './trailing.ts';

const HEADER_WINDOW = 1024;
/** `startxref`, a number and `%%EOF` fit in this many bytes with room for comments. */
const TAIL_WINDOW = 256;

export class PdfFile {
  readonly source: PdfSource;
  /** The state a reader shows today. */
  readonly last: Revision;
  /** What stands behind the last revision's end. */
  readonly trailing: Trailing;
  /** As the header says, for instance `1.7`. */
  readonly version: string;
  readonly encrypted: boolean;
  readonly #at = new Map<number, Revision | undefined>();
  readonly #decryptor: Decryptor | undefined;
  readonly #encryptRef: number;
  #revisions: readonly Revision[] | undefined;

  constructor(source: PdfSource) {
    this.source = source;
    this.version = headerVersion(source);
    const tail = lastTail(source);
    this.last = new Revision(source, tail);
    const encrypt = this.last.trailer.get('Encrypt');
    this.encrypted = encrypt !== null;
    this.#encryptRef = encrypt instanceof PdfRef ? encrypt.num : -1;
    this.#decryptor = this.encrypted ? decryptorOf(this.last) : undefined;
    this.#prepare(this.last);
    this.#at.set(tail.end, this.last);
    this.trailing = trailingBytes(source, tail.end);
  }

  get bytes(): Uint8Array {
    return this.source.bytes;
  }

  /**
   * The revision that ends at `end`, counting white space behind `%%EOF` as part of it; `undefined` where no
   * revision ends there. @throws PdfError when its cross-references cannot be read.
   */
  revisionAt(end: number): Revision | undefined {
    if (this.#at.has(end)) {
      return this.#at.get(end);
    }
    const tail = tailEndingAt(this.source, end);
    const revision =
      tail === undefined
        ? undefined
        : tail.end === this.last.end
          ? this.last
          : new Revision(this.source, { ...tail, end });
    if (revision !== undefined && revision !== this.last) {
      this.#prepare(revision);
    }
    this.#at.set(end, revision);
    return revision;
  }

  /** The revisions the last one is built on, oldest first, the last included. */
  get revisions(): readonly Revision[] {
    this.#revisions ??= this.#findRevisions();
    return this.#revisions;
  }

  /**
   * Ends of revisions that the present one is not built on: left out of its chain of cross-references. Looks at the
   * last `limit` end markers only. An embedded PDF's own end is no revision and is left out.
   */
  strayRevisions(limit = 32): readonly Revision[] {
    const stray: Revision[] = [];
    const known = new Set(this.revisions.map((revision) => trimmedEnd(this.source, revision.end)));
    let at = this.last.end;
    for (let i = 0; i < limit && at > 0; i += 1) {
      at = this.source.buffer.lastIndexOf('%%EOF', at - 1, 'latin1');
      if (at < 0) {
        break;
      }
      if (!known.has(at + 5)) {
        const revision = this.#strayAt(at + 5);
        if (revision !== undefined) {
          stray.push(revision);
        }
      }
    }
    return stray;
  }

  #strayAt(end: number): Revision | undefined {
    try {
      const revision = this.revisionAt(end);
      return revision?.get(revision.trailer, 'Root') instanceof PdfDict ? revision : undefined;
    } catch (error) {
      if (error instanceof PdfError && error.fault !== 'budget') {
        return undefined;
      }
      throw error;
    }
  }

  #findRevisions(): Revision[] {
    const found: Revision[] = [this.last];
    for (const section of this.last.sections.slice(1)) {
      const tail = readTail(this.source, section.end);
      // The first section of a linearised file is followed by `startxref 0`: it belongs to the whole.
      if (
        tail !== undefined &&
        tail.end < this.last.end &&
        this.last.sections.some((s) => s.start === tail.startxref)
      ) {
        const revision = this.revisionAt(tail.end);
        if (revision !== undefined) {
          found.push(revision);
        }
      }
    }
    return [...new Set(found)].sort((a, b) => a.end - b.end);
  }

  #prepare(revision: Revision): void {
    if (this.#decryptor !== undefined) {
      revision.useDecryptor(this.#decryptor, this.#encryptRef);
    }
  }
}

/**
 * Opens `bytes`. @throws PdfError when the header, the last cross-reference chain or the encryption cannot be
 * read; objects are parsed later, when they are asked for.
 */
export function openPdf(bytes: Uint8Array, budget: Budget = new Budget()): PdfFile {
  return new PdfFile(new PdfSource(bytes, budget));
}

function headerVersion(source: PdfSource): string {
  const head = source.buffer.toString('latin1', 0, Math.min(HEADER_WINDOW, source.bytes.length));
  const match = /%PDF-(\d\.\d)/.exec(head);
  if (match?.[1] === undefined) {
    throw new PdfError('syntax', 'this is not a PDF: its header is missing', 0);
  }
  return match[1];
}

interface Tail {
  readonly startxref: number;
  readonly end: number;
}

function lastTail(source: PdfSource): Tail {
  let at = source.bytes.length;
  for (let tries = 0; tries < 8; tries += 1) {
    at = source.buffer.lastIndexOf('startxref', at - 1, 'latin1');
    if (at < 0) {
      break;
    }
    const tail = readTail(source, at);
    if (tail !== undefined) {
      return tail;
    }
    if (at === 0) {
      break;
    }
  }
  throw new PdfError(
    'structure',
    'the end of the file is missing: no startxref with %%EOF',
    source.bytes.length,
  );
}

/** Reads `startxref N %%EOF` after `at`. */
function readTail(source: PdfSource, at: number): Tail | undefined {
  const parser = new Parser(source.bytes, source.budget, { pos: at });
  if (!parser.keyword('startxref')) {
    return undefined;
  }
  const startxref = parser.integer();
  let { pos } = parser;
  while (isSpace(source.bytes[pos])) {
    pos += 1;
  }
  if (startxref < 0 || source.buffer.toString('latin1', pos, pos + 5) !== '%%EOF') {
    return undefined;
  }
  pos += 5;
  if (source.bytes[pos] === 0x0d) {
    pos += 1;
  }
  if (source.bytes[pos] === 0x0a) {
    pos += 1;
  }
  return { startxref, end: pos };
}

function tailEndingAt(source: PdfSource, end: number): Tail | undefined {
  if (!Number.isInteger(end) || end <= 0 || end > source.bytes.length) {
    return undefined;
  }
  const at = source.buffer.lastIndexOf('startxref', end - 1, 'latin1');
  if (at < 0 || end - at > TAIL_WINDOW + (end - trimmedEnd(source, end))) {
    return undefined;
  }
  const tail = readTail(source, at);
  if (tail === undefined) {
    return undefined;
  }
  // A signer may have counted none, some or all of the white space behind the marker.
  return trimmedEnd(source, end) === trimmedEnd(source, tail.end) ? tail : undefined;
}

function trimmedEnd(source: PdfSource, end: number): number {
  let at = end;
  while (at > 0 && isSpace(source.bytes[at - 1])) {
    at -= 1;
  }
  return at;
}

function decryptorOf(revision: Revision): Decryptor {
  const encrypt = revision.get(revision.trailer, 'Encrypt');
  if (!(encrypt instanceof PdfDict)) {
    throw new PdfError('structure', 'the encryption dictionary is missing', revision.startxref);
  }
  const id = revision.array(revision.trailer, 'ID')?.[0] ?? null;
  const first = revision.resolve(id);
  return createDecryptor(
    resolved(encrypt, revision),
    first instanceof PdfString ? first.bytes : new Uint8Array(0),
  );
}

/** The encryption dictionary with its values two levels down resolved. */
function resolved(dict: PdfDict, revision: Revision, depth = 0): PdfDict {
  const entries = new Map<string, PdfObject>();
  for (const key of dict.entries.keys()) {
    const value = revision.get(dict, key);
    entries.set(key, value instanceof PdfDict && depth < 3 ? resolved(value, revision, depth + 1) : value);
  }
  return new PdfDict(entries, dict);
}

/** The items of a numeric array, or `undefined` where it is none. */
export function numberArray(value: PdfObject): number[] | undefined {
  return isArray(value) && value.every((item) => typeof item === 'number')
    ? ([...value] as number[])
    : undefined;
}
