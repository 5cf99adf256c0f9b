/** The owner looks at a paper before it goes out, and lets it go or not, item by item. */

import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { Assessor } from './assessment.ts';
import type { PreviewDecision } from './outcome.ts';
import { aboutOf, actorWord, type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import * as refusals from './reuse-refusals.ts';
import { findRequest } from './reuse-repository.ts';
import type { ReuseRequest } from './reuse-request.ts';

export interface PreviewItem {
  readonly requestId: string;
  readonly componentKey: string;
  readonly documentId: string;
  readonly agencyId: string;
  readonly dossier: string;
  readonly procedureCode: string;
  readonly documentType: string;
}

export class Previews {
  readonly #parts: { database: Database; gate: ReuseGate; assessor: Assessor };

  constructor(parts: { database: Database; gate: ReuseGate; assessor: Assessor }) {
    this.#parts = parts;
  }

  /** What waits for this owner's look, newest first. */
  async waiting(ownerId: string): Promise<readonly PreviewItem[]> {
    return this.#parts.database.read<PreviewItem>(
      `SELECT r.id::text AS "requestId", i.component_key AS "componentKey", i.document_id::text AS "documentId",
              r.agency_id AS "agencyId", s.code AS dossier, r.procedure_code AS "procedureCode", w.type_code AS "documentType"
       FROM document_owner w JOIN reuse_item i ON i.document_id = w.document_id AND i.outcome IN ('preview_required', 'consent_required', 'available')
       JOIN reuse_request r ON r.id = i.request_id AND r.preview <> 'none' JOIN dossier s ON s.id = r.dossier_id AND s.state <> 'closed'
       WHERE w.owner_id = $1::uuid
         AND NOT EXISTS (SELECT 1 FROM reuse_preview p WHERE p.request_id = i.request_id
                         AND p.component_key = i.component_key AND p.document_id = i.document_id)
       ORDER BY r.asked_at DESC, i.component_key LIMIT 50`,
      [ownerId],
    );
  }

  /** By the owner's own login. The last decision counts. */
  async decide(
    order: Caller & {
      personId: string;
      reuseRequestId: string;
      componentKey: string;
      decision: PreviewDecision;
    },
  ): Promise<void> {
    await this.#parts.gate.run(order, 'decide-preview', async (sql, at) => {
      const found = await findRequest(sql, order.reuseRequestId);
      const documentId = found && (await itemOf(sql, order));
      const owned =
        documentId &&
        (await sql.query(
          'SELECT 1 AS one FROM document_owner WHERE document_id = $1::uuid AND owner_id = $2::uuid',
          [documentId, order.personId],
        ));
      if (!found || !documentId || !owned || owned.length === 0) return nothingToPreview();
      await this.#keep(sql, order, { request: found.request, documentId, at, ownerIds: [order.personId] });
      return undefined;
    });
  }

  /** At the counter: the person looked at the officer's screen; marked as assisted. */
  async decideAtCounter(
    order: Caller & { reuseRequestId: string; componentKey: string; decision: PreviewDecision },
  ): Promise<void> {
    const { gate } = this.#parts;
    await gate.run(order, 'decide-preview', async (sql, at) => {
      const found = await gate.admit(sql, order, order.reuseRequestId, 'reuse:request');
      if (found instanceof Refused) return found;
      if (!found.session) return new Refused(refusals.sessionNeeded(), aboutOf(found));
      const documentId = await itemOf(sql, order);
      if (!documentId) return nothingToPreview();
      const request = { ...found.request, sessionId: found.session.id };
      await this.#keep(sql, order, { request, documentId, at, ownerIds: [found.session.ownerId] });
      return undefined;
    });
  }

  async #keep(
    sql: Sql,
    order: Caller & { componentKey: string; decision: PreviewDecision },
    about: { request: ReuseRequest; documentId: string; at: Date; ownerIds: readonly string[] },
  ): Promise<void> {
    const { request, documentId, at, ownerIds } = about;
    await sql.query(
      `INSERT INTO reuse_preview (request_id, component_key, document_id, decision, decided_by, decided_at)
       VALUES ($1::uuid, $2::text, $3::uuid, $4::text, $5::text, $6::timestamptz)
       ON CONFLICT (request_id, component_key, document_id) DO UPDATE
         SET decision = excluded.decision, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
      [request.id, order.componentKey, documentId, order.decision, actorWord(order.actor), at],
    );
    await this.#parts.gate.tell(sql, order, {
      type: 'reuse.previewed',
      at,
      request,
      documentId,
      ownerIds,
      detail: { component: order.componentKey, decision: order.decision },
    });
  }
}

async function itemOf(
  sql: Sql,
  order: { reuseRequestId: string; componentKey: string },
): Promise<string | undefined> {
  const [row] = await sql.query<{ document_id: string }>(
    `SELECT document_id::text FROM reuse_item WHERE request_id = $1::uuid AND component_key = $2::text
       AND document_id IS NOT NULL AND outcome IN ('preview_required', 'consent_required', 'available')`,
    [order.reuseRequestId, order.componentKey],
  );
  return row?.document_id;
}

const nothingToPreview = (): Failure =>
  new Failure(
    'not-found',
    {
      en: 'No paper of yours waits to be looked at there.',
      vi: 'Không có giấy nào chờ ông (bà) xem trước ở đây.',
    },
    { code: 'nothing-to-preview' },
  );
