/**
 * Days of the Vietnamese calendar. Laws, papers and catalogue entries take effect on days, not instants;
 * a day is the text `YYYY-MM-DD`, so that it sorts and compares as text and never shifts with a time zone.
 */
import { checkedString, type Parsed, parsed, unreadable } from './labels.ts';

/** `YYYY-MM-DD`, years 0001 to 9999, a day that exists in the Gregorian calendar. */
export type CalendarDate = string;

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const vietnamOffset = 7 * 60 * 60 * 1000;
const day = 24 * 60 * 60 * 1000;

/** Reads `YYYY-MM-DD`; refuses days that do not exist, such as 2026-02-30. */
export function parseCalendarDate(text: string): Parsed<CalendarDate> {
  if (pattern.test(text)) {
    const date = toUtc(text);
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return parsed(text);
  }
  return unreadable(
    `Ngày “${clip(text)}” không đọc được; hãy ghi theo dạng năm-tháng-ngày, ví dụ 2026-04-15.`,
    `The date “${clip(text)}” cannot be read; write year-month-day, for example 2026-04-15.`,
  );
}

export const calendarDateSchema = checkedString(parseCalendarDate);

/** The day in Vietnam (UTC+07:00, no daylight saving) at an instant. */
export const calendarDateAt = (instant: Date): CalendarDate =>
  new Date(instant.getTime() + vietnamOffset).toISOString().slice(0, 10);

/**
 * The day `months` later. Where that month has no such day, its last day: Civil Code 2015 art. 148(3),
 * so 31 August + 6 months = 28 (or 29) February.
 */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const from = toUtc(date);
  const target = from.getUTCFullYear() * 12 + from.getUTCMonth() + months;
  const year = Math.floor(target / 12);
  const month = target - year * 12;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return fromUtc(new Date(Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay))));
}

export const addDays = (date: CalendarDate, days: number): CalendarDate =>
  fromUtc(new Date(toUtc(date).getTime() + days * day));

/** The earlier of two days, where null means "never". */
export function earlierOf(a: CalendarDate | null, b: CalendarDate | null): CalendarDate | null {
  if (a === null) return b;
  return b === null || a <= b ? a : b;
}

/** `15/04/2026`, as Vietnamese papers write it. */
export const inWords = (date: CalendarDate): string => date.split('-').reverse().join('/');

const toUtc = (date: CalendarDate): Date => new Date(`${date}T00:00:00Z`);
const fromUtc = (date: Date): CalendarDate => date.toISOString().slice(0, 10);
const clip = (text: string): string => text.slice(0, 40);
