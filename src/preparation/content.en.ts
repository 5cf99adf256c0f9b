/** English words of the pages that tell what to take along. */
import type { vi } from './content.vi.ts';

export const en = {
  title: 'Prepare before you go',
  lead: () =>
    'Choose a procedure to see which papers are in the vault already and which you still have to take along.',
  search: 'Find a procedure',
  searchHint: 'Marks may be left out, for example: thuong tru',
  find: 'Find',
  none: (query: string) => `No procedure is called “${query}”. Try fewer words, or ask the one-stop desk.`,
  all: 'See all procedures',
  code: (code: string) => `Code ${code}`,
  bring: (count: number) =>
    count === 0
      ? 'You need not take any paper along.'
      : count === 1
        ? 'You have to take 1 paper along.'
        : `You have to take ${count} papers along.`,
  inVault: (count: number) =>
    count === 0
      ? 'The vault has no paper for this procedure yet.'
      : count === 1
        ? '1 paper is in the vault and need not be handed in again.'
        : `${count} papers are in the vault and need not be handed in again.`,
  unclear: 'Answer the questions below so that the list fits your case.',
  questions: 'My case',
  questionsHint: 'Tick what is true, leave the rest.',
  update: 'See the list',
  list: 'Papers of this procedure',
  states: {
    'in-vault': 'In the vault, need not be taken along',
    'not-usable': 'In the vault, but cannot be used yet',
    bring: 'Take the paper along',
    form: 'Form: fill it in at the desk or online',
    show: 'To be shown only, not handed in',
    ask: 'Not clear whether it is needed',
  },
  optional: 'Not required',
  consent: () => 'When the dossier is handed in you will be asked whether this paper may be used.',
  onlyIf: (condition: string) => `Needed only if: ${condition}`,
  see: 'See this paper',
  unverified: 'The code of this procedure was not yet compared with the national database.',
  back: 'Choose another procedure',
} satisfies typeof vi;
