/** What a field of a kind may say, read from the words after its label. A value that does not fit is no value. Pure. */
import type { Field } from '../catalogue/index.ts';
import { searchKey } from '../web/i18n/search-key.ts';
import type { Token } from './page-lines.ts';

export interface ReadValue {
  readonly value: string;
  readonly tokens: readonly Token[];
  /** What the kind's own check is worth: a date of the calendar says more than a text. */
  readonly trust: number;
}

export type FieldKind = Field['kind'];

const textOf = (tokens: readonly Token[]): string =>
  tokens
    .map(({ word }) => word.text)
    .join(' ')
    .replace(/^[\s:.;,_|=-]+/, '')
    .replace(/[\s:;,_|=.-]+$/, '')
    .replace(/\s+/g, ' ')
    .normalize('NFC');

/** @returns undefined where the words are not of the kind: better nothing than something wrong */
export function readValue(
  field: Pick<Field, 'kind'> & { options?: unknown },
  given: readonly Token[],
): ReadValue | undefined {
  const tokens = untilGap(given.filter(({ word }) => /[\p{L}\p{N}]/u.test(word.text)));
  if (tokens.length === 0) return undefined;
  switch (field.kind) {
    case 'person-name':
      return readName(tokens);
    case 'personal-number':
      return readNumber(tokens);
    case 'date':
    case 'partial-date':
      return readDate(tokens);
    case 'integer':
    case 'decimal':
      return readAmount(tokens, field.kind);
    case 'choice':
      return readChoice(tokens, field);
    case 'boolean':
      return undefined;
    default: {
      const value = textOf(tokens);
      return value.length >= 1 && value.length <= 200 && !/[|_~^<>{}\\]/.test(value)
        ? { value, tokens, trust: 0.94 }
        : undefined;
    }
  }
}

/** A column further right is another matter. */
function untilGap(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    const before = kept.at(-1);
    if (before && token.word.box[0] - before.word.box[2] > 900) break;
    kept.push(token);
  }
  return kept;
}

function readName(tokens: readonly Token[]): ReadValue | undefined {
  const kept: Token[] = [];
  for (const token of tokens) {
    const text = token.word.text.replace(/^[:.,;]+|[:.,;]+$/g, '');
    if (!/^\p{Lu}[\p{L}\p{M}'’-]*$/u.test(text.normalize('NFC'))) break;
    kept.push(token);
    if (/[.,;]$/.test(token.word.text)) break;
  }
  const read = textOf(kept);
  const value = withSurname(read);
  const upper = value === value.toLocaleUpperCase('vi');
  if (kept.length < 2 || kept.length > 7 || value.length < 5) return undefined;
  // A surname that was set right by the list is for a person to look at.
  return { value, tokens: kept, trust: value !== read ? 0.85 : upper ? 0.99 : 0.96 };
}

/** Nine of ten people have one of these; the first word of a name is put right by them where only marks differ. */
const SURNAMES =
  'Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đinh Mai Trịnh Lương Trương Lâm Đoàn Phùng Tạ Cao Châu Hà Quách Thái Tô Tống La Vương Chu Kiều Nông Hứa Triệu Lưu Thạch Giang Khổng Văn'.split(
    ' ',
  );

function withSurname(name: string): string {
  const [first = '', ...rest] = name.split(' ');
  const alike = SURNAMES.filter((surname) => searchKey(surname) === searchKey(first));
  const exact = alike.some((surname) => surname.toLocaleLowerCase('vi') === first.toLocaleLowerCase('vi'));
  const [only] = alike;
  if (exact || alike.length !== 1 || !only) return name;
  const upper = first === first.toLocaleUpperCase('vi');
  return [upper ? only.toLocaleUpperCase('vi') : only, ...rest].join(' ');
}

function readNumber(tokens: readonly Token[]): ReadValue | undefined {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (!/^[\d.\s:,;]+$/.test(token.word.text)) break;
    kept.push(token);
  }
  const digits = textOf(kept).replace(/\D/g, '');
  if (digits.length !== 12 && digits.length !== 9) return undefined;
  // Place, century and sex, year of birth: the structure of the twelve digits (NĐ 137/2015/NĐ-CP Điều 13).
  if (digits.length === 12 && !/^0\d{2}\d{9}$/.test(digits)) return undefined;
  return { value: digits, tokens: kept, trust: 0.99 };
}

const DATE = /(\d{1,2})\s*[/.\-–]\s*(\d{1,2})\s*[/.\-–]\s*(\d{4})/;
const DATE_IN_WORDS = /(?:ngay)?\s*(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})/;

/** ISO 8601, or undefined for a day that no calendar has. */
export function dateIn(text: string): string | undefined {
  const match = DATE.exec(text) ?? DATE_IN_WORDS.exec(searchKey(text));
  if (!match) return undefined;
  const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCDate() === day && date.getUTCMonth() === month - 1 && year >= 1880 && year <= 2100;
  return real ? date.toISOString().slice(0, 10) : undefined;
}

function readDate(tokens: readonly Token[]): ReadValue | undefined {
  for (let length = 1; length <= Math.min(8, tokens.length); length += 1) {
    const kept = tokens.slice(0, length);
    const text = textOf(kept);
    const value = dateIn(text);
    // Whatever stands before the date belongs to something else.
    if (value && text.replace(DATE, '').length <= 24) return { value, tokens: kept, trust: 0.99 };
  }
  return undefined;
}

function readAmount(tokens: readonly Token[], kind: 'integer' | 'decimal'): ReadValue | undefined {
  const [first] = tokens;
  const text = first?.word.text.replace(/^[:.,;]+|[.,;:]+$/g, '') ?? '';
  if (!first || !/^\d{1,3}([.\s]?\d{3})*(,\d{1,3})?$|^\d+(,\d{1,3})?$/.test(text)) return undefined;
  const value = text.replace(/[.\s](?=\d{3})/g, '').replace(',', '.');
  if (kind === 'integer' && value.includes('.')) return undefined;
  return { value, tokens: [first], trust: 0.95 };
}

function readChoice(tokens: readonly Token[], field: { options?: unknown }): ReadValue | undefined {
  const options = (field.options ?? []) as readonly { value: string; labels: { vi: string } }[];
  const [first] = tokens;
  const chosen = options.find(({ labels }) => searchKey(labels.vi) === first?.key);
  return first && chosen ? { value: chosen.value, tokens: [first], trust: 0.99 } : undefined;
}
