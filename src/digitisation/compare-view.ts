/** The compare screen put together: pages with their findings, the original, the values with what was read. */
import type { RouteReply } from '../http/index.ts';
import type { PageInput } from '../web/citizen-page.ts';
import type { Fault } from '../web/index.ts';
import { isElectronic } from './capture-service.ts';
import { content } from './content.ts';
import {
  type DigitisationPageParts,
  pageProps,
  shownPage,
  stepsAt,
  titleOf,
} from './digitisation-page-context.ts';
import { ComparePage } from './digitisation-pages.tsx';
import { valuesAsText } from './extraction-service.ts';
import { findingWords } from './finding-words.ts';
import { shownValues, type Typed } from './scan-form.ts';
import type { ScanParts } from './scan-view.ts';
import { digitisePaths } from './start-pages.tsx';

/** Width and height of an access picture of A4; the browser keeps the real shape. */
const PICTURE = { width: 600, height: 848 };

export async function comparePage(
  parts: DigitisationPageParts,
  input: PageInput,
  found: ScanParts,
  more: {
    readonly status: number;
    readonly faults?: readonly Fault[];
    readonly typed?: Typed;
    readonly page?: number;
  },
): Promise<RouteReply> {
  const { scan, pages } = found;
  const { services } = parts;
  const { desk } = services;
  const language = input.language;
  const t = content[language];
  const catalogue = await desk.catalogue();
  const type = await desk.typeOf(scan);
  const { proposals, ready, failed } = await services.reading.proposals(found);
  const title = titleOf(catalogue, scan, language, desk.now());
  const values = shownValues({
    type,
    catalogue,
    language,
    now: desk.now(),
    typed: more.typed,
    kept: scan.values ? valuesAsText(scan.values) : new Map(),
    proposals,
    faults: more.faults,
    cutOut: ({ page, box }) => `${digitisePaths.picture(scan.id, page)}?vung=${box.join('-')}`,
  });
  const doubtful = values.find(({ state }) => state === 'doubtful');
  const region = proposals.find(({ field }) => `o-${field}` === doubtful?.name);
  const shown = pages.find(({ number }) => number === (more.page ?? region?.page ?? 1)) ?? pages[0];
  const findings = scan.examination?.findings ?? [];
  const electronic = isElectronic(scan);
  return shownPage(
    more.status,
    ComparePage({
      ...(await pageProps(parts, input)),
      capture: { id: scan.id, title, dossier: scan.dossierCode ?? undefined },
      steps: stepsAt(electronic ? 'signed-by-scanner' : scan.state),
      electronic: electronic ? { good: scan.reason === null } : undefined,
      note:
        electronic || ready === undefined
          ? undefined
          : failed
            ? t.reading.failed
            : ready
              ? undefined
              : t.reading.waiting,
      pages: pages.map(({ number, measures }) => {
        const own = findings.filter(({ page, verdict }) => page === number && verdict !== 'pass');
        return {
          page: number,
          name: t.capture.page(number),
          src: digitisePaths.thumbnail(scan.id, number),
          good: own.length === 0,
          quality: own[0] ? findingWords(own[0], language) : `${measures.dpi} dpi`,
        };
      }),
      sheets: scan.declaredSheets ?? pages.length,
      picture: shown
        ? {
            page: shown.number,
            src: digitisePaths.picture(scan.id, shown.number),
            alt: t.pageAlt(shown.number, title),
            ...PICTURE,
          }
        : undefined,
      region:
        region && shown && region.page === shown.number && doubtful
          ? {
              x: region.box[0] / 100,
              y: region.box[1] / 100,
              width: (region.box[2] - region.box[0]) / 100,
              height: (region.box[3] - region.box[1]) / 100,
              field: doubtful.label,
            }
          : undefined,
      values,
      attested: more.typed?.['da-doi-chieu'] === 'yes',
      faults: more.faults,
    }),
  );
}
