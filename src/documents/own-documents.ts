/** What owners do with their own papers: list, look, open. Each look is an event in their own usage log. */
import type { ByteRange } from '../../storage/index.ts';
import type { Actor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { DocumentFacts } from './document.ts';
import { findDocument, listOwned } from './document-repository.ts';
import { canReadAsOwner } from './documents-policy.ts';
import { nothingHere, type RetrievalService, type Retrieved } from './retrieval-service.ts';

export class OwnDocuments {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #retrieval: RetrievalService;

  constructor(parts: { database: Database; clock: Clock; retrieval: RetrievalService }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
    this.#retrieval = parts.retrieval;
  }

  async list(order: {
    actor: Actor;
    after?: string;
    limit: number;
    requestId: string;
  }): Promise<DocumentFacts[]> {
    const { actor } = order;
    if (actor.kind !== 'person') throw nothingHere();
    return this.#database.transactSql(async (sql) => {
      const page = await listOwned(sql, { ownerId: actor.personId, after: order.after, limit: order.limit });
      await appendEvent(sql, {
        type: 'document.listed',
        at: this.#clock.now(),
        actor,
        outcome: 'permitted',
        ownerIds: [actor.personId],
        requestId: order.requestId,
        detail: { count: page.length },
      });
      return page;
    });
  }

  /** @throws Failure `not-found` for another's paper as for none */
  async show(order: { actor: Actor; documentId: string; requestId: string }): Promise<DocumentFacts> {
    const { actor } = order;
    const found = await this.#database.transactSql(async (sql) => {
      const document = await findDocument(sql, order.documentId);
      const mine = actor.kind === 'person' && document?.owners.some(({ id }) => id === actor.personId);
      await appendEvent(sql, {
        type: mine ? 'document.listed' : 'access.denied',
        at: this.#clock.now(),
        actor,
        outcome: mine ? 'permitted' : 'denied',
        documentId: document?.id ?? null,
        ownerIds: document?.owners.map(({ id }) => id) ?? [],
        requestId: order.requestId,
        detail: { operation: 'show' },
      });
      return mine ? document : undefined;
    });
    if (!found) throw nothingHere();
    return found;
  }

  async open(order: {
    actor: Actor;
    documentId: string;
    kind: 'sealed' | 'original';
    position?: number;
    range?: ByteRange;
    requestId: string;
    signal: AbortSignal;
  }): Promise<Retrieved> {
    return this.#retrieval.open({
      ...order,
      permit: async (_sql, document) => {
        const verdict = canReadAsOwner(order.actor, document, []);
        if (verdict.allowed) return { allowed: true, event: 'document.read', detail: { as: 'owner' } };
        return {
          allowed: false,
          reason: verdict.reason,
          failure: verdict.reason === 'assurance' ? levelTwoNeeded() : nothingHere(),
        };
      },
    });
  }
}

const levelTwoNeeded = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'Opening a paper needs an electronic identity account of level 2.',
      vi: 'Mở giấy tờ cần tài khoản định danh điện tử mức độ 2.',
    },
    { code: 'assurance-too-low' },
  );
