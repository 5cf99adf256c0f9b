/** The face of the ledger: what other modules may import. */
export { appendEvents } from './append-events.ts';
export { appendEvent, EVENT_TYPES, type EventOutcome, type EventType, type NewEvent } from './event.ts';
export { appendEventsIf, type GuardedEvent } from './event-batch.ts';
export { canonicalJson } from './log/canonical-json.ts';
export { type LeafPart, type Policy, parsePolicy } from './log/index.ts';
export { examineLog, type LogFault } from './log-fsck.ts';
export { logHandler } from './log-handler.ts';
export { openLogKey } from './log-key.ts';
export { LogObjects } from './log-objects.ts';
export { LogProofs } from './log-proofs.ts';
export { enqueueLeaf, enqueueLeaves } from './log-queue.ts';
export { LogReader } from './log-reader.ts';
export { clearRefusals, newestCheckpoint, queueLength } from './log-repository.ts';
export { type LogAlarm, LogService, type LogServiceOptions } from './log-service.ts';
export { usageRoutes } from './usage-api.ts';
export { type UsageLine, UsageLog } from './usage-log.ts';
