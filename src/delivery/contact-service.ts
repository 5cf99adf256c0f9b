/**
 * How a person wants to be told. An address counts once a code that was sent to it has come back, so that nobody has
 * another's notices, or another's codes, sent to themselves. Each change is an event without the address.
 */
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../storage/index.ts';
import type { PersonActor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import {
  type Contact,
  contactOf,
  dropCheck,
  keepCheck,
  keepContact,
  tryCheck,
} from './notification-repository.ts';
import type { SecretMessages } from './notifications.ts';

export interface ContactParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly codes: SecretMessages;
}

export type AddressChannel = 'email' | 'sms';
const CODE_MINUTES = 10;
const TRIES = 5;

export class ContactService {
  readonly #parts: ContactParts;

  constructor(parts: ContactParts) {
    this.#parts = parts;
  }

  contact(actor: PersonActor): Promise<Contact> {
    return this.#parts.database.transactSql((sql) => contactOf(sql, actor.personId));
  }

  /** Which channels, in which language. A channel without a confirmed address stays silent. */
  async choose(
    actor: PersonActor,
    wish: Pick<Contact, 'language' | 'byEmail' | 'bySms' | 'byApp'>,
    requestId: string,
  ): Promise<Contact> {
    return this.#change(actor, requestId, 'chosen', async (sql) => ({
      ...(await contactOf(sql, actor.personId)),
      ...wish,
    }));
  }

  /** Sends a code to the address. @returns where to, masked. @throws Failure when that channel is not set up */
  async propose(
    actor: PersonActor,
    wish: { channel: AddressChannel; address: string; language: 'vi' | 'en' },
  ): Promise<string> {
    const { database, clock, keys, codes } = this.#parts;
    const { channel, address, language } = wish;
    return database.transactSql(async (sql) => {
      const expiresAt = new Date(clock.now().getTime() + CODE_MINUTES * 60_000);
      const secret = String(randomInt(1_000_000)).padStart(6, '0');
      const key = { personId: actor.personId, channel };
      const sending = await codes.check(sql, { ...key, address, secret, expiresAt, language });
      if (!sending.sent) throw notSetUp();
      await keepCheck(sql, key, {
        address,
        masterKeyId: keys.currentId,
        wrapped: keys.wrap(Buffer.from(secret), facts(key, address)),
        triesLeft: TRIES,
        expiresAt,
      });
      return sending.to;
    });
  }

  /** The code came back: from now on the address is the person's. */
  async confirm(
    actor: PersonActor,
    said: { channel: AddressChannel; code: string },
    requestId: string,
  ): Promise<Contact> {
    const { database, clock, keys } = this.#parts;
    const key = { personId: actor.personId, channel: said.channel };
    // A try that fails is kept: it is taken in a transaction of its own.
    const check = await database.transactSql((sql) => tryCheck(sql, key, clock.now()));
    const right =
      check !== undefined &&
      same(keys.unwrap(check.masterKeyId, check.wrapped, facts(key, check.address)), said.code);
    if (!check || !right) throw wrongCode();
    return this.#change(actor, requestId, 'address-confirmed', async (sql) => {
      await dropCheck(sql, key);
      const contact = await contactOf(sql, actor.personId);
      return said.channel === 'email'
        ? { ...contact, email: check.address, byEmail: true }
        : { ...contact, phone: check.address, bySms: true };
    });
  }

  /** Nothing is sent there any more. */
  async forget(actor: PersonActor, channel: AddressChannel, requestId: string): Promise<Contact> {
    return this.#change(actor, requestId, 'address-removed', async (sql) => {
      const contact = await contactOf(sql, actor.personId);
      return channel === 'email'
        ? { ...contact, email: null, byEmail: false }
        : { ...contact, phone: null, bySms: false };
    });
  }

  #change(
    actor: PersonActor,
    requestId: string,
    change: string,
    work: (sql: Sql) => Promise<Contact>,
  ): Promise<Contact> {
    return this.#parts.database.transactSql(async (sql) => {
      const contact = await work(sql);
      const at = this.#parts.clock.now();
      await keepContact(sql, actor.personId, contact, at);
      await appendEvent(sql, {
        type: 'contact.changed',
        at,
        actor,
        outcome: 'done',
        requestId,
        detail: { change },
      });
      return contact;
    });
  }
}

const facts = (key: { personId: string; channel: string }, address: string): string[] => [
  'contact-check',
  key.personId,
  key.channel,
  address,
];

const same = (code: Buffer, said: string): boolean => {
  const given = Buffer.from(said, 'utf8');
  return given.length === code.length && timingSafeEqual(given, code);
};

const notSetUp = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'This vault does not send messages this way. Choose another way; notices always stand in the vault.',
      vi: 'Kho này chưa gửi tin theo cách đó. Hãy chọn cách khác; thông báo luôn có trong kho.',
    },
    { code: 'channel-not-set-up' },
  );

const wrongCode = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'The code is not right, has run out, or was tried five times. Ask for a new one.',
      vi: 'Mã không đúng, đã hết hạn hoặc đã nhập sai năm lần. Hãy xin mã mới.',
    },
    { code: 'wrong-code', faults: [{ pointer: '/body/code', detail: 'wrong or used up' }] },
  );
