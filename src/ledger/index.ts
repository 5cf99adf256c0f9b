/** The face of the ledger: what other modules may import. */
export { appendEvent, EVENT_TYPES, type EventOutcome, type EventType, type NewEvent } from './event.ts';
