import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CatalogueService,
  demoCatalogueFiles,
  importCatalogue,
  shippedCatalogueFiles,
} from '../../src/catalogue/index.ts';
import {
  type AnnotationContent,
  closePages,
  type EntryContent,
  RegisterService,
  searchRegisters,
} from '../../src/issuance/index.ts';
import type { Database } from '../../src/platform/database.ts';
import { fixedClock } from '../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const clock = fixedClock('2026-11-24T03:00:00Z');
const vault = { kind: 'vault' } as const;
const diploma = 'LOCAL.UPPER-SECONDARY-DIPLOMA';
let own: TestDatabase;
let database: Database;
let catalogue: CatalogueService;
let registers: RegisterService;

beforeAll(async () => {
  own = await createTestDatabase();
  database = own.database;
  catalogue = new CatalogueService(database);
  registers = new RegisterService({ catalogue, clock });
  await database.transactSql((sql) =>
    importCatalogue(sql, [...shippedCatalogueFiles(), ...demoCatalogueFiles()], {
      actor: vault,
      at: clock.now(),
    }),
  );
});
afterAll(async () => {
  await own[Symbol.asyncDispose]();
});

let series = 0;
const openBook = (more = {}) => {
  series += 1;
  return database.transactSql((sql) =>
    registers.openBook(sql, vault, {
      agencyId: 'H24.901.05',
      documentType: diploma,
      year: 2026,
      kind: 'originals',
      series: `Q${series}`,
      ...more,
    }),
  );
};
const content = (name: string, more: Partial<EntryContent> = {}): EntryContent => ({
  label: null,
  enteredOn: '2026-06-20',
  holderId: null,
  documentId: null,
  copyOf: null,
  fields: {
    fullName: name,
    birthDate: '2008-05-04',
    schoolName: 'Trường THPT Nguyễn Bỉnh Khiêm',
    graduationYear: 2026,
    diplomaNumber: `A${randomUUID().slice(0, 8)}`,
  },
  ...more,
});
const enter = (bookId: string, contents: EntryContent[]) =>
  database.transactSql((sql) => registers.enter(sql, vault, { bookId, contents }));
const annotate = (entryId: string, given: Partial<AnnotationContent>) =>
  database.transactSql((sql) =>
    registers.annotate(sql, vault, {
      entryId,
      content: {
        kind: 'correction',
        decisionNumber: '12/QĐ',
        decisionDate: '2026-10-01',
        authority: 'Sở Giáo dục và Đào tạo',
        reason: 'Cải chính hộ tịch',
        changes: {},
        newEntryId: null,
        ...given,
      },
    }),
  );
const numbersOf = async (bookId: string) =>
  (
    await database.read<{ number: number }>(
      'SELECT number FROM register_entry WHERE book_id = $1::uuid ORDER BY number',
      [bookId],
    )
  ).map(({ number }) => number);

describe('numbers', () => {
  test('forty writers at once, a third of whom fail after numbering, leave neither gap nor double', async () => {
    const book = await openBook();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) =>
        database.transactSql(async (sql) => {
          await registers.enter(sql, vault, {
            bookId: book.id,
            contents: [content(`Người ${n}`), content(`Bạn ${n}`)],
          });
          if (n % 3 === 0) throw new Error('the paper could not be made');
        }),
      ),
    );
    const kept = outcomes.filter(({ status }) => status === 'fulfilled').length * 2;
    expect(kept).toBe(52);
    expect(await numbersOf(book.id)).toEqual(Array.from({ length: kept }, (_, n) => n + 1));
    const [row] = await database.read<{ last_number: number }>(
      'SELECT last_number FROM register_book WHERE id = $1::uuid',
      [book.id],
    );
    expect(row?.last_number).toBe(kept);
  });

  test('a legacy book keeps the numbers it had, each once', async () => {
    const book = await openBook({ year: 1990 });
    const old = (label: string) => content('Lê Thị Bưởi', { label });
    const [first] = await enter(book.id, [old('15/PT'), old('16/PT')]);
    expect(first).toMatchObject({ number: 1, label: '15/PT', page: 1, fields: { registerEntry: '15/PT' } });
    await expect(enter(book.id, [old('17/PT'), old('16/PT')])).rejects.toMatchObject({
      code: 'number-taken',
      faults: [{ pointer: '/1/label' }],
    });
    await expect(enter(book.id, [old('18/PT'), old('18/PT')])).rejects.toMatchObject({
      code: 'number-taken',
    });
    expect(await numbersOf(book.id)).toEqual([1, 2]);
  });

  test('one wrong entry keeps the others out, and names its field', async () => {
    const book = await openBook();
    const wrong = content('Bùi Văn Cam');
    const faulty = { ...wrong, fields: { ...wrong.fields, graduationYear: 'last year' } };
    await expect(enter(book.id, [content('Đỗ Thị Dừa'), faulty])).rejects.toMatchObject({
      kind: 'invalid',
      faults: [{ pointer: '/1/graduationYear' }],
    });
    expect(await numbersOf(book.id)).toEqual([]);
  });

  test('the same book cannot be opened twice, nor written to after it ended', async () => {
    const book = await openBook();
    await expect(openBook({ series: book.series })).rejects.toMatchObject({ kind: 'conflict' });
    await database.transactSql((sql) => registers.endBook(sql, vault, { bookId: book.id, state: 'closed' }));
    await expect(enter(book.id, [content('Hồ Văn Ổi')])).rejects.toMatchObject({ code: 'book-closed' });
  });
});

