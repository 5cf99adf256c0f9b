/** Delivery as the vault runs it: the outbox drained, webhooks sent, people told; each a duty of its own. */
import { readFileSync } from 'node:fs';
import type { KeyRing } from '../storage/index.ts';
import type { Config } from './config/index.ts';
import {
  type Channel,
  ContactService,
  fetchCivilStatus,
  gatewayChannel,
  Links,
  type LinksFile,
  linkReader,
  linkRoutes,
  linksFileSchema,
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
import type { OfficePageParts } from './web/office-page.ts';

export interface DeliveryParts extends CitizenPageParts, OfficePageParts {
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
  readonly links: Links;
}

export function openMessages(
  config: Config,
  parts: { database: Database; keys: KeyRing; clock: Clock },
): Messages {
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
    links: new Links({ ...parts, outbound, where: readLinksFile(config.delivery.linksFile) }),
    codes: new SecretMessages({ ...parts, open: channels.map(({ name }) => name) }),
  };
}

/** @throws Error with a sentence for the operator */
function readLinksFile(file: string | null): LinksFile {
  if (file === null) return {};
  const parsed = linksFileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new Error(`${file} does not say where other systems are: ${faults}.`);
}

/** Registers the duties `outbox`, `webhooks`, `messages` and those of links. */
export function openDelivery(parts: DeliveryParts): {
  readonly routes: Route[];
} {
  const { database, clock, keys, duties, messages } = parts;
  const { outbound, channels, codes, links } = messages;
  const drain = new OutboxDrain({
    database,
    clock,
    readers: [webhookReader, noticeReader, linkReader(links, new URL(parts.baseUrl).host)],
  });
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
  duties.every({ name: 'links', seconds: 2, run: async (signal) => void (await links.work(signal)) });
  duties.every({ name: 'links-health', seconds: 20, run: () => links.probe() });
  if (links.isSetUp('civil-status'))
    duties.every({
      name: 'civil-status',
      seconds: 60,
      run: async () => void (await fetchCivilStatus({ links, database, clock })),
    });
  const notices = {
    notifications: new Notifications({ database, clock }),
    contacts: new ContactService({ database, clock, keys, codes }),
  };
  return {
    routes: [
      ...webhookRoutes({ webhooks: new WebhookService({ database, clock, keys, outbound }) }),
      ...linkRoutes({ links, database, clock, office: parts.office }),
      ...noticeRoutes(notices),
      ...noticePageRoutes({ ...notices, citizen: parts.citizen }),
    ],
  };
}
