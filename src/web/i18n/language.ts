/**
 * The two languages of the pages. Which one an answer speaks is decided by `http`: the link with `?lang=`, then the
 * cookie that remembers it, then the browser, then Vietnamese. No script takes part.
 */

export const languages = ['vi', 'en'] as const;
export type Language = (typeof languages)[number];

/** True for a language the pages have; anything else a visitor sends is ignored. */
export const isLanguage = (value: unknown): value is Language => value === 'vi' || value === 'en';

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
