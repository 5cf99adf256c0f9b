/** Clears a folder of temporary files whose process died. */
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** No put or upload lives so long; other processes may share the folder, so younger files are left alone. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Removes files not written to for a day, or for as long as is said. A missing folder is an empty one. */
export async function removeAbandonedFiles(
  folder: string,
  { olderThanMs = ABANDONED_AFTER_MS, now = Date.now() }: { olderThanMs?: number; now?: number } = {},
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() && now - found.mtimeMs > olderThanMs) await unlink(path).catch(() => {});
  }
}
