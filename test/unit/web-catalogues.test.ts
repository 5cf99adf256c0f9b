import { describe, expect, test } from '@jest/globals';
import { content as consent } from '../../src/consent/content.ts';
import { content as digitisation } from '../../src/digitisation/content.ts';
import { content as documents } from '../../src/documents/content.ts';
import { content as identity } from '../../src/identity/content.ts';
import { content as issuance } from '../../src/issuance/content.ts';
import { content as ledger } from '../../src/ledger/content.ts';
import { content as preparation } from '../../src/preparation/content.ts';
import { content as reuse } from '../../src/reuse/content.ts';
import { content as statistics } from '../../src/statistics/content.ts';
import { content as verification } from '../../src/verification/content.ts';
import { shared } from '../../src/web/content.ts';
import { en as errorsEn } from '../../src/web/error-content.en.ts';
import { vi as errorsVi } from '../../src/web/error-content.vi.ts';
import { infoContent as info } from '../../src/web/info-pages.tsx';

const errors = { vi: errorsVi, en: errorsEn };
const catalogues = {
  shared,
  errors,
  info,
  consent,
  digitisation,
  documents,
  identity,
  issuance,
  ledger,
  reuse,
  preparation,
  statistics,
  verification,
};

/** Every text with its path; a function is called with small numbers, which also stand for words. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function')
    return texts((value as (...parts: unknown[]) => unknown)('2', '3', '4'), path);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => texts(part, `${path}.${key}`));
}

describe.each(Object.entries(catalogues))('%s', (_name, catalogue) => {
  const vi = new Map(texts(catalogue.vi));
  const en = new Map(texts(catalogue.en));

  test('has the same texts in both languages, none empty', () => {
    expect([...en.keys()].sort()).toEqual([...vi.keys()].sort());
    expect([...vi, ...en].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('leaves no Vietnamese in English', () => {
    const marks = /[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;
    const names = /Một Lần|“Quên mật khẩu”|Tiếng Việt/g;
    expect([...en].filter(([, text]) => marks.test(text.replace(names, '')))).toEqual([]);
  });

  test('blames nobody, shouts nothing, and never says “bạn” or “quý khách”', () => {
    expect([...vi].filter(([, text]) => /\bbạn\b|quý khách|xin lỗi|đã có lỗi|!/i.test(text))).toEqual([]);
  });
});
