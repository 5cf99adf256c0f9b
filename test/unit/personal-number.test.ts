import { expect, test } from '@jest/globals';
import { maskPersonalNumber, parsePersonalNumber } from '../../src/identity/personal-number.ts';

const read = (text: string, more = {}) => parsePersonalNumber(text, { acceptInvented: true, ...more });
const warnings = (text: string, more = {}) => {
  const result = read(text, more);
  return result.ok ? result.value.warnings.map(({ code }) => code) : 'refused';
};

test('the parts of a number', () => {
  expect(read('000 190 123456')).toMatchObject({
    ok: true,
    value: { number: '000190123456', placeCode: '000', sex: 'female', birthYear: 1990, warnings: [] },
  });
  expect(read('000205123456')).toMatchObject({ value: { sex: 'male', birthYear: 2005 } });
  for (const bad of ['', '12345678901', '1234567890123', '00019012345a', '٠٠٠١٩٠١٢٣٤٥٦'])
    expect(warnings(bad)).toBe('refused');
});

test('mismatches warn and never refuse', () => {
  expect(warnings('000190123456', { birthDate: '1991-01-01', sex: 'male' })).toEqual([
    'birth-year-differs',
    'sex-differs',
  ]);
  expect(warnings('000295123456', { year: 2026 })).toEqual(['birth-year-in-future']);
  expect(warnings('003190000000')).toEqual(['unknown-place']);
  // A province that merged away in 2025, and a birth registered abroad.
  expect(warnings('030190000000')).toEqual([]);
  expect(warnings('123190000000')).toEqual([]);
});

test('invented people stay out of production', () => {
  expect(parsePersonalNumber('000190123456', { acceptInvented: false }).ok).toBe(false);
});

test('display hides the middle', () => {
  expect(maskPersonalNumber('000190121234')).toBe('0001••••1234');
  expect(maskPersonalNumber('12345678')).toBe('••••••••');
});
