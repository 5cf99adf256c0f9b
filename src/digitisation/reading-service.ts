/** What is proposed for the fields of a paper, from the words read on its pages. Asking stores nothing. */

import { extract } from './extract.ts';
import type { Proposal } from './extraction-service.ts';
import type { ScanDesk } from './scan-desk.ts';
import type { ScanParts } from './scan-view.ts';

export interface Proposed {
  /** False while pages are still being read: typing by hand is always possible. */
  readonly ready: boolean;
  /** No page gave a word: the reader is missing, or the pictures are not of print. */
  readonly failed: boolean;
  readonly proposals: readonly Proposal[];
}

export class ReadingService {
  readonly #desk: ScanDesk;

  constructor(desk: ScanDesk) {
    this.#desk = desk;
  }

  async proposals({ scan, pages }: Pick<ScanParts, 'scan' | 'pages'>): Promise<Proposed> {
    const type = await this.#desk.typeOf(scan);
    const { agencies } = (await this.#desk.catalogue()).entries;
    const ready = pages.every(({ reading }) => reading !== null);
    return {
      ready,
      failed: ready && pages.length > 0 && pages.every(({ reading }) => (reading?.words.length ?? 0) === 0),
      proposals: extract(pages, { type, agencies }),
    };
  }
}
