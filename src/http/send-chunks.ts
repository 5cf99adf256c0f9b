/** Sends chunks as they come, in as few system calls as a bounded memory allows. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Bytes that may wait for the other side. A slow reader holds this much and no more. */
const MAX_WAITING = 1024 * 1024;

/**
 * Writes all chunks and ends the writable. Chunks are gathered and leave together: writing 200 KB in four steps, each
 * waiting for the one before, costs several times the CPU of writing them at once. When the other side has gone, the
 * source is told to stop.
 * @throws what the source throws; the writable is then destroyed, so that a cut answer never looks whole
 */
export async function sendChunks(chunks: AsyncIterable<Uint8Array>, writable: Writable): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  writable.once('close', leave);
  writable.on('error', leave);
  writable.cork();
  try {
    for await (const chunk of chunks) {
      if (writable.destroyed) return;
      writable.write(chunk);
      if (writable.writableLength < MAX_WAITING) continue;
      writable.uncork();
      if (writable.writableNeedDrain) await once(writable, 'drain', { signal: gone.signal }).catch(() => {});
      writable.cork();
    }
    // Ending a corked response of unknown length would send its end before what is corked.
    writable.uncork();
    writable.end();
  } catch (error) {
    writable.destroy();
    throw error;
  } finally {
    writable.off('close', leave);
  }
}
