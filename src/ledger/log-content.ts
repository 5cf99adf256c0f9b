/** Words of the log's pages in both languages. */
import type { Catalogue } from '../web/i18n/language.ts';
import { en } from './log-content.en.ts';
import { vi } from './log-content.vi.ts';

export const logContent: Catalogue<typeof vi> = { vi, en };
