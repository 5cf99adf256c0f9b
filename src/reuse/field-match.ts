/**
 * How well what a form says agrees with what a register or a paper says, field by field and with the reason. Pure. A
 * genuine owner is never turned away without being told what differs, and differences that mean nothing (Unicode form,
 * case, where the tone mark sits, an old number, a merged commune) never turn anybody away.
 */
import type { CalendarDate, Catalogue, Field } from '../catalogue/index.ts';

export const FIELD_RESULTS = [
  'exact',
  /** The same text in another Unicode normalisation form (NFC, NFD). */
  'unicode-form',
  'letter-case',
  /** Old and new places of the tone mark: hoà and hòa. */
  'tone-place',
  /** The same letters without their marks: Lan and Lân. */
  'marks',
  /** The same words in another order. */
  'order',
  'old-number',
  'passport',
  /** Old papers often know the year alone. */
  'year-only',
  /** One names a unit or an agency that was merged into the one the other names. */
  'merged-unit',
  'differs',
] as const;
export type FieldResult = (typeof FIELD_RESULTS)[number];

export interface FieldMatch {
  /** `number`, `name`, `birthDate`, `issuer`, or a field of the document type. */
  readonly field: string;
  readonly result: FieldResult;
}

export const differing = (matches: readonly FieldMatch[]): string[] =>
  matches.filter(({ result }) => result === 'differs').map(({ field }) => field);

/** Names and other short texts. */
export function explainText(kept: string, given: string): FieldResult {
  if (kept === given) return 'exact';
  const [a, b] = [tidy(kept), tidy(given)];
  if (a === b)
    return kept.normalize('NFC') === kept && given.normalize('NFC') === given ? 'exact' : 'unicode-form';
  const [lowerA, lowerB] = [a.toLocaleLowerCase('vi'), b.toLocaleLowerCase('vi')];
  if (lowerA === lowerB) return 'letter-case';
  if (toneLast(lowerA) === toneLast(lowerB)) return 'tone-place';
  const [bareA, bareB] = [unmarked(lowerA), unmarked(lowerB)];
  if (bareA === bareB) return 'marks';
  const sorted = (text: string): string => text.split(' ').sort().join(' ');
  return sorted(bareA) === sorted(bareB) ? 'order' : 'differs';
}

export function explainDate(kept: string, given: string): FieldResult {
  if (kept === given) return 'exact';
  const yearOnly = [kept, given].some((date) => date.length === 4 || date.endsWith('-01-01'));
  const shorter = Math.min(kept.length, given.length);
  if (kept.slice(0, shorter) === given.slice(0, shorter) && shorter >= 4) return 'year-only';
  return yearOnly && kept.slice(0, 4) === given.slice(0, 4) ? 'year-only' : 'differs';
}

/** Personal numbers; `oldNumbers` are the 9-digit ones of the same person. */
export function explainNumber(kept: string, given: string, oldNumbers: readonly string[]): FieldResult {
  const [a, b] = [kept.replace(/\D/g, ''), given.replace(/\D/g, '')];
  if (a === b) return 'exact';
  return oldNumbers.includes(a) || oldNumbers.includes(b) ? 'old-number' : 'differs';
}

/** Places as papers write them; a unit that has ended stands for the one that took it over. */
export function explainPlace(
  catalogue: Catalogue,
  today: CalendarDate,
  kept: string,
  given: string,
): FieldResult {
  const text = explainText(kept, given);
  if (text !== 'differs') return text;
  const [a, b] = [presentUnits(catalogue, today, kept), presentUnits(catalogue, today, given)];
  return a.size > 0 && [...a].some((code) => b.has(code)) ? 'merged-unit' : 'differs';
}

/** The registering agency that is named and the one that the paper names, across successions. */
export function explainIssuer(
  catalogue: Catalogue,
  today: CalendarDate,
  kept: string,
  given: string,
): FieldResult {
  if (kept === given) return 'exact';
  const keeper = (agency: string): string | undefined => {
    const answer = catalogue.presentKeeper(agency, today);
    return answer.found ? answer.keeper.id : undefined;
  };
  const [a, b] = [keeper(kept), keeper(given)];
  return a !== undefined && a === b ? 'merged-unit' : 'differs';
}

/** One field of a paper by its kind. */
export function explainField(
  field: Pick<Field, 'kind'>,
  values: { readonly kept: unknown; readonly given: string },
  around: { catalogue: Catalogue; today: CalendarDate; oldNumbers: readonly string[] },
): FieldResult {
  const kept = String(values.kept);
  const { given } = values;
  switch (field.kind) {
    case 'date':
    case 'partial-date':
      return explainDate(kept, given);
    case 'personal-number':
      return explainNumber(kept, given, around.oldNumbers);
    case 'place':
      return explainPlace(around.catalogue, around.today, kept, given);
    case 'integer':
    case 'decimal':
      return Number(kept) === Number(given) ? 'exact' : 'differs';
    default:
      return explainText(kept, given);
  }
}

const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

/** Each word with its tone mark moved to the end, so that hoà and hòa are alike and hoa is not. */
const toneLast = (text: string): string =>
  text
    .normalize('NFD')
    .split(' ')
    .map((word) => word.replace(TONES, '') + (word.match(TONES) ?? []).join(''))
    .join(' ');

/** Lower case without tone and letter marks; đ is a letter of its own that NFD leaves whole. */
const unmarked = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');

const wordsOf = (text: string): string =>
  ` ${unmarked(tidy(text).toLocaleLowerCase('vi'))
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
/** A unit is written with its rank in full, abbreviated or not at all. */
const bareName = (name: string): string =>
  name.replace(/\(.*?\)/g, '').replace(/^(Tỉnh|Thành phố|Quận|Huyện|Thị xã|Thị trấn|Xã|Phường|Đặc khu) /, '');

/** Codes of the units in force today that a text names, or whose predecessor it names. */
function presentUnits(catalogue: Catalogue, today: CalendarDate, text: string): Set<string> {
  const words = wordsOf(text);
  const named = catalogue.entries.units.filter((unit) => words.includes(wordsOf(bareName(unit.names.vi))));
  // The smallest unit named decides: two communes of one province are not one place.
  const smallest = named.some(({ level }) => level !== 'province')
    ? named.filter(({ level }) => level !== 'province')
    : named;
  return new Set(
    smallest.flatMap((unit) => {
      const last = unit.validTo ?? today;
      const present = catalogue.presentUnit(unit.code, last < today ? last : today, today);
      return present ? [present.code] : [];
    }),
  );
}
