/**
 * Registers as an office works with them: its books and those it inherited, a page, an entry with what became of it, a
 * search with the written reply. Whoever looks leaves an event with the people it concerned; nobody browses by name.
 */
import { type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import type { PersonActor, Role } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { allow } from './batch-service.ts';
import { closePages } from './page-closing.ts';
import type { RegisterBook, RegisterEntry } from './register.ts';
import { standingOf } from './register.ts';
import { annotationsOf, copiesOf, entriesOfPage, findBook, listBooks } from './register-repository.ts';
import { type RegisterAnswer, type RegisterQuestion, searchRegisters } from './register-search.ts';
import type { EntryAsItStands, NewBook, RegisterService } from './register-service.ts';

export const registerRoles: readonly Role[] = ['school-clerk', 'civil-status-officer', 'head'];

export interface RegisterPageView {
  readonly book: RegisterBook;
  readonly page: number;
  readonly last: number;
  readonly entries: readonly EntryAsItStands[];
  /** Scanned pages of a paper register. */
  readonly scans: number;
}

export interface EntryView extends EntryAsItStands {
  readonly book: RegisterBook;
  readonly copies: readonly RegisterEntry[];
}

export interface DeskParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly registers: RegisterService;
  readonly clock: Clock;
  /** Signs the digest of a closed page with the keeper's key. */
  readonly signPage: (agencyId: string, digest: Buffer) => Promise<Uint8Array>;
}

