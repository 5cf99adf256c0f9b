/**
 * Copies from the register: exact to the entry, with its annotations beside, numbered in the book of copies, signed as
 * an issued file. Order: the copy's entry with its number and the intent in one transaction → key → bytes → the
 * document. What a crash leaves between is an entry without a paper, which `voidLostCopies` annotates at the next start.
 */
import { hash } from 'node:crypto';
import {
  calendarDateAt,
  type DocumentType,
  inWords as dateInWords,
  type Metadata,
} from '../catalogue/index.ts';
import {
  boundTo,
  type IssuedDocument,
  insertIssuedDocument,
  issuedDigest,
  newVerificationCode,
  openIntent,
  type SigningIntent,
} from '../documents/index.ts';
import { findOrCreatePerson, matchNames, type PersonActor, personById } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';
import type { IssueBatch } from './batch.ts';
import { PaperPress } from './batch-papers.ts';
import type { RunnerParts } from './batch-runner.ts';
import { allow } from './batch-service.ts';
import type { Annotation } from './register.ts';
import { type CopyRelation, mayAskForCopy, mayCopy } from './register-policy.ts';
import { findBook, findBooks } from './register-repository.ts';
import type { EntryAsItStands } from './register-service.ts';
import { templateFor } from './shipped-templates.ts';

const copyType = 'LOCAL.DIPLOMA-REGISTER-COPY';

export interface CopyOrder {
  readonly agencyId: string;
  readonly entryId: string;
  readonly requester: { readonly name: string; readonly relation: CopyRelation };
  /** Of the holder, where the old book has no number: who finds the copy in the vault. */
  readonly holderNumber: string | null;
  readonly quantity: number;
  readonly place: string;
  readonly signer: { readonly title: string; readonly name: string };
}

export interface CopyReceipt {
  readonly documentId: string;
  readonly verificationCode: string;
  /** Number in the book of copies. */
  readonly label: string;
}

