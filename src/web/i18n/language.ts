/**
 * The two languages of the pages and how one is chosen, without a script: a link with `?lang=` wins and is
 * remembered in a cookie, then the cookie, then Vietnamese. The browser's own list is not asked: a phone set
 * to English by its seller is common, and its owner reads Vietnamese.
 */

export const languages = ['vi', 'en'] as const;
export type Language = (typeof languages)[number];

/** Name of the cookie that remembers the choice. It says nothing about the person, so it needs no consent. */
export const languageCookie = 'lang';

/** True for a language the pages have; anything else a visitor sends is ignored. */
export const isLanguage = (value: unknown): value is Language => value === 'vi' || value === 'en';

/**
 * The language of one answer.
 *
 * @param asked value of `?lang=`, as the visitor sent it (untrusted)
 * @param remembered value of the cookie (untrusted)
 */
export function chooseLanguage(asked: unknown, remembered: unknown): Language {
  if (isLanguage(asked)) return asked;
  return isLanguage(remembered) ? remembered : 'vi';
}

/**
 * The address of the same page in the other language.
 *
 * @param path path and query of the page, starting with `/`
 */
export function inLanguage(path: string, language: Language): string {
  const [address = '/', query = ''] = path.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('lang', language);
  return `${address}?${parameters}`;
}

/**
 * Both languages of one catalogue. `vi` is the model: `content.en.ts` ends with `satisfies typeof vi`, so a
 * missing or surplus text does not compile.
 */
export type Catalogue<Content> = Readonly<Record<Language, Content>>;
