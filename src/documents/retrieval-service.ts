/**
 * Reading contents: bytes fetched and verified, then one transaction (policy, status at this instant, event), then the
 * first byte. A cut answer gets a closing event. This is a hot path: bare SQL, one look-up, one transaction.
 */
import type { ByteRange, SealedObjects } from '../../storage/index.ts';
import type { Actor } from '../identity/index.ts';
import { appendEvent, type EventType, type NewEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { crashPoint } from '../platform/crash-points.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { boundTo, type DocumentFacts, HANDED_OUT, type RenditionKind } from './document.ts';
import { findDocument } from './document-repository.ts';
import { ReadingDesk } from './reading-desk.ts';
import { OBJECT_COLUMNS, type StoredObjectRow, storedObjectOf } from './stored-object-repository.ts';

export interface RetrievalParts {
  readonly database: Database;
  readonly objects: SealedObjects;
  readonly clock: Clock;
}

export interface RetrievalOrder {
  readonly actor: Actor;
  readonly documentId: string;
  /** `handed-out`: whatever the version hands out, see `HANDED_OUT`. */
  readonly kind: RenditionKind | 'handed-out';
  readonly position?: number;
  /** Number of the version; the newest where it is left out. */
  readonly version?: number;
  readonly range?: ByteRange;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /**
   * Decides in the answer's own transaction, on the document as it stands at that instant; what it writes there (a
   * grant used up) stands or falls with the answer.
   */
  readonly permit: (sql: Sql, document: DocumentFacts) => Promise<Permission>;
  /**
   * The same decision where the document's facts alone suffice for it: then the event is written with the check that
   * they still hold, without a transaction of its own. Undefined leaves it to `permit`, which also words refusals.
   */
  readonly permitByFacts?: (document: DocumentFacts) => (Permission & { readonly allowed: true }) | undefined;
  /** Asked again every 256 KiB of a running answer; false cuts it. */
  readonly stillPermitted?: () => Promise<boolean>;
}

export type Permission =
  | {
      readonly allowed: true;
      readonly event: EventType;
      readonly agencyId?: string | null;
      readonly dossierId?: string | null;
      readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
    }
  | { readonly allowed: false; readonly reason: string; readonly failure: Failure };

export interface Retrieved {
  readonly document: DocumentFacts;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly start: number;
  readonly end: number;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly eventId: string;
}

/** Bytes after which a running answer asks again whether it may go on. */
const RECHECK_BYTES = 256 * 1024;

export class RetrievalService {
  readonly #parts: RetrievalParts;

  readonly #desk: ReadingDesk;

  constructor(parts: RetrievalParts) {
    this.#parts = parts;
    this.#desk = new ReadingDesk(parts.database);
  }

  /** @throws Failure `not-found` also where the caller may not know whether it exists */
  async open(order: RetrievalOrder): Promise<Retrieved> {
    return (await this.#openByFacts(order)) ?? (await this.#openInTransaction(order));
  }

  /** The short way; undefined wherever anything speaks against it, and nothing was told or written then. */
  async #openByFacts(order: RetrievalOrder): Promise<Retrieved | undefined> {
    const { permitByFacts, documentId, kind } = order;
    if (!permitByFacts) return undefined;
    const found = await this.#desk.find({
      documentId,
      kind,
      position: order.position ?? 0,
      version: order.version ?? null,
    });
    const permission = found && found.document.erasedAt === null && permitByFacts(found.document);
    if (!permission) return undefined;
    const { document, stored } = found;
    const opened = await this.#parts.objects.openRange(stored, {
      boundTo: boundTo(documentId, found.kind),
      range: order.range,
      signal: order.signal,
    });
    crashPoint('retrieval.before-event');
    const eventId = await this.#desk.record(
      permittedEvent(order, {
        document,
        permission,
        kind: found.kind,
        sha256: stored.sha256,
        at: this.#parts.clock.now(),
      }),
      found,
    );
    crashPoint('retrieval.after-event');
    if (eventId === undefined) return undefined;
    return {
      document,
      mediaType: found.mediaType,
      size: stored.size,
      sha256: stored.sha256,
      start: opened.start,
      end: opened.end,
      eventId,
      chunks: this.#watched(order, { allowed: true, document, eventId, permission }, opened),
    };
  }

  async #openInTransaction(order: RetrievalOrder): Promise<Retrieved> {
    const { database, objects } = this.#parts;
    const [row] = await database.read<RenditionRow>(FIND, [
      order.documentId,
      order.kind === 'handed-out' ? HANDED_OUT : [order.kind],
      order.position ?? 0,
      order.version ?? null,
    ]);
    const stored = row && storedObjectOf(row);
    // Opened before the policy is asked, but no byte leaves and nothing tells of it: a refusal looks the same.
    const opened =
      row &&
      stored &&
      (await objects.openRange(stored, {
        boundTo: boundTo(order.documentId, row.kind),
        range: order.range,
        signal: order.signal,
      }));
    crashPoint('retrieval.before-event');
    const decided = await database.transactSql(async (sql) => this.#decide(sql, order, row));
    crashPoint('retrieval.after-event');
    if (!decided.allowed) throw decided.failure;
    if (!opened || !row) throw nothingHere();
    return {
      document: decided.document,
      mediaType: row.media_type,
      size: Number(row.size),
      sha256: row.sha256,
      start: opened.start,
      end: opened.end,
      eventId: decided.eventId,
      chunks: this.#watched(order, decided, opened),
    };
  }

  async #decide(sql: Sql, order: RetrievalOrder, row: RenditionRow | undefined): Promise<Decision> {
    const { actor, documentId, requestId } = order;
    const at = this.#parts.clock.now();
    const document = await findDocument(sql, documentId);
    const permission = document && row ? await order.permit(sql, document) : undefined;
    const overtaken = document && row && permission?.allowed ? overtakenBy(order, document, row) : undefined;
    if (!document || !permission?.allowed || overtaken) {
      const refusal = overtaken ?? (permission?.allowed === false ? permission : undefined);
      await appendEvent(sql, {
        type: 'access.denied',
        at,
        actor,
        outcome: 'denied',
        documentId: document?.id ?? null,
        ownerIds: document?.owners.map(({ id }) => id) ?? [],
        requestId,
        detail: { operation: 'read', because: refusal?.reason ?? 'no-such-document' },
      });
      return { allowed: false, failure: refusal?.failure ?? nothingHere() };
    }
    const about = { document, permission, kind: row?.kind ?? null, sha256: row?.sha256 ?? null, at };
    const eventId = await appendEvent(sql, permittedEvent(order, about));
    return { allowed: true, document, eventId, permission };
  }

  /** The chunks as they pass; asks again on the way, and tells the ledger where an answer was cut. */
  async *#watched(
    order: RetrievalOrder,
    decided: Decision & { allowed: true },
    opened: { readonly start: number; readonly end: number; readonly chunks: AsyncIterable<Uint8Array> },
  ): AsyncGenerator<Uint8Array> {
    let sent = 0;
    let asked = 0;
    let whole = false;
    let because = 'client-went-away';
    try {
      for await (const chunk of opened.chunks) {
        if (order.stillPermitted && sent - asked + chunk.byteLength > RECHECK_BYTES) {
          asked = sent;
          if (!(await order.stillPermitted())) {
            because = 'permission-ended';
            throw withdrawn();
          }
        }
        sent += chunk.byteLength;
        // The last chunk counts as sent when it is handed over: nobody can know more than that.
        whole = sent === opened.end - opened.start;
        yield chunk;
        crashPoint('retrieval.in-answer');
      }
    } catch (error) {
      if (because === 'client-went-away') because = 'bytes-unverified';
      throw error;
    } finally {
      if (!whole) await this.#recordCut(order, decided, { sent, because });
    }
  }

  async #recordCut(
    order: RetrievalOrder,
    decided: Decision & { allowed: true },
    cut: { sent: number; because: string },
  ): Promise<void> {
    await this.#parts.database.transactSql((sql) =>
      appendEvent(sql, {
        type: 'document.read-cut',
        at: this.#parts.clock.now(),
        actor: order.actor,
        outcome: 'failed',
        agencyId: decided.permission.agencyId ?? null,
        documentId: order.documentId,
        dossierId: decided.permission.dossierId ?? null,
        ownerIds: decided.document.owners.map(({ id }) => id),
        requestId: order.requestId,
        detail: { opens: decided.eventId, sent: cut.sent, because: cut.because },
      }),
    );
  }
}

