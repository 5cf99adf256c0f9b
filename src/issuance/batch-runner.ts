/**
 * Works off approved batches, a few rows at a time, and survives being killed anywhere:
 * 1. one transaction, under the batch's row: owners found, numbers given, entries written, rows `reserved`;
 * 2. each paper is made from its row alone; 3. the intents are written; 4. the key signs; 5. our verifier reads the
 * result and page and record are compared; 6. the bytes are kept; 7. one transaction: documents, intents closed, events,
 * rows `issued`. After 1 a killed run finds its rows `reserved` and makes the same papers for the same numbers; its old
 * signatures were never kept and their intents are voided. After 7 a row is never touched again.
 */
import { hash } from 'node:crypto';
import type { SealedObjects } from '../../storage/index.ts';
import type { CatalogueService, DocumentType, Labels } from '../catalogue/index.ts';
import {
  type AgencySeals,
  boundTo,
  type IssuedDocument,
  insertIssuedDocument,
  newVerificationCode,
  openIntent,
  type SigningIntent,
} from '../documents/index.ts';
import { type AnyActor, agrees, findOrCreatePerson } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { KillablePool } from '../platform/killable.ts';
import { SigningError, sealPdf, type TimestampClient } from '../signing/index.ts';
import { type TrustSet, verifyInChild } from '../verification/index.ts';
import type { IssueBatch, IssueItem } from './batch.ts';
import { recordOf } from './batch-record.ts';
import * as rows from './batch-repository.ts';
import { compareIssuedFile, renderIssuedFile } from './issued-file.ts';
import type { IssuedRecord } from './issued-record.ts';
import { findEntry } from './register-repository.ts';
import type { RegisterService } from './register-service.ts';
import { templateOf } from './shipped-templates.ts';
import { TemplateError } from './template.ts';

export interface RunnerParts {
  readonly database: Database;
  readonly catalogue: CatalogueService;
  readonly registers: RegisterService;
  readonly objects: SealedObjects;
  readonly seals: AgencySeals;
  readonly readers: KillablePool;
  readonly trust: () => readonly TrustSet[];
  readonly clock: Clock;
  readonly timestamps?: TimestampClient;
  readonly acceptInventedNumbers: boolean;
  /** Where papers are verified: `https://kho.example.vn`. */
  readonly baseUrl: string;
  /** Rows at a time; default 50. */
  readonly chunk?: number;
}

const vault: AnyActor = { kind: 'vault' };

/**
 * Runs a batch until it is finished, paused, cancelled or stopped by a fault that a person must mend (then it is paused
 * with the reason). @returns rows issued in this run; 0 when another runner has it
 */
export async function runBatch(parts: RunnerParts, batchId: string, signal?: AbortSignal): Promise<number> {
  let issued = 0;
  while (!signal?.aborted) {
    const chunk = await parts.database.transactSql((sql) => reserve(sql, parts, batchId));
    if (chunk === 'over') return issued;
    crashPoint('batch.after-reserve');
    if (chunk.items.length === 0) continue;
    try {
      const papers: Paper[] = [];
      for (const item of chunk.items) papers.push(await makePaper(parts, chunk, item));
      crashPoint('batch.after-signing');
      issued += await parts.database.transactSql((sql) => keep(sql, chunk, papers));
      crashPoint('batch.after-keeping');
    } catch (error) {
      if (!(error instanceof SigningError || error instanceof TemplateError)) throw error;
      await parts.database.transactSql((sql) => stop(sql, parts, batchId, error.message));
      return issued;
    }
  }
  return issued;
}

interface Chunk {
  readonly batch: IssueBatch;
  readonly type: DocumentType;
  readonly issuer: Labels;
  readonly items: readonly ReservedItem[];
}

interface ReservedItem extends IssueItem {
  readonly ownerId: string;
  readonly documentId: string;
  readonly verificationCode: string;
  readonly label: string;
}

