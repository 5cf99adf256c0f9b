/** Files of a backup: written with their digest, read only with it. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BackupError, type Part } from './manifest.ts';

/** Writes a file beside its place, flushes it and renames it. */
export async function writePart(
  folder: string,
  path: string,
  source: Readable | AsyncIterable<Uint8Array>,
): Promise<Part> {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const digest = createHash('sha256');
  let bytes = 0;
  await pipeline(
    source instanceof Readable ? source : Readable.from(source),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        digest.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(`${file}.part`, { mode: 0o600, flush: true }),
  );
  renameSync(`${file}.part`, file);
  return { path, bytes, sha256: digest.digest('hex') };
}

/** The bytes of a part; the last chunk comes only when the whole had the digest. @throws BackupError otherwise */
export async function* readPart(folder: string, part: Part): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  let held: Buffer | undefined;
  for await (const chunk of createReadStream(join(folder, part.path)) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    if (held) yield held;
    held = chunk;
  }
  if (digest.digest('hex') !== part.sha256) throw damaged(part);
  if (held) yield held;
}

/** A part of at most some megabytes, whole. */
export const wholePart = async (folder: string, part: Part): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(readPart(folder, part)));

/** Lines of a part, each whole. */
export async function* linesOfPart(folder: string, part: Part): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of Readable.from(readPart(folder, part)).setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Whether the part lies there whole. */
export async function standsThere(folder: string, part: Part): Promise<boolean> {
  try {
    for await (const _ of readPart(folder, part));
    return true;
  } catch {
    return false;
  }
}

const damaged = (part: Part): BackupError =>
  new BackupError(`${part.path} is not what the backup recorded; take an older backup or another copy.`);
