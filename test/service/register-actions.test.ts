/** What is decided after papers were issued: a cohort revoked and issued again, corrections, suspensions, copies that die. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findDocument, statusHistory } from '../../src/documents/index.ts';
import { correctPaper, RegisterActions, runBatch } from '../../src/issuance/index.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import {
  SCHOOL as agencyId,
  createIssuingSchool,
  DIPLOMA as documentType,
  type IssuingSchool,
  official,
} from '../support/issuing-school.ts';

const clerk = official('clerk', 'school-clerk');
const head = official('head', 'head');
const cohort = 200;

let school: IssuingSchool;
let actions: RegisterActions;
let woken: string[] = [];

beforeAll(async () => {
  school = await createIssuingSchool();
  const { database, registers, parts } = school;
  actions = new RegisterActions({
    database,
    registers,
    catalogue: parts.catalogue,
    clock,
    correctPaper: (correction) => correctPaper(parts, correction),
    wake: (id) => woken.push(id),
  });
});
afterAll(async () => {
  await school[Symbol.asyncDispose]();
});

let people = 0;
async function issue(count: number): Promise<{ entryId: string; documentId: string }[]> {
  const heading = '"Họ, chữ đệm, tên",Ngày sinh,Số định danh cá nhân,Trường,Năm tốt nghiệp,Số hiệu văn bằng';
  const rows = Array.from({ length: count }, (_, index) => {
    const number = people + index;
    return `Trần Thị Khóa Học,04/05/2008,0003083${String(number).padStart(5, '0')},THPT X,2026,R${number}`;
  });
  people += count;
  const prepared = await school.batches.prepare(clerk, {
    agencyId,
    documentType,
    bookId: await school.openBook(),
    issuedOn: '2026-06-20',
    place: 'Thanh Bình',
    signer: { title: 'Hiệu trưởng', name: 'Lương Thị Hạnh' },
    decisionDate: '2026-06-18',
    table: Buffer.from(`${heading}\n${rows.join('\n')}\n`),
  });
  if (!prepared.ok || !prepared.batch) throw new Error(JSON.stringify(prepared));
  await school.batches.approve(head, prepared.batch.id);
  expect(await runBatch({ ...school.parts, chunk: 100 }, prepared.batch.id)).toBe(count);
  return school.database.read(
    `SELECT entry_id::text AS "entryId", document_id::text AS "documentId" FROM issue_item
      WHERE batch_id = $1::uuid ORDER BY row`,
    [prepared.batch.id],
  );
}
const decision = {
  agencyId,
  decisionNumber: '77/QĐ',
  decisionDate: '2026-07-01',
  authority: 'Sở GD&ĐT',
  reason: 'Chấm lại bài thi',
};
const statusOf = async (documentId: string) =>
  (await school.database.transactSql((sql) => findDocument(sql, documentId)))?.status;
const events = async (type: string, ids: readonly string[]): Promise<number> =>
  (
    await school.database.read<{ n: number }>(
      'SELECT count(*)::int AS n FROM outbox_event WHERE type = $1 AND subject = ANY($2::text[])',
      [type, [...ids]],
    )
  )[0]?.n ?? -1;

test(`a cohort of ${cohort} is revoked at once and issued again, and those who must know are told once each`, async () => {
  const issued = await issue(cohort);
  const entryIds = issued.map(({ entryId }) => entryId);
  const documentIds = issued.map(({ documentId }) => documentId);
  const dry = await actions.prepare(clerk, { ...decision, kind: 'revoke', entryIds, dryRun: true });
  expect(dry.action).toBeNull();
  expect(dry.entries.filter(({ allowed }) => allowed)).toHaveLength(cohort);
  expect(await events('document.revoked.v1', documentIds)).toBe(0);

  const { action } = await actions.prepare(clerk, { ...decision, kind: 'revoke', entryIds });
  if (!action) throw new Error('not prepared');
  await expect(actions.approve(clerk, action.id)).rejects.toMatchObject({ code: 'role-needed' });
  await expect(actions.approve(official('clerk', 'head'), action.id)).rejects.toMatchObject({
    code: 'second-person-needed',
  });
  expect((await actions.approve(head, action.id)).state).toBe('done');
  await expect(actions.approve(head, action.id)).rejects.toMatchObject({ kind: 'conflict' });
  expect(await events('document.revoked.v1', documentIds)).toBe(cohort);
  expect((await statusOf(documentIds[7] ?? ''))?.status).toBe('revoked');

  woken = [];
  const again = await actions.prepare(clerk, {
    ...decision,
    kind: 'reissue',
    decisionNumber: '78/QĐ',
    entryIds,
    changes: { schoolName: 'THPT Nguyễn Bỉnh Khiêm' },
  });
  await actions.approve(head, again.action?.id ?? '');
  const [batchId = ''] = woken;
  expect(await runBatch({ ...school.parts, chunk: 100 }, batchId)).toBe(cohort);
  const plan = await actions.look(clerk, again.action?.id ?? '');
  expect(plan.action?.state).toBe('done');
  expect(plan.entries.every(({ outcome }) => outcome === 'done')).toBe(true);
  const fresh = await school.database.read<{ id: string; number: number; school: string }>(
    `SELECT d.id::text, e.number, d.metadata->>'schoolName' AS school FROM issue_item i
       JOIN document d ON d.id = i.document_id JOIN register_entry e ON e.id = i.entry_id
      WHERE i.batch_id = $1::uuid ORDER BY e.number`,
    [batchId],
  );
  expect(fresh).toHaveLength(cohort);
  expect(new Set(fresh.map(({ number }) => number)).size).toBe(cohort);
  expect(new Set(fresh.map((row) => row.school))).toEqual(new Set(['THPT Nguyễn Bỉnh Khiêm']));
  expect((await statusOf(documentIds[7] ?? ''))?.status).toBe('revoked');
  const old = await school.database.transactSql((sql) => school.registers.read(sql, entryIds[7] ?? ''));
  expect(old.annotations.map(({ kind }) => kind)).toEqual(['revocation', 'note']);
  expect(old.annotations[1]?.newEntryId).not.toBeNull();
}, 180_000);

test('what is in force and issued again is superseded by its successor, in one step', async () => {
  const [one] = await issue(1);
  if (!one) throw new Error('nothing was issued');
  woken = [];
  const { action } = await actions.prepare(clerk, { ...decision, kind: 'reissue', entryIds: [one.entryId] });
  await actions.approve(head, action?.id ?? '');
  await runBatch(school.parts, woken[0] ?? '');
  const status = await statusOf(one.documentId);
  expect(status).toMatchObject({ status: 'superseded', decisionNumber: '77/QĐ' });
  expect((await statusOf(status?.successorId ?? ''))?.status).toBe('active');
  expect(await events('document.superseded.v1', [one.documentId])).toBe(1);
});

test('a correction makes a new version under the same number, and the register shows both readings', async () => {
  const [one] = await issue(1);
  if (!one) throw new Error('nothing was issued');
  const before = await school.database.transactSql((sql) => findDocument(sql, one.documentId));
  const { action } = await actions.prepare(clerk, {
    ...decision,
    kind: 'correct',
    entryIds: [one.entryId],
    changes: { fullName: 'Trần Thị Khóa Hạc' },
  });
  await actions.approve(head, action?.id ?? '');
  const after = await school.database.transactSql((sql) => findDocument(sql, one.documentId));
  expect(after).toMatchObject({
    symbol: before?.symbol,
    verificationCode: before?.verificationCode,
    metadata: { fullName: 'Trần Thị Khóa Hạc' },
    version: { number: 2 },
    status: { status: 'active' },
  });
  const { entry, standing } = await school.database.transactSql((sql) =>
    school.registers.read(sql, one.entryId),
  );
  expect([entry.fields.fullName, standing.fields.fullName]).toEqual([
    'Trần Thị Khóa Học',
    'Trần Thị Khóa Hạc',
  ]);
  expect(await events('document.corrected.v1', [one.documentId])).toBe(1);
});

test('suspended, resumed, annulled; entries of others and what ended are told', async () => {
  const [one, two] = await issue(2);
  if (!one || !two) throw new Error('nothing was issued');
  for (const kind of ['suspend', 'resume', 'annul'] as const) {
    const { action } = await actions.prepare(clerk, { ...decision, kind, entryIds: [one.entryId] });
    await actions.approve(head, action?.id ?? '');
  }
  const history = await school.database.transactSql((sql) => statusHistory(sql, one.documentId));
  expect(history.map(({ status }) => status)).toEqual(['active', 'suspended', 'active', 'annulled']);
  const mixed = await actions.prepare(clerk, {
    ...decision,
    kind: 'revoke',
    entryIds: [one.entryId, two.entryId],
    dryRun: true,
  });
  await expect(
    actions.prepare(clerk, {
      ...decision,
      kind: 'correct',
      entryIds: [two.entryId],
      changes: { nichts: 'x' },
    }),
  ).rejects.toMatchObject({ kind: 'invalid', code: 'entry-fields' });
  expect(mixed.entries.map(({ allowed }) => allowed)).toEqual([false, true]);
  await expect(
    actions.prepare(official('other', 'head', 'H17.991'), {
      ...decision,
      agencyId: 'H17.991',
      kind: 'revoke',
      entryIds: [two.entryId],
    }),
  ).rejects.toMatchObject({ kind: 'invalid' });
});
