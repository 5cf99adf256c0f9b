/** The shared words in both languages. */
import { en } from './content.en.ts';
import { vi } from './content.vi.ts';
import type { Catalogue } from './i18n/language.ts';

export const shared: Catalogue<typeof vi> = { vi, en };