function permittedEvent(
  { actor, documentId, requestId }: RetrievalOrder,
  decided: {
    readonly document: DocumentFacts;
    readonly permission: Permission & { readonly allowed: true };
    readonly kind: RenditionKind | null;
    readonly sha256: string | null;
    readonly at: Date;
  },
): NewEvent {
  const { document, permission, kind, sha256, at } = decided;
  return {
    type: permission.event,
    at,
    actor,
    outcome: 'permitted',
    agencyId: permission.agencyId ?? null,
    documentId,
    dossierId: permission.dossierId ?? null,
    ownerIds: document.owners.map(({ id }) => id),
    requestId,
    detail: { ...permission.detail, rendition: kind, sha256 },
  };
}

type Decision =
  | {
      readonly allowed: true;
      readonly document: DocumentFacts;
      readonly eventId: string;
      readonly permission: Permission & { readonly allowed: true };
    }
  | { readonly allowed: false; readonly failure: Failure };

interface RenditionRow extends StoredObjectRow {
  kind: RenditionKind;
  media_type: string;
  version_number: number;
}

/** What happened to the paper after its bytes were opened and before the event: then these are not its bytes any more. */
function overtakenBy(
  order: RetrievalOrder,
  document: DocumentFacts,
  row: RenditionRow,
): { readonly reason: string; readonly failure: Failure } | undefined {
  if (document.erasedAt !== null || row.wrapped_key === null) return { reason: 'erased', failure: erased() };
  if (order.version === undefined && row.version_number !== document.version.number)
    return { reason: 'newer-version', failure: newerVersion() };
  return undefined;
}

