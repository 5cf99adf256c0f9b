/** English words of the statistics board. */
import type { vi } from './content.vi.ts';

export const en = {
  title: 'Digitisation and reuse',
  lead: (period: string, scope: string, dossiers: string, at: string) =>
    `${period}, ${scope}, ${dossiers} dossiers settled. Computed at ${at}.`,
  period: 'Period',
  agency: 'Agency',
  show: 'Show',
  rates: {
    results: 'Electronic results',
    digitised: 'Dossiers and results digitised',
    reused: 'Papers reused',
  },
  reached: (target: string) => `Target ${target} met`,
  missed: (points: string, target: string) => `${points} points below the target ${target}`,
  byAgency: 'By agency, ordered by reuse',
  dossiers: 'Dossiers',
  column: (name: string, target: string) => `${name}, target ${target}`,
  short: { results: 'Electronic results', digitised: 'Digitised', reused: 'Reused' },
  key: 'Solid: target met. Hatched: not met. Upright line: target.',
  method: 'How each rate is computed',
  csv: 'Download the table (CSV)',
  trend: (months: number) => `Reuse, ${months} months`,
  trendLabel: (from: string, to: string) => `Reuse from ${from} to ${to}`,
  target: (target: string) => `Target ${target}`,
  trendTable: 'See the numbers of the chart',
  month: 'Month',
  demands: 'Papers in the vault that were demanded all the same',
  reason: 'Reason chosen',
  times: 'Times',
  total: (now: string, before: string) => `This period: ${now}, before: ${before}.`,
  each: 'See each time',
  none: 'None in this period.',
  nothing: 'No figures yet',
  noDossiers: 'There were no dossiers at the chosen agencies in this period.',
  allAgencies: 'All agencies',
  scope: (agency: string | undefined) =>
    agency === undefined ? 'every agency you may see' : `${agency} and those below it`,
  reasons: {
    'suspected-forgery': 'Suspected forgery',
    'data-differ': 'Data differ',
    illegible: 'Digitised copy cannot be read',
    'special-law': 'A special law asks for it',
  },
  methodLead: (from: string) =>
    `In force since ${from}. Formulas and targets are data of the catalogue and change with the rules.`,
  unverified:
    'Not yet compared with a published text; whoever runs the vault has to confirm it before reporting.',
  rate: 'Rate',
  formula: 'Formula',
  targetColumn: 'Target',
  formulas: {
    results:
      'Settled dossiers with at least one result in the vault that bears the agency’s signature and holds, divided by settled dossiers.',
    digitised:
      'Settled dossiers with all required papers and the result in the vault, divided by settled dossiers.',
    reused: {
      dossier:
        'Received dossiers with at least one paper taken from the vault, divided by received dossiers with a paper that may be taken.',
      component: 'Papers taken from the vault, divided by papers that may be taken, over received dossiers.',
    },
  },
  back: 'Back to the figures',
  demandsLead: (period: string) =>
    `Month ${period}. No names and no dossier codes; what the officer wrote is read by that citizen only.`,
  csvPart: 'numerator',
  csvWhole: 'denominator',
  when: 'When',
  procedure: 'Procedure',
  component: 'Paper of the dossier',
} satisfies typeof vi;
