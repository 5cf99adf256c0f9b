import { expect, test } from '@jest/globals';
import type { Procedure } from '../../src/catalogue/index.ts';
import { measureAt } from '../../src/statistics/measure.ts';
import { addToMonth, boundsOf, monthAt, monthInWords } from '../../src/statistics/period.ts';
import { digitisedRatio, resultsRatio, reusedRatio, shareOf } from '../../src/statistics/rates.ts';

const names = { vi: 'x', en: 'x' };
const component = (key: string, more: Partial<Procedure['components'][number]> = {}) => ({
  key,
  names,
  submission: 'submit' as const,
  required: true,
  condition: null,
  holder: 'applicant' as const,
  copies: { originals: 1, copies: 0 },
  alternatives: [],
  reusable: true,
  serves: [],
  ...more,
});
const procedure = {
  code: '1.004222',
  components: [
    component('form', { submission: 'form', reusable: false }),
    component('residence'),
    component('birth'),
    component('consent', { required: false, reusable: false }),
  ],
} as unknown as Procedure;
const procedureOf = (code: string): Procedure | undefined =>
  code === procedure.code ? procedure : undefined;
const group = { agencyId: 'H24.991', month: '2026-10', procedureCode: '1.004222' };

test('months are those of Vietnam', () => {
  expect(monthAt(new Date('2026-10-31T17:00:00Z'))).toBe('2026-11');
  expect(monthAt(new Date('2026-10-31T16:59:59Z'))).toBe('2026-10');
  expect(boundsOf('2026-12')).toEqual({
    from: new Date('2026-11-30T17:00:00Z'),
    until: new Date('2026-12-31T17:00:00Z'),
  });
  expect([addToMonth('2026-01', -1), addToMonth('2025-12', 1), addToMonth('2026-11', -11)]).toEqual([
    '2025-12',
    '2026-01',
    '2025-12',
  ]);
  expect(monthInWords('2026-10')).toBe('10/2026');
});

test('results: a dossier counts when one result holds and is sealed', () => {
  const settled = [
    { ...group, present: [], hasResult: true, hasValidResult: true, dossiers: 6 },
    { ...group, present: [], hasResult: true, hasValidResult: false, dossiers: 3 },
    { ...group, present: [], hasResult: false, hasValidResult: false, dossiers: 1 },
  ];
  expect(resultsRatio(settled)).toEqual({ part: 6, whole: 10 });
});

test('digitised: every required paper that is handed in, and the result; a lost procedure counts against', () => {
  const settled = [
    { ...group, present: ['birth', 'residence'], hasResult: true, hasValidResult: false, dossiers: 5 },
    { ...group, present: ['birth'], hasResult: true, hasValidResult: true, dossiers: 2 },
    { ...group, present: ['birth', 'residence'], hasResult: false, hasValidResult: false, dossiers: 2 },
    {
      ...group,
      procedureCode: '9.000000',
      present: ['birth', 'residence'],
      hasResult: true,
      hasValidResult: true,
      dossiers: 1,
    },
  ];
  expect(digitisedRatio(settled, procedureOf)).toEqual({ part: 5, whole: 10 });
});

test('reused: by dossier and by component', () => {
  const received = [
    { ...group, reused: ['birth'], dossiers: 2 },
    { ...group, reused: ['birth', 'residence'], dossiers: 1 },
    { ...group, reused: ['form'], dossiers: 1 },
    { ...group, procedureCode: '9.000000', reused: ['birth'], dossiers: 7 },
  ];
  expect(reusedRatio(received, procedureOf, 'dossier')).toEqual({ part: 3, whole: 4 });
  expect(reusedRatio(received, procedureOf, 'component')).toEqual({ part: 4, whole: 8 });
  expect(shareOf(reusedRatio([], procedureOf, 'dossier'))).toBeNull();
});

test('a measure is in force on every day', () => {
  expect(measureAt('2026-10-01').targets.reused).toBe(0.5);
  expect(measureAt('1999-01-01')).toEqual(measureAt('2026-10-01'));
});
