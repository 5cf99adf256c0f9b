/**
 * Sends webhook messages that are due. Claim (rows move ahead by a lease) → send, outside any transaction → keep the
 * attempt and settle the message. A kill between the steps sends the same id again when the lease is over, which is what
 * the receiver's memory of `webhook-id` is for.
 */
import type { KeyRing } from '../../storage/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { type OutboundAnswer, OutboundError, type OutboundPolicy, sendOut } from './outbound.ts';
import type { OutboxReader, WaitingEvent } from './outbox-drain.ts';
import {
  MAX_ATTEMPTS,
  type OpenSecret,
  retryDelay,
  signedHeaders,
  webhookBody,
  webhookId,
} from './webhook.ts';
import {
  type Attempt,
  changeEndpoint,
  claimMessages,
  type Endpoint,
  enqueueMessages,
  findEndpoint,
  insertAttempt,
  type Message,
  noteFailing,
  type StoredSecret,
  secretsOf,
  settleMessage,
} from './webhook-repository.ts';

export interface DispatchParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly outbound: OutboundPolicy;
  /** From 0 up to 1; a test gives a fixed one. */
  readonly random?: () => number;
}

/** Longer than an attempt can take. */
const LEASE_MS = 60_000;
const AT_ONCE = 8;

/** What wraps and opens a secret: the row it stands in cannot be exchanged for another. */
export const secretFacts = (secret: Pick<StoredSecret, 'id' | 'endpointId' | 'kind'>): string[] => [
  'webhook-secret',
  secret.id,
  secret.endpointId,
  secret.kind,
];

/** The outbox's reader for webhooks. */
export const webhookReader: OutboxReader = {
  take: async (sql: Sql, event: WaitingEvent, now: Date) => {
    if (event.agencyId === null) return;
    await enqueueMessages(sql, { ...event, agencyId: event.agencyId, body: webhookBody(event) }, now);
  },
};

export class WebhookDispatch {
  readonly #parts: DispatchParts;

  constructor(parts: DispatchParts) {
    this.#parts = parts;
  }

  /** Until nothing is due. @returns how many attempts were made */
  async dispatch(signal?: AbortSignal): Promise<number> {
    let made = 0;
    while (!signal?.aborted) {
      const now = this.#parts.clock.now();
      const due = await this.#parts.database.transactSql((sql) =>
        claimMessages(sql, { now, leaseUntil: new Date(now.getTime() + LEASE_MS), limit: AT_ONCE }),
      );
      if (due.length === 0) break;
      await Promise.all(due.map((message) => this.#attempt(message, signal)));
      made += due.length;
    }
    return made;
  }

  async #attempt(message: Message, signal: AbortSignal | undefined): Promise<void> {
    const { database, clock, outbound } = this.#parts;
    const at = clock.now();
    const opened = await database.transactSql(async (sql) => {
      const endpoint = await findEndpoint(sql, message.endpointId);
      return endpoint && { endpoint, secrets: await secretsOf(sql, endpoint.id, at) };
    });
    if (!opened) return;
    const headers = signedHeaders(
      opened.secrets.map((secret) => this.#open(secret)),
      { id: webhookId(message.eventId), body: message.body },
      at,
    );
    const started = performance.now();
    const outcome = await sendOut(outbound, opened.endpoint.url, {
      method: 'POST',
      headers,
      body: message.body,
      signal,
    }).catch((error: unknown) => {
      if (error instanceof OutboundError) return error;
      throw error;
    });
    // Stopped by our own closing: no attempt of the receiver's; the lease brings it back.
    if (signal?.aborted && outcome instanceof OutboundError) return;
    await database.transactSql((sql) =>
      this.#keep(sql, opened.endpoint, message, {
        at,
        outcome,
        milliseconds: Math.round(performance.now() - started),
      }),
    );
  }

  #open(secret: StoredSecret): OpenSecret {
    const bytes = this.#parts.keys.unwrap(secret.masterKeyId, secret.wrapped, secretFacts(secret));
    return { kind: secret.kind, bytes };
  }

  async #keep(
    sql: Sql,
    endpoint: Endpoint,
    message: Message,
    made: { at: Date; outcome: OutboundAnswer | OutboundError; milliseconds: number },
  ): Promise<void> {
    const attempt = attemptOf(made);
    const now = this.#parts.clock.now();
    await insertAttempt(sql, message.id, attempt);
    if (attempt.fault === null) {
      await settleMessage(sql, message.id, { state: 'delivered', nextAt: now, at: now });
      if (endpoint.failingSince !== null) await noteFailing(sql, endpoint.id, null);
      await this.#tell(sql, endpoint, message, 'done');
      return;
    }
    const gone = attempt.fault === 'gone';
    const dead = gone || message.attempts >= MAX_ATTEMPTS;
    const seconds = retryDelay(message.attempts, (this.#parts.random ?? Math.random)());
    const wait = Math.max(seconds, retryAfter(made.outcome));
    await settleMessage(sql, message.id, {
      state: dead ? 'dead' : 'waiting',
      nextAt: new Date(now.getTime() + wait * 1000),
      at: now,
    });
    await noteFailing(sql, endpoint.id, now);
    // "Gone" is the receiver's word for "stop": paused, and told to whoever looks after it.
    if (gone && endpoint.state === 'active')
      await changeEndpoint(sql, endpoint.id, { ...endpoint, state: 'paused' });
    if (dead) await this.#tell(sql, endpoint, message, 'failed');
  }

  async #tell(sql: Sql, endpoint: Endpoint, message: Message, outcome: 'done' | 'failed'): Promise<void> {
    await appendEvent(sql, {
      type: 'webhook.delivered',
      at: this.#parts.clock.now(),
      actor: { kind: 'vault' },
      outcome,
      agencyId: endpoint.agencyId,
      detail: {
        client: endpoint.clientId,
        endpoint: endpoint.id,
        event: message.eventId,
        type: message.type,
        attempts: message.attempts,
      },
    });
  }
}

function attemptOf(made: {
  at: Date;
  outcome: OutboundAnswer | OutboundError;
  milliseconds: number;
}): Attempt {
  const { at, outcome, milliseconds } = made;
  if (outcome instanceof OutboundError) return { at, status: null, fault: outcome.fault, milliseconds };
  const { status } = outcome;
  const fault = status >= 200 && status < 300 ? null : status === 410 ? 'gone' : 'status';
  return { at, status, fault, milliseconds };
}

/** What a busy receiver asks for, an hour at most. */
function retryAfter(outcome: OutboundAnswer | OutboundError): number {
  if (outcome instanceof OutboundError || ![429, 503].includes(outcome.status)) return 0;
  const seconds = Number(outcome.headers['retry-after']);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 3_600) : 0;
}
