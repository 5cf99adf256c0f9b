/**
 * The two halves of every deposit. `prepare`: bytes in, sealed, kept in the object store; nothing means anything yet.
 * `write`: the rows that give them a meaning, in the transaction of the caller. Between them no byte stays in memory.
 */
import { randomBytes } from 'node:crypto';
import type { SealedObjects } from '../../storage/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { KillablePool } from '../platform/killable.ts';
import { publish } from '../platform/outbox.ts';
import type { CheckedPaper, DepositContext, PaperOrder } from './deposit-order.ts';
import type { Status } from './document.ts';
import { appendStatus, insertDocument, insertVersion, type NewDocument } from './document-repository.ts';
import { addPaper } from './dossier-repository.ts';
import { documentDigest } from './facts-digest.ts';
import { type IntakeFile, type IntakeLimits, takeIn } from './intake.ts';
import { type KeptFile, keepFile, keepOriginals, writeFiles } from './kept-file.ts';
import { resolveOwners } from './owner-claims.ts';
import { endToKeep } from './preservation.ts';
import { digestOf, type SealedCopy, type Sealing } from './sealing.ts';
import { closeIntent, recordSignature } from './signing-intent-repository.ts';

export interface DepositWorkParts {
  readonly objects: SealedObjects;
  readonly sealing: Sealing;
  readonly readers: KillablePool;
  readonly clock: Clock;
  readonly limits: IntakeLimits & { readonly maxBytes: number };
  readonly acceptInventedNumbers: boolean;
}

/** Bytes that are kept and sealed, without a row yet. */
export interface PreparedFile {
  readonly documentId: string;
  readonly files: readonly KeptFile[];
  readonly pages: number;
  readonly sha256Original: string;
  readonly sealed: Omit<SealedCopy, 'bytes' | 'report'>;
}

export interface NewVersion {
  readonly number: number;
  readonly at: Date;
  /** Why it replaces the one before, and the metadata that held until then; null for the deposit. */
  readonly correction: {
    readonly reason: string;
    readonly metadata: Readonly<Record<string, unknown>>;
  } | null;
}

export interface DepositReceipt {
  readonly documentId: string;
  readonly versionId: string;
  readonly verificationCode: string;
  /** Of the first original as it came in, and of the file that is handed out. */
  readonly sha256Original: string;
  readonly sha256: string;
  readonly pages: number;
  readonly status: Status;
  readonly signatureLevel: string;
  readonly eventId: string;
  readonly depositedAt: string;
}

export class DepositWork {
  readonly #parts: DepositWorkParts;

  constructor(parts: DepositWorkParts) {
    this.#parts = parts;
  }

