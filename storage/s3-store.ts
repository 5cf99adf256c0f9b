/**
 * The object store on any S3 service with versioning (AWS S3, Ceph radosgw, …).
 *
 * It keeps the contract of `object-store.ts`: every attempt has a time limit, what may be repeated is repeated
 * (`s3-requests.ts`), puts are never done twice (`s3-put.ts`),
 * reads spare the SDK (`s3-get.ts`). Bytes are not verified here: servers seldom check or
 * return `x-amz-checksum-*`, so the layer above hashes on write and again on read.
 */
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import {
  assertKey,
  type FetchedObject,
  type GetOptions,
  isObjectStoreError,
  type ListOptions,
  type ObjectBody,
  type ObjectKey,
  type ObjectStore,
  ObjectStoreError,
  type ObjectSummary,
  type ObjectVersion,
  type PutOptions,
  resolveRange,
  type VersionId,
} from './object-store.ts';
import { statusOf } from './s3-errors.ts';
import { S3Gets } from './s3-get.ts';
import { S3Puts } from './s3-put.ts';
import { S3Requests, type S3StoreOptions } from './s3-requests.ts';
import { versionOf, versionsOf } from './s3-versions.ts';

export class S3Store implements ObjectStore, Disposable {
  readonly #requests: S3Requests;
  readonly #puts: S3Puts;
  readonly #gets: S3Gets;
  readonly #bucket: string;

  constructor(options: S3StoreOptions) {
    this.#bucket = options.bucket;
    this.#requests = new S3Requests(options);
    this.#gets = new S3Gets(options);
    this.#puts = new S3Puts(this.#requests, options.bucket);
  }

  async put(key: ObjectKey, body: ObjectBody, options: PutOptions = {}): Promise<ObjectVersion> {
    assertKey(key);
    return this.#puts.put(key, body, options);
  }

  async get(key: ObjectKey, options: GetOptions = {}): Promise<FetchedObject> {
    assertKey(key);
    const { range, versionId } = options;
    // Judged before asking, as far as it can be without the size: servers answer a senseless range with the whole.
    if (range)
      resolveRange(key, Number.MAX_SAFE_INTEGER, { ...range, end: Math.min(range.end, range.start + 1) });
    const bytes = range ? range.end - range.start : (options.expectedSize ?? 0);
    const request = { key, versionId, range };
    return this.#requests.repeat(options.signal, bytes, (signal) => this.#gets.get(request, signal));
  }

  async head(key: ObjectKey, versionId?: VersionId): Promise<ObjectSummary> {
    assertKey(key);
    const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: key, VersionId: versionId });
    const found = await this.#requests.repeat(undefined, 0, (abortSignal) =>
      this.#requests.client.send(command, { abortSignal }),
    );
    const writtenAt = new Date(found.LastModified ?? 0);
    return { key, versionId: versionOf(found), size: found.ContentLength ?? 0, writtenAt };
  }

  async delete(key: ObjectKey, versionId?: VersionId): Promise<void> {
    assertKey(key);
    const doomed =
      versionId === undefined ? await versionsOf(this.#requests, this.#bucket, key, true) : [versionId];
    for (const VersionId of doomed) {
      const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: key, VersionId });
      const remove = this.#requests.repeat(undefined, 0, (abortSignal) =>
        this.#requests.client.send(command, { abortSignal }),
      );
      await remove.catch(asDeleteError);
    }
  }

  async list({ prefix, after, limit = 1000 }: ListOptions = {}): Promise<readonly ObjectSummary[]> {
    const page: ObjectSummary[] = [];
    for (let from = after; ; ) {
      const wanted = limit - page.length;
      const found = await this.#listKeys(prefix, from, wanted);
      // The listing does not name versions. An object that vanished since is no gap: the next page fills up.
      const summaries = await Promise.all(found.map((key) => this.#headIfPresent(key)));
      page.push(...summaries.filter((one) => one !== undefined));
      from = found.at(-1);
      if (found.length < wanted || page.length >= limit) return page;
    }
  }

  async check(signal?: AbortSignal): Promise<void> {
    const command = new GetBucketVersioningCommand({ Bucket: this.#bucket });
    const { Status } = await this.#requests.once(signal, 0, (abortSignal) =>
      this.#requests.client.send(command, { abortSignal }),
    );
    versionOf({ VersionId: Status === 'Enabled' ? 'kept' : undefined });
  }

  /** Closes the connections. */
  [Symbol.dispose](): void {
    this.#gets[Symbol.dispose]();
    this.#requests[Symbol.dispose]();
  }

  async #listKeys(
    prefix: string | undefined,
    after: string | undefined,
    limit: number,
  ): Promise<readonly ObjectKey[]> {
    const command = { Bucket: this.#bucket, Prefix: prefix, StartAfter: after, MaxKeys: limit };
    const found = await this.#requests.repeat(undefined, 0, (abortSignal) =>
      this.#requests.client.send(new ListObjectsV2Command(command), { abortSignal }),
    );
    return (found.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
  }

  async #headIfPresent(key: ObjectKey): Promise<ObjectSummary | undefined> {
    return this.head(key).catch((error: unknown) => {
      if (isObjectStoreError(error, 'not-found')) return undefined;
      throw error;
    });
  }
}

function asDeleteError(error: unknown): void {
  if (isObjectStoreError(error, 'not-found')) return;
  if (isObjectStoreError(error) && statusOf(error.cause) === 403) {
    throw new ObjectStoreError('retained', 'retention forbids the removal, or the credentials do', {
      cause: error,
    });
  }
  throw error;
}
