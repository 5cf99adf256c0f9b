/** Differences that mean nothing turn nobody away, and every other one is named. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explainDate, explainNumber, explainText } from '../../src/reuse/field-match.ts';

test.each([
  ['Nguyễn Thị Lan', 'Nguyễn Thị Lan', 'exact'],
  ['Nguyễn Thị Lan', 'Nguyễn Thị Lan'.normalize('NFD'), 'unicode-form'],
  ['Nguyễn Thị Lan', 'NGUYỄN THỊ LAN', 'letter-case'],
  ['Trần Thị Hòa', 'Trần Thị Hoà', 'tone-place'],
  ['Nguyễn Văn Thúy', 'nguyễn văn thuý', 'tone-place'],
  ['Đặng Văn Đức', 'Dang Van Duc', 'marks'],
  ['Nguyễn Thị Lan', 'Lan Nguyễn Thị', 'order'],
  ['Nguyễn Thị Lan', 'Nguyễn Thị Lân', 'marks'],
  ['Nguyễn Thị Lan', 'Nguyễn Thị Hoa', 'differs'],
])('%s and %s: %s', (kept, given, result) => {
  expect(explainText(kept, given)).toBe(result);
});

test('the comparison of texts does not depend on which side says what, nor on spaces', () => {
  const name = fc.array(fc.constantFrom('Nguyễn', 'Thị', 'Lan', 'hòa', 'hoà', 'ĐỨC', 'duc'), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(name, name, (a, b) => {
      const [x, y] = [a.join(' '), b.join('  ')];
      expect(explainText(x, y) === 'differs').toBe(explainText(y, x) === 'differs');
      expect(explainText(x, ` ${x} `)).toBe('exact');
    }),
  );
});

test('dates and numbers', () => {
  expect(explainDate('1996-09-02', '1996-02-09')).toBe('differs');
  expect(explainDate('1948', '1948-09-02')).toBe('year-only');
  expect(explainDate('1948-01-01', '1948-09-02')).toBe('year-only');
  expect(explainNumber('000148000048', '000 148 000 048', [])).toBe('exact');
  expect(explainNumber('000148000048', '000000048', ['000000048'])).toBe('old-number');
  expect(explainNumber('000148000048', '000000049', ['000000048'])).toBe('differs');
});
