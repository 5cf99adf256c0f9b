/**
 * A sender in a process of its own, which a test kills between claiming a message and keeping its attempt. It takes the
 * first two steps of `WebhookDispatch` with the same functions: database URL and receiver's address are its arguments.
 */
import { sendOut } from '../../../src/delivery/outbound.ts';
import { webhookId } from '../../../src/delivery/webhook.ts';
import { claimMessages } from '../../../src/delivery/webhook-repository.ts';
import { Database } from '../../../src/platform/database.ts';

const [url = '', address = ''] = process.argv.slice(2);
const database = new Database({ url });
const now = new Date();
const leaseUntil = new Date(now.getTime() + 60_000);
const [message] = await database.transactSql((sql) => claimMessages(sql, { now, leaseUntil, limit: 1 }));
if (!message) throw new Error('nothing is due');
await sendOut({ allowed: [{ host: '127.0.0.1', port: 'any', network: null }], requireTls: false }, address, {
  method: 'POST',
  body: message.body,
  headers: { 'webhook-id': webhookId(message.eventId) },
});
