/** Identifiers: opaque, time-ordered, and free of any personal data. */
import { v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562 §5.7), lower case, 36 characters. Sorts by creation time. */
export const newId = (): string => v7();
