/**
 * Papers that people upload themselves, for themselves or for whom they represent: kept as they are, unverified, never
 * reusable, and removed whenever their owner likes. The same checks of the file as in a deposit; nobody seals them.
 */
import type { SealedObjects } from '../../storage/index.ts';
import type { IdempotencyClaim } from '../http/index.ts';
import { type Actor, appendRefusal, type Principal, type Standing, standingOf } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { KillablePool } from '../platform/killable.ts';
import { newVerificationCode } from './deposit-work.ts';
import type { DocumentFacts } from './document.ts';
import {
  appendStatus,
  findDocument,
  insertDocument,
  insertVersion,
  type NewDocument,
} from './document-repository.ts';
import { type Eraser, eraseDocument } from './erase.ts';
import { documentDigest } from './facts-digest.ts';
import { type IntakeFile, type IntakeLimits, takeIn } from './intake.ts';
import { type KeptFile, keepFile, keepOriginals, writeFiles } from './kept-file.ts';
import { nothingHere } from './retrieval-service.ts';
import { selfUploadsOf } from './self-upload-repository.ts';

/** The type of every self-upload: what it is said to be stands in its name and is believed by nobody. */
export const SELF_UPLOAD_TYPE = 'LOCAL.SELF-UPLOAD';

export interface SelfUploadParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly objects: SealedObjects;
  readonly readers: KillablePool;
  readonly limits: IntakeLimits & {
    readonly maxBytes: number;
    /** Self-uploads that one owner keeps at a time, and their bytes together. */
    readonly maxPapers: number;
    readonly maxOwnerBytes: number;
  };
  readonly erasers: readonly Eraser[];
}

export interface SelfUploadOrder {
  readonly actor: Actor;
  /** An owner whom the caller represents; the caller where it is left out. */
  readonly of?: Principal;
  /** What paper it is, in the owner's words. */
  readonly name: string;
  readonly files: readonly IntakeFile[];
  readonly requestId: string;
  readonly claim: IdempotencyClaim;
}

export interface SelfUploadReceipt {
  readonly documentId: string;
  readonly sha256: string;
  readonly pages: number;
  readonly status: 'unverified';
  readonly eventId: string;
  readonly uploadedAt: string;
}

export class SelfUploads {
  readonly #parts: SelfUploadParts;

  constructor(parts: SelfUploadParts) {
    this.#parts = parts;
  }

