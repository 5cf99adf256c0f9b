/**
 * The counter: a dossier opens a session with the person in front of the officer, and everything the officer sees is
 * seen inside it. Post-office clerks have the same and no more; nobody has a free search.
 */
import { parseDossierCode } from '../catalogue/index.ts';
import { findDossier } from '../documents/index.ts';
import { type Actor, type PersonActor, type PersonClaim, personById } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import {
  type CounterSession,
  endSessions,
  insertCounterSession,
  openSessionOf,
  SESSION_MINUTES,
} from './counter-session.ts';
import { differing } from './field-match.ts';
import { findApplicant } from './person-match.ts';
import { type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import { REUSE_ROLES } from './reuse-policy.ts';
import * as refusals from './reuse-refusals.ts';

export interface OpenOrder extends Caller {
  readonly agencyId: string;
  readonly dossierCode: string;
  readonly person: PersonClaim;
  /** The officer has compared the identity card with the person. */
  readonly identityChecked: true;
}

/** A dossier that was opened at this officer's counter today. */
export interface TodaysDossier {
  readonly id: string;
  readonly code: string;
  readonly procedureCode: string;
  readonly outcomes: readonly { readonly componentKey: string; readonly outcome: string }[];
}

export class CounterDesk {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #gate: ReuseGate;

  constructor(parts: { database: Database; clock: Clock; gate: ReuseGate }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
    this.#gate = parts.gate;
  }

  /** The session before ends: an officer serves one person at a time. */
  async open(order: OpenOrder): Promise<CounterSession> {
    return this.#gate.run(order, 'open-counter', async (sql, at) => {
      const officer = officerAt(order.actor, order.agencyId);
      if (!officer) return refusals.noSuchRequest();
      const code = parseDossierCode(order.dossierCode);
      if (!code.ok) return refusals.malformedDossier(code.problem);
      const dossier = await findDossier(sql, code.value.code);
      if (dossier?.agencyId !== order.agencyId) return refusals.unknownDossier();
      const about = { agencyId: order.agencyId, dossierId: dossier.id };
      if (dossier.state === 'closed') return new Refused(refusals.closedDossier(), about);
      const found = await findApplicant(sql, order.person);
      const theirs = found?.person.id === dossier.owner.id && differing(found.match).length === 0;
      if (!found || !theirs) return new Refused(refusals.otherPerson(), about);
      if (found.person.deceasedAt) return new Refused(refusals.deceased(), about);
      await this.#end(sql, order, officer.actor, 'next-person', at);
      const session: CounterSession = {
        id: newId(),
        agencyId: order.agencyId,
        dossierId: dossier.id,
        ownerId: found.person.id,
        officerId: officer.actor.personId,
        role: officer.role,
        identityCheckedAt: at,
        openedAt: at,
        closesAt: new Date(at.getTime() + SESSION_MINUTES * 60_000),
        endedAt: null,
      };
      await insertCounterSession(sql, session);
      await this.#tell(sql, order, 'counter.opened', session, at);
      return session;
    });
  }

  /** Ends what is open; ending twice is no fault. */
  async end(caller: Caller, because = 'ended-by-officer'): Promise<readonly CounterSession[]> {
    const { actor } = caller;
    if (actor.kind !== 'person') return [];
    return this.#gate.run(caller, 'end-counter', (sql, at) => this.#end(sql, caller, actor, because, at));
  }

  async current(actor: Actor, dossierId?: string): Promise<CounterSession | undefined> {
    if (actor.kind !== 'person') return undefined;
    return this.#database.transactSql((sql) =>
      openSessionOf(sql, actor.personId, this.#clock.now(), dossierId),
    );
  }

  /** The person a session is held with, for the strip of every page. */
  async person(session: CounterSession): Promise<Awaited<ReturnType<typeof personById>>> {
    return this.#database.transactSql((sql) => personById(sql, session.ownerId));
  }

  /** Dossiers that this officer opened since the day began in Viet Nam. */
  async today(actor: Actor): Promise<readonly TodaysDossier[]> {
    if (actor.kind !== 'person') return [];
    const now = this.#clock.now().getTime() + 7 * 3_600_000;
    const midnight = new Date(now - (now % 86_400_000) - 7 * 3_600_000);
    const rows = await this.#database.read<{
      id: string;
      code: string;
      procedure_code: string;
      items: { componentKey: string; outcome: string }[] | null;
    }>(TODAY, [actor.personId, midnight]);
    return rows.map((row) => ({
      id: row.id,
      code: row.code,
      procedureCode: row.procedure_code,
      outcomes: row.items ?? [],
    }));
  }

  async #end(
    sql: Parameters<typeof endSessions>[0],
    caller: Caller,
    officer: PersonActor,
    because: string,
    at: Date,
  ): Promise<CounterSession[]> {
    const ended = await endSessions(sql, officer.personId, { at, because });
    for (const session of ended) await this.#tell(sql, caller, 'counter.ended', session, at);
    return ended;
  }

  #tell(
    sql: Parameters<typeof endSessions>[0],
    caller: Caller,
    type: 'counter.opened' | 'counter.ended',
    session: CounterSession,
    at: Date,
  ): Promise<string> {
    return appendEvent(sql, {
      type,
      at,
      actor: caller.actor,
      outcome: 'done',
      agencyId: session.agencyId,
      dossierId: session.dossierId,
      ownerIds: [session.ownerId],
      requestId: caller.requestId,
      detail: { session: session.id, role: session.role, assisted: true },
    });
  }
}

/** The role in which an officer of the agency serves; undefined for everybody else. */
function officerAt(actor: Actor, agencyId: string): { actor: PersonActor; role: string } | undefined {
  if (actor.kind !== 'person') return undefined;
  const held = actor.roles.find((role) => role.agencyId === agencyId && REUSE_ROLES.includes(role.role));
  return held && { actor, role: held.role };
}

const TODAY = `
SELECT DISTINCT ON (s.id) s.id::text, s.code, s.procedure_code,
       (SELECT jsonb_agg(jsonb_build_object('componentKey', i.component_key, 'outcome', i.outcome) ORDER BY i.component_key)
        FROM reuse_item i WHERE i.request_id = (
          SELECT r.id FROM reuse_request r WHERE r.dossier_id = s.id ORDER BY r.asked_at DESC, r.id DESC LIMIT 1)) AS items
FROM counter_session c JOIN dossier s ON s.id = c.dossier_id
WHERE c.officer_id = $1::uuid AND c.opened_at >= $2::timestamptz AND s.state <> 'closed'
ORDER BY s.id DESC LIMIT 100`;
