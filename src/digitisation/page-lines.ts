/** Words of a page as lines, each word with the key by which labels are found. Pure. */
import { searchKey } from '../web/i18n/search-key.ts';
import type { Word } from './scan.ts';

export interface Token {
  readonly word: Word;
  /** Without marks, case and punctuation; empty for punctuation alone. */
  readonly key: string;
}

export interface PageLine {
  readonly page: number;
  readonly tokens: readonly Token[];
}

/** Lines from top to bottom, words from left to right. */
export function linesOf(page: number, words: readonly Word[]): PageLine[] {
  const lines = new Map<number, Token[]>();
  for (const word of words) {
    const key = searchKey(word.text).replace(/[^a-z0-9]/g, '');
    lines.set(word.line, [...(lines.get(word.line) ?? []), { word, key }]);
  }
  const top = (tokens: readonly Token[]): number => Math.min(...tokens.map(({ word }) => word.box[1]));
  return [...lines.values()]
    .map((tokens) => ({ page, tokens: tokens.toSorted((a, b) => a.word.box[0] - b.word.box[0]) }))
    .toSorted((a, b) => top(a.tokens) - top(b.tokens));
}

export const labelKeys = (label: string): string[] =>
  label
    .split(/[\s,;/]+/)
    .map((part) => searchKey(part).replace(/[^a-z0-9]/g, ''))
    .filter((key) => key !== '');

/**
 * How many tokens from `at` on are the label. Words may stand together (`Giớitính`), and a letter may be misread in each
 * longer word. @returns the number of tokens and of misread letters
 */
export function matchLabel(
  tokens: readonly Token[],
  at: number,
  label: readonly string[],
): { readonly length: number; readonly misread: number } | undefined {
  return matchJoined(tokens, at, label.join('')) ?? matchWords(tokens, at, label);
}

function matchJoined(
  tokens: readonly Token[],
  at: number,
  label: string,
): { readonly length: number; readonly misread: number } | undefined {
  let joined = '';
  for (let index = at; index < tokens.length; index += 1) {
    const key = tokens[index]?.key ?? '';
    if (key === '' && index === at) return undefined;
    joined += key;
    if (joined === label) return { length: index - at + 1, misread: 0 };
    if (!label.startsWith(joined)) return undefined;
  }
  return undefined;
}

function matchWords(
  tokens: readonly Token[],
  at: number,
  label: readonly string[],
): { readonly length: number; readonly misread: number } | undefined {
  let index = at;
  let misread = 0;
  for (const key of label) {
    while (index < tokens.length && tokens[index]?.key === '' && index > at) index += 1;
    const token = tokens[index];
    if (!token) return undefined;
    if (token.key !== key) {
      if (key.length < 4 || !nearly(token.key, key)) return undefined;
      misread += 1;
    }
    index += 1;
  }
  return misread > Math.ceil(label.length / 3) ? undefined : { length: index - at, misread };
}

/** True where one letter was misread, lost or added. */
function nearly(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  const rest = short.length === long.length ? start + 1 : start;
  return short.slice(rest) === long.slice(start + 1);
}

/** The place around words, in ten-thousandths of the page. */
export const boxAround = (tokens: readonly Token[]): [number, number, number, number] => [
  Math.min(...tokens.map(({ word }) => word.box[0])),
  Math.min(...tokens.map(({ word }) => word.box[1])),
  Math.max(...tokens.map(({ word }) => word.box[2])),
  Math.max(...tokens.map(({ word }) => word.box[3])),
];
