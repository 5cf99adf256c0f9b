/** Where scanner stations leave files: a watched folder, or a prefix of the object store. One port, two adapters. */
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from '../../storage/index.ts';

export interface DroppedFile {
  /** `<station>/<file>`. */
  readonly name: string;
  readonly size: number;
  readonly changedAt: Date;
}

export interface DropSource {
  /** Files that are there, by name. */
  list(): Promise<readonly DroppedFile[]>;
  read(name: string): Promise<Buffer>;
  /** After it was captured. */
  remove(name: string): Promise<void>;
  /** Out of the way, with why: for a person to look at. */
  setAside(name: string): Promise<void>;
}

const ASIDE = '_khong-nhan';

/** Sub-folders are stations; what a station may write is its own sub-folder, by the file system's rights. */
export function watchedFolder(folder: string): DropSource {
  return {
    async list() {
      const stations = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const found: DroppedFile[] = [];
      for (const station of stations.filter((entry) => entry.isDirectory() && entry.name !== ASIDE)) {
        for (const entry of await readdir(join(folder, station.name), { withFileTypes: true })) {
          if (!entry.isFile() || entry.name.startsWith('.')) continue;
          const name = `${station.name}/${entry.name}`;
          const { size, mtime } = await stat(join(folder, name));
          found.push({ name, size, changedAt: mtime });
        }
      }
      return found.sort((one, other) => (one.name < other.name ? -1 : 1));
    },
    read: (name) => readFile(join(folder, name)),
    remove: (name) => rm(join(folder, name), { force: true }),
    async setAside(name) {
      const target = join(folder, ASIDE, name);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(join(folder, name), target);
    },
  };
}

/** Objects under `drop/`, written by stations through credentials that open this prefix alone. */
export function storePrefix(store: ObjectStore, prefix = 'drop/'): DropSource {
  return {
    async list() {
      const objects = await store.list({ prefix, limit: 500 });
      return objects.map((object) => ({
        name: object.key.slice(prefix.length),
        size: object.size,
        changedAt: object.writtenAt,
      }));
    },
    read: async (name) => (await store.get(`${prefix}${name}`)).bytes,
    remove: (name) => store.delete(`${prefix}${name}`),
    // An object cannot be renamed: what is not taken stays under its name and is told to the log.
    setAside: async () => undefined,
  };
}
