/**
 * The object store in memory, for tests and for trying things out. It keeps the whole contract of
 * `object-store.ts` except outliving its process.
 */
import {
  assertKey,
  bodySize,
  type FetchedObject,
  type GetOptions,
  type ListOptions,
  measuredPieces,
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

interface KeptVersion {
  readonly versionId: VersionId;
  readonly bytes: Buffer;
  readonly writtenAt: Date;
}

export class MemoryStore implements ObjectStore {
  readonly #objects = new Map<ObjectKey, KeptVersion[]>();
  #versions = 0;

  async put(key: ObjectKey, body: ObjectBody, options: PutOptions = {}): Promise<ObjectVersion> {
    assertKey(key);
    const bytes = Buffer.alloc(bodySize(body));
    let filled = 0;
    for await (const piece of measuredPieces(body)) {
      bytes.set(piece, filled);
      filled += piece.byteLength;
    }
    assertNotAborted(options.signal);
    const versions = this.#objects.get(key) ?? [];
    if (options.ifAbsent && versions.length > 0) {
      throw new ObjectStoreError('already-exists', `${key} exists`);
    }
    this.#versions += 1;
    const kept = { versionId: String(this.#versions), bytes, writtenAt: new Date() };
    this.#objects.set(key, [...versions, kept]);
    return { key, versionId: kept.versionId, size: bytes.byteLength };
  }

  async get(key: ObjectKey, options: GetOptions = {}): Promise<FetchedObject> {
    const kept = this.#find(key, options.versionId);
    assertNotAborted(options.signal);
    const { start, end } = resolveRange(key, kept.bytes.byteLength, options.range);
    const bytes = Buffer.from(kept.bytes.subarray(start, end));
    return { key, versionId: kept.versionId, size: kept.bytes.byteLength, bytes };
  }

  async head(key: ObjectKey, versionId?: VersionId): Promise<ObjectSummary> {
    return summary(key, this.#find(key, versionId));
  }

  async delete(key: ObjectKey, versionId?: VersionId): Promise<void> {
    assertKey(key);
    const left = (this.#objects.get(key) ?? []).filter(
      (kept) => versionId !== undefined && kept.versionId !== versionId,
    );
    if (left.length > 0) this.#objects.set(key, left);
    else this.#objects.delete(key);
  }

  async list({ prefix = '', after = '', limit = 1000 }: ListOptions = {}): Promise<readonly ObjectSummary[]> {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    return keys.slice(0, limit).map((key) => summary(key, this.#find(key, undefined)));
  }

  async check(): Promise<void> {}

  #find(key: ObjectKey, versionId: VersionId | undefined): KeptVersion {
    assertKey(key);
    const versions = this.#objects.get(key) ?? [];
    const kept =
      versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === versionId);
    if (!kept) throw new ObjectStoreError('not-found', `no such object: ${key}`);
    return kept;
  }
}

const summary = (key: ObjectKey, kept: KeptVersion): ObjectSummary => ({
  key,
  versionId: kept.versionId,
  size: kept.bytes.byteLength,
  writtenAt: kept.writtenAt,
});

function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new ObjectStoreError('unavailable', 'aborted by the caller', { cause: signal.reason });
}
