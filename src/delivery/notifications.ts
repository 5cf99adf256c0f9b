/**
 * Telling people: a notice in the vault for each event that concerns a person, and a message that something waits on
 * each channel the person chose. Both rows are written when the outbox is drained; sending is `MessageDispatch`'s.
 */
import type { KeyRing } from '../../storage/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { type ChannelName, maskAddress, noticeOf } from './notice.ts';
import {
  type Contact,
  contactOf,
  insertNotice,
  insertOutgoing,
  markRead,
  type Notice,
  noticesOf,
  unreadOf,
} from './notification-repository.ts';
import type { OutboxReader } from './outbox-drain.ts';

const NOTICE_LIVES_MS = 3 * 86_400_000;

/** The outbox's reader for people. */
export const noticeReader: OutboxReader = {
  take: async (sql, event, now) => {
    const kind = noticeOf(event);
    if (kind === undefined || event.personId === null) return;
    const { personId, subject, data } = event;
    const notificationId = await insertNotice(sql, {
      personId,
      kind,
      subject,
      data: { ...data, type: event.type },
      eventId: event.id,
      at: event.occurredAt,
    });
    if (notificationId === undefined) return;
    const contact = await contactOf(sql, personId);
    for (const channel of chosen(contact)) {
      await insertOutgoing(sql, {
        id: newId(),
        personId,
        notificationId,
        channel,
        purpose: 'notice',
        address: null,
        masterKeyId: null,
        wrapped: null,
        language: contact.language,
        expiresAt: new Date(now.getTime() + NOTICE_LIVES_MS),
        at: now,
      });
    }
  },
};

function chosen(contact: Contact): ChannelName[] {
  const ways: ChannelName[] = [];
  if (contact.byEmail && contact.email !== null) ways.push('email');
  if (contact.bySms && contact.phone !== null) ways.push('sms');
  if (contact.byApp) ways.push('app');
  return ways;
}

/** A person's own notices. */
export class Notifications {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { database: Database; clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  list(personId: string, before: string | null): Promise<Notice[]> {
    return this.#database.transactSql((sql) => noticesOf(sql, { personId, before, limit: 50 }));
  }

  unread(personId: string): Promise<number> {
    return this.#database.transactSql((sql) => unreadOf(sql, personId));
  }

  /** @param id one notice; null: all */
  async markRead(personId: string, id: string | null): Promise<void> {
    await this.#database.transactSql((sql) => markRead(sql, personId, id, this.#clock.now()));
  }
}

/** A code that only its person may learn. The port is `consent`'s; this is what stands behind it. */
export interface SecretMessage {
  readonly personId: string;
  readonly purpose: string;
  readonly secret: string;
  readonly expiresAt: Date;
  readonly language: 'vi' | 'en';
}
export type SecretSending =
  | { readonly sent: true; readonly to: string }
  | { readonly sent: false; readonly because: 'no-address' | 'no-channel' };

/** What wraps and opens the digits of a message: no row's secret opens in another row. */
export const messageFacts = (message: { readonly id: string; readonly personId: string }): string[] => [
  'outgoing-message',
  message.id,
  message.personId,
];

/**
 * Queues codes in the caller's transaction, wrapped; they are opened for the sending alone and leave the row with it.
 * Telephone first: it is at hand at a counter.
 */
export class SecretMessages {
  readonly #keys: KeyRing;
  readonly #clock: Clock;
  readonly #open: readonly ChannelName[];

  /** @param parts.open channels that are set up */
  constructor(parts: { keys: KeyRing; clock: Clock; open: readonly ChannelName[] }) {
    this.#keys = parts.keys;
    this.#clock = parts.clock;
    this.#open = parts.open;
  }

  async send(sql: Sql, message: SecretMessage): Promise<SecretSending> {
    if (this.#open.length === 0) return { sent: false, because: 'no-channel' };
    const contact = await contactOf(sql, message.personId);
    const ways = [
      { channel: 'sms', address: contact.phone },
      { channel: 'email', address: contact.email },
    ] as const;
    const way = ways.find(({ channel, address }) => address !== null && this.#open.includes(channel));
    if (!way?.address) return { sent: false, because: 'no-address' };
    await this.#queue(sql, { ...message, ...way, address: null, purpose: 'code' });
    return { sent: true, to: maskAddress(way.address) };
  }

  /** To an address that is not the person's yet. */
  async check(
    sql: Sql,
    message: Omit<SecretMessage, 'purpose'> & { channel: 'email' | 'sms'; address: string },
  ): Promise<SecretSending> {
    if (!this.#open.includes(message.channel)) return { sent: false, because: 'no-channel' };
    await this.#queue(sql, { ...message, purpose: 'address-check' });
    return { sent: true, to: maskAddress(message.address) };
  }

  async #queue(
    sql: Sql,
    message: {
      personId: string;
      channel: ChannelName;
      address: string | null;
      purpose: 'code' | 'address-check';
      secret: string;
      expiresAt: Date;
      language: 'vi' | 'en';
    },
  ): Promise<void> {
    const { secret, ...row } = message;
    const id = newId();
    await insertOutgoing(sql, {
      ...row,
      id,
      notificationId: null,
      masterKeyId: this.#keys.currentId,
      wrapped: this.#keys.wrap(Buffer.from(secret, 'utf8'), messageFacts({ id, personId: row.personId })),
      at: this.#clock.now(),
    });
  }
}
