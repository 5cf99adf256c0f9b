/**
 * Use cases of registers: open, enter, annotate, search, close. Each takes the caller's transaction, so that issuing a
 * paper and writing its entry commit together, and each writes its event there.
 */
import {
  type CalendarDate,
  type CatalogueService,
  calendarDateAt,
  type DocumentType,
  metadataSchema,
} from '../catalogue/index.ts';
import type { AnyActor } from '../identity/actor.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { isUniqueViolation, type Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import {
  type Annotation,
  type AnnotationContent,
  annotationDigest,
  type BookKind,
  type EntryContent,
  type EntryStanding,
  entryDigest,
  isNumberFormat,
  labelOf,
  pageOf,
  type RegisterBook,
  type RegisterEntry,
  standingOf,
} from './register.ts';
import { mayAnnotate, mayEnter } from './register-policy.ts';
import * as rows from './register-repository.ts';

export interface NewBook {
  readonly agencyId: string;
  readonly documentType: string;
  readonly year: number;
  readonly kind: BookKind;
  readonly series?: string;
  /** Default `{number}/{year}`. */
  readonly numberFormat?: string;
  /** Default 50. */
  readonly entriesPerPage?: number;
}

export interface EntryAsItStands {
  readonly entry: RegisterEntry;
  readonly annotations: readonly Annotation[];
  readonly standing: EntryStanding;
}

export class RegisterService {
  readonly #catalogue: CatalogueService;
  readonly #clock: Clock;

  constructor(options: { readonly catalogue: CatalogueService; readonly clock: Clock }) {
    this.#catalogue = options.catalogue;
    this.#clock = options.clock;
  }

