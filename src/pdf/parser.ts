/**
 * Reads PDF objects out of bytes (ISO 32000-2 §7.2, §7.3). Knows nothing of cross-references: the caller says
 * where to start. Every fault is a `PdfError`; nesting and work are charged to the budget.
 */
import type { Budget } from './budget.ts';
import { CHAR_CLASS, hexValue, REGULAR, WHITESPACE } from './characters.ts';
import { internedName } from './interned-names.ts';
import { PdfDict, type PdfName, type PdfObject, PdfRef, PdfStream, PdfString } from './objects.ts';
import { PdfError } from './pdf-error.ts';

const MAX_NAME = 1024;

export interface IndirectObject {
  readonly num: number;
  readonly gen: number;
  readonly value: PdfObject;
  /** After `endobj`, or at the first byte of data where the object is a stream. */
  readonly end: number;
}

export class Parser {
  readonly bytes: Uint8Array;
  readonly budget: Budget;
  readonly #inFile: boolean;
  /** Where the next token is looked for. */
  pos: number;

  /** @param inFile false for decoded object streams, whose offsets mean nothing in the file. */
  constructor(bytes: Uint8Array, budget: Budget, options: { pos?: number; inFile?: boolean } = {}) {
    this.bytes = bytes;
    this.budget = budget;
    this.#inFile = options.inFile ?? true;
    this.pos = options.pos ?? 0;
  }

  /** `N G obj … endobj` at the present position (§7.3.10). */
  indirectObject(): IndirectObject {
    const start = this.pos;
    this.budget.object(start);
    const num = this.integer();
    const gen = this.integer();
    if (num < 0 || gen < 0 || !this.keyword('obj')) {
      this.fail('an object was expected here', start);
    }
    const value = this.object();
    if (value instanceof PdfDict && this.keyword('stream')) {
      this.#endOfStreamLine();
      return { num, gen, value: new PdfStream(value, this.pos, new PdfRef(num, gen)), end: this.pos };
    }
    if (!this.keyword('endobj')) {
      this.fail('endobj is missing', this.pos);
    }
    return { num, gen, value, end: this.pos };
  }

  /** Any direct object or reference. */
  object(depth = 0): PdfObject {
    this.skipSpace();
    const { bytes, pos } = this;
    const c = bytes[pos];
    switch (c) {
      case undefined:
        return this.fail('the file ends inside an object', pos);
      case 0x2f:
        return this.#name();
      case 0x28:
        return this.#literalString();
      case 0x3c:
        return bytes[pos + 1] === 0x3c ? this.#dict(depth) : this.#hexString();
      case 0x5b:
        return this.#array(depth);
      case 0x74:
        return this.keyword('true') ? true : this.fail('an unknown word', pos);
      case 0x66:
        return this.keyword('false') ? false : this.fail('an unknown word', pos);
      case 0x6e:
        return this.keyword('null') ? null : this.fail('an unknown word', pos);
      default:
        return this.#numberOrRef();
    }
  }

  /** Consumes `word` when it is the next token. */
  keyword(word: string): boolean {
    this.skipSpace();
    const { bytes, pos } = this;
    for (let i = 0; i < word.length; i += 1) {
      if (bytes[pos + i] !== word.charCodeAt(i)) {
        return false;
      }
    }
    const next = bytes[pos + word.length];
    if (next !== undefined && CHAR_CLASS[next] === REGULAR) {
      // `endobj5 0 obj` and `endstreamendobj` occur: a word may be followed at once by another one only there.
      if (word !== 'endobj' && word !== 'endstream') {
        return false;
      }
    }
    this.pos = pos + word.length;
    return true;
  }

  /** A non-negative integer token, or -1 where there is none (nothing is consumed then). */
  integer(): number {
    this.skipSpace();
    let { pos } = this;
    let value = 0;
    const start = pos;
    for (;;) {
      const c = this.bytes[pos];
      if (c === undefined || c < 0x30 || c > 0x39) {
        break;
      }
      value = value * 10 + c - 0x30;
      pos += 1;
    }
    if (pos === start || pos - start > 15) {
      return -1;
    }
    this.pos = pos;
    return value;
  }

