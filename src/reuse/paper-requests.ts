/** Paper asked for in spite of an answer: with a reason of the law, seen by the owner, counted by office and procedure. */
import type { Database, Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';
import { actorWord, type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import type { PaperReason } from './reuse-policy.ts';
import * as refusals from './reuse-refusals.ts';
import { answeredDocument } from './reuse-repository.ts';

export class PaperRequests {
  readonly #gate: ReuseGate;
  readonly #database: Database;

  constructor(parts: { gate: ReuseGate; database: Database }) {
    this.#gate = parts.gate;
    this.#database = parts.database;
  }

  async ask(
    order: Caller & {
      reuseRequestId: string;
      componentKey: string;
      reason: PaperReason;
      note: string | null;
    },
  ): Promise<{ id: string }> {
    return this.#gate.run(order, 'ask-paper', async (sql, at) => {
      const found = await this.#gate.admit(sql, order, order.reuseRequestId, 'reuse:request');
      if (found instanceof Refused) return found;
      const { request } = found;
      const key = { requestId: request.id, componentKey: order.componentKey };
      const answered = await answeredDocument(sql, key);
      if (!answered) return refusals.unknownComponents([order.componentKey]);
      const id = newId();
      await insertPaperRequest(sql, {
        id,
        ...key,
        agencyId: request.agencyId,
        procedureCode: request.procedureCode,
        ownerId: request.ownerId,
        reasonCode: order.reason,
        note: order.note,
        actorId: actorWord(order.actor),
        at,
      });
      await this.#gate.tell(sql, order, {
        type: 'reuse.paper-asked',
        at,
        request,
        documentId: answered.documentId,
        detail: { component: order.componentKey, reason: order.reason, paper: id },
      });
      await publish(sql, {
        type: 'reuse.paper-asked.v1',
        at,
        subject: request.id,
        person: request.ownerId,
        data: { reason: order.reason, component: order.componentKey, agency: request.agencyId },
      });
      return { id };
    });
  }

  /** What the person was asked for on paper, newest first. */
  async ofOwner(ownerId: string): Promise<readonly PaperRequestLine[]> {
    return this.#database.read<PaperRequestLine>(
      `SELECT p.id::text AS id, p.agency_id AS "agencyId", p.procedure_code AS "procedureCode", p.component_key AS component,
              p.reason_code AS reason, p.note, p.asked_at AS at, s.code AS dossier
       FROM paper_request p JOIN reuse_request r ON r.id = p.request_id JOIN dossier s ON s.id = r.dossier_id
       WHERE p.owner_id = $1::uuid ORDER BY p.asked_at DESC, p.id DESC LIMIT 200`,
      [ownerId],
    );
  }

  /** How often an office asked for paper all the same, by procedure and reason. */
  async counts(agencyId: string, from: Date, to: Date): Promise<readonly PaperRequestCount[]> {
    return this.#database.read<PaperRequestCount>(
      `SELECT coalesce(p.procedure_code, '') AS "procedureCode", p.reason_code AS reason, count(*)::int AS count
       FROM paper_request p WHERE p.agency_id = $1::text AND p.asked_at >= $2::timestamptz AND p.asked_at < $3::timestamptz
       GROUP BY 1, 2 ORDER BY 1, 2`,
      [agencyId, from, to],
    );
  }
}

export interface PaperRequestLine {
  readonly id: string;
  readonly agencyId: string;
  readonly procedureCode: string | null;
  readonly component: string;
  readonly reason: string;
  readonly note: string | null;
  readonly at: Date;
  readonly dossier: string;
}

export interface PaperRequestCount {
  readonly procedureCode: string;
  readonly reason: string;
  readonly count: number;
}

async function insertPaperRequest(
  sql: Sql,
  paper: {
    id: string;
    requestId: string;
    componentKey: string;
    agencyId: string;
    procedureCode: string;
    ownerId: string | null;
    reasonCode: string;
    note: string | null;
    actorId: string;
    at: Date;
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO paper_request (id, request_id, component_key, agency_id, reason_code, note, actor_id, asked_at, owner_id, procedure_code)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::timestamptz, $9::uuid, $10::text)`,
    [
      paper.id,
      paper.requestId,
      paper.componentKey,
      paper.agencyId,
      paper.reasonCode,
      paper.note,
      paper.actorId,
      paper.at,
      paper.ownerId,
      paper.procedureCode,
    ],
  );
}
