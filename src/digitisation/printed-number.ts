/** The page number printed on a page: a number alone on its line in the top or bottom margin. Pure. */
import type { PageReading } from './scan.ts';

const MARGIN = 900;

export function printedNumberOf(reading: PageReading): number | undefined {
  const lines = new Map<number, (typeof reading.words)[number][]>();
  for (const word of reading.words) lines.set(word.line, [...(lines.get(word.line) ?? []), word]);
  for (const words of lines.values()) {
    const [first] = words;
    if (!first || words.length > 3 || (first.box[3] > MARGIN && first.box[1] < 10_000 - MARGIN)) continue;
    const text = words.map((word) => word.text).join(' ');
    const match = /^(?:trang\s*)?[-–—\s]*(\d{1,3})(?:\s*\/\s*\d{1,3})?[-–—\s.]*$/iu.exec(text);
    const centre = (first.box[0] + (words.at(-1)?.box[2] ?? 0)) / 2;
    if (match && centre > 3_000 && words.every(({ confidence }) => confidence > 50)) return Number(match[1]);
  }
  return undefined;
}
