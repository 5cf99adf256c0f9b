/**
 * Looks through the bytes appended after signing for matter that no cross-reference in force lists. A strict reader
 * never sees it, a repairing one may: incremental-saving attacks live on that difference.
 */
import { PdfError, type PdfFile, PdfStream, type XrefSection } from '../../pdf/index.ts';
import { Parser } from '../../pdf/parser.ts';

/** Offset of the first unlisted matter in `[from, end of the last revision)`, or `undefined`. */
export function findHiddenObjects(file: PdfFile, from: number): number | undefined {
  const { last, source } = file;
  const parser = new Parser(file.bytes, source.budget, { pos: from });
  const sections = last.sections.filter((section) => section.start >= from);
  const ambiguous = sections.find((section, i) => isAmbiguous(section, sections[i + 1]));
  if (ambiguous !== undefined) {
    return ambiguous.start;
  }
  try {
    for (;;) {
      parser.skipSpace();
      const start = parser.pos;
      if (start >= last.end) {
        return undefined;
      }
      if (parser.keyword('startxref')) {
        parser.integer();
        continue;
      }
      const section = sections.find((s) => startsAt(parser, s, start));
      if (section !== undefined) {
        parser.pos = section.end;
        continue;
      }
      const { num, value, end } = source.objectAt(start);
      if (!isListed(sections, num, start)) {
        return start;
      }
      parser.pos = value instanceof PdfStream ? last.objectEnd(start) : end;
    }
  } catch (error) {
    if (error instanceof PdfError && error.fault !== 'budget') {
      return parser.pos;
    }
    throw error;
  }
}

/** `startxref` may point at the white space before the section. */
function startsAt(parser: Parser, section: XrefSection, start: number): boolean {
  return (
    section.start === start ||
    (section.start < start &&
      new Parser(parser.bytes, parser.budget, { pos: section.start }).peek() === start)
  );
}

function isListed(sections: readonly XrefSection[], num: number, offset: number): boolean {
  return sections.some((section) => {
    const entry = section.entry(num);
    return entry?.kind === 'offset' && entry.offset <= offset && offset - entry.offset < 3;
  });
}

/**
 * A section that says two things of one object: twice in its own ranges, or differently in the stream beside a table.
 * Readers disagree on which one counts.
 */
function isAmbiguous(section: XrefSection, next: XrefSection | undefined): boolean {
  const sorted = section.ranges.filter(([first, end]) => end > first).sort((a, b) => a[0] - b[0]);
  if (sorted.some(([first], i) => i > 0 && first < (sorted[i - 1]?.[1] ?? 0))) {
    return true;
  }
  const isHybrid =
    section.kind === 'table' && next !== undefined && section.trailer.get('XRefStm') === next.start;
  return isHybrid && next.ranges.some((range) => contradicts(section, next, range));
}

const MAX_COMPARED = 100_000;

function contradicts(table: XrefSection, stream: XrefSection, range: readonly [number, number]): boolean {
  for (let num = range[0]; num < Math.min(range[1], range[0] + MAX_COMPARED); num += 1) {
    const a = table.entry(num);
    const b = stream.entry(num);
    if (a?.kind === 'offset' && b !== undefined && (b.kind !== 'offset' || b.offset !== a.offset)) {
      return true;
    }
  }
  return false;
}
