import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as format from '../../src/web/i18n/format.ts';
import { inLanguage } from '../../src/web/i18n/language.ts';
import { matchesSearch, searchKey } from '../../src/web/i18n/search-key.ts';

describe('dates are those of Viet Nam', () => {
  test('a late evening in UTC is the next morning there', () => {
    const instant = new Date('2026-11-22T17:05:09Z');
    expect(format.formatDate(instant)).toBe('23/11/2026');
    expect(format.formatTime(instant)).toBe('00:05');
    expect(format.formatInstant(instant)).toBe('23/11/2026 00:05:09 +07:00');
    expect(format.formatWeekday(instant, 'vi')).toBe('Thứ Hai, 23/11/2026');
    expect(format.formatWeekday(instant, 'en')).toBe('Monday, 23/11/2026');
  });

  test('days left are calendar days, not spans of 24 hours', () => {
    expect(format.daysUntil(new Date('2026-11-23T17:30:00Z'), new Date('2026-11-23T16:30:00Z'))).toBe(1);
    expect(format.daysUntil(new Date('2026-11-25T10:00:00Z'), new Date('2026-11-23T02:00:00Z'))).toBe(2);
    expect(format.daysUntil(new Date('2026-11-22T10:00:00Z'), new Date('2026-11-23T02:00:00Z'))).toBe(-1);
  });
});

test('numbers follow the language', () => {
  expect(format.formatNumber(1208, 'vi')).toBe('1.208');
  expect(format.formatNumber(1_234_567.25, 'en')).toBe('1,234,567.3');
  expect(format.formatNumber(-7.2, 'vi')).toBe('−7,2');
  expect(format.formatPercent(0.498, 'vi')).toBe('49,8%');
  expect(format.formatPercent(0.87, 'en')).toBe('87.0%');
  expect(format.formatBytes(412_345, 'vi')).toBe('412 kB');
  expect(format.formatBytes(2_350_000, 'vi')).toBe('2,4 MB');
});

test('a percentage never differs from its share by more than half a tenth', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      const shown = Number(format.formatPercent(share, 'en').slice(0, -1)) / 100;
      expect(Math.abs(shown - share)).toBeLessThanOrEqual(0.000501);
    }),
  );
});

test('masks hide the middle of a number and the given name', () => {
  expect(format.maskNumber('000 168 004 207')).toBe('0001••••4207');
  expect(format.maskNumber('12345')).toBe('••••45');
  expect(format.maskName('Nguyễn Thị Hạnh')).toBe('Nguyễn Thị H•••');
  expect(format.maskName('ĐỨC')).toBe('Đ•••');
  expect(format.maskSerial('B 0412345')).toBe('B 0412•••');
});

describe('search forgives missing marks', () => {
  test.each(['ket hon', 'KẾT HÔN', 'kết  hôn', 'hôn kết', 'kết hôn'.normalize('NFD')])('%s', (query) => {
    expect(matchesSearch('Giấy chứng nhận kết hôn', query)).toBe(true);
  });

  test('đ and d are one letter', () => {
    expect(searchKey('Quyền sử dụng ĐẤT')).toBe('quyen su dung dat');
    expect(matchesSearch('Đăng ký', 'dang ky')).toBe(true);
    expect(matchesSearch('Khai sinh', 'khai tu')).toBe(false);
  });

  test('composed and decomposed text have the same key, and a key is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(searchKey(text.normalize('NFC'))).toBe(searchKey(text.normalize('NFD')));
        expect(searchKey(searchKey(text))).toBe(searchKey(text));
      }),
    );
  });
});

test('the link to the other language keeps the rest of the address', () => {
  expect(inLanguage('/ai-da-xem?trang=2&lang=vi', 'en')).toBe('/ai-da-xem?trang=2&lang=en');
  expect(inLanguage('/', 'vi')).toBe('/?lang=vi');
});
