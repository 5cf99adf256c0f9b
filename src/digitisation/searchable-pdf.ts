/**
 * A copy that can be searched: the access pictures with the words that were read on them, invisible, over their places.
 * PDF/A-2b (ISO 19005-2). Derived: it carries no signature and replaces nothing.
 */
import {
  buildPdfa,
  type FontName,
  loadFont,
  missingCharacters,
  type PdfaPage,
  textWidth,
} from '../pdf/index.ts';
import type { Word } from './scan.ts';

export interface SearchablePage {
  readonly jpeg: Uint8Array;
  readonly words: readonly Word[];
}

/** Access pictures are made at this many dots per inch. */
const ACCESS_DPI = 200;

/** @throws PageElementError for a picture that is no JPEG */
export function buildSearchablePdf(request: {
  readonly pages: readonly SearchablePage[];
  readonly created: Date;
  readonly identifier: string;
}): Buffer {
  return buildPdfa({
    title: 'Bản có lớp chữ để tìm kiếm',
    created: request.created,
    identifier: request.identifier,
    pages: request.pages.map(pageOf),
  });
}

function pageOf({ jpeg, words }: SearchablePage): PdfaPage {
  const size = jpegSize(jpeg);
  const width = (size.width * 72) / ACCESS_DPI;
  const height = (size.height * 72) / ACCESS_DPI;
  return {
    width,
    height,
    elements: [
      { kind: 'jpeg', bytes: jpeg, x: 0, y: 0, width, height },
      ...words.flatMap((word) => {
        const [left, top, right, bottom] = word.box;
        const text = writable(word.text);
        const tall = ((bottom - top) * height) / 10_000;
        const wide = ((right - left) * width) / 10_000;
        if (text === '' || tall <= 0.5 || wide <= 0.5) return [];
        const size = Math.min(72, Math.max(2, tall * 0.9));
        return [
          {
            kind: 'text' as const,
            // The blank keeps words apart for readers that join what stands close.
            text: `${text} `,
            x: (left * width) / 10_000,
            y: height - (bottom * height) / 10_000 + tall * 0.2,
            size,
            font: FONT,
            hiddenWidth:
              wide *
              (1 + textWidth(loadFont(FONT), ' ', size) / Math.max(1, textWidth(loadFont(FONT), text, size))),
          },
        ];
      }),
    ],
  };
}

const FONT = 'tinos' as const satisfies FontName;

/** Only letters the font has: what the reader made up beyond them helps no search. */
function writable(text: string): string {
  const missing = new Set(missingCharacters(loadFont(FONT), text));
  return missing.size === 0 ? text : [...text].filter((letter) => !missing.has(letter)).join('');
}

/** Width and height in the frame header (ITU-T T.81 §B.2.2). */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const number = (index: number): number =>
        ((bytes[at + index] ?? 0) << 8) | (bytes[at + index + 1] ?? 0);
      return { height: number(5), width: number(7) };
    }
    at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
  return { width: 1, height: 1 };
}
