/**
 * What reading one file may cost. Every loop of the reader that an attacker can lengthen charges here, so that a
 * bomb ends in a `PdfError` of fault `budget` and never in a hang.
 */
import { PdfError } from './pdf-error.ts';

export interface BudgetLimits {
  /** Wall time in milliseconds. */
  readonly milliseconds: number;
  /** Indirect objects parsed, each time one is parsed. */
  readonly objects: number;
  /** Items of arrays and entries of dictionaries, over the whole file: they cost memory. */
  readonly values: number;
  /** Bytes that filters may put out, over the whole file. */
  readonly decodedBytes: number;
  /** Nesting of arrays, dictionaries and page-tree levels. */
  readonly depth: number;
  /** Cross-reference sections in one chain. */
  readonly sections: number;
}

export const DEFAULT_LIMITS: BudgetLimits = {
  milliseconds: 4_000,
  objects: 400_000,
  values: 3_000_000,
  decodedBytes: 192 * 1024 * 1024,
  depth: 200,
  sections: 512,
};

export class Budget {
  readonly limits: BudgetLimits;
  readonly #deadline: number;
  #objects = 0;
  #values = 0;
  #decoded = 0;
  #ticks = 0;

  /** @param limits parts of `DEFAULT_LIMITS` to change. Time runs from construction. */
  constructor(limits: Partial<BudgetLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.#deadline = performance.now() + this.limits.milliseconds;
  }

  /** Counts one parsed object. @throws PdfError (`budget`) when there were too many or time is up. */
  object(offset: number): void {
    this.#objects += 1;
    if (this.#objects > this.limits.objects) {
      throw new PdfError('budget', `more than ${this.limits.objects} objects`, offset);
    }
    this.tick(offset);
  }

  /** Counts one value inside an array or dictionary. @throws PdfError (`budget`) when there were too many. */
  value(offset: number): void {
    this.#values += 1;
    if (this.#values > this.limits.values) {
      throw new PdfError('budget', `more than ${this.limits.values} values`, offset);
    }
    this.tick(offset);
  }

  /** How many bytes a filter may still put out. */
  get decodedBytesLeft(): number {
    return this.limits.decodedBytes - this.#decoded;
  }

  /** Counts decoded bytes. @throws PdfError (`budget`). */
  decoded(bytes: number, offset: number): void {
    this.#decoded += bytes;
    if (this.#decoded > this.limits.decodedBytes) {
      throw new PdfError('budget', `streams decode to more than ${this.limits.decodedBytes} bytes`, offset);
    }
    this.checkTime(offset);
  }

  /** @throws PdfError (`budget`) when nesting is deeper than allowed. */
  depth(depth: number, offset: number): void {
    if (depth > this.limits.depth) {
      throw new PdfError('budget', `nested more than ${this.limits.depth} levels deep`, offset);
    }
  }

  /** A cheap step count for loops; looks at the clock every 256th call. */
  tick(offset: number): void {
    this.#ticks = (this.#ticks + 1) & 255;
    if (this.#ticks === 0) {
      this.checkTime(offset);
    }
  }

  /** @throws PdfError (`budget`) when the time is up. */
  checkTime(offset: number): void {
    if (performance.now() > this.#deadline) {
      throw new PdfError('budget', `reading takes longer than ${this.limits.milliseconds} ms`, offset);
    }
  }
}
