/** How long a paper holds, in words (DOMAIN: validity rules). */
import { formatDate } from './i18n/format.ts';
import type { Language } from './i18n/language.ts';

/** The rule as a page needs it. `event` and `until_or_event` name the event in the page's language. */
export type ValidityTerm =
  | { readonly kind: 'indefinite' }
  | { readonly kind: 'until'; readonly date: Date }
  | { readonly kind: 'event'; readonly event: string }
  | { readonly kind: 'until_or_event'; readonly date: Date; readonly event: string }
  | { readonly kind: 'as_original' }
  /** Words of the catalogue, already in the page's language. */
  | { readonly kind: 'words'; readonly words: string };

/** “Đến 06/12/2026”, “Vô thời hạn”, “Đến khi có thay đổi hôn nhân”. */
export function validityWords(term: ValidityTerm, language: Language): string {
  const vi = language === 'vi';
  switch (term.kind) {
    case 'indefinite':
      return vi ? 'Vô thời hạn' : 'Without limit';
    case 'until':
      return `${vi ? 'Đến' : 'Until'} ${formatDate(term.date)}`;
    case 'event':
      return `${vi ? 'Đến khi' : 'Until'} ${term.event}`;
    case 'until_or_event':
      return vi
        ? `Đến ${formatDate(term.date)}, hoặc sớm hơn nếu ${term.event}`
        : `Until ${formatDate(term.date)}, or sooner if ${term.event}`;
    case 'as_original':
      return vi ? 'Theo bản chính' : 'As long as the original';
    case 'words':
      return term.words;
  }
}
