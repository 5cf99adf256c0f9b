/** Telling people: notices, e-mail over a real server, a gateway over real HTTP, codes that stay out of the rows. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parseAllowedHosts, Secret } from '../../src/config/index.ts';
import {
  ContactService,
  gatewayChannel,
  MessageDispatch,
  mailChannel,
  Notifications,
  noticeReader,
  OutboxDrain,
  SecretMessages,
} from '../../src/delivery/index.ts';
import { findOrCreatePerson, type PersonActor } from '../../src/identity/index.ts';
import { publish } from '../../src/platform/outbox.ts';
import { KeyRing } from '../../storage/index.ts';
import { type Mailbox, openMailbox, textOf } from '../support/mailbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let mailbox: Mailbox;
let gateway: Server;
let gatewayUrl: string;
let texts: { to: string; text: string; key: string }[] = [];
let gatewayStatus = 202;
let now = new Date('2026-11-24T02:00:00Z');
const clock = { now: () => now };
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};
const keys = new KeyRing({ id: 'test', key: createSecretKey(randomBytes(32)) });
const outbound = { allowed: parseAllowedHosts('127.0.0.1:*') ?? [], requireTls: false };
let lan: PersonActor;

const codes = () => new SecretMessages({ keys, clock, open: ['email', 'sms'] });
const contacts = () => new ContactService({ database: db.database, clock, keys, codes: codes() });
const notifications = () => new Notifications({ database: db.database, clock });
const dispatch = () =>
  new MessageDispatch({
    database: db.database,
    clock,
    keys,
    channels: [
      mailChannel({ url: new Secret(mailbox.url), from: 'kho@example.vn' }),
      gatewayChannel('sms', { url: gatewayUrl, token: new Secret('gateway-token') }, outbound),
    ],
    link: 'https://kho.example.vn/thong-bao',
    appIssuer: 'https://login.example.vn',
    random: () => 0.5,
  }).dispatch();
const happens = async (): Promise<void> => {
  await db.database.transactSql((sql) =>
    publish(sql, {
      type: 'document.revoked.v1',
      at: now,
      subject: '01900000-0000-7000-8000-00000000000d',
      person: lan.personId,
      data: { status: 'revoked' },
    }),
  );
  await new OutboxDrain({ database: db.database, clock, readers: [noticeReader] }).drain();
};
const codeIn = (text: string): string => /\b\d{6}\b/.exec(text)?.[0] ?? '';
const confirmEmail = async (): Promise<void> => {
  await contacts().propose(lan, { channel: 'email', address: 'lan@example.vn', language: 'vi' });
  await dispatch();
  const code = codeIn(textOf(mailbox.mails.at(-1) ?? ''));
  await contacts().confirm(lan, { channel: 'email', code }, 'r');
  mailbox.mails.length = 0;
};

beforeAll(async () => {
  db = await createTestDatabase();
  mailbox = await openMailbox();
  gateway = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { to, text } = JSON.parse(body) as { to: string; text: string };
      if (gatewayStatus < 300) texts.push({ to, text, key: String(request.headers['idempotency-key']) });
      response
        .writeHead(request.headers.authorization === 'Bearer gateway-token' ? gatewayStatus : 401)
        .end();
    });
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  gatewayUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/messages`;
  const { person } = await db.database.transactSql((sql) =>
    findOrCreatePerson(
      sql,
      { personalNumber: '000190000017', fullName: 'Nguyễn Thị Lan', birthDate: '1990-05-04' },
      { now, acceptInvented: true },
    ),
  );
  lan = {
    kind: 'person',
    accountId: person.id,
    personId: person.id,
    assurance: 2,
    roles: [],
    sessionId: 's',
  };
});

afterAll(async () => {
  await mailbox[Symbol.asyncDispose]();
  await new Promise((resolve) => gateway.close(resolve));
  await db[Symbol.asyncDispose]();
});

beforeEach(async () => {
  mailbox.mails.length = 0;
  mailbox.refused.clear();
  mailbox.busy = false;
  texts = [];
  gatewayStatus = 202;
  await contacts().forget(lan, 'email', 'r');
  await contacts().forget(lan, 'sms', 'r');
  await notifications().markRead(lan.personId, null);
});

test('a notice stands in the vault without any address, once for each event, until it is read', async () => {
  await happens();
  expect(await notifications().unread(lan.personId)).toBe(1);
  const [notice] = await notifications().list(lan.personId, null);
  expect(notice).toMatchObject({ kind: 'revoked', readAt: null, undelivered: [] });
  await notifications().markRead(lan.personId, notice?.id ?? '');
  expect(await notifications().unread(lan.personId)).toBe(0);
  expect(await dispatch()).toBe(0);
});

test('an e-mail says that something waits and nothing else', async () => {
  await confirmEmail();
  await happens();
  await dispatch();
  expect(mailbox.mails).toHaveLength(1);
  const mail = mailbox.mails[0] ?? '';
  expect(textOf(mail)).toContain('https://kho.example.vn/thong-bao');
  expect(`${mail}${textOf(mail)}`).not.toMatch(/thu hồi|revoked|Lan\b|Nguyễn|000190000017|\b\d{6}\b/);
});

test('an address counts only once its code came back; guessing ends after five tries', async () => {
  const to = await contacts().propose(lan, { channel: 'sms', address: '0912345678', language: 'vi' });
  expect(to).toBe('09••••678');
  await dispatch();
  expect(texts[0]?.to).toBe('0912345678');
  const code = codeIn(texts[0]?.text ?? '');
  expect((await contacts().contact(lan)).phone).toBeNull();
  const wrong = code === '000000' ? '000001' : '000000';
  const guesses = await Promise.allSettled(
    Array.from({ length: 5 }, () => contacts().confirm(lan, { channel: 'sms', code: wrong }, 'r')),
  );
  expect(guesses.every(({ status }) => status === 'rejected')).toBe(true);
  await expect(contacts().confirm(lan, { channel: 'sms', code }, 'r')).rejects.toMatchObject({
    code: 'wrong-code',
  });
  await contacts().propose(lan, { channel: 'sms', address: '0912345678', language: 'vi' });
  await dispatch();
  await contacts().confirm(lan, { channel: 'sms', code: codeIn(texts[1]?.text ?? '') }, 'r');
  expect(await contacts().contact(lan)).toMatchObject({ phone: '0912345678', bySms: true });
});

test('a code goes out with the commit, is not in the rows, and is not there after sending', async () => {
  await confirmEmail();
  const secret = '428193';
  const code = {
    personId: lan.personId,
    purpose: 'consent-code',
    secret,
    expiresAt: new Date(now.getTime() + 300_000),
    language: 'vi',
  } as const;
  await expect(
    db.database.transactSql(async (sql) => {
      await codes().send(sql, code);
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await dispatch()).toBe(0);
  expect(await db.database.transactSql((sql) => codes().send(sql, code))).toEqual({
    sent: true,
    to: 'l•••@example.vn',
  });
  const dump = async (): Promise<string> =>
    JSON.stringify(
      await db.database.read(
        `SELECT m::text AS row, encode(coalesce(wrapped, ''), 'escape') AS bytes FROM outgoing_message m`,
      ),
    );
  expect(await dump()).not.toContain(secret);
  await dispatch();
  expect(textOf(mailbox.mails[0] ?? '')).toContain(secret);
  expect(await dump()).not.toContain(secret);
  const [left] = await db.database.read<{ n: number }>(
    'SELECT count(*)::int AS n FROM outgoing_message WHERE wrapped IS NOT NULL',
  );
  expect(left?.n).toBe(0);
  expect(JSON.stringify(await db.database.read('SELECT detail FROM ledger_event'))).not.toContain(secret);
});

test('a busy server is asked again; a refusal is a state the person sees', async () => {
  await confirmEmail();
  mailbox.busy = true;
  await happens();
  expect(await dispatch()).toBe(1);
  expect(await dispatch()).toBe(0);
  mailbox.busy = false;
  later(11);
  expect(await dispatch()).toBe(1);
  expect(mailbox.mails).toHaveLength(1);

  mailbox.refused.add('lan@example.vn');
  later(1);
  await happens();
  await dispatch();
  const [notice] = await notifications().list(lan.personId, null);
  expect(notice?.undelivered).toEqual(['email']);
  const faults = await db.database.read<{ fault: string }>(
    `SELECT fault FROM outgoing_message WHERE state = 'undelivered'`,
  );
  expect(faults.at(-1)?.fault).toBe('smtp-550');
});

test('a gateway that takes a message twice gets the same key; one that is down ends in undelivered', async () => {
  await contacts().propose(lan, { channel: 'sms', address: '+84 912 345 678', language: 'en' });
  gatewayStatus = 503;
  await dispatch();
  gatewayStatus = 202;
  later(11);
  await dispatch();
  expect(new Set(texts.map(({ key }) => key)).size).toBe(texts.length);
  gatewayStatus = 503;
  await contacts().propose(lan, { channel: 'sms', address: '0912345678', language: 'en' });
  for (let round = 0; round < 12; round += 1) {
    await dispatch();
    later(120);
  }
  const [open] = await db.database.read<{ n: number }>(
    `SELECT count(*)::int AS n FROM outgoing_message WHERE state = 'waiting'`,
  );
  expect(open?.n).toBe(0);
});

test('where no channel is set up, the asker is told and nothing waits', async () => {
  const closed = new SecretMessages({ keys, clock, open: [] });
  const code = {
    personId: lan.personId,
    purpose: 'consent-code',
    secret: '1',
    expiresAt: now,
    language: 'vi',
  } as const;
  expect(await db.database.transactSql((sql) => closed.send(sql, code))).toEqual({
    sent: false,
    because: 'no-channel',
  });
  await contacts().forget(lan, 'email', 'r');
  expect(await db.database.transactSql((sql) => codes().send(sql, code))).toEqual({
    sent: false,
    because: 'no-address',
  });
});
