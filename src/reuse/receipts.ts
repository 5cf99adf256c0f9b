/** Receipts for both sides: what the log holds of one request, line by line, with its place in the log. */
import type { Sql } from '../platform/database.ts';
import { type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import { mayReuse } from './reuse-policy.ts';
import * as refusals from './reuse-refusals.ts';
import { findRequest } from './reuse-repository.ts';
import type { StatementProofs } from './statements.ts';

export interface ReceiptLine {
  readonly event: string;
  readonly at: Date;
  readonly what: string;
  readonly outcome: string;
  readonly component: string | null;
  readonly document: string | null;
  readonly sha256: string | null;
  readonly assisted: boolean;
}

export interface Receipt {
  readonly reuseRequest: string;
  readonly dossier: string;
  readonly agency: string;
  readonly lines: readonly ReceiptLine[];
}

export class Receipts {
  readonly #gate: ReuseGate;
  readonly #proofs: StatementProofs;

  constructor(parts: { gate: ReuseGate; proofs: StatementProofs }) {
    this.#gate = parts.gate;
    this.#proofs = parts.proofs;
  }

  /** The proof that a line of the receipt stands in the log; null while it waits for its checkpoint. */
  async proof(order: Caller & { reuseRequestId: string; eventId: string }): Promise<string | null> {
    const { lines } = await this.of(order);
    if (!lines.some(({ event }) => event === order.eventId)) throw refusals.noSuchRequest();
    return (await this.#proofs.of(order.eventId)) ?? null;
  }

  /** The agency sees all of it; the person what is about their own papers and answers. */
  async of(order: Caller & { reuseRequestId: string }): Promise<Receipt> {
    return this.#gate.run(order, 'show-receipt', async (sql) => {
      const found = await findRequest(sql, order.reuseRequestId);
      if (!found) return new Refused(refusals.noSuchRequest());
      const { request, dossier } = found;
      const { actor } = order;
      const agency = mayReuse(actor, request.agencyId, 'reuse:request');
      const person = actor.kind === 'person' && !agency ? actor.personId : null;
      if (!agency && person === null) return new Refused(refusals.noSuchRequest());
      const lines = await linesOf(sql, { dossierId: dossier.id, requestId: request.id, person });
      if (person !== null && lines.length === 0) return new Refused(refusals.noSuchRequest());
      return { reuseRequest: request.id, dossier: dossier.code, agency: request.agencyId, lines };
    });
  }
}

/** Every event that names the request, and the consents given to it. */
const linesOf = (
  sql: Sql,
  about: { dossierId: string; requestId: string; person: string | null },
): Promise<ReceiptLine[]> =>
  sql.query<ReceiptLine>(
    `SELECT e.id::text AS event, e.occurred_at AS at, e.type AS what, e.outcome, e.detail ->> 'component' AS component,
            e.document_id::text AS document, e.detail ->> 'sha256' AS sha256,
            coalesce(e.detail ->> 'assisted', 'false') = 'true' AS assisted
     FROM ledger_event e
     WHERE e.dossier_id = $1::uuid
       AND (e.detail ->> 'reuse' = $2::text
         OR e.detail ->> 'consent' IN (SELECT g.id::text FROM consent_grant g WHERE g.request_id = $2::uuid))
       AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM event_subject u WHERE u.event_id = e.id AND u.owner_id = $3::uuid))
     ORDER BY e.occurred_at, e.id LIMIT 500`,
    [about.dossierId, about.requestId, about.person],
  );
