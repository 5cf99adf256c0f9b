/** Dates as PDF writes them (ISO 32000-2 §7.9.4): `D:20261123T…`-like, with or without parts and zone. */

const PATTERN = /^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?/;

/** `undefined` for what is no date. A date without zone is taken as UTC. */
export function parsePdfDate(text: string): Date | undefined {
  const match = PATTERN.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part, i) => (part === undefined ? (i === 1 || i === 2 ? 1 : 0) : Number(part)));
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -1 : 1);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute - offset, second));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
