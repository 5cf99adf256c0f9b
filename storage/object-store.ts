/**
 * The port through which every byte of the vault is kept: named, versioned, immutable contents.
 *
 * It promises what each adapter (memory, filesystem, S3) keeps under one contract suite
 * (`test/contract/object-store.ts`). It knows nothing of documents, people or encryption:
 * `sealed-objects.ts` puts encryption and verification on top.
 */

/**
 * Where an object lives. Opaque: it is random or a counter, never a name or a personal number, because keys
 * show up in logs, bucket listings and backups. 1 to 200 characters: segments of `a-z 0-9 . _ -` parted by `/`,
 * no segment beginning with a dot, so that no key can climb out of a folder.
 */
export type ObjectKey = string;

/** Names one content under a key for as long as that version exists. Opaque; made by the store. */
export type VersionId = string;

/** Bytes to keep. A sized body can be opened again, so that an attempt whose reply was lost can be repeated. */
export type ObjectBody = Uint8Array | SizedBody;
export interface SizedBody {
  /** Exact length in bytes; a source that gives another number of bytes fails the put and keeps nothing. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface PutOptions {
  /** Keep only if the key has no current version (HTTP `If-None-Match: *`). Of any number of racers one wins. */
  readonly ifAbsent?: boolean;
  readonly signal?: AbortSignal;
}

export interface GetOptions {
  /** The version to read; without it, the newest. */
  readonly versionId?: VersionId;
  /** Bytes `start` to before `end`; `end` may pass the end of the object, `start` may not. */
  readonly range?: ByteRange;
  /** The size the caller believes the whole object has. Only a hint that may save a system call. */
  readonly expectedSize?: number;
  /** Where the answer may be put, if the store can and it is large enough; the answer tells whether it was. */
  readonly into?: Buffer;
  readonly signal?: AbortSignal;
}

/** Half-open: `end` is the first byte that is not included. Both are whole numbers, 0 ≤ start < end. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ObjectVersion {
  readonly key: ObjectKey;
  readonly versionId: VersionId;
  /** Of the whole object, in bytes. */
  readonly size: number;
}

export interface FetchedObject extends ObjectVersion {
  /** Exactly the bytes asked for: a short answer is an error, never a short buffer. The caller owns the buffer. */
  readonly bytes: Buffer;
}

export interface ObjectSummary extends ObjectVersion {
  readonly writtenAt: Date;
}

export interface ListOptions {
  /** Only keys that begin with this text; empty for all. */
  readonly prefix?: string;
  /** Only keys after this one, in byte order: the last key of the page before. */
  readonly after?: ObjectKey;
  /** 1 to 1000; default 1000. */
  readonly limit?: number;
}

/**
 * All methods reject with {@link ObjectStoreError}; `unavailable` also covers time limits and an aborted signal.
 * The one exception: an error thrown by the source of a put is passed on as it is, and nothing is kept.
 * Reads see every put and delete that was acknowledged before they began.
 */
export interface ObjectStore {
  /**
   * Keeps a new version and resolves only when it is durable. Readers see all of it or nothing of it, whatever
   * is killed in the middle.
   * @throws `already-exists` with `ifAbsent` when the key has a current version: it is left as it was.
   * @throws `unavailable` when the outcome is unknown: the object may or may not exist.
   */
  put(key: ObjectKey, body: ObjectBody, options?: PutOptions): Promise<ObjectVersion>;

  /**
   * Reads a whole object or a range into memory, at most {@link MAX_GET_BYTES}: larger objects are read in windows
   * pinned to one version, which keeps memory bounded and lets a slow reader hold no connection.
   * @throws `not-found`, `too-large`, `invalid-range`, or `corrupted` when the store itself sees damage.
   */
  get(key: ObjectKey, options?: GetOptions): Promise<FetchedObject>;

  /** What {@link get} would answer, without the bytes. @throws `not-found` */
  head(key: ObjectKey, versionId?: VersionId): Promise<ObjectSummary>;

  /**
   * Removes one version, or with no version all of them, for good. Removing what is not there is no error.
   * @throws `retained` when the store's retention forbids it.
   */
  delete(key: ObjectKey, versionId?: VersionId): Promise<void>;

  /** The newest version under each key, in ascending byte order of keys; a page shorter than `limit` is the last. */
  list(options?: ListOptions): Promise<readonly ObjectSummary[]>;

  /** Resolves when the store answers and is fit for use; for readiness. @throws `unavailable` */
  check(signal?: AbortSignal): Promise<void>;
}

/** The most that one {@link ObjectStore.get} returns: 16 MiB. */
export const MAX_GET_BYTES = 16 * 1024 * 1024;

export type ObjectStoreErrorKind =
  | 'not-found'
  | 'already-exists'
  | 'unavailable'
  | 'corrupted'
  | 'too-large'
  | 'wrong-size'
  | 'invalid-key'
  | 'invalid-range'
  | 'retained'
  | 'unknown-master-key';

/** Every expected failure of the store. Messages carry keys (opaque) but never contents. */
export class ObjectStoreError extends Error {
  readonly kind: ObjectStoreErrorKind;
  constructor(kind: ObjectStoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ObjectStoreError';
    this.kind = kind;
  }
}

/** Narrows an unknown error to an {@link ObjectStoreError}, of one kind when given. */
export const isObjectStoreError = (error: unknown, kind?: ObjectStoreErrorKind): error is ObjectStoreError =>
  error instanceof ObjectStoreError && (kind === undefined || error.kind === kind);

const KEY = /^[a-z0-9_-][a-z0-9._-]*(?:\/[a-z0-9_-][a-z0-9._-]*)*$/;

/** @throws `invalid-key` unless the text is an {@link ObjectKey}. Every adapter calls it first. */
export function assertKey(key: string): void {
  if (key.length > 200 || !KEY.test(key)) {
    throw new ObjectStoreError('invalid-key', `not an object key: ${JSON.stringify(key.slice(0, 60))}`);
  }
}

/**
 * Fits a wanted range to an object's size.
 * @throws `invalid-range` when nothing of it lies inside, `too-large` when it passes {@link MAX_GET_BYTES}.
 */
export function resolveRange(key: ObjectKey, size: number, range: ByteRange | undefined): ByteRange {
  const { start, end } = range ?? { start: 0, end: size };
  const sane = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0;
  if (range && (!sane || start >= Math.min(end, size))) {
    throw new ObjectStoreError(
      'invalid-range',
      `bytes ${start} to ${end} are not inside ${key} (${size} bytes)`,
    );
  }
  const fitted = { start, end: Math.min(end, size) };
  if (fitted.end - fitted.start > MAX_GET_BYTES) {
    throw new ObjectStoreError(
      'too-large',
      `${key}: one read returns at most ${MAX_GET_BYTES} bytes; ask for ranges`,
    );
  }
  return fitted;
}

/** The body as a sequence of pieces that add up to `size`. @throws `wrong-size` when the source gives another number. */
export async function* measuredPieces(body: ObjectBody): AsyncGenerator<Uint8Array, void, undefined> {
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  let seen = 0;
  for await (const piece of body.open()) {
    seen += piece.byteLength;
    if (seen > body.size) break;
    yield piece;
  }
  if (seen !== body.size) {
    throw new ObjectStoreError(
      'wrong-size',
      `the source gave other than the ${body.size} bytes it announced`,
    );
  }
}

/** Length of a body in bytes. */
export const bodySize = (body: ObjectBody): number =>
  body instanceof Uint8Array ? body.byteLength : body.size;
