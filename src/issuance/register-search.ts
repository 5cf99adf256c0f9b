/**
 * Looking something up in the registers a body keeps: its own and those its predecessors left. What cannot be found is
 * an answer too: the written reply of NĐ 23/2015/NĐ-CP art. 17(2).
 */
import { type CatalogueService, calendarDateAt, type Labels } from '../catalogue/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { standingOf } from './register.ts';
import { type NegativeReply, negativeReply } from './register-reply.ts';
import * as rows from './register-repository.ts';
import type { EntryAsItStands } from './register-service.ts';

export interface RegisterQuestion {
  /** The body that is asked: the present keeper. */
  readonly agencyId: string;
  readonly documentType: string;
  readonly year?: number;
  readonly by: Omit<rows.EntrySearch, 'bookIds'>;
}

export type RegisterAnswer =
  | { readonly found: true; readonly entries: readonly EntryAsItStands[] }
  | { readonly found: false; readonly reply: NegativeReply };

/**
 * @throws Failure `invalid` when nothing narrows the search: registers are not for browsing.
 */
export async function searchRegisters(
  sql: Sql,
  question: RegisterQuestion,
  { catalogue, clock }: { readonly catalogue: CatalogueService; readonly clock: Clock },
): Promise<RegisterAnswer> {
  const { by } = question;
  if (
    by.holderId === undefined &&
    by.label === undefined &&
    (by.name === undefined || by.birthDate === undefined)
  ) {
    throw new Failure('invalid', {
      vi: 'Hãy tra theo người được cấp, theo số vào sổ, hoặc theo cả họ tên và ngày sinh.',
      en: 'Search by holder, by entry number, or by name together with birth date.',
    });
  }
  const today = calendarDateAt(clock.now());
  const current = await catalogue.snapshot(sql);
  const type = current.entries.documentTypes.find(({ code }) => code === question.documentType);
  const agencyIds = current.keptBy(question.agencyId, today, type?.group);
  const books = await rows.findBooks(sql, { ...question, agencyIds, kind: 'originals' });
  const readable = books.filter(({ state }) => state !== 'lost');
  const bookIds = readable.map(({ id }) => id);
  const entries = bookIds.length === 0 ? [] : await rows.searchEntries(sql, { ...by, bookIds });
  if (entries.length > 0) {
    const annotations = await rows.annotationsOf(
      sql,
      entries.map(({ id }) => id),
    );
    const asTheyStand = entries.map((entry) => {
      const own = annotations.filter(({ entryId }) => entryId === entry.id);
      return { entry, annotations: own, standing: standingOf(entry, own) };
    });
    return { found: true, entries: asTheyStand };
  }
  const code: Labels = { vi: question.documentType, en: question.documentType };
  const reply = negativeReply({
    kind: books.length === 0 ? 'no-book' : readable.length === 0 ? 'book-lost' : 'no-entry',
    agency: current.agency(question.agencyId, today)?.names ?? {
      vi: question.agencyId,
      en: question.agencyId,
    },
    documentType: type?.names ?? code,
    years: [...new Set(books.map(({ year }) => year))],
    searchedBy: Object.keys(by),
    on: today,
  });
  return { found: false, reply };
}
