/** Search that forgives missing marks: “ket hon” finds “Kết hôn”, composed or decomposed, Đ or D. */

/**
 * The text reduced to what a person types on a phone without a Vietnamese keyboard: lower case, no marks,
 * đ → d, single spaces. Works alike for NFC and NFD input. Compare keys with keys only.
 */
export function searchKey(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** True when every word of the query occurs in the text, in any order, marks and case aside. */
export function matchesSearch(text: string, query: string): boolean {
  const key = searchKey(text);
  return searchKey(query)
    .split(' ')
    .every((word) => key.includes(word));
}
