/** Words by language. */
import { en } from './content.en.ts';
import { vi } from './content.vi.ts';

export const content = { vi, en };