async function reserve(sql: Sql, parts: RunnerParts, batchId: string): Promise<Chunk | 'over'> {
  const batch = await rows.findBatch(sql, batchId, 'skip');
  if (batch?.state !== 'running') return 'over';
  const catalogue = await parts.catalogue.snapshot(sql);
  const type = catalogue.documentType(batch.documentType, batch.issuedOn);
  const issuer = catalogue.agency(batch.agencyId, batch.issuedOn);
  if (!type || !issuer) throw new Error('the batch names a type or a body that the catalogue lost');
  const next = await rows.nextItems(sql, batchId, parts.chunk ?? 50);
  if (next.length === 0) {
    await finish(sql, parts, batch);
    return 'over';
  }
  const kept = next.filter(({ state }) => state === 'reserved');
  const fresh = kept.length > 0 ? [] : await giveNumbers(sql, parts, batch, next);
  const items: ReservedItem[] = [];
  for (const item of kept.length > 0 ? kept : fresh) {
    const { ownerId, documentId, verificationCode, entryId } = item;
    const entry = entryId === null ? undefined : await findEntry(sql, entryId);
    if (!entry || ownerId === null || documentId === null || verificationCode === null) {
      throw new Error(`row ${item.row} is reserved and lacks its entry`);
    }
    items.push({ ...item, ownerId, documentId, verificationCode, label: entry.label, fields: entry.fields });
  }
  return { batch, type, issuer: issuer.names, items };
}

/** Finds owners first: a row whose owner cannot be found fails before it costs a number. */
async function giveNumbers(
  sql: Sql,
  parts: RunnerParts,
  batch: IssueBatch,
  waiting: readonly IssueItem[],
): Promise<IssueItem[]> {
  const now = parts.clock.now();
  const failed: IssueItem[] = [];
  const found: IssueItem[] = [];
  for (const item of waiting) {
    const owner = await ownerOf(sql, parts, item, now);
    if (owner.ok)
      found.push({
        ...item,
        ownerId: owner.id,
        documentId: newId(),
        verificationCode: newVerificationCode(),
      });
    else failed.push({ ...item, state: 'failed', problem: owner.problem });
  }
  const entries = await parts.registers.enter(sql, vault, {
    bookId: batch.bookId,
    contents: found.map(({ fields, ownerId, documentId }) => ({
      label: null,
      enteredOn: batch.issuedOn,
      holderId: ownerId,
      documentId,
      copyOf: null,
      fields,
    })),
  });
  const reserved = found.map(
    (item, index): IssueItem => ({ ...item, state: 'reserved', entryId: entries[index]?.id ?? null }),
  );
  await rows.setItems(sql, batch.id, [...reserved, ...failed]);
  return reserved;
}

async function ownerOf(
  sql: Sql,
  parts: RunnerParts,
  { fields }: IssueItem,
  now: Date,
): Promise<{ ok: true; id: string } | { ok: false; problem: string }> {
  const { personalNumber, fullName, birthDate } = fields;
  if (typeof personalNumber !== 'string' || typeof fullName !== 'string')
    return { ok: false, problem: 'Thiếu số định danh hoặc họ tên.' };
  const whole = typeof birthDate === 'string' && birthDate.length === 10 ? birthDate : undefined;
  try {
    const claim = { personalNumber, fullName, ...(whole !== undefined && { birthDate: whole }) };
    const { person, match } = await findOrCreatePerson(sql, claim, {
      now,
      acceptInvented: parts.acceptInventedNumbers,
    });
    if (person.deceasedAt) return { ok: false, problem: 'Người mang số định danh này đã mất.' };
    if (agrees(match)) return { ok: true, id: person.id };
    return {
      ok: false,
      problem: 'Họ tên hoặc ngày sinh khác với người mang số định danh này trong kho; hãy so lại.',
    };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'invalid') return { ok: false, problem: error.vi };
    throw error;
  }
}

interface Paper {
  readonly item: ReservedItem;
  readonly document: IssuedDocument;
}

