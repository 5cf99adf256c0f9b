/**
 * The personal identification number (số định danh cá nhân): 12 digits `PPP G YY RRRRRR`. Place of birth
 * registration, century and sex, year, six random digits; no check digit (NĐ 137/2015/NĐ-CP art. 13, TT
 * 07/2016/TT-BCA art. 7). What does not match is a warning, never a refusal: registers are old, provinces merged,
 * and people lawfully change their entries. Numbers are personal data: show them masked, never put one in a URL,
 * an object key or a log.
 */

export interface PersonalNumber {
  /** The 12 digits. */
  readonly number: string;
  /** `PPP`: one of the 63 provinces before 1/7/2025, a country, or 000 for invented people. */
  readonly placeCode: string;
  readonly birthYear: number;
  readonly sex: 'male' | 'female';
  readonly warnings: readonly PersonalNumberWarning[];
}

export interface PersonalNumberWarning {
  readonly code: 'unknown-place' | 'birth-year-differs' | 'sex-differs' | 'birth-year-in-future';
  readonly vi: string;
  readonly en: string;
}

export type PersonalNumberResult =
  | { readonly ok: true; readonly value: PersonalNumber }
  | { readonly ok: false; readonly problem: { readonly vi: string; readonly en: string } };

export interface PersonalNumberOptions {
  /** Place 000 belongs to invented people; accepted in development, refused in production. */
  readonly acceptInvented: boolean;
  /** What else is known of the person; compared, and told in warnings. */
  readonly birthDate?: string;
  readonly sex?: 'male' | 'female';
  /** The present year, for numbers that say a birth in the future. */
  readonly year?: number;
}

/** Reads a personal number; spaces and dots between groups are forgiven. */
export function parsePersonalNumber(text: string, options: PersonalNumberOptions): PersonalNumberResult {
  const number = text.replace(/[\s.]/g, '');
  if (!/^\d{12}$/.test(number)) {
    return refuse(
      'Số định danh cá nhân phải có đúng 12 chữ số, như in trên thẻ căn cước.',
      'The personal number must have exactly 12 digits, as printed on the identity card.',
    );
  }
  const placeCode = number.slice(0, 3);
  if (placeCode === '000' && !options.acceptInvented) {
    return refuse(
      'Số bắt đầu bằng 000 chỉ dùng cho dữ liệu thử nghiệm, không dùng được ở hệ thống thật.',
      'Numbers that begin with 000 belong to invented people and cannot be used in a production system.',
    );
  }
  const generation = Number(number[3]);
  const birthYear = 1900 + Math.floor(generation / 2) * 100 + Number(number.slice(4, 6));
  const sex = generation % 2 === 0 ? 'male' : 'female';
  const read = { number, placeCode, birthYear, sex } as const;
  return { ok: true, value: { ...read, warnings: warningsFor(read, options) } };
}

/** A 9-digit number of the old identity card (chứng minh nhân dân). */
export const isOldIdentityCardNumber = (text: string): boolean => /^\d{9}$/.test(text.replace(/[\s.]/g, ''));

/** For display: the first and the last four digits, `0310••••1234`; anything shorter than 9 is hidden whole. */
export function maskPersonalNumber(number: string): string {
  if (number.length < 9) return '•'.repeat(number.length);
  return `${number.slice(0, 4)}••••${number.slice(-4)}`;
}

/** The 63 provinces that stood until 30/6/2025; numbers given by them stay in use for life. */
const provinces = new Set(
  (
    '001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 ' +
    '042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 ' +
    '086 087 089 091 092 093 094 095 096'
  ).split(' '),
);

/** Places from 101 up stand for the country where a birth abroad was registered. */
const firstCountryCode = 101;

function warningsFor(
  read: Omit<PersonalNumber, 'warnings'>,
  { birthDate, sex, year }: PersonalNumberOptions,
): PersonalNumberWarning[] {
  const warnings: PersonalNumberWarning[] = [];
  const { placeCode, birthYear } = read;
  if (placeCode !== '000' && !provinces.has(placeCode) && Number(placeCode) < firstCountryCode) {
    warnings.push({
      code: 'unknown-place',
      vi: `Không có tỉnh mang mã ${placeCode}; hãy so lại với thẻ căn cước.`,
      en: `No province has the code ${placeCode}; compare with the identity card.`,
    });
  }
  if (birthDate !== undefined && Number(birthDate.slice(0, 4)) !== birthYear) {
    warnings.push({
      code: 'birth-year-differs',
      vi: `Số định danh ghi năm sinh ${birthYear}, khác với ngày sinh đã khai.`,
      en: `The number says the birth year ${birthYear}, which differs from the birth date given.`,
    });
  }
  if (sex !== undefined && sex !== read.sex) {
    warnings.push({
      code: 'sex-differs',
      vi: 'Giới tính trong số định danh khác với giới tính đã khai.',
      en: 'The sex in the number differs from the sex given.',
    });
  }
  if (year !== undefined && birthYear > year) {
    warnings.push({
      code: 'birth-year-in-future',
      vi: `Số định danh ghi năm sinh ${birthYear}, là năm chưa tới.`,
      en: `The number says the birth year ${birthYear}, which has not come yet.`,
    });
  }
  return warnings;
}

const refuse = (vi: string, en: string): PersonalNumberResult => ({ ok: false, problem: { vi, en } });
