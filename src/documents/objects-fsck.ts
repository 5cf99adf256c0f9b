/**
 * Examines documents against the object store: every row's object is there and opens to the digest that was recorded,
 * and every object of the store has a row. Shares the sealed format with the writer and nothing else. I1, I2, I7.
 */
import { createHash } from 'node:crypto';
import type { ObjectStore, SealedObjects } from '../../storage/index.ts';
import type { Sql } from '../platform/database.ts';
import { RECONCILE_MS } from './object-care.ts';
import { examineDocumentRows } from './rows-fsck.ts';
import { OBJECT_COLUMNS, type StoredObjectRow, storedObjectOf } from './stored-object-repository.ts';

export interface ObjectFault {
  readonly where: string;
  readonly what: string;
}

export interface ObjectsExamination {
  readonly sql: Sql;
  readonly store: ObjectStore;
  readonly objects: SealedObjects;
  readonly now: Date;
}

const PAGE = 200;

/** Yields faults as they are found, naming the object and the document. */
export async function* examineObjects(examination: ObjectsExamination): AsyncGenerator<ObjectFault> {
  yield* examineRows(examination);
  yield* examineOrphans(examination);
  yield* examineDocuments(examination.sql);
  yield* examineDocumentRows(examination.sql);
}

async function* examineRows({ sql, objects }: ObjectsExamination): AsyncGenerator<ObjectFault> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await sql.query<StoredObjectRow & { bound_to: string }>(
      `SELECT ${OBJECT_COLUMNS}, o.bound_to FROM stored_object o
       WHERE o.id > $1::uuid AND o.destroyed_at IS NULL ORDER BY o.id LIMIT $2::int`,
      [after, PAGE],
    );
    for (const row of rows) {
      after = row.id;
      const stored = storedObjectOf(row);
      if (!stored) {
        yield { where: `stored_object ${row.id}`, what: 'has no wrapped key although it was not destroyed' };
        continue;
      }
      try {
        const digest = createHash('sha256');
        const { chunks } = await objects.openRange(stored, { boundTo: row.bound_to });
        for await (const chunk of chunks) digest.update(chunk);
        if (digest.digest('hex') !== row.sha256)
          yield { where: row.key, what: `opens to another SHA-256 than ${row.bound_to} records` };
      } catch (error) {
        yield {
          where: row.key,
          what: `of ${row.bound_to}: ${error instanceof Error ? error.message : 'cannot be read'}`,
        };
      }
    }
    if (rows.length < PAGE) return;
  }
}

async function* examineOrphans({ sql, store, now }: ObjectsExamination): AsyncGenerator<ObjectFault> {
  for (let after: string | undefined; ; ) {
    const page = await store.list({ prefix: 'o/', after, limit: PAGE });
    const known = new Set(
      (
        await sql.query<{ key: string }>('SELECT key FROM stored_object WHERE key = ANY ($1::text[])', [
          page.map(({ key }) => key),
        ])
      ).map(({ key }) => key),
    );
    for (const { key, writtenAt } of page) {
      after = key;
      if (known.has(key) || now.getTime() - writtenAt.getTime() < RECONCILE_MS) continue;
      yield { where: key, what: 'is an object without a row, older than the reconcile window' };
    }
    if (page.length < PAGE) return;
  }
}

/** What each document must have: a status, a version, a sealed or original file, and its deposit in the ledger. */
async function* examineDocuments(sql: Sql): AsyncGenerator<ObjectFault> {
  const rows = await sql.query<{ id: string; what: string }>(
    `SELECT d.id::text, w.what FROM document d CROSS JOIN LATERAL (
       SELECT 'has no status' AS what WHERE NOT EXISTS (SELECT 1 FROM status_event s WHERE s.document_id = d.id)
       UNION ALL SELECT 'has no version' WHERE NOT EXISTS (SELECT 1 FROM document_version v WHERE v.document_id = d.id)
       UNION ALL SELECT 'has a version without a file' WHERE EXISTS (
         SELECT 1 FROM document_version v WHERE v.document_id = d.id
           AND NOT EXISTS (SELECT 1 FROM rendition r WHERE r.version_id = v.id))
       UNION ALL SELECT 'has no event of its arrival' WHERE NOT EXISTS (
         SELECT 1 FROM ledger_event e WHERE e.document_id = d.id AND e.type IN ('document.deposited', 'document.uploaded', 'diploma.issued'))
     ) w`,
  );
  for (const { id, what } of rows) yield { where: `document ${id}`, what };
}
