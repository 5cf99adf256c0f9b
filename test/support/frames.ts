/** The frame pages are rendered in during tests: the morning of 23/11/2026 in Hải Phòng. */
import type { Frame } from '../../src/web/frame.ts';
import type { Language } from '../../src/web/i18n/language.ts';

export const frameIn = (language: Language, path = '/giay-to'): Frame => ({
  language,
  path,
  place: language === 'vi' ? 'Thành phố Hải Phòng' : 'City of Hải Phòng',
  csrfToken: 'token-of-the-test',
  now: new Date('2026-11-23T02:50:00Z'),
});
