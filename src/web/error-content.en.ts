/** English words of the pages that refuse or fail. */
import type { vi } from './error-content.vi.ts';

export const en = {
  notFound: {
    title: 'There is no such page',
    text: 'The address may be incomplete, or the paper is not one of the person signed in. It does not mean that the paper is gone.',
  },
  forbidden: {
    title: 'This page is not open to you',
    text: 'It opens only for those entitled to this paper or dossier.',
    reasons: {
      officer:
        'This page opens only for the officer who holds the dossier. Open it from the dossier at the desk.',
      owner:
        'This page opens only for the owner of the papers or a recorded representative. To become one, bring the power of attorney to the one-stop desk.',
      level: 'This needs a level 2 identity account. The commune police can raise the level.',
      form: 'The page you sent is old or was opened elsewhere. Nothing was written. Go back, reload it and send again.',
    },
  },
  server: {
    title: 'This is not done',
    text: 'The server met a fault and wrote it down. The papers in the vault are safe. What was not sent has no effect.',
    reference: (code: string) => `When you call for help, read out the code ${code}.`,
    retry: 'Try this page again',
  },
  unprocessable: {
    title: 'What you sent was not taken',
    text: 'The server could not read a part of it. Nothing was written. Go back and look at what you filled in.',
  },
  tooMany: {
    title: 'Sent too often in a short time',
    text: (seconds: number) => `Wait ${seconds} seconds and try again. Nothing is lost.`,
  },
  home: 'To the first page',
  verify: 'Check a paper',
  offices: 'Find the nearest one-stop desk',
} satisfies typeof vi;
