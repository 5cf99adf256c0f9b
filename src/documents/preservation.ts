/**
 * Keeps signatures provable: raises those whose level stayed low because an authority did not answer, and adds an
 * archive timestamp before the newest one ages. What was signed stays byte for byte; the file it was stays too, behind
 * the one that is handed out from now on.
 *
 * Order, and why it survives a power cut: bytes fetched and verified → raised → read back by our own verifier → object
 * written → one transaction for rows and event. A crash before it leaves an orphan object, and the next run begins anew.
 */
import type { SealedObjects } from '../../storage/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import type { KillablePool } from '../platform/killable.ts';
import type { Logger } from '../platform/logger.ts';
import {
  type Level,
  proofExpiry,
  SigningError,
  type SigningErrorKind,
  type TimestampClient,
  upgradePdf,
} from '../signing/index.ts';
import { isGood, type TrustSet, verifyInChild } from '../verification/index.ts';
import { boundTo, type RenditionKind } from './document.ts';
import { insertRendition } from './document-repository.ts';
import {
  type DueSignature,
  dueSignatures,
  markTried,
  putPreserved,
  recordExpiry,
} from './preservation-repository.ts';
import { digestOf, type SealEvidence } from './sealing.ts';
import { insertStoredObject, storedObjectOf } from './stored-object-repository.ts';

export interface PreservationParts {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly readers: KillablePool;
  readonly trust: () => readonly TrustSet[];
  readonly timestamps?: TimestampClient;
  readonly evidence?: SealEvidence;
}

/** An archive timestamp is added this long before the newest one's certificate ends. */
const AHEAD_MS = 90 * 86_400_000;
/** After a failure the same signature is left alone for this long. */
const PAUSE_MS = 600_000;
const BATCH = 20;
/** Trying again cannot help. */
const FINAL: readonly SigningErrorKind[] = [
  'certificate-revoked',
  'pdf-not-signable',
  'signing-not-permitted',
];

export class Preservation {
  readonly #parts: PreservationParts;

  constructor(parts: PreservationParts) {
    this.#parts = parts;
  }

  /** Takes up what is due, until nothing is or `signal` says stop. @returns how many files were raised */
  async run(signal: AbortSignal): Promise<number> {
    const { database, clock } = this.#parts;
    let raised = 0;
    if (this.#parts.timestamps === undefined) return raised;
    for (;;) {
      const now = clock.now();
      const due = await database.transactSql((sql) =>
        dueSignatures(sql, {
          agingBefore: new Date(now.getTime() + AHEAD_MS),
          triedBefore: new Date(now.getTime() - PAUSE_MS),
          limit: BATCH,
        }),
      );
      for (const item of due) {
        if (signal.aborted) return raised;
        if (await this.#attempt(item, signal)) raised += 1;
      }
      if (due.length < BATCH) return raised;
    }
  }

  async #attempt(item: DueSignature, signal: AbortSignal): Promise<boolean> {
    const { database, clock, logger } = this.#parts;
    try {
      return await this.#raise(item, signal);
    } catch (error) {
      if (signal.aborted) return false;
      const final = error instanceof SigningError && FINAL.includes(error.kind);
      const reason = error instanceof SigningError ? error.kind : 'unexpected';
      logger.warn({ version: item.versionId, reason, final }, 'a signature could not be raised');
      await database.transactSql((sql) => markTried(sql, item, { at: clock.now(), final }));
      return false;
    }
  }

  async #raise(item: DueSignature, signal: AbortSignal): Promise<boolean> {
    const { objects, timestamps, evidence, clock } = this.#parts;
    const stored = storedObjectOf(item.object);
    if (stored === null || timestamps === undefined) return false;
    const bound = boundTo(item.documentId, item.kind);
    const { chunks } = await objects.openRange(stored, { boundTo: bound, signal });
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const original = Buffer.concat(parts);
    const level = levelFor(item, evidence !== undefined);
    const { bytes, added } = await upgradePdf(original, level, {
      ...evidence,
      timestamps,
      fields: item.fields,
    });
    const renewBefore = endToKeep(proofExpiry(bytes, item.fields), clock.now());
    if (added.length === 0) {
      await this.#parts.database.transactSql((sql) =>
        recordExpiry(sql, item, { level, renewBefore, at: clock.now() }),
      );
      return false;
    }
    await this.#readBack(bytes, item);
    const kind: RenditionKind = 'sealed';
    const kept = await objects.writeObject(bytes, {
      boundTo: boundTo(item.documentId, kind),
      maxBytes: bytes.length + 1,
    });
    return this.#parts.database.transactSql((sql) =>
      this.#commit(sql, item, { kept, level, renewBefore, sha256: digestOf(bytes), added }),
    );
  }

  /** What our own verifier does not call good is not kept. */
  async #readBack(bytes: Uint8Array, item: DueSignature): Promise<void> {
    const { readers, trust, clock } = this.#parts;
    const outcome = await verifyInChild(readers, bytes, { trust: [...trust()], at: clock.now() });
    if (outcome.kind === 'busy') throw new Error('no reader was free');
    const own = outcome.report.signatures.filter(({ field }) => item.fields.includes(field));
    if (own.length === 0 || !own.every(({ verdict }) => isGood(verdict))) {
      throw new Error(`a raised signature was read back as ${outcome.report.verdict}`);
    }
  }

  async #commit(
    sql: Sql,
    item: DueSignature,
    made: {
      kept: Awaited<ReturnType<SealedObjects['writeObject']>>;
      level: Level;
      renewBefore: Date | null;
      sha256: string;
      added: readonly string[];
    },
  ): Promise<boolean> {
    const at = this.#parts.clock.now();
    const { kept, level, renewBefore, sha256, added } = made;
    // Erased, or raised by somebody else meanwhile: the object written is an orphan that the care of objects removes.
    if (!(await putPreserved(sql, item, { sha256 }))) return false;
    await insertStoredObject(sql, kept, { boundTo: boundTo(item.documentId, 'sealed'), at });
    await insertRendition(sql, {
      versionId: item.versionId,
      kind: 'sealed',
      position: 0,
      mediaType: 'application/pdf',
      objectId: kept.objectId,
    });
    await recordExpiry(sql, item, { level, renewBefore, at });
    await appendEvent(sql, {
      type: 'document.preserved',
      at,
      actor: { kind: 'vault' },
      outcome: 'done',
      documentId: item.documentId,
      detail: { sha256, level, added: added.join(' ') },
    });
    return true;
  }
}

/**
 * What is kept as the end of a proof, so that what is due is due soon enough: the true end, or, where that is near
 * already (an authority whose own certificate ends soon), half the time that is left.
 */
export function endToKeep(end: Date | undefined, now: Date): Date | null {
  if (end === undefined) return null;
  const left = end.getTime() - now.getTime();
  if (left >= 2 * AHEAD_MS) return end;
  return new Date(now.getTime() + AHEAD_MS + Math.max(left / 2, 86_400_000));
}

/** Queued signatures are brought to what a deposit reaches at once; aging ones get their archive timestamp. */
function levelFor(item: DueSignature, hasEvidence: boolean): Level {
  if (!hasEvidence) return 'B-T';
  return item.aging ? 'B-LTA' : 'B-LT';
}
