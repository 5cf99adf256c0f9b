import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  calendarDateAt,
  parseCalendarDate,
} from '../../../src/catalogue/calendar-date.ts';
import { type ValidityFacts, type ValidityRule, validity } from '../../../src/catalogue/validity.ts';

const facts = (given: Partial<ValidityFacts>): ValidityFacts => ({
  issuedOn: null,
  fields: {},
  events: [],
  ...given,
});

describe('marital-status confirmation: six months or a change of status, whichever is first', () => {
  const rule: ValidityRule = {
    kind: 'earliest',
    rules: [
      { kind: 'months', months: 6 },
      { kind: 'until-event', events: ['marriage', 'divorce'] },
    ],
  };
  const issued = facts({ issuedOn: '2026-01-15' });

  test('holds through the last day of the sixth month', () => {
    expect(validity(rule, issued, '2026-01-14').state).toBe('not-yet-valid');
    expect(validity(rule, issued, '2026-01-15').state).toBe('valid');
    expect(validity(rule, issued, '2026-07-15')).toMatchObject({ state: 'valid', until: '2026-07-15' });
    expect(validity(rule, issued, '2026-07-16').state).toBe('expired');
  });

  test('ends at a marriage before that', () => {
    const married = facts({ issuedOn: '2026-01-15', events: [{ type: 'marriage', on: '2026-03-08' }] });
    expect(validity(rule, married, '2026-03-07').state).toBe('valid');
    expect(validity(rule, married, '2026-03-08')).toMatchObject({ state: 'expired', until: '2026-03-07' });
    expect(validity(rule, married, '2026-03-08').reason.vi).toContain('08/03/2026');
  });

  test('is not ended by what happened before it was issued, or by another event', () => {
    const divorcedBefore = facts({ issuedOn: '2026-01-15', events: [{ type: 'divorce', on: '2025-12-01' }] });
    expect(validity(rule, divorcedBefore, '2026-02-01').state).toBe('valid');
    const moved = facts({
      issuedOn: '2026-01-15',
      events: [{ type: 'residence-changed', on: '2026-01-20' }],
    });
    expect(validity(rule, moved, '2026-02-01').state).toBe('valid');
  });

  test('a marriage on the day of issue ends it', () => {
    const sameDay = facts({ issuedOn: '2026-01-15', events: [{ type: 'marriage', on: '2026-01-15' }] });
    expect(validity(rule, sameDay, '2026-01-15').state).toBe('expired');
  });

  test('31 August plus six months is the last day of February', () => {
    expect(validity(rule, facts({ issuedOn: '2026-08-31' }), '2027-02-28').until).toBe('2027-02-28');
    expect(addMonths('2023-08-31', 6)).toBe('2024-02-29');
  });

  test('without a day of issue nothing is known', () => {
    expect(validity(rule, facts({}), '2026-02-01').state).toBe('undetermined');
  });

  test('property: never valid after six months, whatever happened', () => {
    const event = fc.record({
      type: fc.constantFrom('marriage' as const, 'death' as const),
      on: fc.integer({ min: 0, max: 900 }).map((n) => addDays('2025-06-01', n)),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), fc.integer({ min: 0, max: 2000 }), (events, later) => {
        const at = addDays('2026-07-16', later);
        expect(validity(rule, facts({ issuedOn: '2026-01-15', events }), at).state).toBe('expired');
      }),
    );
  });
});

describe('other rules', () => {
  test('indefinite, until a date, as the original', () => {
    expect(validity({ kind: 'indefinite' }, facts({ issuedOn: '1990-01-01' }), '2026-01-01')).toMatchObject({
      state: 'valid',
      until: null,
    });
    const card: ValidityRule = { kind: 'until-date', field: 'validUntil' };
    expect(validity(card, facts({ fields: { validUntil: '2026-12-31' } }), '2026-12-31').state).toBe('valid');
    expect(validity(card, facts({ fields: { validUntil: '2026-12-31' } }), '2027-01-01').state).toBe(
      'expired',
    );
    expect(validity(card, facts({ fields: { validUntil: '31/12/2026' } }), '2026-01-01').state).toBe(
      'undetermined',
    );
    const original = validity(card, facts({ fields: { validUntil: '2026-12-31' } }), '2026-01-01');
    const copy = facts({ issuedOn: '2026-01-01', original });
    expect(validity({ kind: 'as-original' }, copy, '2027-01-01').state).toBe('expired');
    expect(validity({ kind: 'as-original' }, facts({}), '2026-01-01').state).toBe('undetermined');
  });

  test('the identity card runs to 14, 25, 40, 60; one issued within two years before runs on', () => {
    const rule: ValidityRule = { kind: 'until-age', ages: [14, 25, 40, 60], graceMonths: 24 };
    const born = { birthDate: '2000-05-20' };
    expect(validity(rule, facts({ issuedOn: '2021-01-01', fields: born }), '2026-01-01').until).toBe(
      '2025-05-20',
    );
    expect(validity(rule, facts({ issuedOn: '2024-01-01', fields: born }), '2026-01-01').until).toBe(
      '2040-05-20',
    );
    const old = facts({ issuedOn: '2024-01-01', fields: { birthDate: '1950-01-01' } });
    expect(validity(rule, old, '2026-01-01')).toMatchObject({ state: 'valid', until: null });
  });

  test('a receiver may ask for a fresher paper than the type does', () => {
    const criminal: ValidityRule = { kind: 'receiver-decides', otherwise: null };
    const issued = facts({ issuedOn: '2026-01-01' });
    expect(validity(criminal, issued, '2030-01-01').state).toBe('valid');
    expect(validity(criminal, { ...issued, freshness: { months: 6 } }, '2026-07-02').state).toBe('expired');
    expect(validity({ kind: 'indefinite' }, { ...issued, freshness: { days: 30 } }, '2026-02-01').state).toBe(
      'expired',
    );
  });
});

test('days are days of Vietnam and must exist', () => {
  expect(calendarDateAt(new Date('2026-07-15T17:00:00Z'))).toBe('2026-07-16');
  expect(calendarDateAt(new Date('2026-07-15T16:59:59Z'))).toBe('2026-07-15');
  for (const bad of ['2026-02-30', '2026-2-3', '30/02/2026', '2026-13-01', '']) {
    expect(parseCalendarDate(bad).ok).toBe(false);
  }
});
