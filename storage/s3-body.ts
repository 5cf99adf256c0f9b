/** Reads the body of an S3 answer into one buffer of exactly the announced length. */
import type { Readable } from 'node:stream';
import { ObjectStoreError } from './object-store.ts';

/** @throws `unavailable` when the body ends early or does not end where it should: the attempt may be repeated. */
export async function collect(stream: Readable, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    if (filled + piece.byteLength > length) throw cut(length, 'more');
    piece.copy(bytes, filled);
    filled += piece.byteLength;
  }
  if (filled !== length) throw cut(length, 'fewer');
  return bytes;
}

const cut = (length: number, how: string): ObjectStoreError =>
  new ObjectStoreError('unavailable', `the store sent ${how} than the ${length} bytes it announced`);
