/**
 * Sends messages to people: claim by a lease → open what is wrapped → hand over, outside any transaction → settle. What
 * cannot be delivered becomes `undelivered`, which the person sees in the vault and operators count; nothing is dropped
 * in silence. A crash in between sends a notice twice at worst; gateways get the same idempotency key.
 */
import type { KeyRing } from '../../storage/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { formatTime } from '../web/index.ts';
import { type Channel, ChannelError } from './channels/channel.ts';
import { codeWords, noticeWords, type Words } from './notice.ts';
import {
  appSubjectOf,
  claimOutgoing,
  contactOf,
  type Outgoing,
  settleOutgoing,
} from './notification-repository.ts';
import { messageFacts } from './notifications.ts';
import { retryDelay } from './webhook.ts';

export interface MessageDispatchParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly channels: readonly Channel[];
  /** The page of notices, as people open it. */
  readonly link: string;
  /** Issuer whose subjects the national app knows. */
  readonly appIssuer: string;
  readonly random?: () => number;
}

const LEASE_MS = 90_000;
const MAX_TRIES = 8;

export class MessageDispatch {
  readonly #parts: MessageDispatchParts;

  constructor(parts: MessageDispatchParts) {
    this.#parts = parts;
  }

  /** Until nothing is due. @returns how many were tried */
  async dispatch(signal?: AbortSignal): Promise<number> {
    const { database, clock } = this.#parts;
    let tried = 0;
    while (!signal?.aborted) {
      const now = clock.now();
      const due = await database.transactSql((sql) =>
        claimOutgoing(sql, { now, leaseUntil: new Date(now.getTime() + LEASE_MS), limit: 8 }),
      );
      if (due.length === 0) break;
      await Promise.all(due.map((message) => this.#send(message, signal)));
      tried += due.length;
    }
    return tried;
  }

  async #send(message: Outgoing, signal: AbortSignal | undefined): Promise<void> {
    const fault = await this.#hand(message, signal);
    if (signal?.aborted && fault !== null) return;
    const now = this.#parts.clock.now();
    const seconds = retryDelay(message.attempts, (this.#parts.random ?? Math.random)());
    const nextAt = new Date(now.getTime() + seconds * 1000);
    const over = fault?.permanent === true || message.attempts >= MAX_TRIES || nextAt >= message.expiresAt;
    const state = fault === null ? 'sent' : over ? 'undelivered' : 'waiting';
    await this.#parts.database.transactSql(async (sql) => {
      await settleOutgoing(sql, message.id, { state, nextAt, fault: fault?.fault ?? null, at: now });
      if (state === 'waiting') return;
      await appendEvent(sql, {
        type: 'notification.sent',
        at: now,
        actor: { kind: 'vault' },
        outcome: state === 'sent' ? 'done' : 'failed',
        detail: { message: message.id, channel: message.channel, purpose: message.purpose },
      });
    });
  }

  async #hand(message: Outgoing, signal: AbortSignal | undefined): Promise<ChannelError | null> {
    const { database, channels, clock } = this.#parts;
    const channel = channels.find(({ name }) => name === message.channel);
    if (!channel) return new ChannelError('channel-not-set-up', { permanent: true });
    if (clock.now() >= message.expiresAt) return new ChannelError('too-late', { permanent: true });
    const to = await database.transactSql((sql) => this.#addressOf(sql, message));
    if (to === null) return new ChannelError('no-address', { permanent: true });
    const { id, language } = message;
    return channel.deliver({ id, to, language, words: this.#wordsOf(message) }, signal).then(
      () => null,
      (error: unknown) => {
        if (error instanceof ChannelError) return error;
        throw error;
      },
    );
  }

  async #addressOf(sql: Sql, message: Outgoing): Promise<string | null> {
    if (message.address !== null) return message.address;
    if (message.channel === 'app') return appSubjectOf(sql, message.personId, this.#parts.appIssuer);
    const contact = await contactOf(sql, message.personId);
    return message.channel === 'email' ? contact.email : contact.phone;
  }

  #wordsOf(message: Outgoing): Words {
    const { language, masterKeyId, wrapped } = message;
    if (masterKeyId === null || wrapped === null) return noticeWords(language, this.#parts.link);
    const code = this.#parts.keys.unwrap(masterKeyId, wrapped, messageFacts(message)).toString('utf8');
    return codeWords(language, code, formatTime(message.expiresAt));
  }
}
