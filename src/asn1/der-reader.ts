// Reads DER without building a tree: an element is a window on the buffer, and its children are found when
// asked for. Promises: never reads outside the window, never recurses deeper than `maximumDepth`, costs time
// linear in the bytes visited, and fails only with Asn1Error. All input is attacker-controlled.
import { Asn1Error } from './asn1-error.ts';
import { tag } from './tags.ts';

/** Deep enough for every real certificate and signature (about 12 levels), shallow enough for any stack. */
export const maximumDepth = 48;

/** A tag-length-value and where it lies in `bytes`. Offsets are absolute. */
export interface Element {
  readonly bytes: Uint8Array;
  /** The whole identifier octet: class, constructed bit and number. */
  readonly tag: number;
  readonly offset: number;
  readonly contentOffset: number;
  /** One past the content; for indefinite lengths the end-of-contents octets come after it. */
  readonly contentEnd: number;
  /** One past the whole element. */
  readonly end: number;
  readonly depth: number;
  /** True where the encoding leaves DER: indefinite or over-long length. Only seen when BER was allowed. */
  readonly ber: boolean;
  readonly allowBer: boolean;
}

export interface ReadOptions {
  /** Accept indefinite and over-long lengths, as old producers of CMS write them. Default: strict DER. */
  readonly ber?: boolean;
}

/** Reads one element that must fill `bytes` exactly. @throws Asn1Error */
export function readDer(bytes: Uint8Array, options: ReadOptions = {}): Element {
  const element = readElementAt(bytes, 0, bytes.length, { depth: 0, ber: options.ber === true });
  if (element.end !== bytes.length) throw new Asn1Error('bytes follow the element', element.end);
  return element;
}

/** Reads the element at the start of `bytes`, whatever follows (the padding of `/Contents`). @throws Asn1Error */
export function readDerPrefix(bytes: Uint8Array, options: ReadOptions = {}): Element {
  return readElementAt(bytes, 0, bytes.length, { depth: 0, ber: options.ber === true });
}

/** The content octets, without identifier and length; a view, not a copy. */
export function contentOf(element: Element): Uint8Array {
  return element.bytes.subarray(element.contentOffset, element.contentEnd);
}

/** Identifier, length and content; a view, not a copy. */
export function encodingOf(element: Element): Uint8Array {
  return element.bytes.subarray(element.offset, element.end);
}

/** All children of a constructed element. @throws Asn1Error when it is primitive or a child is broken */
export function childrenOf(element: Element): Element[] {
  return [...iterateChildren(element)];
}

/** Children one by one, so that a long list (a CRL) need not be held. */
export function* iterateChildren(element: Element): Generator<Element, void> {
  if ((element.tag & 0x20) === 0) throw new Asn1Error('a constructed value was expected', element.offset);
  let offset = element.contentOffset;
  const context = { depth: element.depth + 1, ber: element.allowBer };
  while (offset < element.contentEnd) {
    const child = readElementAt(element.bytes, offset, element.contentEnd, context);
    yield child;
    offset = child.end;
  }
}

/** Returns the element when it has the identifier octet `expected`. @throws Asn1Error otherwise */
export function expectTag(element: Element, expected: number): Element {
  if (element.tag !== expected) {
    throw new Asn1Error(`tag 0x${hex(expected)} was expected, 0x${hex(element.tag)} found`, element.offset);
  }
  return element;
}

/** Walks the children of a SEQUENCE in order: required ones, optional ones, then the end. */
export class Cursor {
  readonly #parent: Element;
  readonly #children: Generator<Element, void>;
  #ahead: Element | undefined;

  constructor(parent: Element, expected: number = tag.sequence) {
    this.#parent = expectTag(parent, expected);
    this.#children = iterateChildren(parent);
    this.#advance();
  }

