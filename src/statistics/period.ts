/** A calendar month of Vietnam: what figures are counted over. */
const VIETNAM = 7 * 3_600_000;

/** “2026-10”. */
export type Month = string;

export const monthAt = (instant: Date): Month =>
  new Date(instant.getTime() + VIETNAM).toISOString().slice(0, 7);

/** The month that lies `months` later, or earlier where it is negative. */
export function addToMonth(month: Month, months: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + number - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** First instant of the month, and of the one after. */
export const boundsOf = (month: Month): { readonly from: Date; readonly until: Date } => ({
  from: new Date(`${month}-01T00:00:00+07:00`),
  until: new Date(`${addToMonth(month, 1)}-01T00:00:00+07:00`),
});

/** “10/2026”. */
export const monthInWords = (month: Month): string => month.split('-').reverse().join('/');
