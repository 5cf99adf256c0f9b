/**
 * Works off approved batches, a group of rows at a time, and survives being killed anywhere:
 * 1. one transaction, under the batch's row: owners found, numbers given, entries written, intents opened, rows
 *    `reserved`; 2. the papers are made and signed; 3. they are proven; 4. the bytes are kept; 5. one transaction:
 *    documents, intents closed, events, rows `issued`. While one group is kept, the next is signed.
 * After 1 a killed run finds its rows `reserved` and makes the same papers for the same numbers; its old signatures were
 * never kept and their intents are voided in the transaction that opens the new ones. After 5 a row is never touched again.
 */
import { hash } from 'node:crypto';
import type { SealedObjects } from '../../storage/index.ts';
import type { CatalogueService } from '../catalogue/index.ts';
import {
  type AgencySeals,
  newVerificationCode,
  type OnStanding,
  openIntents,
  type SigningIntent,
  voidIntentsOf,
} from '../documents/index.ts';
import { type AnyActor, agrees, type FoundOrFailure, findOrCreatePersons } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { KillablePool } from '../platform/killable.ts';
import { publish } from '../platform/outbox.ts';
import { SigningError, type TimestampClient } from '../signing/index.ts';
import type { TrustSet } from '../verification/index.ts';
import type { IssueBatch, IssueItem } from './batch.ts';
import { type Chunk, type Keeping, keep, type ReservedItem } from './batch-keeping.ts';
import { PaperPress, ProofError, type SignedPaper } from './batch-papers.ts';
import * as rows from './batch-repository.ts';
import { findEntries } from './register-repository.ts';
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
  /** Told of every change of standing, in its transaction: the dossiers that relied on the paper. */
  readonly onStanding?: OnStanding;
  /** Rows at a time; default 200. */
  readonly chunk?: number;
}

const vault: AnyActor = { kind: 'vault' };

/**
 * Runs a batch until it is finished, paused, cancelled or stopped by a fault that a person must mend (then it is paused
 * with the reason). @returns rows issued in this run; 0 when another runner has it
 */
export async function runBatch(parts: RunnerParts, batchId: string, signal?: AbortSignal): Promise<number> {
  let issued = 0;
  let keeping: Keeping | undefined;
  const settle = async (): Promise<void> => {
    const kept = await keeping?.done;
    keeping = undefined;
    if (kept === undefined) return;
    if (!kept.ok) throw kept.error;
    issued += kept.count;
    crashPoint('batch.after-keeping');
  };
  try {
    const press = new Press(parts);
    while (!signal?.aborted) {
      const inHand = keeping?.rows ?? [];
      const chunk = await parts.database.transactSql((sql) =>
        reserve(sql, parts, { batchId, press, inHand }),
      );
      if (chunk === 'nothing-left') {
        if (keeping === undefined) break;
        await settle();
        continue;
      }
      if (chunk === 'over') {
        // The group before may hold the batch's row at this very moment: then it is ours, and we look again after it.
        if (keeping === undefined) break;
        await settle();
        continue;
      }
      crashPoint('batch.after-reserve');
      if (chunk.items.length === 0) continue;
      const papers = await makePapers(press, chunk, parts.clock.now());
      crashPoint('batch.after-signing');
      await settle();
      keeping = keep(parts, chunk, papers);
    }
    await settle();
  } catch (error) {
    await keeping?.done;
    if (!isForPeople(error)) throw error;
    await parts.database.transactSql((sql) => stop(sql, parts, batchId, error.message));
  }
  return issued;
}

/** What a person must look at before the batch runs on; everything else is tried again by itself. */
const isForPeople = (error: unknown): error is Error =>
  error instanceof SigningError || error instanceof TemplateError || error instanceof ProofError;

/** Lays out once a run what all papers of the batch share. */
class Press {
  readonly #parts: RunnerParts;
  #press: PaperPress | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  for({ batch, type, issuer }: Pick<Chunk, 'batch' | 'type' | 'issuer'>): PaperPress {
    if (this.#press) return this.#press;
    const { seals, timestamps, readers, trust, baseUrl } = this.#parts;
    const template = templateOf(batch.template);
    if (!template)
      throw new TemplateError('Không còn mẫu của lô này.', 'The template of this batch is gone.');
    const signer = seals.signerFor(batch.agencyId);
    this.#press = new PaperPress(
      { batch, template, type, issuer, baseUrl },
      { signer, timestamps, readers, trust },
    );
    return this.#press;
  }
}

