/**
 * New papers in the place of old ones: the batch that issues them, and what happens to an old entry and its paper in the
 * transaction in which its successor is kept. Old and new never stand side by side as valid.
 */
import { calendarDateAt } from '../catalogue/index.ts';
import { applyStatus, findDocument, mayBecome, type OnStanding } from '../documents/index.ts';
import type { AnyActor } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { IssueBatch } from './batch.ts';
import { batchOfEntry, type ReissueItem } from './batch-repository.ts';
import { annotationOf, type RegisterAction } from './register-action.ts';
import * as actions from './register-action-repository.ts';
import { copiesOf, findBook, findBooks } from './register-repository.ts';
import type { EntryAsItStands, RegisterService } from './register-service.ts';
import { templateFor } from './shipped-templates.ts';

const vault: AnyActor = { kind: 'vault' };

/** The batch of an approved re-issue: who signed and where as on the old papers, the fields as they are to be read now. */
export async function reissueBatch(
  sql: Sql,
  made: {
    readonly action: RegisterAction;
    readonly entries: readonly EntryAsItStands[];
    readonly registers: RegisterService;
    readonly clock: Clock;
  },
): Promise<{ readonly batch: IssueBatch; readonly items: readonly ReissueItem[] }> {
  const { action, entries, registers, clock } = made;
  const [first] = entries;
  const book = first && (await findBook(sql, first.entry.bookId));
  const old = first && (await batchOfEntry(sql, first.entry.id));
  const template = book && templateFor(book.documentType);
  if (!first || !book || !old || !template) throw notFromABatch();
  for (const { entry } of entries) {
    const each = entry.bookId === book.id ? book : await findBook(sql, entry.bookId);
    if (each?.documentType !== book.documentType) throw severalTypes();
  }
  const issuedOn = calendarDateAt(clock.now());
  const year = Number(issuedOn.slice(0, 4));
  const query = {
    agencyIds: [action.agencyId],
    documentType: book.documentType,
    kind: 'originals',
    year,
  } as const;
  const books = await findBooks(sql, query);
  const open =
    books.find(({ state }) => state === 'open') ??
    (await registers.openBook(sql, vault, {
      agencyId: action.agencyId,
      documentType: book.documentType,
      year,
      kind: 'originals',
      series: books.length === 0 ? '' : String(books.length + 1),
    }));
  const batch: IssueBatch = {
    id: newId(),
    agencyId: action.agencyId,
    documentType: book.documentType,
    template: { code: template.code, version: template.version },
    bookId: open.id,
    state: 'running',
    issuedOn,
    place: old.place,
    signer: old.signer,
    decisionDate: action.decisionDate,
    decisionNumber: action.decisionNumber,
    total: entries.length,
    preparedBy: action.preparedBy,
    approvedBy: action.approvedBy,
    mendedBy: [],
    problem: null,
  };
  const items = entries.map(({ entry, standing }, index): ReissueItem => {
    const { registerEntry: _, ...fields } = { ...standing.fields, ...action.changes };
    return { row: index + 1, fields, ownerId: entry.holderId, replaces: entry.id };
  });
  return { batch, items };
}

/** The old entry and its paper, in the transaction that keeps the new one. */
export async function replaceOld(
  sql: Sql,
  made: {
    readonly actionId: string;
    readonly replaces: string;
    readonly newEntryId: string;
    readonly newDocumentId: string;
    readonly registers: RegisterService;
    readonly onStanding?: OnStanding;
    readonly at: Date;
  },
): Promise<void> {
  const { registers, at, replaces } = made;
  const action = await actions.findAction(sql, made.actionId, { lock: true });
  if (!action) throw new Error('a re-issue lost its action');
  const { entry, standing } = await registers.read(sql, replaces);
  const content = annotationOf(action, made.newEntryId);
  // A revoked entry takes notes only: the note names its successor, and it stays revoked.
  await registers.annotate(sql, vault, {
    entryId: replaces,
    content: standing.state === 'in-force' ? content : { ...content, kind: 'note' },
  });
  const ended = [entry.documentId, ...(await copiesOf(sql, replaces)).map(({ documentId }) => documentId)];
  for (const id of ended) {
    const document = id === null ? undefined : await findDocument(sql, id, { lock: true });
    if (!document || !mayBecome(document.status.status, 'superseded')) continue;
    const change = {
      document,
      status: 'superseded' as const,
      at,
      actor: vault,
      reason: action.reason,
      decisionNumber: action.decisionNumber,
      decisionDate: action.decisionDate,
      successorId: made.newDocumentId,
    };
    await applyStatus(sql, change, made.onStanding);
  }
  await actions.setOutcome(sql, action.id, { entryId: replaces, outcome: 'done' });
  const left = await actions.entriesOfAction(sql, action.id, { pending: true, limit: 1 });
  if (left.length === 0) await actions.moveAction(sql, action.id, { state: 'done', at });
}

const notFromABatch = (): Failure =>
  new Failure('conflict', {
    vi: 'Mục sổ này không do hệ thống cấp, hoặc loại giấy không có mẫu; hãy lập lô mới.',
    en: 'The entry was not issued here, or its type has no template; prepare a new batch.',
  });
const severalTypes = (): Failure =>
  new Failure('invalid', {
    vi: 'Mỗi lần cấp lại chỉ một loại giấy tờ.',
    en: 'One re-issue is of one type of paper.',
  });
