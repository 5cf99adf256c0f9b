/** Opening, renewing and closing sessions, each with its event in the same transaction. */
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Assurance, PersonActor } from './actor.ts';
import { newToken, SESSION_LIMITS, type SessionLimits, tokenDigest } from './session.ts';
import {
  deleteSession,
  deleteSessionByDigest,
  deleteSessionsOfAccount,
  insertSession,
  replaceToken,
} from './session-repository.ts';

export interface OpenedSession {
  readonly id: string;
  /** For the cookie; kept nowhere else. */
  readonly token: string;
  readonly maxAge: number;
}

export interface SessionParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly limits?: SessionLimits;
}

export class Sessions {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #limits: SessionLimits;

  constructor({ database, clock, limits = SESSION_LIMITS }: SessionParts) {
    this.#database = database;
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * A new session with a new token, in the caller's transaction. The browser's former session, if any, ends: a token
   * planted before sign-in is worth nothing after it.
   */
  async open(
    sql: Sql,
    opening: {
      readonly accountId: string;
      readonly personId: string;
      readonly assurance: Assurance;
      readonly formerToken?: string;
      readonly requestId?: string;
    },
  ): Promise<OpenedSession> {
    const now = this.#clock.now();
    const former = tokenDigest(opening.formerToken);
    if (former) await deleteSessionByDigest(sql, former);
    const [id, token] = [newId(), newToken()];
    const { accountId, personId, assurance } = opening;
    await insertSession(
      sql,
      {
        id,
        digest: digestOf(token),
        accountId,
        assurance,
        expiresAt: new Date(now.getTime() + this.#limits.absolute),
      },
      now,
    );
    await appendEvent(sql, {
      type: 'session.opened',
      at: now,
      actor: { kind: 'person', accountId, personId, assurance, roles: [], sessionId: id },
      outcome: 'done',
      ownerIds: [personId],
      requestId: opening.requestId,
      detail: { account: accountId, assurance },
    });
    return { id, token, maxAge: Math.floor(this.#limits.absolute / 1000) };
  }

  /** Another token for the same session, wherever what it may do has changed. */
  async renew(actor: PersonActor): Promise<string> {
    const token = newToken();
    await this.#database.transactSql((sql) => replaceToken(sql, actor.sessionId, digestOf(token)));
    return token;
  }

  /** Signs this browser out. */
  async close(actor: PersonActor, requestId?: string): Promise<void> {
    await this.#database.transactSql(async (sql) => {
      if (await deleteSession(sql, actor.sessionId)) await this.#closed(sql, actor, 1, requestId);
    });
  }

  /** Signs the account out everywhere. @returns the number of sessions that ended. */
  async closeAll(actor: PersonActor, requestId?: string): Promise<number> {
    return this.#database.transactSql(async (sql) => {
      const count = await deleteSessionsOfAccount(sql, actor.accountId);
      if (count > 0) await this.#closed(sql, actor, count, requestId);
      return count;
    });
  }

  /** Deletes what is over; a job calls it now and then. */
  async sweep(): Promise<void> {
    const now = this.#clock.now();
    await this.#database.transactSql(async (sql) => {
      await sql.query(
        'DELETE FROM session WHERE expires_at <= $1::timestamptz OR last_seen_at <= $2::timestamptz',
        [now, new Date(now.getTime() - this.#limits.idle)],
      );
      await sql.query('DELETE FROM sign_in_attempt WHERE expires_at <= $1::timestamptz', [now]);
      await sql.query('DELETE FROM access_request WHERE expires_at <= $1::timestamptz', [now]);
      await sql.query('DELETE FROM oidc_payload WHERE expires_at <= $1::timestamptz', [now]);
    });
  }

  async #closed(sql: Sql, actor: PersonActor, sessions: number, requestId?: string): Promise<void> {
    await appendEvent(sql, {
      type: 'session.closed',
      at: this.#clock.now(),
      actor,
      outcome: 'done',
      ownerIds: [actor.personId],
      requestId,
      detail: { account: actor.accountId, sessions },
    });
  }
}

function digestOf(token: string): Buffer {
  const digest = tokenDigest(token);
  if (!digest) throw new Error('a new token is not a token');
  return digest;
}