  /** Opens a book. @throws Failure `conflict` when the body already has it, `invalid` for an unknown type or format. */
  async openBook(sql: Sql, actor: AnyActor, given: NewBook): Promise<RegisterBook> {
    const book: RegisterBook = {
      id: newId(),
      agencyId: given.agencyId,
      documentType: given.documentType,
      year: given.year,
      kind: given.kind,
      series: given.series ?? '',
      numberFormat: given.numberFormat ?? '{number}/{year}',
      entriesPerPage: given.entriesPerPage ?? 50,
      state: 'open',
      lastNumber: 0,
    };
    if (!isNumberFormat(book.numberFormat)) {
      throw new Failure('invalid', {
        vi: 'Cách ghi số phải có {number}, ví dụ {number:5}/{year}.',
        en: 'The number format must hold {number}, for example {number:5}/{year}.',
      });
    }
    await this.#typeOf(sql, book);
    try {
      await rows.insertBook(sql, book, this.#clock.now());
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new Failure('conflict', {
        vi: 'Sổ này đã có; hãy dùng sổ đó, hoặc đặt tên quyển khác.',
        en: 'This book exists already; use it, or name another series.',
      });
    }
    await this.#tell(sql, actor, 'register.opened', book, { kind: book.kind, year: book.year });
    return book;
  }

  /**
   * Writes entries with the next numbers, all or none. The book's row is locked first, so writers queue, and the
   * counter commits or vanishes with the entries: numbers have no gaps and no doubles.
   *
   * @returns the entries in the order given
   * @throws Failure `conflict` when the book is closed or a given number is taken, `invalid` for fields that break the
   *   type's rules (the pointer names the entry and the field)
   */
  async enter(
    sql: Sql,
    actor: AnyActor,
    { bookId, contents }: { readonly bookId: string; readonly contents: readonly EntryContent[] },
  ): Promise<RegisterEntry[]> {
    const book = await this.#locked(sql, bookId);
    const open = mayEnter(book);
    if (!open.allowed) throw new Failure('conflict', open.reason, { code: 'book-closed' });
    if (contents.length === 0) return [];
    const type = await this.#typeOf(sql, book);
    const schema = metadataSchema(type);
    const numbered = contents.map((content, index) => withNumber(content, { book, index, type }));
    const faults = numbered.flatMap(({ fields }, index) =>
      (schema.safeParse(fields).error?.issues ?? []).map(({ path, message }) => ({
        pointer: `/${[index, ...path].map(String).join('/')}`,
        detail: message,
      })),
    );
    if (faults.length > 0) {
      const words = { vi: 'Nội dung mục sổ chưa đúng.', en: 'Entries do not fit their document type.' };
      throw new Failure('invalid', words, { code: 'entry-fields', faults });
    }
    const entries = numbered.map((content) => {
      const entry = { ...content, id: newId(), bookId, page: pageOf(book, content.number) };
      return { ...entry, digest: entryDigest(entry) };
    });
    await this.#refuseTaken(sql, bookId, entries);
    const last = book.lastNumber + entries.length;
    await rows.setLastNumber(sql, bookId, last);
    await rows.insertEntries(sql, entries, this.#clock.now());
    await this.#tell(sql, actor, 'register.entered', book, { first: book.lastNumber + 1, last });
    return entries;
  }

  /** Adds an annotation; the entry itself stays as it was written. @throws Failure `conflict` with the rule broken */
  async annotate(
    sql: Sql,
    actor: AnyActor,
    { entryId, content }: { readonly entryId: string; readonly content: AnnotationContent },
  ): Promise<EntryAsItStands> {
    const unlocked = await this.#entry(sql, entryId);
    const book = await this.#locked(sql, unlocked.bookId);
    const { entry, annotations, standing } = await this.read(sql, entryId);
    const allowed = mayAnnotate(standing, content);
    if (!allowed.allowed) throw new Failure('conflict', allowed.reason, { code: 'annotation-refused' });
    if (content.kind === 'correction') await this.#checkCorrection(sql, book, content);
    const written = {
      ...content,
      id: newId(),
      entryId,
      number: annotations.length + 1,
      on: this.#today(),
    };
    const annotation = { ...written, digest: annotationDigest(entry.digest, written) };
    await rows.insertAnnotation(sql, annotation, this.#clock.now());
    const detail = { entry: entryId, annotation: annotation.number, kind: content.kind };
    await this.#tell(sql, actor, 'register.annotated', book, detail, entry.holderId);
    const all = [...annotations, annotation];
    return { entry, annotations: all, standing: standingOf(entry, all) };
  }

  /** An entry with its annotations. @throws Failure `not-found` */
  async read(sql: Sql, entryId: string): Promise<EntryAsItStands> {
    const entry = await this.#entry(sql, entryId);
    const annotations = await rows.annotationsOf(sql, [entryId]);
    return { entry, annotations, standing: standingOf(entry, annotations) };
  }

  /** Ends a book: no more entries. A lost book answers requests with the written reply. */
  async endBook(
    sql: Sql,
    actor: AnyActor,
    ending: { bookId: string; state: 'closed' | 'lost' },
  ): Promise<void> {
    const book = await this.#locked(sql, ending.bookId);
    if (book.state !== 'open') {
      const words = { vi: 'Sổ đã khóa từ trước.', en: 'The book was closed before.' };
      throw new Failure('conflict', words, { code: 'book-closed' });
    }
    await rows.endBook(sql, book.id, ending.state, this.#clock.now());
    await this.#tell(sql, actor, 'register.closed', book, { state: ending.state, last: book.lastNumber });
  }

  async #refuseTaken(sql: Sql, bookId: string, entries: readonly RegisterEntry[]): Promise<void> {
    const labels = entries.map(({ label }) => label);
    const seen = new Set<string>();
    const doubled = labels.filter((label) => seen.size === seen.add(label).size);
    const taken = new Set([...doubled, ...(await rows.takenLabels(sql, bookId, labels))]);
    if (taken.size === 0) return;
    const faults = labels.flatMap((label, index) =>
      taken.has(label) ? [{ pointer: `/${index}/label`, detail: `The number ${label} is taken.` }] : [],
    );
    const words = { vi: 'Có số vào sổ đã được dùng.', en: 'Some entry numbers are already taken.' };
    throw new Failure('conflict', words, { code: 'number-taken', faults });
  }

  async #checkCorrection(sql: Sql, book: RegisterBook, { changes }: AnnotationContent): Promise<void> {
    const type = await this.#typeOf(sql, book);
    const changed = type.fields.filter(({ name }) => name in changes);
    const issues = metadataSchema({ fields: changed }).safeParse(changes).error?.issues ?? [];
    if (issues.length === 0) return;
    const faults = issues.map(({ path, message }) => ({
      pointer: `/changes/${path.map(String).join('/')}`,
      detail: message,
    }));
    const words = {
      vi: 'Nội dung chỉnh sửa chưa đúng.',
      en: 'The correction does not fit the document type.',
    };
    throw new Failure('invalid', words, { code: 'entry-fields', faults });
  }

  /** The type as it was in the book's year: old registers keep the fields of their time. */
  async #typeOf(sql: Sql, book: RegisterBook) {
    const catalogue = await this.#catalogue.snapshot(sql);
    const today = this.#today();
    const then = `${book.year}-12-31`;
    const type =
      catalogue.documentType(book.documentType, then < today ? then : today) ??
      catalogue.documentType(book.documentType, today) ??
      catalogue.entries.documentTypes.find(({ code }) => code === book.documentType);
    if (type) return type;
    throw new Failure('invalid', {
      vi: `Danh mục không có loại giấy tờ ${book.documentType}.`,
      en: `The catalogue has no document type ${book.documentType}.`,
    });
  }

  async #locked(sql: Sql, bookId: string): Promise<RegisterBook> {
    const book = await rows.findBook(sql, bookId, { lock: true });
    if (book) return book;
    throw new Failure('not-found', { vi: 'Không có sổ này.', en: 'There is no such book.' });
  }

  async #entry(sql: Sql, id: string): Promise<RegisterEntry> {
    const entry = await rows.findEntry(sql, id);
    if (entry) return entry;
    throw new Failure('not-found', { vi: 'Không có mục sổ này.', en: 'There is no such entry.' });
  }

  async #tell(
    sql: Sql,
    actor: AnyActor,
    type: 'register.opened' | 'register.entered' | 'register.annotated' | 'register.closed',
    book: RegisterBook,
    detail: Readonly<Record<string, string | number>>,
    holderId: string | null = null,
  ): Promise<void> {
    await appendEvent(sql, {
      type,
      at: this.#clock.now(),
      actor,
      outcome: 'done',
      agencyId: book.agencyId,
      ownerIds: holderId === null ? [] : [holderId],
      detail: { book: book.id, ...detail },
    });
  }

  #today(): CalendarDate {
    return calendarDateAt(this.#clock.now());
  }
}

/** The field that holds the entry's own number is filled here: the book gives it and nobody else. */
function withNumber(
  content: EntryContent,
  { book, index, type }: { book: RegisterBook; index: number; type: Pick<DocumentType, 'fields'> },
): EntryContent & { readonly number: number; readonly label: string } {
  const number = book.lastNumber + index + 1;
  const label = content.label ?? labelOf(book, number);
  const own = type.fields.find(
    ({ name }) => name === (book.kind === 'copies' ? 'copyRegisterNumber' : 'registerEntry'),
  );
  const fields = own ? { ...content.fields, [own.name]: label } : content.fields;
  return { ...content, number, label, fields };
}
