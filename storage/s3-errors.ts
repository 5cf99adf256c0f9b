/** What the errors of S3 services and of the network mean to users of the store. */
import { ObjectStoreError, type ObjectStoreErrorKind } from './object-store.ts';

const BY_NAME: Readonly<Record<string, ObjectStoreErrorKind>> = {
  NoSuchKey: 'not-found',
  NoSuchVersion: 'not-found',
  NotFound: 'not-found',
  PreconditionFailed: 'already-exists',
  InvalidRange: 'invalid-range',
};

/** Carries the error of a put's source past the translation of errors: it is the caller's own. */
export class SourceError extends Error {
  constructor(cause: unknown) {
    super('the source of a put failed', { cause });
    this.name = 'SourceError';
  }
}

/**
 * Any failure of a request as an {@link ObjectStoreError}, except a source's. What is not understood is `unavailable`: for a put
 * that says that its outcome is unknown, which is the safe reading.
 */
export function asStoreError(error: unknown): unknown {
  if (error instanceof ObjectStoreError) return error;
  if (error instanceof SourceError) return error.cause;
  const name = nameOf(error);
  const status = statusOf(error);
  const kind = BY_NAME[name] ?? kindOfStatus(name, status);
  return new ObjectStoreError(kind, `S3: ${name}${status === undefined ? '' : ` (${status})`}`, {
    cause: error,
  });
}

/** The HTTP status of an error that the SDK made from an answer. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
}

function kindOfStatus(name: string, status: number | undefined): ObjectStoreErrorKind {
  if (status === 412) return 'already-exists';
  if (status === 416) return 'invalid-range';
  if (status === 404 && name !== 'NoSuchBucket') return 'not-found';
  return 'unavailable';
}

function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('name' in error && typeof error.name === 'string') return error.name;
  return 'unknown error';
}
