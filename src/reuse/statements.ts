/** Statements of what was not found, for the agency that asked and for the person they are about. */
import type { Sealing } from '../documents/index.ts';
import { type Actor, personById } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { maskNumber } from '../web/index.ts';
import { findStatement, type KeptStatement } from './not-found-statement.ts';
import { type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import { mayReuse } from './reuse-policy.ts';
import * as refusals from './reuse-refusals.ts';
import { statementPdf } from './statement-file.ts';

export interface StatementProofs {
  /** The proof file of an event with its detail opened, or undefined while it waits for its checkpoint. */
  of(eventId: string): Promise<string | undefined>;
}

export class Statements {
  readonly #parts: {
    database: Database;
    clock: Clock;
    gate: ReuseGate;
    sealing: Sealing;
    proofs: StatementProofs;
  };

  constructor(parts: {
    database: Database;
    clock: Clock;
    gate: ReuseGate;
    sealing: Sealing;
    proofs: StatementProofs;
  }) {
    this.#parts = parts;
  }

  /** The statement with its proof in the log; null while the log has not reached it. */
  async show(caller: Caller & { statementId: string }): Promise<KeptStatement & { proof: string | null }> {
    const kept = await this.#find(caller);
    return { ...kept, proof: (await this.#parts.proofs.of(kept.eventId)) ?? null };
  }

  /** The sealed PDF: signed once, at the first asking, and the same bytes ever after. */
  async pdf(caller: Caller & { statementId: string }): Promise<Buffer> {
    const { database, sealing, clock } = this.#parts;
    const kept = await this.#find(caller);
    if (kept.sealed) return kept.sealed;
    const person = kept.ownerId
      ? await database.transactSql((sql) => personById(sql, kept.ownerId ?? ''))
      : undefined;
    const created = new Date(kept.statement.statedAt);
    const pdf = statementPdf(
      kept.statement,
      {
        fullName: person?.fullName ?? '',
        maskedNumber: person?.personalNumber ? maskNumber(person.personalNumber) : '',
      },
      { sha256: kept.sha256, created },
    );
    const copy = await sealing.seal({
      documentId: kept.statement.id,
      pdf,
      agency: { id: kept.agencyId, name: kept.statement.agency.names.vi },
      form: 'PHIẾU XÁC NHẬN',
    });
    const [winner] = await database.transactSql(async (sql) => {
      const rows = await sql.query<{ sealed: Buffer }>(
        `UPDATE not_found_statement SET sealed = coalesce(sealed, $2::bytea), sealed_sha256 = coalesce(sealed_sha256, $3::text)
         WHERE id = $1::uuid RETURNING sealed`,
        [caller.statementId, Buffer.from(copy.bytes), copy.sha256],
      );
      await sql.query(
        `UPDATE signing_intent SET closed_at = $2::timestamptz, outcome = 'kept' WHERE id = $1::uuid AND closed_at IS NULL`,
        [copy.intent.id, clock.now()],
      );
      return rows;
    });
    return winner?.sealed ?? Buffer.from(copy.bytes);
  }

  /** Whoever may not see it is told that there is none; the refusal is an event. */
  async #find(caller: Caller & { statementId: string }): Promise<KeptStatement> {
    const { gate, clock } = this.#parts;
    return gate.run(caller, 'show-statement', async (sql) => {
      const kept = await findStatement(sql, caller.statementId);
      if (!kept || !mayRead(caller.actor, kept)) return new Refused(refusals.noSuchStatement());
      await appendEvent(sql, {
        type: 'reuse.statement-read',
        at: clock.now(),
        actor: caller.actor,
        outcome: 'permitted',
        agencyId: kept.agencyId,
        dossierId: kept.dossierId,
        ownerIds: kept.ownerId ? [kept.ownerId] : [],
        requestId: caller.requestId,
        detail: { statement: kept.statement.id },
      });
      return kept;
    });
  }
}

const mayRead = (actor: Actor, kept: KeptStatement): boolean =>
  (actor.kind === 'person' && actor.personId === kept.ownerId) ||
  mayReuse(actor, kept.agencyId, 'reuse:request');
