/** Changing a document's standing: suspended, resumed, superseded, revoked, annulled. Each by a decision, each an event. */
import type { CalendarDate } from '../catalogue/index.ts';
import type { Actor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type DocumentFacts, mayBecome, type Status } from './document.ts';
import { findDocument } from './document-repository.ts';
import { canChangeStatus } from './documents-policy.ts';
import { nothingHere } from './retrieval-service.ts';
import { applyStatus, type OnStanding } from './status-change.ts';

export interface StatusOrder {
  readonly actor: Actor;
  readonly documentId: string;
  readonly status: Exclude<Status, 'unverified' | 'rejected'>;
  readonly reason: string;
  readonly decisionNumber: string | null;
  readonly decisionDate: CalendarDate | null;
  readonly successorId: string | null;
  readonly requestId: string;
}

export class StatusService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #onChange: OnStanding;

  constructor(parts: {
    database: Database;
    clock: Clock;
    /** Joins the transaction of the change; when it fails, nothing changed. */
    onChange?: OnStanding;
  }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
    this.#onChange = parts.onChange ?? (async () => undefined);
  }

  /** In force with the commit: no later answer calls the document by its former status. */
  async change(order: StatusOrder): Promise<DocumentFacts> {
    const outcome = await this.#database.transactSql(async (sql) => {
      const at = this.#clock.now();
      const document = await findDocument(sql, order.documentId, { lock: true });
      const verdict = document ? canChangeStatus(order.actor, document) : undefined;
      if (!document || !verdict?.allowed) {
        const because = verdict?.allowed === false ? verdict.reason : 'no-such-document';
        await appendEvent(sql, {
          type: 'access.denied',
          at,
          actor: order.actor,
          outcome: 'denied',
          documentId: document?.id ?? null,
          requestId: order.requestId,
          detail: { operation: 'change-status', because },
        });
        return nothingHere();
      }
      if (!mayBecome(document.status.status, order.status))
        return noSuchStep(document.status.status, order.status);
      if (order.successorId !== null && !(await findDocument(sql, order.successorId)))
        return unknownSuccessor();
      await applyStatus(sql, { ...order, document, at }, this.#onChange);
      crashPoint('status.before-commit');
      return findDocument(sql, document.id);
    });
    crashPoint('status.after-commit');
    if (outcome instanceof Failure) throw outcome;
    if (!outcome) throw new Error('a locked document vanished');
    return outcome;
  }
}

const noSuchStep = (from: Status, to: Status): Failure =>
  new Failure(
    'conflict',
    {
      en: `A document that is ${from} cannot become ${to}. What was revoked or annulled stays so; issue a new document instead.`,
      vi: 'Trạng thái hiện nay không cho phép bước này. Giấy đã thu hồi hoặc hủy bỏ thì giữ nguyên; hãy cấp giấy mới.',
    },
    { code: 'no-such-step' },
  );

const unknownSuccessor = (): Failure =>
  new Failure(
    'invalid',
    { en: 'The successor is not a document of the vault.', vi: 'Giấy thay thế không có trong kho.' },
    { code: 'unknown-successor', faults: [{ pointer: '/body/successorId', detail: 'Unknown document.' }] },
  );