const FIND = `
SELECT r.kind, r.media_type, v.number AS version_number, ${OBJECT_COLUMNS}
FROM document_version v JOIN rendition r ON r.version_id = v.id JOIN stored_object o ON o.id = r.object_id
WHERE v.document_id = $1::uuid AND r.kind = ANY ($2::text[]) AND r.position = $3::int
  AND v.number = coalesce($4::int, (SELECT max(number) FROM document_version WHERE document_id = $1::uuid))
ORDER BY array_position($2::text[], r.kind) LIMIT 1`;

/** One answer for "does not exist" and "you may not know". */
export const nothingHere = (): Failure =>
  new Failure('not-found', {
    en: 'There is no such document for you. Open it from your own papers, or ask for it by a reuse request.',
    vi: 'Không có giấy tờ này cho ông (bà). Hãy mở từ giấy tờ của mình, hoặc hỏi bằng yêu cầu tái sử dụng.',
  });

const erased = (): Failure =>
  new Failure('gone', {
    en: 'This document was erased at the request of its owner.',
    vi: 'Giấy tờ này đã được xóa theo yêu cầu của chủ giấy tờ.',
  });

const newerVersion = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'A newer version of the document arrived at this very moment. Ask again.',
      vi: 'Vừa có phiên bản mới của giấy tờ. Hãy hỏi lại.',
    },
    { code: 'newer-version', retryAfter: 1 },
  );

const withdrawn = (): Failure =>
  new Failure(
    'gone',
    { en: 'The consent was withdrawn.', vi: 'Sự đồng ý đã được rút lại.' },
    { code: 'consent-withdrawn' },
  );
