/** Rows of erasure orders. */
import type { CalendarDate } from '../catalogue/index.ts';
import type { Sql } from '../platform/database.ts';
import type { ErasureOrder } from './erasure.ts';

const COLUMNS = `id::text, document_id::text AS "documentId", agency_id AS "agencyId", basis,
  decision_number AS "decisionNumber", decision_date::text AS "decisionDate", ordered_by::text AS "orderedBy",
  ordered_at AS "orderedAt", state, decided_by::text AS "decidedBy", decided_at AS "decidedAt"`;

export async function insertErasureOrder(
  sql: Sql,
  order: Omit<ErasureOrder, 'state' | 'decidedBy' | 'decidedAt'> & { readonly decisionDate: CalendarDate },
): Promise<void> {
  await sql.query(
    `INSERT INTO erasure_order (id, document_id, agency_id, basis, decision_number, decision_date, ordered_by, ordered_at, state)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text::date, $7::uuid, $8::timestamptz, 'ordered')`,
    [
      order.id,
      order.documentId,
      order.agencyId,
      order.basis,
      order.decisionNumber,
      order.decisionDate,
      order.orderedBy,
      order.orderedAt,
    ],
  );
}

/** Held against a second decision until the transaction ends. */
export async function lockErasureOrder(sql: Sql, id: string): Promise<ErasureOrder | undefined> {
  const [row] = await sql.query<ErasureOrder>(
    `SELECT ${COLUMNS} FROM erasure_order WHERE id = $1::uuid FOR UPDATE`,
    [id],
  );
  return row;
}

/** The order that waits for a decision on this document. */
export async function openErasureOf(sql: Sql, documentId: string): Promise<ErasureOrder | undefined> {
  const [row] = await sql.query<ErasureOrder>(
    `SELECT ${COLUMNS} FROM erasure_order WHERE document_id = $1::uuid AND state = 'ordered' LIMIT 1`,
    [documentId],
  );
  return row;
}

export async function decideErasureOrder(
  sql: Sql,
  decision: {
    readonly id: string;
    readonly state: 'done' | 'refused';
    readonly by: string;
    readonly at: Date;
  },
): Promise<void> {
  await sql.query(
    `UPDATE erasure_order SET state = $2::text, decided_by = $3::uuid, decided_at = $4::timestamptz WHERE id = $1::uuid`,
    [decision.id, decision.state, decision.by, decision.at],
  );
}

/** Of an agency, newest first; a keyset page by id, which sorts by time. */
export async function erasuresOf(
  sql: Sql,
  page: { readonly agencyId: string; readonly after?: string; readonly limit: number },
): Promise<ErasureOrder[]> {
  return sql.query<ErasureOrder>(
    `SELECT ${COLUMNS} FROM erasure_order e WHERE e.agency_id = $1::text AND ($2::uuid IS NULL OR e.id < $2::uuid)
     ORDER BY e.id DESC LIMIT $3::int`,
    [page.agencyId, page.after ?? null, page.limit],
  );
}
