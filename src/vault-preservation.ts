/** Keeping signatures provable, as a duty: every five minutes, in one instance at a time. */
import { Preservation, type PreservationParts } from './documents/index.ts';
import type { Duties } from './platform/duties.ts';

export function openPreservation(duties: Duties, parts: PreservationParts): void {
  const preservation = new Preservation(parts);
  duties.every({
    name: 'preservation',
    seconds: 300,
    run: async (signal) => void (await preservation.run(signal)),
  });
}
