/**
 * Erasure by decision, by two people: the data-protection officer orders with number and date of the decision, the head
 * or manager carries out. In one transaction the keys are destroyed, the rows emptied and the event written; from the
 * commit on the bytes are noise wherever copies of them lie. Removing them afterwards is housekeeping.
 */
import type { SealedObjects } from '../../storage/index.ts';
import type { CalendarDate } from '../catalogue/index.ts';
import { type Actor, appendRefusal, recordRefusal } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { findDocument } from './document-repository.ts';
import { type Eraser, eraseDocument } from './erase.ts';
import {
  canDecideErasure,
  canOrderErasure,
  canSeeErasures,
  type ErasureBasis,
  type ErasureOrder,
} from './erasure.ts';
import {
  decideErasureOrder,
  erasuresOf,
  insertErasureOrder,
  lockErasureOrder,
  openErasureOf,
} from './erasure-repository.ts';
import { nothingHere } from './retrieval-service.ts';

export interface ErasureParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly objects: SealedObjects;
  readonly erasers: readonly Eraser[];
}

interface Asked {
  readonly actor: Actor;
  readonly requestId: string;
}

export class ErasureService {
  readonly #parts: ErasureParts;

  constructor(parts: ErasureParts) {
    this.#parts = parts;
  }

  /** @throws Failure `not-found` where the caller may not order it, as where there is none */
  async order(
    wish: Asked & {
      readonly documentId: string;
      readonly basis: ErasureBasis;
      readonly decisionNumber: string;
      readonly decisionDate: CalendarDate;
    },
  ): Promise<ErasureOrder> {
    const { actor, requestId, documentId } = wish;
    const outcome = await this.#parts.database.transactSql(async (sql) => {
      const at = this.#parts.clock.now();
      const document = await findDocument(sql, documentId, { lock: true });
      const verdict = document && canOrderErasure(actor, document);
      if (!document || !verdict?.allowed) {
        await appendRefusal(sql, at, {
          actor,
          requestId,
          documentId: document?.id ?? null,
          ownerIds: document?.owners.map(({ id }) => id),
          operation: 'order-erasure',
          because: verdict?.allowed === false ? verdict.reason : 'no-such-document',
        });
        return nothingHere();
      }
      if (document.erasedAt !== null) return erasedAlready();
      if (await openErasureOf(sql, document.id)) return orderedAlready();
      const order: ErasureOrder = {
        id: newId(),
        documentId: document.id,
        agencyId: document.depositorId ?? '',
        basis: wish.basis,
        decisionNumber: wish.decisionNumber,
        decisionDate: wish.decisionDate,
        orderedBy: verdict.actor.personId,
        orderedAt: at,
        state: 'ordered',
        decidedBy: null,
        decidedAt: null,
      };
      await insertErasureOrder(sql, order);
      await appendEvent(sql, {
        type: 'document.erasure-ordered',
        at,
        actor,
        outcome: 'done',
        agencyId: order.agencyId,
        documentId: document.id,
        ownerIds: document.owners.map(({ id }) => id),
        requestId,
        detail: { order: order.id, basis: order.basis, decision: order.decisionNumber },
      });
      return order;
    });
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  }

  /** Carries the order out, or refuses it. @throws Failure `not-found`, `forbidden` for whoever ordered it */
  async decide(
    wish: Asked & { readonly orderId: string; readonly decision: 'erase' | 'refuse' },
  ): Promise<ErasureOrder> {
    const { actor, requestId, decision } = wish;
    const { database, clock, erasers } = this.#parts;
    const outcome = await database.transactSql(async (sql) => {
      const at = clock.now();
      const order = await lockErasureOrder(sql, wish.orderId);
      const verdict = order && canDecideErasure(actor, order);
      if (!order || !verdict?.allowed) {
        const because = verdict?.allowed === false ? verdict.reason : 'no-such-order';
        const documentId = order?.documentId ?? null;
        await appendRefusal(sql, at, { actor, requestId, documentId, operation: 'decide-erasure', because });
        return because === 'same-person' ? twoPeople() : nothingHere();
      }
      if (order.state !== 'ordered') return decidedAlready();
      const document = await findDocument(sql, order.documentId, { lock: true });
      if (!document) throw new Error('an erasure order without its document');
      const erase = decision === 'erase';
      const keys = erase ? await eraseDocument(sql, document.id, { at, erasers }) : [];
      const state = erase ? 'done' : 'refused';
      await decideErasureOrder(sql, { id: order.id, state, by: verdict.actor.personId, at });
      await appendEvent(sql, {
        type: erase ? 'document.erased' : 'document.erasure-refused',
        at,
        actor,
        outcome: 'done',
        agencyId: order.agencyId,
        documentId: document.id,
        ownerIds: document.owners.map(({ id }) => id),
        requestId,
        detail: { order: order.id, basis: order.basis, decision: order.decisionNumber, files: keys.length },
      });
      return { order: { ...order, state, decidedBy: verdict.actor.personId, decidedAt: at } as const, keys };
    });
    if (outcome instanceof Failure) throw outcome;
    await this.#removeBytes(outcome.keys);
    return outcome.order;
  }

  /** The orders of an agency, for whoever leads or oversees it. */
  async list(
    wish: Asked & { readonly agencyId: string; readonly after?: string; readonly limit: number },
  ): Promise<ErasureOrder[]> {
    const { actor, requestId, agencyId } = wish;
    const { database, clock } = this.#parts;
    if (!canSeeErasures(actor, agencyId)) {
      const because = 'other-agency';
      await recordRefusal(database, clock, { actor, requestId, operation: 'list-erasures', because });
      throw nothingHere();
    }
    return database.transactSql((sql) => erasuresOf(sql, wish));
  }

  /** A store that does not answer, or that locks its objects, changes nothing: without their keys they are noise. */
  async #removeBytes(keys: readonly string[]): Promise<void> {
    await Promise.allSettled(keys.map((key) => this.#parts.objects.removeBytes({ key })));
  }
}

const erasedAlready = (): Failure =>
  new Failure('gone', { en: 'This document was erased.', vi: 'Giấy tờ này đã được xóa.' });

const orderedAlready = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'An order to erase this document waits for the head of the agency already.',
      vi: 'Đã có quyết định xóa giấy tờ này đang chờ lãnh đạo cơ quan thực hiện.',
    },
    { code: 'erasure-ordered' },
  );

const decidedAlready = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'This order was carried out or refused before.',
      vi: 'Quyết định này đã được thực hiện hoặc từ chối.',
    },
    { code: 'erasure-decided' },
  );

const twoPeople = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'Whoever ordered an erasure does not carry it out. Ask the head or manager of the agency.',
      vi: 'Người ra quyết định xóa không tự thực hiện. Hãy nhờ thủ trưởng hoặc lãnh đạo quản lý của cơ quan.',
    },
    { code: 'two-people' },
  );
