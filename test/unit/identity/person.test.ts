/** Comparing what was said of a person with what is known, and where a sign-in may lead. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agrees, matchNames, matchPerson, type Person } from '../../../src/identity/person.ts';
import { safeReturnPath } from '../../../src/identity/return-path.ts';
import { formTokenOf, isOver, newToken, SESSION_LIMITS, tokenDigest } from '../../../src/identity/session.ts';

const LAN: Person = {
  id: '0190b6a8-0000-7000-8000-000000000001',
  personalNumber: '000190123456',
  fullName: 'Đặng Thị Lan',
  birthDate: '1990-05-04',
  gender: 'female',
  nationality: 'VNM',
  oldNumbers: ['001234567'],
  passportNumber: null,
  deceasedAt: null,
};

describe('names', () => {
  test.each([
    ['Đặng Thị Lan', 'Đặng Thị Lan', 'exact'],
    ['Đặng Thị Lan', 'Đặng  Thị Lan ', 'exact'],
    ['Đặng Thị Lan', 'Đặng Thị Lan'.normalize('NFD'), 'exact'],
    ['Đặng Thị Lan', 'ĐẶNG THỊ LAN', 'spelling'],
    ['Đặng Thị Lan', 'Dang Thi Lan', 'spelling'],
    ['Nguyễn Thuý Hoà', 'Nguyễn Thúy Hòa', 'spelling'],
    ['Đặng Thị Lan', 'Lan Đặng Thị', 'order'],
    ['Đặng Thị Lan', 'Đặng Thị Lân Anh', 'differs'],
  ] as const)('%s and %s: %s', (known, said, match) => {
    expect(matchNames(known, said)).toBe(match);
  });
});

describe('a person', () => {
  test('is told field by field', () => {
    const match = matchPerson(LAN, {
      personalNumber: '000190123456',
      fullName: 'Dang Thi Lan',
      birthDate: '1990-01-01',
    });
    expect(match).toEqual({ number: 'exact', name: 'spelling', birthDate: 'year-only' });
    expect(agrees(match)).toBe(true);
  });

  test('is found by a former number, and contradicted by another birth date', () => {
    const match = matchPerson(LAN, { oldNumbers: ['001234567'], birthDate: '1991-05-04' });
    expect(match).toEqual({ number: 'old-number', name: undefined, birthDate: 'differs' });
    expect(agrees(match)).toBe(false);
  });
});

describe('where a sign-in leads', () => {
  test.each([
    ['/giay-to?loai=1', '/giay-to?loai=1'],
    ['/', '/'],
    ['https://evil.example', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/a\\..\\b', '/'],
    ['/\t/evil.example', '/'],
    ['/\n/evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['giay-to', '/'],
    ['/dang-nhap?ve=/', '/'],
    [undefined, '/'],
    [['/a', '/b'], '/'],
    [`/${'a'.repeat(2_000)}`, '/'],
  ])('%j leads to %s', (asked, path) => {
    expect(safeReturnPath(asked)).toBe(path);
  });

  test('whatever is asked, the answer stays on this host', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'/\\@:?#.ae\t\n%') }), (asked) => {
        expect(new URL(safeReturnPath(asked), 'https://kho.example').host).toBe('kho.example');
      }),
    );
  });
});

describe('sessions', () => {
  const at = (minutes: number): Date => new Date(Date.UTC(2026, 10, 24) + minutes * 60_000);
  const session = { lastSeenAt: at(60), expiresAt: at(720) };

  test.each([
    [89, false],
    [90, true],
    [720, true],
  ])('at minute %i: over is %s', (minutes, over) => {
    expect(isOver(session, at(minutes), SESSION_LIMITS)).toBe(over);
  });

  test('a busy one ends at its absolute limit', () => {
    expect(isOver({ lastSeenAt: at(719), expiresAt: at(720) }, at(720), SESSION_LIMITS)).toBe(true);
  });

  test('what is no token has no digest, and form tokens differ by session', () => {
    expect(tokenDigest('')).toBeUndefined();
    expect(tokenDigest('x'.repeat(44))).toBeUndefined();
    const [a, b] = [newToken(), newToken()];
    expect(tokenDigest(a)).toHaveLength(32);
    expect(formTokenOf(a)).not.toBe(formTokenOf(b));
    expect(formTokenOf(a)).not.toContain(a);
  });
});