/** @throws Failure `forbidden` for who may not ask, `conflict` for an entry that no longer stands */
export async function issueCopy(
  parts: RunnerParts,
  actor: PersonActor,
  order: CopyOrder,
): Promise<CopyReceipt> {
  const { database, clock, registers, seals, baseUrl } = parts;
  allow(actor, ['school-clerk', 'civil-status-officer', 'head'], order.agencyId);
  const at = clock.now();
  const issuedOn = calendarDateAt(at);
  const template = templateFor(copyType);
  const current = await parts.catalogue.current();
  const type = current.documentType(copyType, issuedOn);
  const agency = current.agency(order.agencyId, issuedOn);
  if (!template || !type || !agency)
    throw new Error('the catalogue or the templates lost the copy of a diploma');
  const documentId = newId();
  const code = newVerificationCode();
  const signer = seals.signerFor(order.agencyId);
  const batch = {
    agencyId: order.agencyId,
    documentType: copyType,
    template: { code: template.code, version: template.version },
    issuedOn,
    place: order.place,
    signer: order.signer,
  } as IssueBatch;
  const press = new PaperPress(
    { batch, template, type, issuer: agency.names, baseUrl },
    { ...parts, signer },
  );
  const reserved = await database.transactSql(async (sql) => {
    const original = await registers.read(sql, order.entryId);
    const book = await findBook(sql, original.entry.bookId);
    const kept = (await parts.catalogue.snapshot(sql)).keptBy(order.agencyId, issuedOn);
    if (book?.kind !== 'originals' || !kept.includes(book.agencyId)) throw noEntry();
    const originalType = current.entries.documentTypes.find((each) => each.code === book.documentType);
    const stands = mayCopy(original.standing);
    if (!stands.allowed) throw new Failure('conflict', stands.reason, { code: 'original-ended' });
    const holderId = await holderOf(sql, parts, original, order);
    const holder = await personById(sql, holderId);
    const may = mayAskForCopy(order.requester.relation, { deceased: Boolean(holder?.deceasedAt) });
    if (!may.allowed) throw new Failure('forbidden', may.reason, { code: 'may-not-ask' });
    const copies = await bookOfCopies(sql, parts, {
      actor,
      agencyId: order.agencyId,
      year: Number(issuedOn.slice(0, 4)),
    });
    const issuer = current.agencyVersions(book.agencyId)[0]?.names.vi ?? book.agencyId;
    const [entry] = await registers.enter(sql, actor, {
      bookId: copies.id,
      contents: [
        {
          label: null,
          enteredOn: issuedOn,
          holderId,
          documentId,
          copyOf: original.entry.id,
          fields: copiedFields(original, { type, originalType: originalType?.names.vi ?? '', issuer }),
        },
      ],
    });
    if (!entry) throw new Error('the register wrote no entry');
    await sql.query(
      `INSERT INTO register_copy_request (entry_id, requester, relation, quantity, asked_at)
       VALUES ($1::uuid, $2::text, $3::text, $4::int, $5::timestamptz)`,
      [entry.id, order.requester.name, order.requester.relation, order.quantity, at],
    );
    const record = press.recordOf({ fields: entry.fields, label: entry.label, documentId, code });
    const intent: SigningIntent = {
      id: newId(),
      purpose: 'issue',
      documentId,
      unsignedSha256: hash('sha256', press.recordBytes(record), 'hex'),
      certificateSha256: signer.certificate.fingerprint,
      at,
    };
    await openIntent(sql, intent);
    return { entry, record, intent, holderId };
  });
  const { entry, record, intent, holderId } = reserved;
  const [paper] = await press.make([record], at);
  if (!paper) throw new Error('the press gave no paper');
  const stored = await parts.objects.writeObject(paper.bytes, {
    boundTo: boundTo(documentId, 'sealed'),
    maxBytes: 20_000_000,
  });
  await database.transactSql(async (sql) => {
    // The original may have been revoked while the key signed: then no copy leaves.
    const now = await registers.read(sql, order.entryId);
    if (!mayCopy(now.standing).allowed) throw endedMeanwhile();
    const issued: IssuedDocument = {
      id: documentId,
      typeCode: copyType,
      issuerId: order.agencyId,
      provenance: 'register-copy',
      symbol: entry.label,
      issuedOn,
      metadata: entry.fields,
      sensitive: type.sensitive,
      verificationCode: code,
      owners: [{ kind: 'person', id: holderId }],
      actor,
      at,
      pages: 1,
      stored,
      intent,
      signature: paper.signature,
    };
    const kept = await insertIssuedDocument(sql, issued);
    if (!kept) throw new Error('the intent of a copy was voided meanwhile');
    await appendEvent(sql, {
      type: 'document.deposited',
      at,
      actor,
      outcome: 'done',
      agencyId: order.agencyId,
      documentId,
      ownerIds: [holderId],
      detail: {
        documentType: copyType,
        sha256: stored.sha256,
        status: 'active',
        copyOf: order.entryId,
        facts: issuedDigest(issued),
      },
    });
    await publish(sql, {
      type: 'document.issued.v1',
      at,
      subject: documentId,
      agency: order.agencyId,
      person: holderId,
      data: { documentType: copyType },
    });
  });
  return { documentId, verificationCode: code, label: entry.label };
}

/** Entries of books of copies whose paper never came: the work of a process that died. @returns how many were voided */
export async function voidLostCopies(
  parts: Pick<RunnerParts, 'database' | 'registers'>,
  before: Date,
): Promise<number> {
  return parts.database.transactSql(async (sql) => {
    const lost = await sql.query<{ id: string }>(
      `SELECT e.id::text AS id FROM register_entry e JOIN register_book b ON b.id = e.book_id AND b.kind = 'copies'
        WHERE e.entered_at < $1::timestamptz AND e.document_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = e.document_id)
          AND NOT EXISTS (SELECT 1 FROM register_annotation a WHERE a.entry_id = e.id AND a.kind = 'voided')`,
      [before],
    );
    for (const { id } of lost) {
      await parts.registers.annotate(
        sql,
        { kind: 'vault' },
        {
          entryId: id,
          content: {
            kind: 'voided',
            decisionNumber: null,
            decisionDate: null,
            authority: null,
            reason: 'Việc cấp bản sao bị ngắt trước khi ký xong',
            changes: {},
            newEntryId: null,
          },
        },
      );
    }
    return lost.length;
  });
}

