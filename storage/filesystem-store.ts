/**
 * The object store on a local filesystem: the embedded default, and the one that tests without a server use.
 *
 * It promises the contract of `object-store.ts` across `kill -9` and power cuts: bytes and names are flushed to
 * disk before a put is acknowledged, a name appears in one atomic step when its bytes are complete, and what an
 * interrupted put leaves behind is only a nameless file in `incoming/`, which the next start removes.
 * The layout and the few system calls are in `filesystem-files.ts`.
 */
import { mkdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { removeAbandonedFiles } from './abandoned-files.ts';
import {
  describeKept,
  findVersion,
  flushFolder,
  type KeptFile,
  linkIfAbsent,
  makeTombstone,
  readKept,
  removeIfPresent,
  sequencesOf,
  storeFailure,
  versionPath,
  walk,
  writeComplete,
} from './filesystem-files.ts';
import {
  assertKey,
  type FetchedObject,
  type GetOptions,
  type ListOptions,
  type ObjectBody,
  type ObjectKey,
  type ObjectStore,
  ObjectStoreError,
  type ObjectSummary,
  type ObjectVersion,
  type PutOptions,
  type VersionId,
} from './object-store.ts';

export class FilesystemStore implements ObjectStore {
  readonly #data: string;
  readonly #incoming: string;
  /** Folders already made and flushed by this process; only saves system calls, so it may be forgotten. */
  readonly #durableFolders = new Set<string>();

  private constructor(root: string) {
    this.#data = join(root, 'data');
    this.#incoming = join(root, 'incoming');
  }

  /**
   * Opens the store in a folder that is made when missing, readable by its owner only.
   * @param options.alone no other process writes here, so that every half file is one left by a process that died
   */
  static async open(root: string, options: { readonly alone?: boolean } = {}): Promise<FilesystemStore> {
    const store = new FilesystemStore(root);
    try {
      await mkdir(store.#data, { recursive: true, mode: 0o700 });
      await mkdir(store.#incoming, { recursive: true, mode: 0o700 });
      await flushFolder(root);
      await removeAbandonedFiles(store.#incoming, options.alone ? { olderThanMs: -1 } : {});
    } catch (error) {
      throw storeFailure(root, error);
    }
    return store;
  }

  async put(key: ObjectKey, body: ObjectBody, options: PutOptions = {}): Promise<ObjectVersion> {
    assertKey(key);
    const written = await writeComplete(this.#incoming, body, options.signal);
    try {
      await this.#makeFolder(key);
      let sequence = options.ifAbsent ? 1 : await this.#nextSequence(key);
      while (!(await linkIfAbsent(written.path, versionPath(this.#data, key, sequence)))) {
        if (options.ifAbsent) throw new ObjectStoreError('already-exists', `${key} exists`);
        sequence = await this.#nextSequence(key);
      }
      await flushFolder(this.#folderOf(key));
      return { key, versionId: `${sequence}.${written.nonce}`, size: written.size };
    } catch (error) {
      throw storeFailure(key, error);
    } finally {
      await unlink(written.path).catch(() => {});
    }
  }

  async get(key: ObjectKey, options: GetOptions = {}): Promise<FetchedObject> {
    const found = await this.#find(key, options.versionId);
    if (options.signal?.aborted) throw new ObjectStoreError('unavailable', 'aborted by the caller');
    return readKept(found, options);
  }

  async head(key: ObjectKey, versionId?: VersionId): Promise<ObjectSummary> {
    return describeKept(await this.#find(key, versionId));
  }

  async delete(key: ObjectKey, versionId?: VersionId): Promise<void> {
    assertKey(key);
    try {
      const sequences = await sequencesOf(this.#data, key);
      const doomed = versionId === undefined ? undefined : await this.#sequenceToDelete(key, versionId);
      if (versionId !== undefined && doomed === undefined) return;
      const isOnlyOne = doomed !== undefined && !(await this.#hasOthers(key, sequences, doomed));
      if (doomed === undefined || isOnlyOne) {
        for (const sequence of sequences) await removeIfPresent(versionPath(this.#data, key, sequence));
      } else if (doomed > 1 && doomed < (sequences.at(-1) ?? 0)) {
        // A later version keeps the sequence from being given out twice, and the first one keeps creators away: no
        // tombstone is needed, so that a key put and cleaned for ever does not fill its folder.
        await removeIfPresent(versionPath(this.#data, key, doomed));
      } else {
        await makeTombstone(this.#incoming, versionPath(this.#data, key, doomed));
      }
      if (sequences.length > 0) await flushFolder(this.#folderOf(key));
    } catch (error) {
      throw storeFailure(key, error);
    }
  }

  async list({ prefix = '', after = '', limit = 1000 }: ListOptions = {}): Promise<readonly ObjectSummary[]> {
    const page: ObjectSummary[] = [];
    try {
      for await (const key of walk(this.#data, prefix, after)) {
        const summary = await this.head(key).catch((error: unknown) => {
          if (error instanceof ObjectStoreError && error.kind === 'not-found') return undefined;
          throw error;
        });
        if (summary) page.push(summary);
        if (page.length >= limit) break;
      }
      return page;
    } catch (error) {
      throw storeFailure(prefix, error);
    }
  }

  async check(): Promise<void> {
    await Promise.all([stat(this.#data), stat(this.#incoming)]).catch((error: unknown) => {
      throw storeFailure(this.#data, error);
    });
  }

  async #find(key: ObjectKey, versionId: VersionId | undefined): Promise<KeptFile> {
    assertKey(key);
    const found = await findVersion(this.#data, key, versionId);
    if (!found) throw new ObjectStoreError('not-found', `no such object: ${key}`);
    return found;
  }

  async #sequenceToDelete(key: ObjectKey, versionId: VersionId): Promise<number | undefined> {
    try {
      const found = await this.#find(key, versionId);
      await describeKept(found);
      return found.sequence;
    } catch (error) {
      if (error instanceof ObjectStoreError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  async #hasOthers(key: ObjectKey, sequences: readonly number[], but: number): Promise<boolean> {
    for (const sequence of sequences) {
      if (sequence !== but && (await stat(versionPath(this.#data, key, sequence))).size > 0) return true;
    }
    return false;
  }

  async #nextSequence(key: ObjectKey): Promise<number> {
    return ((await sequencesOf(this.#data, key)).at(-1) ?? 0) + 1;
  }

  #folderOf(key: ObjectKey): string {
    return join(this.#data, key, '..');
  }

  /** Makes the key's folder and flushes each new name on the way up, so that a power cut loses no folder. */
  async #makeFolder(key: ObjectKey): Promise<void> {
    const folder = this.#folderOf(key);
    if (this.#durableFolders.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let up = folder; up !== this.#data; up = join(up, '..')) await flushFolder(join(up, '..'));
    if (this.#durableFolders.size > 10_000) this.#durableFolders.clear();
    this.#durableFolders.add(folder);
  }
}
