/**
 * A nameless file that holds one large sealed object until its length is known and the store has it.
 *
 * Uploads often come without a length, and a put whose reply was lost can only be repeated from something that
 * can be read again. What lies here is sealed under a key that only this process holds, so a spool file that
 * survives a crash is noise; a later process removes it.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { removeAbandonedFiles } from './abandoned-files.ts';
import type { SizedBody } from './object-store.ts';

/** Folders that this process has cleared of what others left. */
const cleared = new Set<string>();

export class Spool implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #path: string;
  #size = 0;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  static async create(folder: string): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!cleared.has(folder)) {
      cleared.add(folder);
      await removeAbandonedFiles(folder);
    }
    const path = join(folder, randomUUID());
    return new Spool(await open(path, 'wx', 0o600), path);
  }

  async append(pieces: readonly Uint8Array[]): Promise<void> {
    const { bytesWritten } = await this.#file.writev([...pieces]);
    this.#size += bytesWritten;
    const wanted = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
    if (bytesWritten !== wanted) throw new Error('the spool could not be written in full');
  }

  /** What was appended, as a body that can be opened any number of times while the spool lives. */
  body(): SizedBody {
    return { size: this.#size, open: () => createReadStream(this.#path, { highWaterMark: 256 * 1024 }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await unlink(this.#path).catch(() => {});
  }
}