export class RegisterDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Books of the bodies where the person works and of those they succeeded, newest year first. */
  async books(actor: PersonActor): Promise<RegisterBook[]> {
    return this.#parts.database.transactSql(async (sql) => {
      const kept = await this.#kept(sql, actor);
      return listBooks(sql, [...kept.keys()]);
    });
  }

  async page(actor: PersonActor, bookId: string, page: number): Promise<RegisterPageView> {
    return this.#parts.database.transactSql(async (sql) => {
      const book = await this.#book(sql, actor, bookId);
      const last = Math.max(1, Math.ceil(book.lastNumber / book.entriesPerPage));
      const entries = await entriesOfPage(sql, bookId, Math.min(page, last));
      const annotations = await annotationsOf(
        sql,
        entries.map(({ id }) => id),
      );
      const asTheyStand = entries.map((entry) => {
        const own = annotations.filter(({ entryId }) => entryId === entry.id);
        return { entry, annotations: own, standing: standingOf(entry, own) };
      });
      await this.#note(sql, actor, book, entries);
      const [scans] = await sql.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM register_scan WHERE book_id = $1::uuid',
        [bookId],
      );
      return { book, page: Math.min(page, last), last, entries: asTheyStand, scans: scans?.n ?? 0 };
    });
  }

  async entry(actor: PersonActor, entryId: string): Promise<EntryView> {
    return this.#parts.database.transactSql(async (sql) => {
      const found = await this.#parts.registers.read(sql, entryId);
      const book = await this.#book(sql, actor, found.entry.bookId);
      await this.#note(sql, actor, book, [found.entry]);
      return { ...found, book, copies: await copiesOf(sql, entryId) };
    });
  }

  /** Entries of a book from one number to another, and the body that decides about them. */
  async range(
    actor: PersonActor,
    bookId: string,
    { from, to }: { readonly from: number; readonly to: number },
  ): Promise<{ readonly agencyId: string; readonly entryIds: readonly string[] }> {
    return this.#parts.database.transactSql(async (sql) => {
      const book = await this.#book(sql, actor, bookId);
      const sound = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 1 && to >= from;
      const rows = sound
        ? await sql.query<{ id: string }>(
            `SELECT id::text AS id FROM register_entry
              WHERE book_id = $1::uuid AND number BETWEEN $2::int AND $3::int ORDER BY number`,
            [bookId, from, Math.min(to, book.lastNumber)],
          )
        : [];
      return { agencyId: await this.#keeperOf(sql, actor, book), entryIds: rows.map(({ id }) => id) };
    });
  }

  /** The body, among those where the person works, that decides about an entry. */
  async keeperOfEntry(actor: PersonActor, entryId: string): Promise<string> {
    return this.#parts.database.transactSql(async (sql) => {
      const { entry } = await this.#parts.registers.read(sql, entryId);
      return this.#keeperOf(sql, actor, await this.#book(sql, actor, entry.bookId));
    });
  }

  /** Found entries, or the written reply; either way an event. */
  async search(actor: PersonActor, question: RegisterQuestion): Promise<RegisterAnswer> {
    allow(actor, registerRoles, question.agencyId);
    return this.#parts.database.transactSql(async (sql) => {
      const answer = await searchRegisters(sql, question, this.#parts);
      const holders = answer.found
        ? answer.entries.flatMap(({ entry }) => (entry.holderId === null ? [] : [entry.holderId]))
        : [];
      await appendEvent(sql, {
        type: 'document.listed',
        at: this.#parts.clock.now(),
        actor,
        outcome: 'permitted',
        agencyId: question.agencyId,
        ownerIds: [...new Set(holders)],
        detail: { register: question.documentType, found: answer.found ? answer.entries.length : 0 },
      });
      return answer;
    });
  }

  async open(actor: PersonActor, book: NewBook): Promise<RegisterBook> {
    allow(actor, registerRoles, book.agencyId);
    return this.#parts.database.transactSql((sql) => this.#parts.registers.openBook(sql, actor, book));
  }

  /** Ends a book: no more entries; a lost one answers with the written reply. */
  async end(actor: PersonActor, ending: { bookId: string; state: 'closed' | 'lost' }): Promise<void> {
    await this.#parts.database.transactSql(async (sql) => {
      const book = await this.#book(sql, actor, ending.bookId);
      allow(actor, ['head'], await this.#keeperOf(sql, actor, book));
      await this.#parts.registers.endBook(sql, actor, ending);
    });
  }

  /** Closes every full page with the keeper's signature. @returns how many */
  async closePages(actor: PersonActor, bookId: string): Promise<number> {
    const { database, clock, signPage } = this.#parts;
    const agencyId = await database.transactSql(async (sql) => {
      const book = await this.#book(sql, actor, bookId);
      const keeper = await this.#keeperOf(sql, actor, book);
      allow(actor, ['head'], keeper);
      return keeper;
    });
    return closePages({ database, clock, sign: (digest) => signPage(agencyId, digest) }, actor, bookId);
  }

  async #book(sql: Sql, actor: PersonActor, bookId: string): Promise<RegisterBook> {
    const book = await findBook(sql, bookId);
    const kept = await this.#kept(sql, actor);
    if (book && kept.has(book.agencyId)) return book;
    throw new Failure('not-found', { vi: 'Không có sổ này.', en: 'There is no such book.' });
  }

  async #keeperOf(sql: Sql, actor: PersonActor, book: RegisterBook): Promise<string> {
    return (await this.#kept(sql, actor)).get(book.agencyId) ?? book.agencyId;
  }

  /** Every body whose books the person may see, with the body where the person works. */
  async #kept(sql: Sql, actor: PersonActor): Promise<Map<string, string>> {
    const catalogue = await this.#parts.catalogue.snapshot(sql);
    const today = calendarDateAt(this.#parts.clock.now());
    const kept = new Map<string, string>();
    for (const { role, agencyId } of actor.roles) {
      if (!registerRoles.includes(role)) continue;
      kept.set(agencyId, agencyId);
      for (const predecessor of catalogue.keptBy(agencyId, today)) kept.set(predecessor, agencyId);
    }
    return kept;
  }

  async #note(
    sql: Sql,
    actor: PersonActor,
    book: RegisterBook,
    entries: readonly RegisterEntry[],
  ): Promise<void> {
    const holders = entries.flatMap(({ holderId }) => (holderId === null ? [] : [holderId]));
    await appendEvent(sql, {
      type: 'document.listed',
      at: this.#parts.clock.now(),
      actor,
      outcome: 'permitted',
      agencyId: book.agencyId,
      ownerIds: [...new Set(holders)],
      detail: { book: book.id, entries: entries.length },
    });
  }
}
