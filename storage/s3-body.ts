/** Reads the body of an S3 answer into one buffer of exactly the announced length. */
import type { Readable } from 'node:stream';
import { ObjectStoreError } from './object-store.ts';

/** @throws `unavailable` when the body ends early or does not end where it should: the attempt may be repeated. */
export async function collect(stream: Readable, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(length))
    throw new ObjectStoreError('unavailable', 'the store announced no length');
  const bytes = Buffer.allocUnsafe(length);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let filled = 0;
  stream.on('data', (piece: Buffer) => {
    if (filled + piece.byteLength > length) return void stream.destroy(cut(length, 'more'));
    piece.copy(bytes, filled);
    filled += piece.byteLength;
  });
  stream.once('end', () => (filled === length ? resolve(bytes) : reject(cut(length, 'fewer'))));
  stream.on('error', reject);
  stream.once('close', () => reject(cut(length, 'fewer')));
  return promise;
}

const cut = (length: number, how: string): ObjectStoreError =>
  new ObjectStoreError('unavailable', `the store sent ${how} than the ${length} bytes it announced`);