test('what is written stays written, whoever asks the database', async () => {
  const book = await openBook();
  const [entry] = await enter(book.id, [content('Vũ Thị Na')]);
  await annotate(entry!.id, { changes: { fullName: 'Vũ Thị Nạ' } });
  for (const statement of [
    "UPDATE register_entry SET fields = '{}'",
    'DELETE FROM register_annotation',
    'DELETE FROM register_entry',
    'UPDATE register_book SET last_number = 0',
    'DELETE FROM register_book',
  ]) {
    await expect(database.read(statement)).rejects.toThrow(/append-only|only grows/);
  }
});

test('corrections, revocation, and nothing after it', async () => {
  const book = await openBook();
  const [entry] = await enter(book.id, [content('Phan Văn Mít')]);
  const id = entry!.id;
  await expect(annotate(id, { changes: { graduationYear: 'x' } })).rejects.toMatchObject({ kind: 'invalid' });
  await expect(annotate(id, { changes: { unheard: 'x' } })).rejects.toMatchObject({ kind: 'invalid' });
  const corrected = await annotate(id, { changes: { fullName: 'Phan Văn Mịt' } });
  expect(corrected.standing.fields.fullName).toBe('Phan Văn Mịt');
  expect(corrected.entry.fields.fullName).toBe('Phan Văn Mít');
  const racing = await Promise.allSettled([1, 2, 3].map(() => annotate(id, { kind: 'revocation' })));
  expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const now = await database.transactSql((sql) => registers.read(sql, id));
  expect(now.standing.state).toBe('revoked');
  expect(now.annotations.map(({ number }) => number)).toEqual([1, 2]);
});

test('full pages are closed in a chain; annotations made while signing are not lost', async () => {
  const book = await openBook({ entriesPerPage: 3 });
  const entries = await enter(
    book.id,
    Array.from({ length: 7 }, (_, n) => content(`Trò ${n}`)),
  );
  const signed: string[] = [];
  let interrupted = false;
  const closing = {
    database,
    clock,
    sign: async (digest: Buffer) => {
      signed.push(digest.toString('hex'));
      if (!interrupted) {
        interrupted = true;
        await annotate(entries[0]!.id, { changes: { fullName: 'Trò Không' } });
      }
      return digest;
    },
  };
  expect(await closePages(closing, vault, book.id)).toBe(2);
  expect(signed).toHaveLength(3);
  await database.transactSql((sql) => registers.endBook(sql, vault, { bookId: book.id, state: 'closed' }));
  expect(await closePages(closing, vault, book.id)).toBe(1);
  expect(await closePages(closing, vault, book.id)).toBe(0);
  const pages = await database.read<{ digest: string; previous: string | null; entries: number }>(
    'SELECT digest, previous, entries FROM register_page WHERE book_id = $1::uuid ORDER BY page',
    [book.id],
  );
  expect(pages.map(({ entries: count }) => count)).toEqual([3, 3, 1]);
  expect(pages.map(({ previous }) => previous)).toEqual([null, pages[0]?.digest, pages[1]?.digest]);
});

describe('search', () => {
  const ask = (by: object, more = {}) =>
    database.transactSql((sql) =>
      searchRegisters(
        sql,
        { agencyId: 'H24.901', documentType: 'LOCAL.LOWER-SECONDARY-DIPLOMA', by, ...more },
        { catalogue, clock },
      ),
    );

  test('the keeper of today finds what an abolished office wrote', async () => {
    const book = await openBook({
      agencyId: 'H24.990.01',
      documentType: 'LOCAL.LOWER-SECONDARY-DIPLOMA',
      year: 2005,
    });
    const [entry] = await enter(book.id, [content('Nguyễn Thị Đào', { label: '1234' })]);
    const answer = await ask({ name: 'nguyen thi dao', birthDate: '2008-05' });
    expect(answer).toMatchObject({ found: true, entries: [{ entry: { id: entry!.id } }] });
    expect(await ask({ label: '1234' })).toMatchObject({ found: true });
    expect(await ask({ name: 'Nguyễn Thị Đào', birthDate: '1999' })).toMatchObject({
      found: false,
      reply: { kind: 'no-entry', years: [2005] },
    });
  });

  test('another body does not, and a missing or lost book says so', async () => {
    const other = { agencyId: 'H17.901' };
    expect(await ask({ label: '1234' }, other)).toMatchObject({ found: false, reply: { kind: 'no-book' } });
    const lost = await openBook({ ...other, documentType: 'LOCAL.LOWER-SECONDARY-DIPLOMA', year: 1991 });
    await database.transactSql((sql) => registers.endBook(sql, vault, { bookId: lost.id, state: 'lost' }));
    expect(await ask({ label: '1234' }, other)).toMatchObject({ found: false, reply: { kind: 'book-lost' } });
  });

  test('registers are not for browsing', async () => {
    await expect(ask({})).rejects.toMatchObject({ kind: 'invalid' });
    await expect(ask({ name: 'Nguyễn Thị Đào' })).rejects.toMatchObject({ kind: 'invalid' });
  });
});
