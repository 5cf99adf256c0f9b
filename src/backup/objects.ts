/** Objects out of a store and into another, in windows, as the store keeps them: sealed, never opened here. */
import { MAX_GET_BYTES, type ObjectStore, type SizedBody } from '../../storage/index.ts';
import { BackupError, type KeptObject, type Part } from './manifest.ts';
import { readPart, writePart } from './parts.ts';

/** Where an object's bytes lie in the folder. */
const pathOf = (key: string): string => `objects/${key}`;

async function* windows(
  store: ObjectStore,
  key: string,
  versionId: string,
  size: number,
): AsyncGenerator<Buffer> {
  for (let start = 0; start < size; start += MAX_GET_BYTES) {
    const range = { start, end: Math.min(size, start + MAX_GET_BYTES) };
    yield (await store.get(key, { versionId, range })).bytes;
  }
}

/**
 * Copies one version of an object.
 * @throws BackupError when the store no longer has it: nothing may be missing from a backup
 */
export async function copyObjectOut(
  store: ObjectStore,
  folder: string,
  object: { readonly key: string; readonly versionId?: string },
): Promise<KeptObject> {
  const { key } = object;
  try {
    const { versionId, size } = await store.head(key, object.versionId);
    const part = await writePart(folder, pathOf(key), windows(store, key, versionId, size));
    return { key, versionId: object.versionId ?? null, part };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BackupError(
      `The object ${key} cannot be read (${why}). Run fsck, mend what it names, then back up.`,
    );
  }
}

/** Puts an object back. @returns its version in the new store */
export async function copyObjectIn(
  store: ObjectStore,
  folder: string,
  { key, part }: KeptObject,
): Promise<string> {
  const { versionId } = await store.put(key, bodyOf(folder, part));
  return versionId;
}

const bodyOf = (folder: string, part: Part): SizedBody => ({
  size: part.bytes,
  open: () => readPart(folder, part),
});
