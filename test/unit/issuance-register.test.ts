import { expect, test } from '@jest/globals';
import {
  type Annotation,
  type AnnotationContent,
  entryDigest,
  isNumberFormat,
  labelOf,
  pageDigest,
  pageOf,
  type RegisterEntry,
  standingOf,
} from '../../src/issuance/register.ts';
import { mayAnnotate, mayAskForCopy, mayCopy } from '../../src/issuance/register-policy.ts';
import { negativeReply } from '../../src/issuance/register-reply.ts';
import { searchName } from '../../src/issuance/search-name.ts';

const entry: RegisterEntry = {
  id: 'e',
  bookId: 'b',
  number: 7,
  label: '00007/2026',
  page: 1,
  enteredOn: '2026-06-01',
  holderId: null,
  documentId: null,
  copyOf: null,
  fields: { fullName: 'Trần Văn An', graduationYear: 2026 },
  digest: 'd',
};
const content: AnnotationContent = {
  kind: 'correction',
  decisionNumber: '12/QĐ',
  decisionDate: '2026-07-01',
  authority: 'Sở Giáo dục và Đào tạo',
  reason: 'Cải chính hộ tịch',
  changes: { fullName: 'Trần Văn Ân' },
  newEntryId: null,
};
const annotation = (given: Partial<AnnotationContent>): Annotation => ({
  ...content,
  ...given,
  id: 'a',
  entryId: 'e',
  number: 1,
  on: '2026-07-02',
  digest: 'x',
});

test('numbers are written as the book says', () => {
  expect(labelOf({ numberFormat: '{number:5}/THPT/{year}', year: 2026 }, 7)).toBe('00007/THPT/2026');
  expect(labelOf({ numberFormat: '{number}', year: 2026 }, 123456)).toBe('123456');
  expect(['{number}', 'A {number:5}-{year}'].every(isNumberFormat)).toBe(true);
  expect(['{year}', '{nummer}', '', '{number', `{number}${'x'.repeat(60)}`].some(isNumberFormat)).toBe(false);
  expect([1, 50, 51].map((number) => pageOf({ entriesPerPage: 50 }, number))).toEqual([1, 1, 2]);
});

test('a correction changes how an entry reads and not the entry', () => {
  const standing = standingOf(entry, [annotation({})]);
  expect(standing).toMatchObject({
    state: 'in-force',
    fields: { fullName: 'Trần Văn Ân', graduationYear: 2026 },
  });
  expect(entry.fields.fullName).toBe('Trần Văn An');
});

test('revoked, annulled, issued again and voided entries stand no longer and take only notes', () => {
  for (const [kind, state] of [
    ['revocation', 'revoked'],
    ['annulment', 'annulled'],
    ['voided', 'voided'],
    ['reissue', 'reissued'],
  ] as const) {
    const standing = standingOf(entry, [annotation({ kind, newEntryId: 'n' })]);
    expect(standing.state).toBe(state);
    expect(mayCopy(standing).allowed).toBe(false);
    expect(mayAnnotate(standing, content).allowed).toBe(false);
    expect(mayAnnotate(standing, { ...content, kind: 'note' }).allowed).toBe(true);
  }
});

test('an annotation needs its decision, a reason and something to say', () => {
  const standing = standingOf(entry, []);
  expect(mayAnnotate(standing, content).allowed).toBe(true);
  for (const missing of [
    { decisionNumber: null },
    { decisionDate: null },
    { authority: null },
    { reason: ' ' },
    { changes: {} },
  ]) {
    expect(mayAnnotate(standing, { ...content, ...missing }).allowed).toBe(false);
  }
  expect(mayAnnotate(standing, { ...content, kind: 'reissue' }).allowed).toBe(false);
});

test('who may ask for a copy: the holder, who acts for the holder, family after death', () => {
  expect(mayAskForCopy('holder', { deceased: false }).allowed).toBe(true);
  expect(mayAskForCopy('authorised-representative', { deceased: false }).allowed).toBe(true);
  expect(mayAskForCopy('sibling', { deceased: false }).allowed).toBe(false);
  expect(mayAskForCopy('sibling', { deceased: true }).allowed).toBe(true);
  expect(mayAskForCopy('other', { deceased: true }).allowed).toBe(false);
});

test('digests tell every change, and pages are chained', () => {
  const { digest: _, ...bare } = entry;
  const digests = [
    bare,
    { ...bare, number: 8 },
    { ...bare, label: '7' },
    { ...bare, fields: { ...bare.fields, graduationYear: 2025 } },
    { ...bare, holderId: 'p' },
  ].map(entryDigest);
  expect(new Set(digests).size).toBe(digests.length);
  const page = { bookId: 'b', page: 2, previous: 'p', entries: [{ digest: 'd', annotations: [] }] };
  expect(pageDigest(page)).not.toBe(pageDigest({ ...page, previous: 'q' }));
  expect(pageDigest(page)).not.toBe(pageDigest({ ...page, entries: [{ digest: 'd', annotations: ['x'] }] }));
});

test('the written reply says who searched what, and never by which values', () => {
  const facts = {
    agency: { vi: 'Sở Giáo dục và Đào tạo', en: 'The department' },
    documentType: { vi: 'bằng tốt nghiệp', en: 'diplomas' },
    years: [1990],
    searchedBy: ['name', 'birthDate'],
    on: '2026-11-24',
  };
  expect(negativeReply({ ...facts, kind: 'book-lost' }).words.vi).toContain('không còn lưu được sổ gốc');
  expect(negativeReply({ ...facts, kind: 'no-entry' }).words.vi).toContain('24/11/2026');
});

test('names are found however they were typed', () => {
  expect(searchName('  NGUYỄN   Thị Đào ')).toBe('nguyen thi dao');
  expect(searchName('Nguyễn Thị Đào'.normalize('NFD'))).toBe('nguyen thi dao');
});
