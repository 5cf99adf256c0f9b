/**
 * How dates, numbers, names and identifiers are written (DESIGN: `dd/MM/yyyy`, `HH:mm`, +07:00, 1.208,
 * 49,8 %). Viet Nam keeps one offset without summer time, so the arithmetic is exact and needs no locale data.
 */
import type { Language } from './language.ts';

const offset = 7 * 60 * 60 * 1000;
const day = 24 * 60 * 60 * 1000;
const two = (value: number): string => String(value).padStart(2, '0');
/** The instant shifted so that its UTC fields read as the wall clock of Viet Nam. */
const wall = (instant: Date): Date => new Date(instant.getTime() + offset);

/** `23/11/2026`, the day in Viet Nam; alike in both languages. */
export function formatDate(instant: Date): string {
  const local = wall(instant);
  return `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
}

/** `23/11`, for the boxes of a legal clock. */
export const formatDayMonth = (instant: Date): string => formatDate(instant).slice(0, 5);

/** `09:14`, the time in Viet Nam. */
export function formatTime(instant: Date): string {
  const local = wall(instant);
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}

/** `23/11/2026, 09:14`. */
export const formatDateTime = (instant: Date): string => `${formatDate(instant)}, ${formatTime(instant)}`;

/** `23/11/2026 09:55:10 +07:00`, for technical details and printed conversions. */
export const formatInstant = (instant: Date): string =>
  `${formatDate(instant)} ${formatTime(instant)}:${two(wall(instant).getUTCSeconds())} +07:00`;

/** `2026-11-23`, for `datetime` attributes and for grouping by day. */
export const isoDay = (instant: Date): string => wall(instant).toISOString().slice(0, 10);

const weekdays: Readonly<Record<Language, readonly string[]>> = {
  vi: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};

/** `Thứ Hai, 23/11/2026`. */
export const formatWeekday = (instant: Date, language: Language): string =>
  `${weekdays[language][wall(instant).getUTCDay()]}, ${formatDate(instant)}`;

/** Whole calendar days in Viet Nam from `now` to `due`: 0 today, negative when late. */
export const daysUntil = (due: Date, now: Date): number =>
  Math.round((Date.parse(isoDay(due)) - Date.parse(isoDay(now))) / day);

/** `1.208` in Vietnamese, `1,208` in English; at most one decimal. */
export function formatNumber(value: number, language: Language): string {
  const [whole = '0', fraction] = (Math.round(Math.abs(value) * 10) / 10).toString().split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === 'vi' ? '.' : ',');
  const sign = value < 0 ? '−' : '';
  return `${sign}${grouped}${fraction === undefined ? '' : (language === 'vi' ? ',' : '.') + fraction}`;
}

/** `49,8%` from 0.498: one decimal, always shown. */
export function formatPercent(share: number, language: Language): string {
  const tenths = Math.round(share * 1000);
  return `${formatNumber(Math.trunc(tenths / 10), language)}${language === 'vi' ? ',' : '.'}${Math.abs(tenths % 10)}%`;
}

/** `412 kB`, `2,4 MB`: decimal units, as phones count. */
export function formatBytes(bytes: number, language: Language): string {
  if (bytes < 1_000_000) return `${formatNumber(Math.max(1, Math.round(bytes / 1000)), language)} kB`;
  return `${formatNumber(bytes / 1_000_000, language)} MB`;
}

/** `0311••••4207`: the first and last four characters. Shorter values keep only their last two. */
export function maskNumber(value: string): string {
  const text = value.replace(/\s/g, '');
  return text.length < 11 ? `••••${text.slice(-2)}` : `${text.slice(0, 4)}••••${text.slice(-4)}`;
}

/** `NGUYỄN THỊ H•••`: the given name, which comes last, shows only its first letter. */
export function maskName(name: string): string {
  const words = name.normalize('NFC').trim().split(/\s+/);
  const given = words.pop() ?? '';
  return [...words, `${given.slice(0, 1)}•••`].join(' ');
}

/** `B 0412•••`: a serial number without its last three characters. */
export const maskSerial = (serial: string): string => `${serial.slice(0, Math.max(1, serial.length - 3))}•••`;

/** First letter in upper case: “bà” at the start of a sentence. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);
