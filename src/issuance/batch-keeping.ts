/**
 * A group of rows whose papers are made: its bytes are kept first, then all its rows in one transaction. A row that was
 * cancelled, or that another runner kept meanwhile, is left alone.
 */
import type { SealedObjects, StoredObject } from '../../storage/index.ts';
import type { DocumentType, Labels } from '../catalogue/index.ts';
import {
  boundTo,
  type IssuedDocument,
  insertIssuedDocuments,
  issuedDigest,
  type OnStanding,
  type SigningIntent,
} from '../documents/index.ts';
import type { AnyActor } from '../identity/index.ts';
import { appendEvents } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { publishAll } from '../platform/outbox.ts';
import type { IssueBatch, IssueItem } from './batch.ts';
import type { SignedPaper } from './batch-papers.ts';
import * as rows from './batch-repository.ts';
import type { IssuedRecord } from './issued-record.ts';
import type { RegisterService } from './register-service.ts';
import { replaceOld } from './reissue.ts';

const vault: AnyActor = { kind: 'vault' };
/** Objects written at once. */
const writers = 16;

export interface KeepingParts {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly clock: Clock;
  readonly registers: RegisterService;
  readonly onStanding?: OnStanding;
}

export interface Chunk {
  readonly batch: IssueBatch;
  readonly type: DocumentType;
  readonly issuer: Labels;
  readonly items: readonly ReservedItem[];
}

/** A row with everything its paper is made of, and the intent its signature is made under. */
export interface ReservedItem extends IssueItem {
  readonly ownerId: string;
  readonly documentId: string;
  readonly verificationCode: string;
  readonly label: string;
  readonly record: IssuedRecord;
  readonly intent: SigningIntent;
}

/** A group on its way into the store; `done` never rejects. */
export interface Keeping {
  readonly rows: readonly number[];
  readonly done: Promise<{ ok: true; count: number } | { ok: false; error: unknown }>;
}

/** Bytes first, then all rows of the group in one transaction. */
export function keep(parts: KeepingParts, chunk: Chunk, papers: readonly SignedPaper[]): Keeping {
  const work = async (): Promise<number> => {
    const stored = await storeAll(parts.objects, chunk.items, papers);
    return parts.database.transactSql((sql) => keepRows(sql, parts, chunk, { papers, stored }));
  };
  return {
    rows: chunk.items.map(({ row }) => row),
    done: work().then(
      (count) => ({ ok: true, count }) as const,
      (error: unknown) => ({ ok: false, error }) as const,
    ),
  };
}

async function storeAll(
  objects: SealedObjects,
  items: readonly ReservedItem[],
  papers: readonly SignedPaper[],
): Promise<StoredObject[]> {
  const stored: StoredObject[] = [];
  let next = 0;
  const writer = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const [item, paper] = [items[index], papers[index]];
      if (!item || !paper) throw new Error('a row without its paper');
      const options = { boundTo: boundTo(item.documentId, 'sealed'), maxBytes: 20_000_000 };
      stored[index] = await objects.writeObject(paper.bytes, options);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return stored;
}

async function keepRows(
  sql: Sql,
  parts: KeepingParts,
  { batch, type, items }: Chunk,
  made: { readonly papers: readonly SignedPaper[]; readonly stored: readonly StoredObject[] },
): Promise<number> {
  // Whoever cancelled meanwhile holds or held this row: nothing may be issued after that.
  const now = await rows.findBatch(sql, batch.id, 'wait');
  if (!now || now.state === 'cancelled') return 0;
  // Another runner may have made the same papers of the same rows: whoever comes second keeps nothing.
  const reserved = await rows.stillReserved(
    sql,
    batch.id,
    items.map(({ row }) => row),
  );
  const at = parts.clock.now();
  const documents = items.flatMap((item, index): IssuedDocument[] => {
    const [paper, stored] = [made.papers[index], made.stored[index]];
    if (!paper || !stored || !reserved.has(item.row)) return [];
    return [documentOf({ batch, type, item, paper, stored, at })];
  });
  const kept = await insertIssuedDocuments(sql, documents);
  const issued = documents.filter(({ id }) => kept.has(id));
  await appendEvents(
    sql,
    issued.map((document) => ({
      type: type.group === 'education' ? 'diploma.issued' : 'document.deposited',
      at,
      actor: vault,
      outcome: 'done',
      agencyId: batch.agencyId,
      documentId: document.id,
      ownerIds: document.owners.map(({ id }) => id),
      detail: {
        batch: batch.id,
        documentType: batch.documentType,
        sha256: document.stored.sha256,
        status: 'active',
        facts: issuedDigest(document),
      },
    })),
  );
  await publishAll(
    sql,
    issued.map(({ id, owners }) => ({
      type: 'document.issued.v1',
      at,
      subject: id,
      agency: batch.agencyId,
      person: owners[0]?.id ?? null,
      data: { documentType: batch.documentType, batch: batch.id },
    })),
  );
  const old = await rows.replacedBy(
    sql,
    batch.id,
    items.filter(({ documentId }) => kept.has(documentId)).map(({ row }) => row),
  );
  for (const item of old.size === 0 ? [] : items) {
    const named = old.get(item.row);
    if (named === undefined || item.entryId === null) continue;
    await replaceOld(sql, {
      ...named,
      newEntryId: item.entryId,
      newDocumentId: item.documentId,
      registers: parts.registers,
      onStanding: parts.onStanding,
      at,
    });
  }
  await rows.markIssued(
    sql,
    batch.id,
    items.filter(({ documentId }) => kept.has(documentId)).map(({ row }) => row),
  );
  return issued.length;
}

function documentOf(made: {
  readonly batch: IssueBatch;
  readonly type: DocumentType;
  readonly item: ReservedItem;
  readonly paper: SignedPaper;
  readonly stored: StoredObject;
  readonly at: Date;
}): IssuedDocument {
  const { batch, type, item, paper, stored, at } = made;
  const digital = type.reusableProvenances.includes('digital-diploma');
  return {
    id: item.documentId,
    typeCode: batch.documentType,
    issuerId: batch.agencyId,
    provenance: digital ? 'digital-diploma' : 'electronic-result',
    symbol: item.label,
    issuedOn: batch.issuedOn,
    metadata: item.fields,
    sensitive: type.sensitive,
    verificationCode: item.verificationCode,
    owners: [{ kind: 'person', id: item.ownerId }],
    actor: vault,
    at,
    pages: 1,
    stored,
    intent: item.intent,
    signature: paper.signature,
  };
}
