/** Words of the preparation pages in both languages. */
import type { Catalogue } from '../web/i18n/language.ts';
import { en } from './content.en.ts';
import { vi } from './content.vi.ts';

export const content: Catalogue<typeof vi> = { vi, en };
