/** Delivery as the vault runs it: the outbox drained, webhooks sent, people told; each a duty of its own. */
import type { KeyRing } from '../storage/index.ts';
import type { Config } from './config/index.ts';
import {
  type Channel,
  ContactService,
  gatewayChannel,
  MessageDispatch,
  mailChannel,
  Notifications,
  noticePageRoutes,
  noticeReader,
  noticeRoutes,
  type OutboundPolicy,
  OutboxDrain,
  SecretMessages,
  WebhookDispatch,
  WebhookService,
  webhookReader,
  webhookRoutes,
} from './delivery/index.ts';
import type { Route } from './http/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import type { Duties } from './platform/duties.ts';
import type { CitizenPageParts } from './web/citizen-page.ts';
import { paths } from './web/index.ts';

export interface DeliveryParts extends CitizenPageParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly duties: Duties;
  readonly messages: Messages;
  readonly keys: KeyRing;
  /** Where the vault is reached. */
  readonly baseUrl: string;
  /** Where people sign in: the national app knows them by its subjects. */
  readonly issuer: string;
}

/** What goes to people: opened first, because consent sends its codes through it. */
export interface Messages {
  readonly channels: readonly Channel[];
  readonly codes: SecretMessages;
  readonly outbound: OutboundPolicy;
}

export function openMessages(config: Config, parts: { keys: KeyRing; clock: Clock }): Messages {
  const { hosts, mail, sms, app } = config.delivery;
  const outbound = { allowed: hosts, requireTls: config.mode === 'production' };
  const channels = [
    ...(mail ? [mailChannel(mail)] : []),
    ...(sms ? [gatewayChannel('sms', sms, outbound)] : []),
    ...(app ? [gatewayChannel('app', app, outbound)] : []),
  ];
  return {
    channels,
    outbound,
    codes: new SecretMessages({ ...parts, open: channels.map(({ name }) => name) }),
  };
}

/** Registers the duties `outbox`, `webhooks` and `messages`. */
export function openDelivery(parts: DeliveryParts): { readonly routes: Route[] } {
  const { database, clock, keys, duties, messages } = parts;
  const { outbound, channels, codes } = messages;
  const drain = new OutboxDrain({ database, clock, readers: [webhookReader, noticeReader] });
  const webhooks = new WebhookDispatch({ database, clock, keys, outbound });
  const people = new MessageDispatch({
    database,
    clock,
    keys,
    channels,
    link: `${parts.baseUrl}${paths.notices}`,
    appIssuer: parts.issuer,
  });
  duties.every({ name: 'outbox', seconds: 1, run: async (signal) => void (await drain.drain(signal)) });
  duties.every({
    name: 'webhooks',
    seconds: 1,
    run: async (signal) => void (await webhooks.dispatch(signal)),
  });
  duties.every({ name: 'messages', seconds: 1, run: async (signal) => void (await people.dispatch(signal)) });
  const notices = {
    notifications: new Notifications({ database, clock }),
    contacts: new ContactService({ database, clock, keys, codes }),
  };
  return {
    routes: [
      ...webhookRoutes({ webhooks: new WebhookService({ database, clock, keys, outbound }) }),
      ...noticeRoutes(notices),
      ...noticePageRoutes({ ...notices, citizen: parts.citizen }),
    ],
  };
}
