/** English words of the log's page for the passer-by and of the auditor's ledger. */
import type { vi } from './log-content.vi.ts';

export const en = {
  public: {
    title: 'The log that anyone can check',
    lead: 'Whenever a paper is deposited, signed, looked at or changes its status, the vault writes one line into this log. Nobody can change or delete a line unnoticed, those who run the vault included.',
    private:
      'The log holds no names, no personal numbers and no contents: only times, kinds of action and hashes.',
    now: 'As it stands now',
    name: 'Name of the log',
    size: 'Lines',
    root: 'Fingerprint of the whole log',
    key: 'Public key',
    empty: 'The log has no line yet.',
    witnesses: 'Independent witnesses',
    noWitness: 'This vault has asked nobody to be its witness yet.',
    witness: 'Witness',
    seen: 'Confirmed at',
    unseen: 'has not confirmed this state',
    how: 'Check it yourself',
    howText:
      'Get the vault’s software onto a machine of your own, take the public key from a place other than this page (the agency’s announcement), and run:',
    ownText:
      'Owners of papers download the proof of each line under “Who looked”. Checking a proof needs no network:',
    file: 'The signed state as a file',
  },
  browser: {
    title: 'Ledger',
    lead: (agency: string) =>
      `What was done for ${agency}: who, what, when, and how it ended. No contents of papers.`,
    when: 'When',
    type: 'Action',
    outcome: 'Outcome',
    actor: 'By',
    paper: 'Paper',
    dossier: 'Dossier',
    place: 'Place',
    waits: 'waits',
    all: 'All',
    from: 'From',
    to: 'To the end of',
    dateHint: 'For example 2026-11-01',
    apply: 'Filter',
    none: 'Nothing matches the filter.',
    older: 'See older lines',
    exportCsv: 'Download these lines (CSV)',
    outcomes: { permitted: 'Permitted', denied: 'Denied', done: 'Done', failed: 'Failed' },
    kinds: { person: 'Person', system: 'System', anonymous: 'Stranger', vault: 'Vault' },
    badDate: 'Write dates as year-month-day, for example 2026-11-01.',
  },
} satisfies typeof vi;
