/**
 * Requests to an S3 service under time limits, and the repeating of those that may be repeated.
 *
 * The SDK's own repeating is off: it does not know which puts are safe to send again, and its limits do not cover
 * the body of an answer.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { isObjectStoreError } from './object-store.ts';
import { asStoreError, statusOf } from './s3-errors.ts';

export interface S3StoreOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `http://host/bucket/key` instead of `http://bucket.host/key`: what most servers other than AWS want. Default true. */
  readonly pathStyle?: boolean;
  /** Limit of one attempt without body, in milliseconds; a body gets 1 s more for each 256 KiB. Default 5 s. */
  readonly attemptMs?: number;
  /** Attempts in all, the first included. Default 3. */
  readonly attempts?: number;
}

const silently = (): void => {};
/** Every failure reaches the caller as an error; what the SDK would print beside it has no request id. */
const SILENT = { trace: silently, debug: silently, info: silently, warn: silently, error: silently };

/** A client with the settings that S3 services other than AWS need as well. */
export const makeS3Client = (options: Omit<S3StoreOptions, 'bucket'>): S3Client =>
  new S3Client({
    endpoint: options.endpoint,
    region: options.region,
    forcePathStyle: options.pathStyle ?? true,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    // Trailing checksums make the body aws-chunked, which radosgw and others refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    logger: SILENT,
    requestHandler: { connectionTimeout: 2000, requestTimeout: options.attemptMs ?? 5000 },
  });

export class S3Requests implements Disposable {
  readonly client: S3Client;
  readonly attempts: number;
  readonly #attemptMs: number;

  constructor(options: S3StoreOptions) {
    this.client = makeS3Client(options);
    this.attempts = options.attempts ?? 3;
    this.#attemptMs = options.attemptMs ?? 5000;
  }

  /**
   * One attempt, under its time limit and the caller's signal.
   * @param bytes how long the body of the request or of the answer is, as far as known
   */
  async once<T>(
    signal: AbortSignal | undefined,
    bytes: number,
    action: (abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = AbortSignal.timeout(this.#attemptMs + Math.ceil(bytes / (256 * 1024)) * 1000);
    try {
      return await action(signal ? AbortSignal.any([signal, limit]) : limit);
    } catch (error) {
      throw asStoreError(error);
    }
  }

  /** Attempts until one ends in an answer, for requests that change nothing when sent twice. */
  async repeat<T>(
    signal: AbortSignal | undefined,
    bytes: number,
    action: (abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(signal, bytes, action);
      } catch (error) {
        if (!isOpen(error) || signal?.aborted || attempt >= this.attempts) throw error;
      }
    }
  }

  /** Closes the connections. */
  [Symbol.dispose](): void {
    this.client.destroy();
  }
}

/** Whether another attempt may end otherwise: no answer came, or one that blames the server or the moment. */
export function isOpen(error: unknown): boolean {
  if (!isObjectStoreError(error, 'unavailable')) return false;
  const status = statusOf(error.cause);
  return status === undefined || status < 400 || status >= 500 || status === 408 || status === 429;
}
