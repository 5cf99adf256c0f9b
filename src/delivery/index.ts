/** The face of delivery: what the composition root puts together. */
export type { Channel } from './channels/channel.ts';
export { gatewayChannel } from './channels/gateway.ts';
export { mailChannel } from './channels/mail.ts';
export {
  CONNECTORS,
  LINK_NAMES,
  type LinkName,
  type LinksFile,
  linksFileSchema,
} from './connectors/contract.ts';
export { fetchCivilStatus, linkReader } from './connectors/link-feeds.ts';
export { linkRoutes } from './connectors/link-routes.ts';
export { type Asked, Links, type ShownLink } from './connectors/links.ts';
export { ContactService } from './contact-service.ts';
export { MessageDispatch } from './message-dispatch.ts';
export { noticeRoutes } from './notice-api.ts';
export { noticePageRoutes } from './notice-routes.ts';
export {
  Notifications,
  noticeReader,
  type SecretMessage,
  SecretMessages,
  type SecretSending,
} from './notifications.ts';
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
