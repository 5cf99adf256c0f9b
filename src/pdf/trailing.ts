/** What stands behind the last `%%EOF`: nothing, a cut-off revision, hidden objects, or other matter. */
import { isSpace } from './characters.ts';
import { PdfStream } from './objects.ts';
import { Parser } from './parser.ts';
import { PdfError } from './pdf-error.ts';
import type { PdfSource } from './pdf-source.ts';

/**
 * `none`: nothing but white space. `incomplete`: PDF syntax that breaks off. `objects`: whole objects that no
 * cross-reference lists, which a repairing reader may show. `other`: anything else.
 */
export type TrailingKind = 'none' | 'incomplete' | 'objects' | 'other';

export interface Trailing {
  readonly kind: TrailingKind;
  /** Offset of the first such byte. */
  readonly offset: number;
}

export function trailingBytes(source: PdfSource, end: number): Trailing {
  const { bytes } = source;
  let offset = end;
  while (offset < bytes.length && isSpace(bytes[offset])) {
    offset += 1;
  }
  if (offset === bytes.length) {
    return { kind: 'none', offset };
  }
  const parser = new Parser(bytes, source.budget, { pos: offset });
  let objects = 0;
  let breaksOff = false;
  try {
    for (;;) {
      parser.skipSpace();
      if (parser.pos >= bytes.length) {
        return { kind: breaksOff ? 'incomplete' : objects > 0 ? 'objects' : 'other', offset };
      }
      if (parser.keyword('xref')) {
        objects += 1;
        while (parser.integer() >= 0 || parser.keyword('n') || parser.keyword('f')) {
          source.budget.tick(parser.pos);
        }
      } else if (parser.keyword('trailer')) {
        parser.object();
      } else if (parser.keyword('startxref')) {
        // A whole end would have been found as the file's end: this one is cut off.
        parser.integer();
        breaksOff = true;
      } else if (parser.integer() < 0) {
        return { kind: objects > 0 ? 'objects' : 'other', offset };
      } else if (isObjectHeader(source, parser.pos)) {
        parser.pos = headerStart(source, parser.pos);
        objects += 1;
        skipObject(parser, source);
      }
    }
  } catch (error) {
    if (error instanceof PdfError && error.fault !== 'budget') {
      return { kind: objects > 0 ? 'incomplete' : 'other', offset };
    }
    throw error;
  }
}

function isObjectHeader(source: PdfSource, afterNumber: number): boolean {
  return /^\s+\d+\s+obj/.test(source.buffer.toString('latin1', afterNumber, afterNumber + 32));
}

function headerStart(source: PdfSource, afterNumber: number): number {
  let at = afterNumber;
  while (at > 0 && (source.bytes[at - 1] ?? 0) >= 0x30 && (source.bytes[at - 1] ?? 0) <= 0x39) {
    at -= 1;
  }
  return at;
}

function skipObject(parser: Parser, source: PdfSource): void {
  const { value } = parser.indirectObject();
  if (value instanceof PdfStream) {
    const end = source.buffer.indexOf('endstream', parser.pos, 'latin1');
    if (end < 0) {
      throw new PdfError('syntax', 'a stream has no end', parser.pos);
    }
    parser.pos = end;
    parser.keyword('endstream');
    parser.keyword('endobj');
  }
}
