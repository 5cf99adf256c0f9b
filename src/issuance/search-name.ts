/** Names as old books and tired typists write them, brought to one form for searching only; never shown, never stored as a name. */

/** Lower case, no marks, đ as d, single spaces: “Nguyễn  Thị Đào” (NFC or NFD) → “nguyen thi dao”. */
export const searchName = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replace(/\s+/g, ' ').trim();
