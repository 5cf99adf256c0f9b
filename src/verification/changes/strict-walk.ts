/**
 * Compares two revisions value by value along all references. What differs is reported once, at the place where it
 * was reached. Objects with a role of their own (pages, fields, annotations, the catalogue) are compared by those
 * who know their rules; here the walk stops at them.
 */
import {
  isArray,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
  type Revision,
} from '../../pdf/index.ts';

/** Where the walk is, as a chain of keys. */
export interface Place {
  readonly parent?: Place;
  readonly key: string;
  /** Page number from 1. */
  readonly page?: number;
  readonly field?: string;
}

export function inside(place: Place, key: string): Place {
  return { parent: place, key, page: place.page, field: place.field };
}

export function pathOf(place: Place): string {
  const keys: string[] = [];
  for (let at: Place | undefined = place; at !== undefined && keys.length < 24; at = at.parent) {
    keys.unshift(at.key);
  }
  return keys.join('/');
}

interface Pair {
  readonly a: PdfObject;
  readonly b: PdfObject;
  readonly place: Place;
}

export class StrictWalk {
  readonly before: Revision;
  readonly after: Revision;
  readonly #roles: ReadonlySet<number>;
  readonly #seen = new Set<string>();
  readonly #onDifference: (place: Place) => void;

  constructor(
    views: { before: Revision; after: Revision; roles: ReadonlySet<number> },
    onDifference: (place: Place) => void,
  ) {
    this.before = views.before;
    this.after = views.after;
    this.#roles = views.roles;
    this.#onDifference = onDifference;
  }

  /** Compares two values with all that hangs on them. @throws PdfError when an object cannot be read. */
  compare(a: PdfObject, b: PdfObject, place: Place): void {
    const waiting: Pair[] = [{ a, b, place }];
    for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
      this.before.source.budget.tick(-1);
      this.#step(pair, waiting);
    }
  }

  /** Compares all entries of two dictionaries but those of `except`. */
  compareEntries(a: PdfDict, b: PdfDict, how: { place: Place; except: readonly string[] }): void {
    if (a.duplicateKey !== b.duplicateKey) {
      this.#onDifference(how.place);
    }
    for (const key of new Set([...a.entries.keys(), ...b.entries.keys()])) {
      if (!how.except.includes(key)) {
        this.compare(a.get(key), b.get(key), inside(how.place, key));
      }
    }
  }

  #step(pair: Pair, waiting: Pair[]): void {
    let { a, b } = pair;
    if (a instanceof PdfRef || b instanceof PdfRef) {
      const from = a instanceof PdfRef ? a.num : -1;
      const to = b instanceof PdfRef ? b.num : -1;
      if (from === to && this.#roles.has(from)) {
        return;
      }
      if (from !== to && (this.#roles.has(from) || this.#roles.has(to))) {
        this.#onDifference(pair.place);
        return;
      }
      const key = `${from} ${to}`;
      if (from >= 0 && to >= 0) {
        if (this.#seen.has(key)) {
          return;
        }
        this.#seen.add(key);
      }
      a = this.before.resolve(a);
      b = this.after.resolve(b);
    }
    if (!this.#sameShape(a, b, { ...pair, a, b }, waiting)) {
      this.#onDifference(pair.place);
    }
  }

  /** False where the values differ in themselves; children are queued. */
  #sameShape(a: PdfObject, b: PdfObject, pair: Pair, waiting: Pair[]): boolean {
    if (isArray(a)) {
      if (!isArray(b) || a.length !== b.length) {
        return false;
      }
      a.forEach((item, i) => {
        this.#queue(item, b[i] ?? null, { place: pair.place, key: String(i) }, waiting);
      });
      return true;
    }
    if (a instanceof PdfStream) {
      return (
        b instanceof PdfStream &&
        this.#sameData(a, b) &&
        this.#sameEntries(a.dict, b.dict, pair.place, waiting)
      );
    }
    if (a instanceof PdfDict) {
      return b instanceof PdfDict && this.#sameEntries(a, b, pair.place, waiting);
    }
    if (a instanceof PdfName) {
      return b instanceof PdfName && a.value === b.value;
    }
    if (a instanceof PdfString) {
      return b instanceof PdfString && Buffer.compare(a.bytes, b.bytes) === 0;
    }
    return a === b;
  }

  #sameEntries(a: PdfDict, b: PdfDict, place: Place, waiting: Pair[]): boolean {
    const keys = a === b ? a.entries.keys() : new Set([...a.entries.keys(), ...b.entries.keys()]);
    for (const key of keys) {
      this.#queue(a.get(key), b.get(key), { place, key }, waiting);
    }
    return a.duplicateKey === b.duplicateKey;
  }

  /** Leaves that are one and the same value need no visit. */
  #queue(a: PdfObject, b: PdfObject, at: { place: Place; key: string }, waiting: Pair[]): void {
    if (a === b && (a === null || typeof a !== 'object' || a instanceof PdfName || a instanceof PdfString)) {
      return;
    }
    waiting.push({ a, b, place: inside(at.place, at.key) });
  }

  #sameData(a: PdfStream, b: PdfStream): boolean {
    const left = this.before.rawStream(a);
    const right = this.after.rawStream(b);
    if (a.dataStart === b.dataStart) {
      return left.length === right.length;
    }
    return Buffer.compare(left, right) === 0;
  }
}