  /** The next child, which must exist and, when given, have this tag. @throws Asn1Error */
  next(expected?: number): Element {
    const element = this.#ahead;
    if (element === undefined) throw new Asn1Error('a value is missing', this.#parent.contentEnd);
    if (expected !== undefined) expectTag(element, expected);
    this.#advance();
    return element;
  }

  /** The next child if it has this tag, else undefined and the cursor stays. */
  optional(expected: number): Element | undefined {
    return this.#ahead?.tag === expected ? this.next() : undefined;
  }

  /** Looks at the next child without taking it. */
  peek(): Element | undefined {
    return this.#ahead;
  }

  /** The children not yet taken. */
  rest(): Element[] {
    const left: Element[] = [];
    while (this.#ahead !== undefined) left.push(this.next());
    return left;
  }

  /** @throws Asn1Error when children are left over */
  end(): void {
    if (this.#ahead !== undefined) throw new Asn1Error('an unexpected value follows', this.#ahead.offset);
  }

  #advance(): void {
    const step = this.#children.next();
    this.#ahead = step.done === true ? undefined : step.value;
  }
}

interface Context {
  readonly depth: number;
  readonly ber: boolean;
}

function readElementAt(bytes: Uint8Array, offset: number, limit: number, context: Context): Element {
  if (context.depth > maximumDepth) throw new Asn1Error('values are nested too deeply', offset);
  const identifier = octet(bytes, offset, limit);
  if ((identifier & 0x1f) === 0x1f) throw new Asn1Error('long-form tags are not used here', offset);
  if (identifier === 0) throw new Asn1Error('end-of-contents where a value was expected', offset);
  const first = octet(bytes, offset + 1, limit);
  if (first === 0x80) return readIndefinite(bytes, offset, limit, context);
  const { length, contentOffset, minimal } = readLength(bytes, offset + 1, limit);
  if (!minimal && !context.ber) throw new Asn1Error('the length is not minimal', offset + 1);
  if (length > limit - contentOffset) throw new Asn1Error('the length runs past the end', offset + 1);
  const end = contentOffset + length;
  return {
    bytes,
    tag: identifier,
    offset,
    contentOffset,
    contentEnd: end,
    end,
    depth: context.depth,
    ber: !minimal,
    allowBer: context.ber,
  };
}

function readLength(bytes: Uint8Array, offset: number, limit: number) {
  const first = octet(bytes, offset, limit);
  if (first < 0x80) return { length: first, contentOffset: offset + 1, minimal: true };
  const count = first & 0x7f;
  if (count > 6) throw new Asn1Error('the length is absurd', offset);
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + octet(bytes, offset + i, limit);
  const minimal = length >= 0x80 && bytes[offset + 1] !== 0;
  return { length, contentOffset: offset + 1 + count, minimal };
}

// The nesting of indefinite lengths is followed with a counter, not with the stack, and each octet is visited once
// per enclosing indefinite element, which the depth limit bounds.
function readIndefinite(bytes: Uint8Array, offset: number, limit: number, context: Context): Element {
  const identifier = octet(bytes, offset, limit);
  if (!context.ber) throw new Asn1Error('indefinite lengths are not DER', offset + 1);
  if ((identifier & 0x20) === 0) throw new Asn1Error('an indefinite length on a primitive value', offset);
  let open = 1;
  let at = offset + 2;
  while (open > 0) {
    if (context.depth + open > maximumDepth) throw new Asn1Error('values are nested too deeply', at);
    const inner = octet(bytes, at, limit);
    const innerLength = octet(bytes, at + 1, limit);
    if (inner === 0) {
      if (innerLength !== 0) throw new Asn1Error('broken end-of-contents', at);
      open -= 1;
      at += 2;
    } else if ((inner & 0x1f) === 0x1f) {
      throw new Asn1Error('long-form tags are not used here', at);
    } else if (innerLength === 0x80) {
      if ((inner & 0x20) === 0) throw new Asn1Error('an indefinite length on a primitive value', at);
      open += 1;
      at += 2;
    } else {
      const { length, contentOffset } = readLength(bytes, at + 1, limit);
      if (length > limit - contentOffset) throw new Asn1Error('the length runs past the end', at + 1);
      at = contentOffset + length;
    }
  }
  return {
    bytes,
    tag: identifier,
    offset,
    contentOffset: offset + 2,
    contentEnd: at - 2,
    end: at,
    depth: context.depth,
    ber: true,
    allowBer: true,
  };
}

function octet(bytes: Uint8Array, offset: number, limit: number): number {
  const value = offset < limit ? bytes[offset] : undefined;
  if (value === undefined) throw new Asn1Error('the data ends inside a value', offset);
  return value;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