  /** @throws Failure `not-found` for an owner whom the caller does not represent; nothing is kept then */
  async upload(order: SelfUploadOrder): Promise<SelfUploadReceipt> {
    const { database, clock, objects, readers, limits } = this.#parts;
    // Asked before any byte is read, and again with the rows.
    const asked = await database.transactSql((sql) => this.#admitted(sql, order));
    if (asked instanceof Failure) throw asked;
    const intake = await takeIn(order.files, readers, limits);
    const documentId = newId();
    const files: KeptFile[] = await keepOriginals(objects, documentId, intake, limits.maxBytes);
    if (intake.originals[0]?.bytes !== intake.pdf) {
      const assembled = {
        kind: 'assembled',
        mediaType: 'application/pdf',
        position: 0,
        bytes: intake.pdf,
      } as const;
      files.push(await keepFile(objects, documentId, assembled, limits.maxBytes + 4_000_000));
    }
    const outcome = await database.transactSql(async (sql) => {
      const standing = await this.#admitted(sql, order, files);
      if (standing instanceof Failure) return standing;
      const at = clock.now();
      const owner = standing.principal;
      const handedOut = files.at(-1);
      if (!handedOut) throw new Error('an intake without a file');
      const paper: NewDocument = {
        id: documentId,
        typeCode: SELF_UPLOAD_TYPE,
        issuerId: null,
        depositorId: null,
        provenance: 'self-upload',
        symbol: null,
        abstract: order.name,
        issuedOn: null,
        metadata: {},
        sensitive: true,
        verificationCode: newVerificationCode(),
        externalId: null,
        owners: [owner],
        at,
      };
      await insertDocument(sql, paper);
      const versionId = newId();
      const { sha256 } = handedOut.stored;
      await insertVersion(sql, { id: versionId, documentId, number: 1, sha256, pages: intake.pages, at });
      await writeFiles(sql, { id: versionId, documentId, at }, files);
      await appendStatus(sql, { documentId, status: 'unverified', at, actor: order.actor, agencyId: null });
      const eventId = await appendEvent(sql, {
        type: 'document.uploaded',
        at,
        actor: order.actor,
        outcome: 'done',
        documentId,
        ownerIds: [owner.id],
        requestId: order.requestId,
        detail: {
          as: standing.as,
          sha256,
          status: 'unverified',
          facts: documentDigest(paper, { number: 1, sha256, pages: intake.pages }),
        },
      });
      const receipt: SelfUploadReceipt = {
        documentId,
        sha256,
        pages: intake.pages,
        status: 'unverified',
        eventId,
        uploadedAt: at.toISOString(),
      };
      await order.claim.settle(sql, { status: 201, body: receipt });
      return receipt;
    });
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  }

  /** Standing and room; a denial's event is written here and kept with the commit. */
  async #admitted(
    sql: Sql,
    { actor, of, requestId }: SelfUploadOrder,
    files: readonly KeptFile[] = [],
  ): Promise<Standing | Failure> {
    const now = this.#parts.clock.now();
    const owner: Principal | undefined =
      of ?? (actor.kind === 'person' ? { kind: 'person', id: actor.personId } : undefined);
    const paper = { owners: owner ? [owner] : [], typeCode: SELF_UPLOAD_TYPE };
    const standing =
      actor.kind === 'person'
        ? await standingOf(sql, actor.personId, paper, { access: 'act', now })
        : undefined;
    if (!standing) {
      await appendRefusal(sql, now, { actor, requestId, operation: 'upload', because: 'not-represented' });
      return nothingHere();
    }
    const kept = await selfUploadsOf(sql, standing.principal.id);
    const { maxPapers, maxOwnerBytes } = this.#parts.limits;
    const more = files.reduce((sum, { stored }) => sum + stored.size, 0);
    return kept.papers >= maxPapers || kept.bytes + more > maxOwnerBytes
      ? noRoom(maxPapers, maxOwnerBytes)
      : standing;
  }

  /** Removes a self-upload for good. @throws Failure `not-found` for whatever is none of the caller's */
  async remove(order: {
    readonly actor: Actor;
    readonly documentId: string;
    readonly requestId: string;
  }): Promise<void> {
    const { actor, requestId } = order;
    const { database, clock, objects, erasers } = this.#parts;
    const keys = await database.transactSql(async (sql) => {
      const at = clock.now();
      const document = await findDocument(sql, order.documentId, { lock: true });
      const standing = document && (await this.#mayRemove(sql, actor, document));
      const documentId = document?.id ?? null;
      const ownerIds = document?.owners.map(({ id }) => id) ?? [];
      if (!document || !standing) {
        const because = document ? 'not-an-own-upload' : 'no-such-document';
        await appendRefusal(sql, at, {
          actor,
          requestId,
          documentId,
          ownerIds,
          operation: 'remove',
          because,
        });
        return undefined;
      }
      const erased = await eraseDocument(sql, document.id, { at, erasers });
      await appendEvent(sql, {
        type: 'document.erased',
        at,
        actor,
        outcome: 'done',
        documentId,
        ownerIds,
        requestId,
        detail: { as: standing.as, basis: 'owner-request', files: erased.length },
      });
      return erased;
    });
    if (!keys) throw nothingHere();
    await Promise.allSettled(keys.map((key) => objects.removeBytes({ key })));
  }

  async #mayRemove(sql: Sql, actor: Actor, document: DocumentFacts): Promise<Standing | undefined> {
    if (document.provenance !== 'self-upload' || document.erasedAt !== null || actor.kind !== 'person')
      return undefined;
    return standingOf(sql, actor.personId, document, { access: 'act', now: this.#parts.clock.now() });
  }
}

const noRoom = (papers: number, bytes: number): Failure =>
  new Failure(
    'conflict',
    {
      en: `The vault keeps ${papers} self-uploaded papers of ${Math.floor(bytes / 1_000_000)} MB together for one owner. Remove one that is not needed, then upload again.`,
      vi: `Kho giữ cho mỗi người ${papers} giấy tự tải lên, tổng cộng ${Math.floor(bytes / 1_000_000)} MB. Hãy xóa giấy không cần rồi tải lại.`,
    },
    { code: 'self-upload-limit' },
  );
