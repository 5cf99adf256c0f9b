/** Working days of the State: the weekly days off, public holidays and exchanged days, as dated data. */
import type { Sql } from '../platform/database.ts';

const DAY = 86_400_000;
const OFFSET = 7 * 3_600_000;

export interface WorkingCalendar {
  /** `YYYY-MM-DD` of days off that are no weekend. */
  readonly holidays: ReadonlySet<string>;
  /** Weekend days that are worked instead. */
  readonly worked: ReadonlySet<string>;
}

export async function loadCalendar(sql: Sql, from: Date): Promise<WorkingCalendar> {
  const rows = await sql.query<{ day: string; kind: 'holiday' | 'working' }>(
    `SELECT day::text AS day, kind FROM working_calendar WHERE working_calendar.day BETWEEN $1::text::date AND $1::text::date + 400`,
    [dayOf(from)],
  );
  const days = (kind: string): Set<string> =>
    new Set(rows.filter((row) => row.kind === kind).map(({ day }) => day));
  return { holidays: days('holiday'), worked: days('working') };
}

/** The day in Viet Nam. */
const dayOf = (instant: Date): string => new Date(instant.getTime() + OFFSET).toISOString().slice(0, 10);

export function isWorkingDay(calendar: WorkingCalendar, day: string): boolean {
  if (calendar.worked.has(day)) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !calendar.holidays.has(day);
}

/** The end (17:00 in Viet Nam) of the n-th working day after the day of an instant (Civil Code 2015 art. 147, 148). */
export function afterWorkingDays(calendar: WorkingCalendar, from: Date, days: number): Date {
  let day = Date.parse(`${dayOf(from)}T00:00:00Z`);
  for (let left = days; left > 0; ) {
    day += DAY;
    if (isWorkingDay(calendar, new Date(day).toISOString().slice(0, 10))) left -= 1;
  }
  return new Date(day + 17 * 3_600_000 - OFFSET);
}

/** The end of the n-th calendar day; where that is a day off, of the next working day (Civil Code 2015 art. 148(5)). */
export function afterDays(calendar: WorkingCalendar, from: Date, days: number): Date {
  let day = Date.parse(`${dayOf(from)}T00:00:00Z`) + days * DAY;
  while (!isWorkingDay(calendar, new Date(day).toISOString().slice(0, 10))) day += DAY;
  return new Date(day + 17 * 3_600_000 - OFFSET);
}
