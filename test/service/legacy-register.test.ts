/** A paper register of 1990 is read in with its scanned pages, searched, copied from; who may not ask gets no copy. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findDocument } from '../../src/documents/index.ts';
import {
  importRegister,
  issueCopy,
  RegisterActions,
  RegisterDesk,
  voidLostCopies,
} from '../../src/issuance/index.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { SigningError } from '../../src/signing/index.ts';
import {
  SCHOOL as agencyId,
  createIssuingSchool,
  DIPLOMA as documentType,
  type IssuingSchool,
  official,
} from '../support/issuing-school.ts';

const clerk = official('clerk', 'school-clerk');
const head = official('head', 'head');
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1]);
const heading =
  '"Họ, chữ đệm, tên",Ngày sinh,Trường,Năm tốt nghiệp,Số hiệu văn bằng,Số vào sổ gốc cấp bằng,Số định danh cá nhân';
const rows = [
  'Nguyễn Văn Xưa,1972,THPT Cũ,1990,B 012345,01/PT,',
  'Trần Thị Đào,12/03/1973,THPT Cũ,1990,B 012346,02/PT,000173000345',
];
const book = { agencyId, documentType, year: 1990, series: '', scans: [jpeg, Buffer.from('%PDF-1.4\n')] };
const table = (lines: readonly string[]) => Buffer.from(`${heading}\n${lines.join('\n')}\n`);

let school: IssuingSchool;
let desk: RegisterDesk;
beforeAll(async () => {
  school = await createIssuingSchool();
  const { database, registers, parts } = school;
  desk = new RegisterDesk({
    database,
    registers,
    catalogue: parts.catalogue,
    clock,
    signPage: async (_, digest) => digest,
  });
});
afterAll(async () => {
  await school[Symbol.asyncDispose]();
});
const copy = {
  agencyId,
  requester: { name: 'Trần Thị Đào', relation: 'holder' },
  holderNumber: null,
  quantity: 2,
  place: 'Thanh Bình',
  signer: { title: 'Hiệu trưởng', name: 'Lương Thị Hạnh' },
} as const;

test('faults, impossible years and pictures that are none write nothing', async () => {
  const bad = await importRegister(school.parts, clerk, { ...book, table: table([...rows, rows[1] ?? '']) });
  expect(bad.ok ? [] : bad.faults.map(({ row }) => row)).toEqual(expect.arrayContaining([4]));
  await expect(
    importRegister(school.parts, clerk, { ...book, year: 1890, table: table(rows) }),
  ).rejects.toMatchObject({ kind: 'invalid' });
  await expect(
    importRegister(school.parts, clerk, { ...book, scans: [Buffer.from('GIF89a')], table: table(rows) }),
  ).rejects.toMatchObject({ kind: 'invalid' });
  expect(await importRegister(school.parts, clerk, { ...book, dryRun: true, table: table(rows) })).toEqual({
    ok: true,
    bookId: null,
    entries: 2,
    scans: 2,
  });
  expect(await desk.books(clerk)).toEqual([]);
});

test('the book is read in, searched without marks, and copied from exactly', async () => {
  const made = await importRegister(school.parts, clerk, { ...book, table: table(rows) });
  if (!made.ok || !made.bookId) throw new Error(JSON.stringify(made));
  const page = await desk.page(clerk, made.bookId, 1);
  expect(page).toMatchObject({ scans: 2, book: { state: 'closed', lastNumber: 2 } });
  expect(page.entries.map(({ entry }) => entry.label)).toEqual(['01/PT', '02/PT']);
  const by = { name: 'tran thi dao', birthDate: '1973' };
  const found = await desk.search(clerk, { agencyId, documentType, by });
  if (!found.found) throw new Error('not found');
  const entryId = found.entries[0]?.entry.id ?? '';

  const receipt = await issueCopy(school.parts, clerk, { ...copy, entryId });
  expect(receipt.label).toMatch(/^1\/\d{4}\/BS$/);
  const document = await school.database.transactSql((sql) => findDocument(sql, receipt.documentId));
  expect(document).toMatchObject({
    provenance: 'register-copy',
    status: { status: 'active' },
    metadata: {
      fullName: 'Trần Thị Đào',
      birthDate: '1973-03-12',
      diplomaNumber: 'B 012346',
      registerEntry: '02/PT',
      copyRegisterNumber: receipt.label,
    },
  });
  await expect(
    issueCopy(school.parts, clerk, {
      ...copy,
      entryId,
      requester: { name: 'Người Lạ', relation: 'sibling' },
    }),
  ).rejects.toMatchObject({ code: 'may-not-ask' });
  await expect(
    issueCopy(school.parts, official('x', 'school-clerk', 'H17.991'), { ...copy, entryId }),
  ).rejects.toMatchObject({ code: 'role-needed' });

  const actions = new RegisterActions({
    ...school.parts,
    correctPaper: async () => undefined,
    wake: () => undefined,
  });
  const { action } = await actions.prepare(clerk, {
    agencyId,
    kind: 'revoke',
    entryIds: [entryId],
    decisionNumber: '5/QĐ',
    decisionDate: '2026-11-01',
    authority: 'Sở GD&ĐT',
    reason: 'Hồ sơ dự thi không hợp lệ',
  });
  await actions.approve(head, action?.id ?? '');
  const dead = await school.database.transactSql((sql) => findDocument(sql, receipt.documentId));
  expect(dead?.status).toMatchObject({ status: 'revoked', decisionNumber: '5/QĐ' });
  await expect(issueCopy(school.parts, clerk, { ...copy, entryId })).rejects.toMatchObject({
    code: 'original-ended',
  });
});

test('an old book without numbers needs the holder’s; a name that differs is told', async () => {
  const found = await desk.search(clerk, { agencyId, documentType, by: { label: '01/PT' } });
  const entryId = found.found ? (found.entries[0]?.entry.id ?? '') : '';
  const order = { ...copy, entryId, requester: { name: 'Nguyễn Văn Xưa', relation: 'holder' } as const };
  await expect(issueCopy(school.parts, clerk, order)).rejects.toMatchObject({ kind: 'invalid' });
  await expect(
    issueCopy(school.parts, clerk, { ...order, holderNumber: '000173000345' }),
  ).rejects.toMatchObject({ kind: 'conflict' });
  expect(await issueCopy(school.parts, clerk, { ...order, holderNumber: '000072000346' })).toMatchObject({
    label: expect.stringMatching(/BS$/),
  });
});

test('no entry, no book, a lost book: the written reply', async () => {
  const none = await desk.search(clerk, { agencyId, documentType, by: { label: '99/PT' } });
  expect(none.found ? '' : none.reply.kind).toBe('no-entry');
  const other = await desk.search(clerk, {
    agencyId,
    documentType: 'LOCAL.CERTIFICATE',
    by: { label: '1' },
  });
  expect(other.found ? '' : other.reply.words.vi).toContain('không cấp được bản sao từ sổ gốc');
});

test('a copy whose key disappears leaves a number that is voided with a reason, not a gap', async () => {
  const found = await desk.search(clerk, { agencyId, documentType, by: { label: '01/PT' } });
  const entryId = found.found ? (found.entries[0]?.entry.id ?? '') : '';
  const signer = school.parts.seals.signerFor(agencyId);
  const dead = {
    certificate: signer.certificate,
    chain: signer.chain,
    scheme: signer.scheme,
    maximumSignatureLength: signer.maximumSignatureLength,
    sign: () => Promise.reject(new SigningError('signer-unavailable', 'The token was pulled out.')),
  };
  await expect(
    issueCopy({ ...school.parts, seals: { signerFor: () => dead } }, clerk, {
      ...copy,
      entryId,
      holderNumber: '000072000346',
    }),
  ).rejects.toThrow('The token was pulled out.');
  expect(await voidLostCopies(school.parts, new Date(Date.now() + 1000))).toBe(1);
  expect(await voidLostCopies(school.parts, new Date(Date.now() + 1000))).toBe(0);
});
