import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findDocument } from '../../src/documents/index.ts';
import { type BatchService, type RunnerParts, runBatch } from '../../src/issuance/index.ts';
import type { Database } from '../../src/platform/database.ts';
import { SigningError } from '../../src/signing/index.ts';
import type { SealedObjects } from '../../storage/index.ts';
import {
  SCHOOL as agencyId,
  createIssuingSchool,
  DIPLOMA as documentType,
  type IssuingSchool,
  official as person,
} from '../support/issuing-school.ts';

const clerk = person('clerk', 'school-clerk');
const head = person('head', 'head');

let school: IssuingSchool;
let database: Database;
let batches: BatchService;
let parts: RunnerParts;

beforeAll(async () => {
  school = await createIssuingSchool();
  ({ database, batches, parts } = school);
});
afterAll(async () => {
  await school[Symbol.asyncDispose]();
});

let counter = 0;
const rowsOf = (count: number) =>
  Array.from({ length: count }, () => {
    counter += 1;
    return `Học Sinh Số ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[counter % 26]},04/05/2008,0003081${String(counter).padStart(5, '0')},THPT Nguyễn Bỉnh Khiêm,2026,A${counter}`;
  });
const heading = '"Họ, chữ đệm, tên",Ngày sinh,Số định danh cá nhân,Trường,Năm tốt nghiệp,Số hiệu văn bằng';
const table = (rows: readonly string[]) => Buffer.from(`${heading}\n${rows.join('\n')}\n`);

async function prepare(rows: readonly string[], more = {}) {
  const bookId = await school.openBook();
  return batches.prepare(clerk, {
    agencyId,
    documentType,
    bookId,
    issuedOn: '2026-06-20',
    place: 'Thanh Bình',
    signer: { title: 'Hiệu trưởng', name: 'Hoàng Thị Ngọc Ánh' },
    decisionDate: '2026-06-18',
    table: table(rows),
    ...more,
  });
}
async function running(rows: readonly string[]) {
  const prepared = await prepare(rows);
  if (!prepared.ok || !prepared.batch) throw new Error(JSON.stringify(prepared));
  return batches.approve(head, prepared.batch.id);
}
const count = async (statement: string, id: string): Promise<number> =>
  (await database.read<{ n: number }>(statement, [id]))[0]?.n ?? -1;
const numbersOf = async (bookId: string) =>
  (
    await database.read<{ number: number }>(
      'SELECT number FROM register_entry WHERE book_id = $1::uuid ORDER BY number',
      [bookId],
    )
  ).map(({ number }) => number);

test('a table becomes signed papers in their owners’ vault, with numbers without gaps', async () => {
  const batch = await running(rowsOf(6));
  expect(await runBatch(parts, batch.id)).toBe(6);
  const { batch: now, items } = await batches.progress(clerk, batch.id);
  expect(now.state).toBe('finished');
  expect(items).toEqual({ issued: 6 });
  expect(await numbersOf(batch.bookId)).toEqual([1, 2, 3, 4, 5, 6]);
  const [row] = await database.read<{ document_id: string; owner_id: string }>(
    'SELECT document_id::text, owner_id::text FROM issue_item WHERE batch_id = $1::uuid AND row = 2',
    [batch.id],
  );
  const document = await database.transactSql((sql) => findDocument(sql, row?.document_id ?? ''));
  expect(document).toMatchObject({
    provenance: 'digital-diploma',
    symbol: '1/2026',
    owners: [{ kind: 'person', id: row?.owner_id }],
    metadata: { registerEntry: '1/2026' },
    status: { status: 'active' },
  });
  expect(
    await count(
      "SELECT count(*)::int AS n FROM ledger_event WHERE type = 'diploma.issued' AND detail->>'batch' = $1",
      batch.id,
    ),
  ).toBe(6);
});

describe('before anything is issued', () => {
  test('a fault in one row keeps the whole table out, and a dry run keeps nothing', async () => {
    const bad = await prepare([
      ...rowsOf(2),
      'Thiếu Số,04/05/2008,,THPT X,2026,B1',
      `${'Rất '.repeat(60)}Dài,04/05/2008,000308999999,THPT X,2026,B2`,
    ]);
    expect(bad).toMatchObject({ ok: false, sheet: { faults: [{ row: 5 }, { row: 4 }] } });
    expect(await prepare(rowsOf(2), { dryRun: true })).toEqual({ ok: true, batch: null, rows: 2 });
  });

  test('a number the register holds already is told by row', async () => {
    const rows = rowsOf(2);
    const batch = await running(rows);
    await runBatch(parts, batch.id);
    const again = await prepare(rows);
    expect(again.ok ? [] : again.sheet.faults.map(({ row }) => row)).toEqual([2, 3]);
  });

  test('who prepared does not approve; another body’s people do neither', async () => {
    const prepared = await prepare(rowsOf(1));
    if (!prepared.ok || !prepared.batch) throw new Error('not prepared');
    const { id } = prepared.batch;
    await expect(batches.approve(clerk, id)).rejects.toMatchObject({ code: 'role-needed' });
    await expect(batches.approve(person('clerk', 'head'), id)).rejects.toMatchObject({
      code: 'second-person-needed',
    });
    await expect(batches.approve(person('other', 'head', 'H17.901'), id)).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(batches.progress(person('other', 'head', 'H17.901'), id)).rejects.toMatchObject({
      kind: 'forbidden',
    });
    expect(await runBatch(parts, id)).toBe(0);
  });

  test('a body that the catalogue does not let issue the type is refused', async () => {
    await expect(prepare(rowsOf(1), { issuedOn: '2026-04-01' })).rejects.toMatchObject({ kind: 'invalid' });
  });
});

