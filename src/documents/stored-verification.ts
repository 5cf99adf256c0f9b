/**
 * Verifies the file the vault itself hands out, as anyone would: fetched through retrieval (so that its bytes are
 * checked and the look is an event), then read in a killable child against the trust sets of now.
 */
import type { Actor } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { KillablePool } from '../platform/killable.ts';
import { type ChildVerification, type TrustSet, verifyInChild } from '../verification/index.ts';
import type { RetrievalService } from './retrieval-service.ts';

export interface StoredVerificationParts {
  readonly retrieval: RetrievalService;
  readonly readers: KillablePool;
  readonly clock: Clock;
  readonly trust: () => readonly TrustSet[];
}

export interface VerifiedFile {
  readonly outcome: ChildVerification;
  readonly file: { readonly sha256: string; readonly bytes: number };
}

export class StoredVerification {
  readonly #parts: StoredVerificationParts;

  constructor(parts: StoredVerificationParts) {
    this.#parts = parts;
  }

  /**
   * @param order.purpose kept in the event: who looked for what
   * @throws Failure `not-found`, `gone` as retrieval does
   */
  async verify(order: {
    readonly actor: Actor;
    readonly documentId: string;
    readonly purpose: 'public-code' | 'owner';
    readonly requestId: string;
    readonly signal: AbortSignal;
  }): Promise<VerifiedFile> {
    const { retrieval, readers, clock, trust } = this.#parts;
    const retrieved = await retrieval.open({
      actor: order.actor,
      documentId: order.documentId,
      kind: 'handed-out',
      requestId: order.requestId,
      signal: order.signal,
      permit: async () => ({ allowed: true, event: 'document.verified', detail: { purpose: order.purpose } }),
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of retrieved.chunks) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const outcome = await verifyInChild(readers, bytes, { trust: [...trust()], at: clock.now() });
    return { outcome, file: { sha256: retrieved.sha256, bytes: bytes.byteLength } };
  }
}