/** `nothing-left`: every row is issued, failed or in hand. `over`: the batch does not run, or another runner has it. */
async function reserve(
  sql: Sql,
  parts: RunnerParts,
  run: { readonly batchId: string; readonly press: Press; readonly inHand: readonly number[] },
): Promise<Chunk | 'nothing-left' | 'over'> {
  const batch = await rows.findBatch(sql, run.batchId, 'skip');
  if (batch?.state !== 'running') return 'over';
  const catalogue = await parts.catalogue.snapshot(sql);
  const type = catalogue.documentType(batch.documentType, batch.issuedOn);
  const issuer = catalogue.agency(batch.agencyId, batch.issuedOn);
  if (!type || !issuer) throw new Error('the batch names a type or a body that the catalogue lost');
  const next = await rows.nextItems(sql, batch.id, { limit: parts.chunk ?? 200, except: run.inHand });
  if (next.length === 0) {
    if (run.inHand.length > 0) return 'nothing-left';
    await finish(sql, parts, batch);
    return 'over';
  }
  const facts = { batch, type, issuer: issuer.names };
  // The key is asked for before numbers are given: a key that is gone costs none.
  const press = run.press.for(facts);
  const left = next.filter(({ state }) => state === 'reserved');
  const items = left.length > 0 ? await withEntries(sql, left) : await giveNumbers(sql, parts, batch, next);
  const at = parts.clock.now();
  const withIntents = items.map((item): ReservedItem => {
    const { ownerId, documentId, verificationCode, label, fields } = item;
    if (ownerId === null || documentId === null || verificationCode === null)
      throw new Error(`row ${item.row} is reserved and lacks its facts`);
    const record = press.recordOf({ fields, label, documentId, code: verificationCode });
    const intent: SigningIntent = {
      id: newId(),
      purpose: 'issue',
      documentId,
      unsignedSha256: hash('sha256', press.recordBytes(record), 'hex'),
      certificateSha256: press.signer.certificate.fingerprint,
      at,
    };
    return { ...item, ownerId, documentId, verificationCode, record, intent };
  });
  if (left.length > 0)
    await voidIntentsOf(
      sql,
      withIntents.map(({ documentId }) => documentId),
      at,
    );
  if (withIntents.length > 0)
    await openIntents(
      sql,
      withIntents.map(({ intent }) => intent),
    );
  return { ...facts, items: withIntents };
}

type Numbered = IssueItem & { readonly label: string };

async function withEntries(sql: Sql, items: readonly IssueItem[]): Promise<Numbered[]> {
  const found = await findEntries(
    sql,
    items.flatMap(({ entryId }) => (entryId === null ? [] : [entryId])),
  );
  const entries = new Map(found.map((entry) => [entry.id, entry]));
  return items.map((item) => {
    const entry = item.entryId === null ? undefined : entries.get(item.entryId);
    if (!entry) throw new Error(`row ${item.row} is reserved and lacks its entry`);
    return { ...item, label: entry.label, fields: entry.fields };
  });
}

/** Finds owners first: a row whose owner cannot be found fails before it costs a number. */
async function giveNumbers(
  sql: Sql,
  parts: RunnerParts,
  batch: IssueBatch,
  waiting: readonly IssueItem[],
): Promise<Numbered[]> {
  // A re-issue knows its owners: the papers were theirs before.
  const unknown = waiting.filter(({ ownerId }) => ownerId === null);
  const looked = await findOrCreatePersons(sql, unknown.map(claimOf), {
    now: parts.clock.now(),
    acceptInvented: parts.acceptInventedNumbers,
  });
  const owners = new Map(unknown.map((item, index) => [item.row, looked[index]]));
  const failed: IssueItem[] = [];
  const found: (IssueItem & { readonly ownerId: string; readonly documentId: string })[] = [];
  for (const item of waiting) {
    const owner =
      item.ownerId === null ? ownerOf(owners.get(item.row)) : ({ ok: true, id: item.ownerId } as const);
    if (owner.ok) {
      const documentId = newId();
      found.push({ ...item, ownerId: owner.id, documentId, verificationCode: newVerificationCode() });
    } else failed.push({ ...item, state: 'failed', problem: owner.problem });
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
  const reserved = found.map((item, index): Numbered => {
    const entry = entries[index];
    if (!entry) throw new Error('the register wrote fewer entries than it was given');
    return { ...item, state: 'reserved', entryId: entry.id, label: entry.label, fields: entry.fields };
  });
  await rows.setItems(sql, batch.id, [...reserved, ...failed]);
  return reserved;
}

/** What the row says of its owner; a birth date that is only a year says nothing certain. */
function claimOf({ fields: { personalNumber, fullName, birthDate } }: IssueItem) {
  const whole = typeof birthDate === 'string' && birthDate.length === 10 ? birthDate : undefined;
  return {
    ...(typeof personalNumber === 'string' && { personalNumber }),
    ...(typeof fullName === 'string' && { fullName }),
    ...(whole !== undefined && { birthDate: whole }),
  };
}

function ownerOf(
  found: FoundOrFailure | undefined,
): { readonly ok: true; readonly id: string } | { readonly ok: false; readonly problem: string } {
  if (found === undefined) return { ok: false, problem: 'Thiếu số định danh hoặc họ tên.' };
  if (found instanceof Failure) return { ok: false, problem: found.vi };
  const { person, match } = found;
  if (person.deceasedAt) return { ok: false, problem: 'Người mang số định danh này đã mất.' };
  if (agrees(match)) return { ok: true, id: person.id };
  return {
    ok: false,
    problem: 'Họ tên hoặc ngày sinh khác với người mang số định danh này trong kho; hãy so lại.',
  };
}

const makePapers = (press: Press, chunk: Chunk, at: Date): Promise<SignedPaper[]> =>
  press.for(chunk).make(
    chunk.items.map(({ record }) => record),
    at,
  );

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
  await publish(sql, {
    type: 'batch.finished.v1',
    at,
    subject: batch.id,
    agency: batch.agencyId,
    data: { issued, failed },
  });
}

async function stop(sql: Sql, { clock }: RunnerParts, batchId: string, problem: string): Promise<void> {
  const batch = await rows.findBatch(sql, batchId, 'wait');
  if (batch?.state === 'running')
    await rows.moveBatch(sql, batchId, { state: 'paused', at: clock.now(), problem });
}