  /** Passes white space and comments (§7.2.3, §7.2.4). */
  skipSpace(): void {
    const { bytes } = this;
    let { pos } = this;
    for (;;) {
      const c = bytes[pos];
      if (c === undefined) {
        break;
      }
      if (c === 0x25) {
        while (pos < bytes.length && bytes[pos] !== 0x0a && bytes[pos] !== 0x0d) {
          pos += 1;
        }
      } else if (CHAR_CLASS[c] === WHITESPACE) {
        pos += 1;
      } else {
        break;
      }
    }
    this.pos = pos;
  }

  /** Where the next token starts; nothing is consumed. */
  peek(): number {
    const at = this.pos;
    this.skipSpace();
    const start = this.pos;
    this.pos = at;
    return start;
  }

  fail(reason: string, offset: number): never {
    throw new PdfError('syntax', reason, this.#inFile ? offset : -1);
  }

  #place(start: number): { start: number; end: number } {
    return this.#inFile ? { start, end: this.pos } : { start: -1, end: -1 };
  }

  #endOfStreamLine(): void {
    const { bytes } = this;
    if (bytes[this.pos] === 0x0d) {
      this.pos += bytes[this.pos + 1] === 0x0a ? 2 : 1;
    } else if (bytes[this.pos] === 0x0a) {
      this.pos += 1;
    } else if (bytes[this.pos] === 0x20 && (bytes[this.pos + 1] === 0x0a || bytes[this.pos + 1] === 0x0d)) {
      this.pos += 1;
      this.#endOfStreamLine();
    } else {
      this.fail('the stream keyword must be followed by a line end', this.pos);
    }
  }

  #name(): PdfName {
    const { bytes } = this;
    const start = this.pos + 1;
    let pos = start;
    let escaped = false;
    while (pos < bytes.length && CHAR_CLASS[bytes[pos] ?? 0] === REGULAR) {
      escaped ||= bytes[pos] === 0x23;
      pos += 1;
    }
    if (pos - start > MAX_NAME) {
      this.fail('a name is too long', start);
    }
    this.pos = pos;
    let text = '';
    for (let i = start; i < pos; i += 1) {
      text += String.fromCharCode(bytes[i] ?? 0);
    }
    if (escaped) {
      text = text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
    }
    return internedName(text);
  }

  #numberOrRef(): number | PdfRef {
    const { bytes } = this;
    const start = this.pos;
    let pos = start;
    while (pos < bytes.length && CHAR_CLASS[bytes[pos] ?? 0] === REGULAR) {
      pos += 1;
    }
    const first = this.integer();
    if (first < 0 || this.pos !== pos) {
      return this.#real(start, pos);
    }
    // An integer may open a reference: `12 0 R`.
    const gen = this.#referenceTail();
    return gen >= 0 ? new PdfRef(first, gen) : first;
  }

  #referenceTail(): number {
    const { bytes } = this;
    const after = this.pos;
    const c = bytes[after];
    if (c !== undefined && CHAR_CLASS[c] === WHITESPACE) {
      const gen = this.integer();
      if (gen >= 0 && gen <= 65535 && CHAR_CLASS[bytes[this.pos] ?? 0] === WHITESPACE && this.keyword('R')) {
        return gen;
      }
    }
    this.pos = after;
    return -1;
  }

  #real(start: number, end: number): number {
    if (end === start || end - start > 64) {
      this.fail('an object was expected here', start);
    }
    const token = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, end - start).toString(
      'latin1',
    );
    this.pos = end;
    if (/^[+-]?\d+$/.test(token) || /^[+-]?(\d+\.\d*|\.\d+)$/.test(token)) {
      return Number(token);
    }
    // Producers write `-`, `.`, `--5` and `0.-2` for small numbers; they carry no structure.
    if (/^[+\-.\d]+$/.test(token)) {
      const repaired = Number(token.replace(/^[+-]+/, '-').replace(/(?<=.)-.*$/, ''));
      return Number.isFinite(repaired) ? repaired : 0;
    }
    return this.fail('an object was expected here', start);
  }

  #array(depth: number): PdfObject[] {
    const start = this.pos;
    this.budget.depth(depth, start);
    this.pos += 1;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.pos] === 0x5d) {
        this.pos += 1;
        return items;
      }
      this.budget.value(start);
      items.push(this.object(depth + 1));
    }
  }

  #dict(depth: number): PdfDict {
    const start = this.pos;
    this.budget.depth(depth, start);
    this.pos += 2;
    const entries = new Map<string, PdfObject>();
    let duplicateKey: string | undefined;
    for (;;) {
      this.skipSpace();
      const c = this.bytes[this.pos];
      if (c === 0x3e && this.bytes[this.pos + 1] === 0x3e) {
        this.pos += 2;
        return new PdfDict(entries, { ...this.#place(start), duplicateKey });
      }
      if (c !== 0x2f) {
        this.fail('a dictionary key must be a name', this.pos);
      }
      this.budget.value(start);
      const key = this.#name().value;
      const value = this.object(depth + 1);
      if (entries.has(key)) {
        duplicateKey = key;
      }
      entries.set(key, value);
    }
  }

  #hexString(): PdfString {
    const { bytes } = this;
    const start = this.pos;
    const end = bytes.indexOf(0x3e, start);
    if (end < 0) {
      this.fail('a hexadecimal string has no end', start);
    }
    const out = new Uint8Array((end - start) >> 1);
    let length = 0;
    let high = -1;
    for (let pos = start + 1; pos < end; pos += 1) {
      const c = bytes[pos] ?? 0;
      const value = hexValue(c);
      if (value < 0) {
        if (CHAR_CLASS[c] !== WHITESPACE) {
          this.fail('a hexadecimal string holds another character', pos);
        }
      } else if (high < 0) {
        high = value;
      } else {
        out[length] = high * 16 + value;
        length += 1;
        high = -1;
      }
    }
    if (high >= 0) {
      out[length] = high * 16;
      length += 1;
    }
    this.pos = end + 1;
    return new PdfString(out.subarray(0, length), { ...this.#place(start), hex: true });
  }

  #literalString(): PdfString {
    const { bytes } = this;
    const start = this.pos;
    const out: number[] = [];
    let nesting = 1;
    let pos = start + 1;
    for (;;) {
      const c = bytes[pos];
      pos += 1;
      if (c === undefined) {
        return this.fail('a string has no end', start);
      }
      if (c === 0x5c) {
        pos = this.#escape(pos, out);
      } else if (c === 0x0d) {
        pos += bytes[pos] === 0x0a ? 1 : 0;
        out.push(0x0a);
      } else {
        nesting += c === 0x28 ? 1 : c === 0x29 ? -1 : 0;
        if (nesting === 0) {
          break;
        }
        out.push(c);
      }
    }
    this.pos = pos;
    return new PdfString(Uint8Array.from(out), { ...this.#place(start), hex: false });
  }

  /** Reads what follows a reverse solidus; returns the position after it. */
  #escape(at: number, out: number[]): number {
    const { bytes } = this;
    let pos = at;
    const c = bytes[pos] ?? 0;
    pos += 1;
    const simple = ESCAPES[c];
    if (simple !== undefined) {
      out.push(simple);
    } else if (c === 0x0d) {
      pos += bytes[pos] === 0x0a ? 1 : 0;
    } else if (c >= 0x30 && c <= 0x37) {
      let code = c - 0x30;
      for (let digits = 1; digits < 3; digits += 1) {
        const d = bytes[pos] ?? 0;
        if (d < 0x30 || d > 0x37) {
          break;
        }
        code = code * 8 + d - 0x30;
        pos += 1;
      }
      out.push(code & 255);
    } else if (c !== 0x0a) {
      out.push(c);
    }
    return pos;
  }
}

const ESCAPES: Readonly<Record<number, number>> = {
  110: 0x0a,
  114: 0x0d,
  116: 0x09,
  98: 0x08,
  102: 0x0c,
  40: 0x28,
  41: 0x29,
  92: 0x5c,
};
