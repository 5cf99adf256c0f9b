/**
 * The two questions of the hottest way: what a reading needs to know, and its event. Each is asked for many readings
 * with one statement. The event is written only where what permitted the reading still holds at that instant (status,
 * version, key of the bytes), so that a decision taken a moment before is as good as one taken in the transaction.
 */
import type { StoredObject } from '../../storage/index.ts';
import { appendEventsIf, type GuardedEvent, type NewEvent } from '../ledger/index.ts';
import { Batched } from '../platform/batched.ts';
import type { Database } from '../platform/database.ts';
import { type DocumentFacts, HANDED_OUT, type RenditionKind } from './document.ts';
import { DOCUMENT_COLUMNS, DOCUMENT_FROM, type DocumentRow, documentOf } from './document-repository.ts';
import { storedObjectOf } from './stored-object-repository.ts';

export interface WantedReading {
  readonly documentId: string;
  readonly kind: RenditionKind | 'handed-out';
  readonly position: number;
  /** The newest where null. */
  readonly version: number | null;
}

/** A document as it stands, with the rendition that is wanted and can be opened. */
export interface FoundReading {
  readonly document: DocumentFacts;
  readonly kind: RenditionKind;
  readonly mediaType: string;
  /** Number of the version that the rendition is of. */
  readonly version: number;
  readonly stored: StoredObject;
}

export class ReadingDesk {
  readonly #finding: Batched<WantedReading, FoundReading | undefined>;
  readonly #writing: Batched<GuardedEvent, string | undefined>;

  constructor(database: Database) {
    this.#finding = new Batched({
      ask: async (wanted) => find(await database.hot.query<Row>(FIND, columnsOf(wanted)), wanted.length),
    });
    this.#writing = new Batched({ ask: (events) => appendEventsIf(database.hot, STILL_STANDS, events) });
  }

  /** Undefined where there is no such document or rendition, or its key was destroyed. */
  find(wanted: WantedReading): Promise<FoundReading | undefined> {
    return this.#finding.ask(wanted);
  }

  /** @returns the event's id once it is durable, or undefined where the document no longer stands as it was found */
  record(event: NewEvent, found: FoundReading): Promise<string | undefined> {
    const { document, stored } = found;
    return this.#writing.ask({
      event,
      facts: {
        status: document.status.number,
        version: document.version.number,
        owners: document.owners.length,
        object: stored.objectId,
      },
    });
  }
}

const STILL_STANDS = `EXISTS (
  SELECT FROM document d WHERE d.id = g.document_id AND d.erased_at IS NULL
    AND (g.facts->>'status')::int = (SELECT max(number) FROM status_event WHERE document_id = d.id)
    AND (g.facts->>'version')::int = (SELECT max(number) FROM document_version WHERE document_id = d.id)
    AND (g.facts->>'owners')::int = (SELECT count(*) FROM document_owner WHERE document_id = d.id)
    AND EXISTS (SELECT FROM stored_object o
                WHERE o.id = (g.facts->>'object')::uuid AND o.wrapped_key IS NOT NULL))`;

interface Row extends DocumentRow {
  readonly place: number;
  readonly rendition_kind: RenditionKind;
  readonly media_type: string;
  readonly wanted_version: number;
  readonly object_id: string;
  readonly object_key: string;
  readonly store_version_id: string;
  readonly object_sha256: string;
  readonly object_size: string;
  readonly wrapped_key: Uint8Array | null;
  readonly master_key_id: string;
  readonly format: string;
}

const FIND = `
SELECT w.place::int, ${DOCUMENT_COLUMNS}, r.kind AS rendition_kind, r.media_type, wv.number AS wanted_version, o.id::text AS object_id,
       o.key AS object_key, o.store_version_id, o.sha256 AS object_sha256, o.size::text AS object_size, o.wrapped_key,
       o.master_key_id, o.format
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[])
     WITH ORDINALITY AS w (document_id, kind, position, version, place)
JOIN LATERAL (SELECT * FROM document WHERE id = w.document_id) d ON true ${DOCUMENT_FROM}
JOIN document_version wv ON wv.document_id = d.id AND wv.number = coalesce(w.version, v.number)
JOIN LATERAL (
  SELECT * FROM rendition f WHERE f.version_id = wv.id AND f.position = w.position
    AND f.kind = ANY (CASE WHEN w.kind = 'handed-out' THEN $5::text[] ELSE ARRAY[w.kind] END)
  ORDER BY array_position($5::text[], f.kind) LIMIT 1) r ON true
JOIN stored_object o ON o.id = r.object_id`;

const columnsOf = (wanted: readonly WantedReading[]): unknown[] => [
  wanted.map(({ documentId }) => documentId),
  wanted.map(({ kind }) => kind),
  wanted.map(({ position }) => position),
  wanted.map(({ version }) => version),
  HANDED_OUT,
];

function find(rows: readonly Row[], count: number): (FoundReading | undefined)[] {
  const found: (FoundReading | undefined)[] = new Array(count).fill(undefined);
  for (const row of rows) {
    const stored = storedObjectOf({
      ...row,
      id: row.object_id,
      key: row.object_key,
      sha256: row.object_sha256,
      size: row.object_size,
    });
    if (!stored) continue;
    found[row.place - 1] = {
      document: documentOf(row),
      kind: row.rendition_kind,
      mediaType: row.media_type,
      version: row.wanted_version,
      stored,
    };
  }
  return found;
}