  /** @param documentId of an existing document for a further version; a new one otherwise */
  async prepare(
    files: readonly IntakeFile[],
    agency: { readonly id: string; readonly name: string },
    documentId: string = newId(),
  ): Promise<PreparedFile> {
    const intake = await takeIn(files, this.#parts.readers, this.#parts.limits);
    crashPoint('deposit.before-original');
    const { objects, limits } = this.#parts;
    // A sealed copy is a little larger than what came in.
    const maxBytes = limits.maxBytes + 4_000_000;
    const kept = await keepOriginals(objects, documentId, intake, maxBytes);
    crashPoint('deposit.after-original');
    const {
      bytes,
      report: _,
      ...sealed
    } = await this.#parts.sealing.seal({
      documentId,
      pdf: intake.pdf,
      agency,
      form: 'SAO Y',
    });
    crashPoint('deposit.after-seal');
    const copy = { kind: 'sealed', mediaType: 'application/pdf', position: 0, bytes } as const;
    kept.push(await keepFile(objects, documentId, copy, maxBytes));
    const first = intake.originals[0];
    return {
      documentId,
      files: kept,
      pages: intake.pages,
      sha256Original: first ? digestOf(first.bytes) : sealed.intent.unsignedSha256,
      sealed,
    };
  }

  /** A new document with its first version, its place in a dossier and its event. */
  async write(
    sql: Sql,
    context: DepositContext,
    made: {
      readonly order: PaperOrder;
      readonly checked: CheckedPaper;
      readonly prepared: PreparedFile;
      /** JSON Pointer of the paper in what the caller sent. */
      readonly pointer: string;
    },
  ): Promise<DepositReceipt> {
    const { order, checked, prepared } = made;
    const { documentId } = prepared;
    const now = this.#parts.clock.now();
    const owners = await resolveOwners(sql, order.owners, {
      now,
      acceptInvented: this.#parts.acceptInventedNumbers,
      pointer: (at) => `${made.pointer}/owners/${at}`,
    });
    const code = newVerificationCode();
    const paper: NewDocument = {
      id: documentId,
      typeCode: checked.type.code,
      issuerId: order.issuerId,
      depositorId: context.agencyId,
      provenance: order.provenance,
      symbol: order.symbol,
      abstract: order.abstract,
      issuedOn: order.issuedOn,
      metadata: checked.metadata,
      sensitive: checked.type.sensitive,
      verificationCode: code,
      externalId: order.externalId,
      owners,
      at: now,
    };
    await insertDocument(sql, paper);
    const versionId = await this.writeVersion(sql, prepared, { number: 1, at: now, correction: null });
    await appendStatus(sql, {
      documentId,
      status: 'active',
      at: now,
      actor: context.actor,
      agencyId: context.agencyId,
    });
    const dossierId = order.place
      ? await addPaper(sql, { ...order.place, agencyId: context.agencyId, documentId, at: now })
      : null;
    const eventId = await appendEvent(sql, {
      type: 'document.deposited',
      at: now,
      actor: context.actor,
      outcome: 'done',
      agencyId: context.agencyId,
      documentId,
      dossierId,
      ownerIds: owners.map(({ id }) => id),
      requestId: context.requestId,
      detail: {
        documentType: checked.type.code,
        provenance: order.provenance,
        sha256: prepared.sealed.sha256,
        status: 'active',
        facts: documentDigest(paper, { number: 1, sha256: prepared.sealed.sha256, pages: prepared.pages }),
      },
    });
    for (const { kind, id: person } of owners)
      if (kind === 'person')
        await publish(sql, { type: 'document.deposited.v1', at: now, subject: documentId, person });
    return {
      documentId,
      versionId,
      verificationCode: code,
      sha256Original: prepared.sha256Original,
      sha256: prepared.sealed.sha256,
      pages: prepared.pages,
      status: 'active',
      signatureLevel: prepared.sealed.level,
      eventId,
      depositedAt: now.toISOString(),
    };
  }

  /** The rows of one version: its files, its signature, its closed intent. @returns the version's id */
  async writeVersion(sql: Sql, prepared: PreparedFile, version: NewVersion): Promise<string> {
    const { number, at, correction } = version;
    const { documentId, sealed } = prepared;
    const versionId = newId();
    await insertVersion(sql, {
      id: versionId,
      documentId,
      number,
      sha256: sealed.sha256,
      pages: prepared.pages,
      at,
      correction,
    });
    await writeFiles(sql, { id: versionId, documentId, at }, prepared.files);
    if (!(await closeIntent(sql, sealed.intent.id, 'kept', at))) throw takenForDead();
    await recordSignature(sql, {
      versionId,
      fieldName: sealed.fieldName,
      purpose: 'agency-copy',
      intentId: sealed.intent.id,
      certificateSha256: sealed.intent.certificateSha256,
      level: sealed.level,
      upgrade: sealed.upgrade,
      renewBefore: endToKeep(sealed.proofEnds ?? undefined, sealed.intent.at),
      at: sealed.intent.at,
    });
    return versionId;
  }
}

/** 80 random bits in Crockford's alphabet, in groups that can be read aloud: `4KQT-7M2A-9XWD-R3VN`. */
export function newVerificationCode(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const letters = Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

const takenForDead = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'The deposit took too long and was given up. Send it again.',
      vi: 'Việc nộp kéo dài quá lâu và đã bị bỏ. Hãy gửi lại.',
    },
    { code: 'deposit-abandoned', retryAfter: 1 },
  );
