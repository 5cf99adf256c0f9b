/**
 * Puts to an S3 service: repeated without doing anything twice, and creating only once where the server would not.
 *
 * Each put carries a random mark in its metadata. After an attempt of unknown outcome (lost reply, time limit) the
 * key is looked at: if the mark is there, that attempt had succeeded. So a put is acknowledged with its own version,
 * whichever of its attempts arrived.
 *
 * `If-None-Match: *` is honoured by AWS S3, but radosgw 16 ignores it in buckets that keep versions. Which of the
 * two the server is, is found out once. Where it is ignored, the oldest version of a key is the one that was created,
 * and a put that finds an older one removes its own again and fails: one winner, though for a moment a loser's
 * bytes are the newest version. The vault's readers name the version they want and never see that.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import {
  bodySize,
  isObjectStoreError,
  measuredPieces,
  type ObjectBody,
  type ObjectKey,
  ObjectStoreError,
  type ObjectVersion,
  type PutOptions,
  type VersionId,
} from './object-store.ts';
import { SourceError } from './s3-errors.ts';
import { isOpen, type S3Requests } from './s3-requests.ts';
import { versionOf, versionsOf } from './s3-versions.ts';

/** Name of the metadata field that carries a put's mark. */
const MARK = 'put';
/** Made by provisioning and by the first put; says nothing, and is there to be refused a second time. */
const PROBE = 'provisioning/probe';

export class S3Puts {
  readonly #requests: S3Requests;
  readonly #bucket: string;
  #honoursIfNoneMatch: Promise<boolean> | undefined;

  constructor(requests: S3Requests, bucket: string) {
    this.#requests = requests;
    this.#bucket = bucket;
  }

  /** As `ObjectStore.put`. */
  async put(key: ObjectKey, body: ObjectBody, options: PutOptions): Promise<ObjectVersion> {
    if (!options.ifAbsent || (await this.#serverCreatesOnce())) return this.#put(key, body, options);
    if (await this.#oldestVersion(key)) throw alreadyExists(key);
    const put = await this.#put(key, body, options);
    if ((await this.#oldestVersion(key)) === put.versionId) return put;
    const { versionId: VersionId } = put;
    const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: key, VersionId });
    await this.#requests.repeat(undefined, 0, (abortSignal) =>
      this.#requests.client.send(command, { abortSignal }),
    );
    throw alreadyExists(key);
  }

  async #put(key: ObjectKey, body: ObjectBody, options: PutOptions): Promise<ObjectVersion> {
    const mark = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(key, body, options, mark);
      } catch (error) {
        if (options.signal?.aborted) throw error;
        // A refusal after an attempt of unknown outcome may be that attempt's own object.
        if (isOpen(error) || (attempt > 1 && isObjectStoreError(error, 'already-exists'))) {
          const found = await this.#findMarked(key, mark);
          if (found) return found;
        }
        if (!isOpen(error) || attempt >= this.#requests.attempts) throw error;
      }
    }
  }

  async #attempt(
    key: ObjectKey,
    body: ObjectBody,
    options: PutOptions,
    mark: string,
  ): Promise<ObjectVersion> {
    const size = bodySize(body);
    const command = {
      Bucket: this.#bucket,
      Key: key,
      ContentLength: size,
      ContentType: 'application/octet-stream',
      IfNoneMatch: options.ifAbsent ? '*' : undefined,
      Metadata: { [MARK]: mark },
    };
    const put = await this.#requests.once(options.signal, size, (signal) =>
      body instanceof Uint8Array
        ? this.#requests.client.send(new PutObjectCommand({ ...command, Body: body }), {
            abortSignal: signal,
          })
        : this.#sendStream(command, measuredPieces(body), signal),
    );
    return { key, versionId: versionOf(put), size };
  }

  /** Sends a stream; when its source fails the request is broken off and the source's error is the outcome. */
  async #sendStream(
    command: PutObjectCommandInput,
    pieces: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<{ VersionId?: string }> {
    const source = new AbortController();
    const stream = Readable.from(pieces);
    const failed = new Promise<never>((_, reject) => {
      stream.once('error', (error) => {
        source.abort();
        reject(new SourceError(error));
      });
    });
    const abortSignal = AbortSignal.any([signal, source.signal]);
    const sent = this.#requests.client.send(new PutObjectCommand({ ...command, Body: stream }), {
      abortSignal,
    });
    try {
      return await Promise.race([sent, failed]);
    } finally {
      failed.catch(() => {});
      sent.catch(() => {});
      stream.destroy();
    }
  }

  /** The version that an attempt of this put has left, if it has. Asked once: the put itself is what is repeated. */
  async #findMarked(key: ObjectKey, mark: string): Promise<ObjectVersion | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: key });
    try {
      const found = await this.#requests.once(undefined, 0, (abortSignal) =>
        this.#requests.client.send(command, { abortSignal }),
      );
      if (found.Metadata?.[MARK] !== mark) return undefined;
      return { key, versionId: versionOf(found), size: found.ContentLength ?? 0 };
    } catch (error) {
      if (isObjectStoreError(error, 'not-found') || isObjectStoreError(error, 'unavailable'))
        return undefined;
      throw error;
    }
  }

  async #oldestVersion(key: ObjectKey): Promise<VersionId | undefined> {
    return (await versionsOf(this.#requests, this.#bucket, key)).at(-1);
  }

  #serverCreatesOnce(): Promise<boolean> {
    this.#honoursIfNoneMatch ??= this.#probe().catch((error: unknown) => {
      this.#honoursIfNoneMatch = undefined;
      throw error;
    });
    return this.#honoursIfNoneMatch;
  }

  async #probe(): Promise<boolean> {
    const create = (): Promise<ObjectVersion | undefined> =>
      this.#put(PROBE, new Uint8Array(), { ifAbsent: true }).catch((error: unknown) => {
        if (isObjectStoreError(error, 'already-exists')) return undefined;
        throw error;
      });
    return (await create()) === undefined || (await create()) === undefined;
  }
}

const alreadyExists = (key: ObjectKey): ObjectStoreError =>
  new ObjectStoreError('already-exists', `${key} exists`);
