/** English words of the compare screen. */
import type { vi } from './content.vi.ts';

export const en = {
  for: (code: string) => `Digitisation for dossier ${code}`,
  steps: { copy: 'Scan', extract: 'Extract data', code: 'Assign the code', keep: 'Keep in the vault' },
  original: 'Original',
  enlarge: 'Enlarge',
  region: (field: string) => `The outlined part belongs to the field ${field}.`,
  pageAlt: (page: number, title: string) => `Picture of page ${page} of ${title}`,
  pagesTitle: 'Scanned pages',
  good: 'Good',
  again: 'Scan again or straighten',
  enough: (images: number, sheets: number) => `${images} pictures, ${sheets} sheets: complete.`,
  more: 'Scan more',
  data: 'Data that was read',
  counts: (all: number, sure: number, doubtful: number, hand: number) =>
    `${all} fields: ${sure} read surely, ${doubtful} to check, ${hand} typed by hand.`,
  rest: (count: number) => `${count} more fields, read surely`,
  attest: 'I have compared each field with',
  attestOriginal: 'the original in my hand',
  sign: 'Sign and assign the code',
  draft: 'Save a draft',
  cannot: 'Cannot be compared',
  notAttested: 'Not marked as compared. Compare each field with the original, then tick the box below.',
  reject: {
    title: 'Cannot be compared',
    lead: 'This paper does not enter the vault. The citizen gets a slip with the reason and keeps the original.',
    why: 'Why?',
    reasons: {
      blurred: 'Blurred, torn, illegible',
      altered: 'Erased or altered',
      'not-original': 'Not the original',
      'not-allowed': 'May not be copied',
    },
    send: 'Record the reason and print the slip',
  },
} satisfies typeof vi;
