/** What is proposed for the fields of a paper, from the words read on its pages. Asking stores nothing. */
import type { Proposal } from './extraction-service.ts';
import type { ScanDesk } from './scan-desk.ts';
import type { ScanParts } from './scan-view.ts';

export interface Proposed {
  /** False while pages are still being read: typing by hand is always possible. */
  readonly ready: boolean;
  readonly proposals: readonly Proposal[];
}

export class ReadingService {
  readonly #desk: ScanDesk;

  constructor(desk: ScanDesk) {
    this.#desk = desk;
  }

  async proposals(parts: ScanParts): Promise<Proposed> {
    await this.#desk.typeOf(parts.scan);
    return { ready: parts.pages.every(({ reading }) => reading !== null), proposals: [] };
  }
}
