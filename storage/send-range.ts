/** Sends an opened range to a response or another writable, with as few system calls and as little memory as may be. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { OpenedRange } from './sealed-objects.ts';
import { WHOLE_BYTES } from './sealed-reading.ts';

/**
 * Writes all chunks and ends the writable. Resolves with the number of bytes handed to it once it has ended or was
 * closed by the other side: fewer than `end - start` means that the answer was cut.
 * @throws what the chunks throw: the writable is then destroyed, so that a cut answer is never taken for a whole one
 */
export async function sendRange(opened: OpenedRange, writable: Writable): Promise<number> {
  // A small object is in memory already: waiting for the other side between its chunks would save nothing.
  const waits = opened.end - opened.start > WHOLE_BYTES;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  writable.once('close', leave);
  writable.once('error', leave);
  let sent = 0;
  try {
    if (!waits) writable.cork();
    for await (const chunk of opened.chunks) {
      if (gone.signal.aborted) return sent;
      sent += chunk.byteLength;
      if (!writable.write(chunk) && waits)
        await once(writable, 'drain', { signal: gone.signal }).catch(() => {});
    }
    if (!gone.signal.aborted) writable.end();
    return sent;
  } catch (error) {
    writable.destroy();
    throw error;
  } finally {
    writable.off('close', leave);
  }
}