/** Exactly what the entry says, under the names of the copy's type; annotations stand in the remarks. */
function copiedFields(
  { entry, annotations }: EntryAsItStands,
  about: { readonly type: DocumentType; readonly originalType: string; readonly issuer: string },
): Metadata {
  const names = about.type.fields.map(({ name }) => name);
  const same = Object.entries(entry.fields).filter(([name]) => names.includes(name) && name !== 'remarks');
  const remarks = [entry.fields.remarks, ...annotations.map(remarkOf)].filter(Boolean).join('; ');
  return {
    ...Object.fromEntries(same),
    registerEntry: entry.label,
    diplomaNumber: String(entry.fields.diplomaNumber ?? entry.label),
    originalTypeName: about.originalType,
    originalIssuer: about.issuer,
    ...(remarks !== '' && { remarks: remarks.slice(0, 1000) }),
  };
}

function remarkOf({ kind, decisionNumber, decisionDate, changes, reason }: Annotation): string {
  const decided =
    decisionNumber && decisionDate ? ` (QĐ ${decisionNumber} ngày ${dateInWords(decisionDate)})` : '';
  const changed = Object.values(changes).map(String).join(', ');
  return kind === 'correction' ? `Chỉnh sửa thành: ${changed}${decided}` : `${reason}${decided}`;
}

async function holderOf(
  sql: Sql,
  parts: RunnerParts,
  { entry }: EntryAsItStands,
  order: CopyOrder,
): Promise<string> {
  if (entry.holderId !== null) return entry.holderId;
  const { fullName } = entry.fields;
  if (order.holderNumber === null || typeof fullName !== 'string') throw holderUnknown();
  const { person } = await findOrCreatePerson(
    sql,
    { personalNumber: order.holderNumber, fullName },
    { now: parts.clock.now(), acceptInvented: parts.acceptInventedNumbers },
  );
  if (matchNames(person.fullName, fullName) === 'differs') throw holderDiffers();
  return person.id;
}

async function bookOfCopies(
  sql: Sql,
  { registers }: RunnerParts,
  given: { readonly actor: PersonActor; readonly agencyId: string; readonly year: number },
): Promise<{ readonly id: string }> {
  const { agencyId, year } = given;
  const query = { agencyIds: [agencyId], documentType: copyType, kind: 'copies', year } as const;
  const books = await findBooks(sql, query);
  const open = books.find(({ state }) => state === 'open');
  if (open) return open;
  return registers.openBook(sql, given.actor, {
    agencyId,
    documentType: copyType,
    year,
    kind: 'copies',
    numberFormat: '{number}/{year}/BS',
    series: books.length === 0 ? '' : String(books.length + 1),
  });
}

const noEntry = (): Failure =>
  new Failure('not-found', { vi: 'Không có mục sổ này.', en: 'There is no such entry.' });
const holderUnknown = (): Failure =>
  new Failure('invalid', {
    vi: 'Sổ cũ không có số định danh; hãy ghi số định danh của người được cấp.',
    en: 'The old book has no personal number; give that of the holder.',
  });
const holderDiffers = (): Failure =>
  new Failure('conflict', {
    vi: 'Số định danh này là của người có tên khác với sổ gốc; hãy so lại.',
    en: 'The number is of a person whose name differs from the register; compare again.',
  });
const endedMeanwhile = (): Failure =>
  new Failure('conflict', {
    vi: 'Bản chính vừa bị thu hồi nên không cấp bản sao.',
    en: 'The original was revoked meanwhile, so no copy is issued.',
  });
