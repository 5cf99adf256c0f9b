/**
 * Reliance: a dossier relied on a version for a component. When the paper is corrected, superseded, suspended, resumed
 * or revoked, every dossier that relied on it is told, in the transaction of the change: in the log, in the notices of
 * its agency and in the outbox. The lock of the paper keeps an answer and a change apart, so that none is missed.
 */
import type { AnyActor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';

export const CHANGES = ['corrected', 'superseded', 'suspended', 'resumed', 'revoked', 'annulled'] as const;
export type Change = (typeof CHANGES)[number];

export interface Relied {
  readonly dossierId: string;
  readonly componentKey: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly agencyId: string;
  readonly grantId: string | null;
  readonly at: Date;
}

export async function recordReliance(sql: Sql, reliance: Relied): Promise<void> {
  await sql.query(
    `INSERT INTO reliance (dossier_id, component_key, document_id, version_id, agency_id, grant_id, relied_at)
     VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, $6::uuid, $7::timestamptz) ON CONFLICT DO NOTHING`,
    [
      reliance.dossierId,
      reliance.componentKey,
      reliance.documentId,
      reliance.versionId,
      reliance.agencyId,
      reliance.grantId,
      reliance.at,
    ],
  );
}

export interface DocumentChange {
  readonly documentId: string;
  readonly change: Change;
  readonly successorId: string | null;
  readonly ownerIds: readonly string[];
  readonly actor: AnyActor;
  readonly requestId: string | null;
  readonly at: Date;
}

/** Dossiers that ended longer ago than this are not told. */
const RECENT_DAYS = 365;

/** Tells every dossier that relied on the paper and is open or recent. @returns how many were told */
export async function tellReliers(sql: Sql, change: DocumentChange): Promise<number> {
  const since = new Date(change.at.getTime() - RECENT_DAYS * 86_400_000);
  const relied = await sql.query<{
    dossier_id: string;
    component_key: string;
    version_id: string;
    agency_id: string;
  }>(
    `SELECT r.dossier_id::text, r.component_key, r.version_id::text, r.agency_id
     FROM reliance r JOIN dossier s ON s.id = r.dossier_id
     WHERE r.document_id = $1::uuid AND (s.finished_at IS NULL OR s.finished_at > $2::timestamptz)
     ORDER BY r.dossier_id, r.component_key, r.version_id`,
    [change.documentId, since],
  );
  for (const each of relied) {
    const eventId = await appendEvent(sql, {
      type: 'reuse.reliance-affected',
      at: change.at,
      actor: change.actor,
      outcome: 'done',
      agencyId: each.agency_id,
      documentId: change.documentId,
      dossierId: each.dossier_id,
      ownerIds: change.ownerIds,
      requestId: change.requestId,
      detail: {
        component: each.component_key,
        version: each.version_id,
        change: change.change,
        successor: change.successorId,
      },
    });
    await sql.query(
      `INSERT INTO reliance_notice (id, agency_id, dossier_id, component_key, document_id, version_id, change, successor_id, event_id, noticed_at)
       VALUES ($1::uuid, $2::text, $3::uuid, $4::text, $5::uuid, $6::uuid, $7::text, $8::uuid, $9::uuid, $10::timestamptz)`,
      [
        newId(),
        each.agency_id,
        each.dossier_id,
        each.component_key,
        change.documentId,
        each.version_id,
        change.change,
        change.successorId,
        eventId,
        change.at,
      ],
    );
    await publish(sql, {
      type: 'reliance.affected.v1',
      at: change.at,
      subject: each.dossier_id,
      agency: each.agency_id,
      data: {
        document: change.documentId,
        version: each.version_id,
        component: each.component_key,
        change: change.change,
        successor: change.successorId,
        event: eventId,
      },
    });
  }
  return relied.length;
}

export interface RelianceNotice {
  readonly id: string;
  readonly dossier: string;
  readonly component: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly change: string;
  readonly successorId: string | null;
  readonly eventId: string;
  readonly at: Date;
}

/** What an agency was told, oldest first, after a notice it has read. */
export async function noticesOf(
  sql: Sql,
  page: { agencyId: string; after: string | null; limit: number },
): Promise<RelianceNotice[]> {
  return sql.query<RelianceNotice>(
    `SELECT n.id::text AS id, s.code AS dossier, n.component_key AS component, n.document_id::text AS "documentId",
            n.version_id::text AS "versionId", n.change, n.successor_id::text AS "successorId", n.event_id::text AS "eventId",
            n.noticed_at AS at
     FROM reliance_notice n JOIN dossier s ON s.id = n.dossier_id
     WHERE n.agency_id = $1::text AND ($2::uuid IS NULL OR n.id > $2::uuid) ORDER BY n.id LIMIT $3::int`,
    [page.agencyId, page.after, page.limit],
  );
}
