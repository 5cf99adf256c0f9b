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
} satisfies typeof vi;
