/** Delivery as the vault runs it: the outbox drained, webhooks sent, people told; each a duty of its own. */
import type { KeyRing } from '../storage/index.ts';
import type { Config } from './config/index.ts';
import {
  OutboxDrain,
  WebhookDispatch,
  WebhookService,
  webhookReader,
  webhookRoutes,
} from './delivery/index.ts';
import type { Route } from './http/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import type { Duties } from './platform/duties.ts';

export interface DeliveryParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly duties: Duties;
}

export interface Delivery {
  readonly routes: Route[];
}

/** Registers the duties `outbox` and `webhooks`. */
export function openDelivery({ config, database, clock, keys, duties }: DeliveryParts): Delivery {
  const outbound = { allowed: config.delivery.hosts, requireTls: config.mode === 'production' };
  const drain = new OutboxDrain({ database, clock, readers: [webhookReader] });
  const dispatch = new WebhookDispatch({ database, clock, keys, outbound });
  duties.every({ name: 'outbox', seconds: 1, run: async (signal) => void (await drain.drain(signal)) });
  duties.every({
    name: 'webhooks',
    seconds: 1,
    run: async (signal) => void (await dispatch.dispatch(signal)),
  });
  return { routes: webhookRoutes({ webhooks: new WebhookService({ database, clock, keys, outbound }) }) };
}
