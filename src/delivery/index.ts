/** The face of delivery: what the composition root puts together. */
export {
  allowedTarget,
  OutboundError,
  type OutboundFault,
  type OutboundPolicy,
  sendOut,
} from './outbound.ts';
export { OutboxDrain, type OutboxReader, type WaitingEvent } from './outbox-drain.ts';
export { WebhookDispatch, webhookReader } from './webhook-dispatch.ts';
export { WebhookService } from './webhook-service.ts';
export { webhookRoutes } from './webhooks-api.ts';