test('a run that dies anywhere loses no row, repeats none and leaves no gap', async () => {
  const batch = await running(rowsOf(10));
  let deaths = 0;
  // Dies at the n-th use of the key, and at the n-th time bytes are kept, for growing n.
  for (let n = 1; n <= 7; n += 1) {
    let left = n;
    const die = () => {
      left -= 1;
      if (left === 0) throw new Error('killed');
    };
    const objects = new Proxy(parts.objects, {
      get: (target, key) =>
        key === 'writeObject'
          ? async (...given: Parameters<SealedObjects['writeObject']>) => {
              const stored = await target.writeObject(...given);
              die();
              return stored;
            }
          : Reflect.get(target, key),
    });
    await runBatch({ ...parts, objects }, batch.id).catch(() => {
      deaths += 1;
    });
  }
  expect(deaths).toBeGreaterThanOrEqual(4);
  await runBatch(parts, batch.id);
  const { batch: now, items } = await batches.progress(clerk, batch.id);
  expect({ state: now.state, items }).toEqual({ state: 'finished', items: { issued: 10 } });
  expect(await numbersOf(batch.bookId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const documents =
    'SELECT count(DISTINCT d.id)::int AS n FROM issue_item i JOIN document d ON d.id = i.document_id WHERE i.batch_id = $1::uuid';
  expect(await count(documents, batch.id)).toBe(10);
  const kept = `SELECT count(*)::int AS n FROM issue_item i JOIN signing_intent s ON s.document_id = i.document_id
                 WHERE i.batch_id = $1::uuid AND s.outcome = 'kept'`;
  expect(await count(kept, batch.id)).toBe(10);
});

test('two runners at once issue each row once', async () => {
  const batch = await running(rowsOf(8));
  await Promise.all([runBatch(parts, batch.id), runBatch(parts, batch.id)]);
  await runBatch(parts, batch.id);
  expect((await batches.progress(clerk, batch.id)).items).toEqual({ issued: 8 });
  expect(await numbersOf(batch.bookId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a key that disappears pauses the batch with the reason; it goes on where it stood', async () => {
  const batch = await running(rowsOf(3));
  const seals = {
    signerFor: () => {
      throw new SigningError('signer-unavailable', 'The token was pulled out.');
    },
  };
  expect(await runBatch({ ...parts, seals }, batch.id)).toBe(0);
  const paused = await batches.progress(clerk, batch.id);
  expect(paused.batch).toMatchObject({ state: 'paused', problem: 'The token was pulled out.' });
  await batches.approve(head, batch.id);
  expect(await runBatch(parts, batch.id)).toBe(3);
  expect(await numbersOf(batch.bookId)).toEqual([1, 2, 3]);
});

test('cancelling voids what was reserved, in the register too', async () => {
  const batch = await running(rowsOf(6));
  const broken = {
    ...parts,
    baseUrl: parts.baseUrl,
    objects: new Proxy(parts.objects, { get: () => () => Promise.reject(new Error('killed')) }),
  };
  await expect(runBatch(broken, batch.id)).rejects.toThrow('killed');
  await batches.cancel(head, batch.id);
  expect(await runBatch(parts, batch.id)).toBe(0);
  expect((await batches.progress(clerk, batch.id)).items).toEqual({ void: 6 });
  const voided = `SELECT count(*)::int AS n FROM register_annotation a JOIN register_entry e ON e.id = a.entry_id
                   WHERE e.book_id = $1::uuid AND a.kind = 'voided'`;
  expect(await count(voided, batch.bookId)).toBe((await numbersOf(batch.bookId)).length);
});

test('a person whose name differs from the vault’s fails that row before it costs a number', async () => {
  const [first] = rowsOf(1);
  const one = await running([first ?? '']);
  await runBatch(parts, one.id);
  const other = (first ?? '').replace(/^[^,]+/, 'Tên Khác Hẳn').replace(/A(\d+)$/, 'C$1');
  const batch = await running([other, ...rowsOf(1)]);
  await runBatch(parts, batch.id);
  expect((await batches.progress(clerk, batch.id)).items).toEqual({ failed: 1, issued: 1 });
  expect(await numbersOf(batch.bookId)).toEqual([1]);
});
