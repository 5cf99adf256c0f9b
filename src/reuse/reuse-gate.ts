/**
 * The gate of every use case of reuse: one transaction; only the agency that has the dossier, and an officer only inside
 * a counter session of that dossier. What is refused is rolled back and leaves exactly one event before it is told.
 */
import { type Actor, actorKey } from '../identity/index.ts';
import { appendEvent, type EventType } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type CounterSession, openSessionOf } from './counter-session.ts';
import { mayReuse } from './reuse-policy.ts';
import * as refusals from './reuse-refusals.ts';
import { type Found, findRequest } from './reuse-repository.ts';
import type { ReuseRequest } from './reuse-request.ts';

export interface Caller {
  readonly actor: Actor;
  readonly requestId: string;
}

/** A failure whose event is to name the people or the dossier it is about. */
export class Refused {
  readonly failure: Failure;
  readonly about: {
    readonly agencyId?: string;
    readonly dossierId?: string;
    readonly documentId?: string | null;
    readonly ownerIds?: readonly string[];
    readonly detail?: Readonly<Record<string, string>>;
  };

  constructor(failure: Failure, about: Refused['about'] = {}) {
    this.failure = failure;
    this.about = about;
  }
}

export interface Admitted extends Found {
  /** The session in which an officer acts; undefined for systems. */
  readonly session: CounterSession | undefined;
}

export class ReuseGate {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { database: Database; clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  /** One transaction. @param operation names the step in the event of a refusal */
  async run<T>(
    caller: Caller,
    operation: string,
    work: (sql: Sql, at: Date) => Promise<T | Failure | Refused>,
  ): Promise<T> {
    try {
      return await this.#database.transactSql(async (sql) => {
        const result = await work(sql, this.#clock.now());
        if (result instanceof Failure || result instanceof Refused) throw new RolledBack(result);
        return result;
      });
    } catch (error) {
      const refusal = error instanceof RolledBack ? error.refusal : error;
      if (!(refusal instanceof Failure || refusal instanceof Refused)) throw error;
      const failure = refusal instanceof Refused ? refusal.failure : refusal;
      if (failure.kind === 'unavailable') throw failure;
      await this.record(caller, operation, refusal instanceof Refused ? refusal : new Refused(failure));
      throw failure;
    }
  }

  /** The event of a refusal, in a transaction of its own. */
  async record(caller: Caller, operation: string, { failure, about }: Refused): Promise<void> {
    await this.#database.transactSql((sql) =>
      appendEvent(sql, {
        type: 'access.denied',
        at: this.#clock.now(),
        actor: caller.actor,
        outcome: 'denied',
        agencyId: about.agencyId ?? null,
        dossierId: about.dossierId ?? null,
        documentId: about.documentId ?? null,
        ownerIds: about.ownerIds ?? [],
        requestId: caller.requestId,
        detail: { operation, because: failure.code ?? failure.kind, ...about.detail },
      }),
    );
  }

  /** The request, for its own agency; an officer needs the open session of its dossier. */
  async admit(
    sql: Sql,
    caller: Caller,
    reuseRequestId: string,
    scope: 'reuse:request' | 'reuse:retrieve',
  ): Promise<Admitted | Refused> {
    const found = await findRequest(sql, reuseRequestId);
    if (!found || !mayReuse(caller.actor, found.request.agencyId, scope))
      return new Refused(refusals.noSuchRequest());
    if (found.dossier.state === 'closed') return new Refused(refusals.closedDossier(), aboutOf(found));
    const session = await this.session(sql, caller.actor, found.dossier.id);
    return session instanceof Failure ? new Refused(session, aboutOf(found)) : { ...found, session };
  }

  /** A system needs no session; an officer without one is refused: there is no free search. */
  async session(sql: Sql, actor: Actor, dossierId: string): Promise<CounterSession | undefined | Failure> {
    if (actor.kind !== 'person') return undefined;
    const session = await openSessionOf(sql, actor.personId, this.#clock.now(), dossierId);
    return session ?? refusals.sessionNeeded();
  }

  async tell(
    sql: Sql,
    caller: Caller,
    event: {
      readonly type: EventType;
      readonly at: Date;
      readonly request: Pick<ReuseRequest, 'id' | 'agencyId' | 'dossierId' | 'ownerId' | 'sessionId'>;
      readonly documentId?: string | null;
      readonly ownerIds?: readonly string[];
      readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
    },
  ): Promise<string> {
    const { request } = event;
    return appendEvent(sql, {
      type: event.type,
      at: event.at,
      actor: caller.actor,
      outcome: 'done',
      agencyId: request.agencyId,
      dossierId: request.dossierId,
      documentId: event.documentId ?? null,
      ownerIds: event.ownerIds ?? (request.ownerId ? [request.ownerId] : []),
      requestId: caller.requestId,
      detail: {
        reuse: request.id,
        ...(request.sessionId ? { assisted: true, session: request.sessionId } : {}),
        ...event.detail,
      },
    });
  }
}

export const aboutOf = ({ request }: { request: ReuseRequest }): Refused['about'] => ({
  agencyId: request.agencyId,
  dossierId: request.dossierId,
  ownerIds: request.ownerId ? [request.ownerId] : [],
});

/** The words an event or a row keeps of who acted. */
export const actorWord = (actor: Actor): string => actorKey(actor).actorId ?? '';

class RolledBack extends Error {
  readonly refusal: Failure | Refused;
  constructor(refusal: Failure | Refused) {
    super('rolled back');
    this.refusal = refusal;
  }
}
