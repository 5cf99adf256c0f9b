/**
 * One cell read as one field. Tables come with dates in three spellings, numbers that lost their zeros and names typed
 * in decomposed letters; what is certain is mended, what would be a guess is asked back.
 */
import {
  type CalendarDate,
  type Field,
  metadataSchema,
  type Parsed,
  parseCalendarDate,
  parsed,
  unreadable,
} from '../catalogue/index.ts';
import type { SheetCell } from '../spreadsheet/index.ts';
import { searchName } from './search-name.ts';

export function readCell(
  field: Field,
  { text, numeric }: SheetCell,
  today: CalendarDate,
): Parsed<string | number | boolean> {
  switch (field.kind) {
    case 'date':
    case 'partial-date':
      return readDate(field, text, today);
    case 'personal-number':
      return readPersonalNumber(text, numeric);
    case 'integer':
    case 'decimal':
      return readNumber(field, text);
    case 'boolean':
      return readBoolean(text);
    case 'choice':
      return readChoice(field, text);
    case 'text':
    case 'person-name':
    case 'place':
      return checked(field, text.normalize('NFC').replace(/\s+/g, ' ').trim());
  }
}

/** Day first, as Vietnam writes it; a year has four digits, and nobody is born before 1900 or after today. */
function readDate(field: Field, text: string, today: CalendarDate): Parsed<string> {
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  const iso = local ? `${local[3]}-${local[2]?.padStart(2, '0')}-${local[1]?.padStart(2, '0')}` : text;
  if (field.kind === 'partial-date' && /^\d{4}(-\d{2})?$/.test(iso)) return inRange(field, iso, today);
  const date = parseCalendarDate(iso);
  if (date.ok) return inRange(field, date.value, today);
  return unreadable(
    `“${text.slice(0, 30)}” không phải ngày; hãy ghi ngày/tháng/năm, ví dụ 04/05/2008.`,
    `“${text.slice(0, 30)}” is no date; write day/month/year, for example 04/05/2008.`,
  );
}

function inRange(field: Field, date: string, today: CalendarDate): Parsed<string> {
  const year = Number(date.slice(0, 4));
  const birth = field.name.toLowerCase().includes('birth');
  if (year >= 1900 && (birth ? date <= today : year <= Number(today.slice(0, 4)) + 100)) return parsed(date);
  return unreadable(
    `Năm ${year} không hợp lý; hãy xem lại.`,
    `The year ${year} is not possible; look again.`,
  );
}

/** Twelve digits, or the nine of an old card. A number of fewer digits has lost its zeros, and nobody knows how many. */
function readPersonalNumber(text: string, numeric: boolean): Parsed<string> {
  const digits = text.replace(/[\s.']/g, '');
  if (/^\d{12}$/.test(digits) || (/^\d{9}$/.test(digits) && !numeric)) return parsed(digits);
  if (/^\d{9,11}$/.test(digits)) {
    return unreadable(
      'Số định danh thiếu chữ số 0 ở đầu; hãy đặt cột là Văn bản (Text) rồi ghi đủ 12 chữ số.',
      'The number lost its leading zeros; format the column as Text and write all 12 digits.',
    );
  }
  if (/e\+?\d+$/i.test(digits)) {
    return unreadable(
      'Bảng tính đã rút gọn số (E+); hãy đặt cột là Văn bản (Text) rồi ghi đủ 12 chữ số.',
      'The program shortened the number (E+); format the column as Text and write all 12 digits.',
    );
  }
  return unreadable('Số định danh phải có 12 chữ số.', 'The personal number must have 12 digits.');
}

function readNumber(field: Field, text: string): Parsed<number> {
  const number = /^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  if (Number.isFinite(number) && (field.kind === 'decimal' || Number.isSafeInteger(number)))
    return parsed(number);
  return unreadable(`“${text.slice(0, 30)}” không phải số.`, `“${text.slice(0, 30)}” is no number.`);
}

function readBoolean(text: string): Parsed<boolean> {
  const word = searchName(text);
  if (['true', 'co', 'x', '1', 'yes'].includes(word)) return parsed(true);
  if (['false', 'khong', '0', 'no'].includes(word)) return parsed(false);
  return unreadable('Hãy ghi Có hoặc Không.', 'Write yes or no.');
}

function readChoice(field: Extract<Field, { kind: 'choice' }>, text: string): Parsed<string> {
  const word = searchName(text);
  const option = field.options.find(({ value, labels }) =>
    [value, labels.vi, labels.en].some((name) => searchName(name) === word),
  );
  if (option) return parsed(option.value);
  const vi = field.options.map(({ labels }) => labels.vi).join(', ');
  const en = field.options.map(({ labels }) => labels.en).join(', ');
  return unreadable(`Hãy ghi một trong: ${vi}.`, `Write one of: ${en}.`);
}

function checked(field: Field, text: string): Parsed<string> {
  const result = metadataSchema({ fields: [{ ...field, required: true }] }).safeParse({ [field.name]: text });
  if (result.success) return parsed(text);
  const why = result.error.issues[0]?.message ?? '';
  return unreadable(`Nội dung không dùng được: ${why}`, `The text cannot be used: ${why}`);
}