async function makePaper(
  parts: RunnerParts,
  { batch, type, issuer }: Chunk,
  item: ReservedItem,
): Promise<Paper> {
  const template = templateOf(batch.template);
  if (!template) throw new TemplateError('Không còn mẫu của lô này.', 'The template of this batch is gone.');
  const about = { issuer, type, baseUrl: parts.baseUrl };
  const record = recordOf(batch, { ...item, code: item.verificationCode }, about);
  const at = parts.clock.now();
  const unsigned = renderIssuedFile({ template, record, type, created: at });
  const signer = parts.seals.signerFor(batch.agencyId);
  const intent: SigningIntent = {
    id: newId(),
    purpose: 'issue',
    documentId: item.documentId,
    unsignedSha256: digestOf(unsigned),
    certificateSha256: signer.certificate.fingerprint,
    at,
  };
  await parts.database.transactSql((sql) => openIntent(sql, intent));
  const sealed = await sealPdf(unsigned, {
    signer,
    time: at,
    fieldName: 'Issuer',
    timestamps: parts.timestamps,
  });
  await proveOwn(parts, sealed, { record, find: () => ({ template, type }) });
  const stored = await parts.objects.writeObject(sealed.bytes, {
    boundTo: boundTo(item.documentId, 'original'),
    maxBytes: 20_000_000,
  });
  const document: IssuedDocument = {
    id: item.documentId,
    typeCode: batch.documentType,
    issuerId: batch.agencyId,
    provenance: type.reusableProvenances.includes('digital-diploma')
      ? 'digital-diploma'
      : 'electronic-result',
    symbol: item.label,
    issuedOn: batch.issuedOn,
    metadata: item.fields,
    sensitive: type.sensitive,
    verificationCode: item.verificationCode,
    owners: [{ kind: 'person', id: item.ownerId }],
    actor: vault,
    at: parts.clock.now(),
    pages: 1,
    stored,
    intent,
    signature: { fieldName: sealed.fieldName, level: sealed.level, upgrade: sealed.upgrade },
  };
  return { item, document };
}

/** What is not proven is not kept: the signature by our verifier, the page by its record. */
async function proveOwn(
  { readers, trust, clock }: RunnerParts,
  sealed: { readonly bytes: Uint8Array; readonly fieldName: string },
  made: { readonly record: IssuedRecord; readonly find: Parameters<typeof compareIssuedFile>[1] },
): Promise<void> {
  const outcome = await verifyInChild(readers, sealed.bytes, { trust: trust(), at: clock.now() });
  if (outcome.kind === 'busy') {
    throw new Failure(
      'unavailable',
      { vi: 'Đang bận kiểm tra tệp.', en: 'Busy verifying files.' },
      { retryAfter: 5 },
    );
  }
  const own = outcome.report.signatures.find(({ field }) => field === sealed.fieldName);
  if (own?.verdict !== 'valid')
    throw new Error(`our own signature was read back as ${own?.verdict ?? 'missing'}`);
  const comparison = compareIssuedFile(sealed.bytes, made.find);
  if (!comparison.same) throw new Error(`our own page was read back as ${comparison.why}`);
}

async function keep(sql: Sql, { batch, type }: Chunk, papers: readonly Paper[]): Promise<number> {
  // Whoever cancelled meanwhile holds or held this row: nothing may be issued after that.
  const now = await rows.findBatch(sql, batch.id, 'wait');
  if (!now || now.state === 'cancelled') return 0;
  // Another runner may have made the same papers of the same rows: whoever comes second keeps nothing.
  const reserved = new Set((await rows.itemsInState(sql, batch.id, 'reserved')).map(({ row }) => row));
  const kept: IssueItem[] = [];
  for (const { item, document } of papers) {
    if (!reserved.has(item.row) || !(await insertIssuedDocument(sql, document))) continue;
    const { label: _, ...row } = item;
    kept.push({ ...row, state: 'issued' });
    await appendEvent(sql, {
      type: type.group === 'education' ? 'diploma.issued' : 'document.deposited',
      at: document.at,
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
      },
    });
  }
  await rows.setItems(sql, batch.id, kept);
  return kept.length;
}

async function finish(sql: Sql, { clock }: RunnerParts, batch: IssueBatch): Promise<void> {
  const at = clock.now();
  await rows.moveBatch(sql, batch.id, { state: 'finished', at });
  const { issued = 0, failed = 0 } = await rows.progressOf(sql, batch.id);
  const detail = { batch: batch.id, documentType: batch.documentType, issued, failed };
  await appendEvent(sql, {
    type: 'batch.finished',
    at,
    actor: vault,
    outcome: 'done',
    agencyId: batch.agencyId,
    detail,
  });
}

async function stop(sql: Sql, { clock }: RunnerParts, batchId: string, problem: string): Promise<void> {
  const batch = await rows.findBatch(sql, batchId, 'wait');
  if (batch?.state === 'running')
    await rows.moveBatch(sql, batchId, { state: 'paused', at: clock.now(), problem });
}

const digestOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');
