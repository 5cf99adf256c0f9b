/**
 * Closing the pages of a register: the digests of a page's entries and annotations, chained to the page before, signed
 * by the keeper. From then on a changed, exchanged or missing entry shows.
 *
 * The signature is made outside the transaction (a key may be far away): 1. read the page and its digest; 2. sign;
 * 3. lock the book, compute the digest again, and keep the signature only if nothing was annotated meanwhile, else
 * start over. A crash between 2 and 3 leaves an unused signature over a public digest, and the page open.
 */
import type { AnyActor } from '../identity/actor.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type PageStatement, pageDigest, type RegisterBook } from './register.ts';
import * as rows from './register-repository.ts';

export interface PageClosing {
  readonly database: Database;
  readonly clock: Clock;
  /** Signs the 32 bytes of a page's digest; the answer is kept as it is (a CMS). */
  readonly sign: (digest: Buffer) => Promise<Uint8Array>;
}

const attempts = 5;

/** Closes every page that is full; of a book that ended, the last one too. @returns how many were closed */
export async function closePages(closing: PageClosing, actor: AnyActor, bookId: string): Promise<number> {
  let closed = 0;
  let misses = 0;
  for (;;) {
    const draft = await closing.database.transactSql((sql) => nextPage(sql, bookId));
    if (draft === undefined) return closed;
    const digest = pageDigest(draft.statement);
    const signature = await closing.sign(Buffer.from(digest, 'hex'));
    const kept = await closing.database.transactSql((sql) =>
      keep(sql, closing, { actor, digest, signature, bookId }),
    );
    if (kept) closed += 1;
    else misses += 1;
    if (misses > attempts) {
      throw new Failure('conflict', {
        vi: 'Trang sổ đang được ghi chú liên tục; hãy khóa lại sau.',
        en: 'The page is being annotated all the time; close it again later.',
      });
    }
  }
}

async function keep(
  sql: Sql,
  { clock }: PageClosing,
  draft: { actor: AnyActor; digest: string; signature: Uint8Array; bookId: string },
): Promise<boolean> {
  const { actor, digest, signature, bookId } = draft;
  const now = await nextPage(sql, bookId);
  if (!now || pageDigest(now.statement) !== digest) return false;
  const { page, previous, entries } = now.statement;
  const at = clock.now();
  await rows.insertPage(sql, bookId, { page, digest, previous, entries: entries.length, signature }, at);
  await appendEvent(sql, {
    type: 'register.closed',
    at,
    actor,
    outcome: 'done',
    agencyId: now.book.agencyId,
    detail: { book: bookId, page, sha256: digest },
  });
  return true;
}

/** The next page that may be closed, under the book's lock, or undefined. */
async function nextPage(
  sql: Sql,
  bookId: string,
): Promise<{ readonly book: RegisterBook; readonly statement: PageStatement } | undefined> {
  const book = await rows.findBook(sql, bookId, { lock: true });
  if (!book) throw new Failure('not-found', { vi: 'Không có sổ này.', en: 'There is no such book.' });
  const last = await rows.lastClosedPage(sql, bookId);
  const page = (last?.page ?? 0) + 1;
  const entries = await rows.entriesOfPage(sql, bookId, page);
  if (entries.length === 0 || (book.state === 'open' && entries.length < book.entriesPerPage))
    return undefined;
  const annotations = await rows.annotationsOf(
    sql,
    entries.map(({ id }) => id),
  );
  const statement = {
    bookId,
    page,
    previous: last?.digest ?? null,
    entries: entries.map(({ id, digest }) => ({
      digest,
      annotations: annotations.filter(({ entryId }) => entryId === id).map((each) => each.digest),
    })),
  };
  return { book, statement };
}
