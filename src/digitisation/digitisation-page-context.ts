/** What the handlers of digitisation's pages share: the officer, the frame, where a paper stands, what it is called. */
import { type Catalogue, calendarDateAt } from '../catalogue/index.ts';
import type { RouteReply } from '../http/index.ts';
import type { PageInput } from '../web/citizen-page.ts';
import { type Language, type OfficePageParts, paths, renderPage, type Step } from '../web/index.ts';
import { content } from './content.ts';
import type { DigitisationServices } from './digitisation-services.ts';
import type { Scan, ScanState } from './scan.ts';
import { type DigitisationPage, digitisePaths } from './start-pages.tsx';
import type { TextSearch } from './text-search.ts';

export interface DigitisationPageParts extends OfficePageParts {
  readonly services: DigitisationServices;
  readonly search: TextSearch;
  /** Papers that dossiers wait for, as not-found statements opened them. */
  readonly tasks: (agencyIds: readonly string[]) => Promise<readonly DigitisationTask[]>;
  /** Tells the reader of pages that something waits. */
  readonly wake: () => void;
}

export interface DigitisationTask {
  readonly id: string;
  readonly typeCode: string | null;
  readonly dossierCode: string | null;
  readonly at: Date;
}

/** The shape shared by declarations of these pages. */
export const pageOf = { page: true } as const;

export async function pageProps(
  parts: DigitisationPageParts,
  input: PageInput,
  current: 'digitise' | 'search' = 'digitise',
): Promise<Pick<DigitisationPage, 'frame' | 'officer' | 'tabs'>> {
  const { frame, officer, tabs } = await parts.office(input, 'digitise');
  const search = {
    href: digitisePaths.search,
    label: content[frame.language].searchTab,
    current: current === 'search',
  };
  // The search stands behind digitisation, whose tab it leaves while it is open.
  return {
    frame,
    officer,
    tabs: tabs.flatMap((tab) =>
      tab.href === paths.digitise ? [{ ...tab, current: current === 'digitise' }, search] : [tab],
    ),
  };
}

export const shownPage = (status: number, body: Parameters<typeof renderPage>[0]): RouteReply => ({
  status,
  body: renderPage(body),
});

/** The name of a scan's type in the reader's language; its code where the catalogue no longer has it. */
export const titleOf = (
  catalogue: Catalogue,
  scan: Pick<Scan, 'typeCode'>,
  language: Language,
  now: Date,
): string => catalogue.documentType(scan.typeCode, calendarDateAt(now))?.names[language] ?? scan.typeCode;

/** The four lawful steps as they stand. */
export function stepsAt(state: ScanState): { state: Step['state'] }[] {
  const reached: Readonly<Record<ScanState, number>> = {
    opened: 0,
    captured: 0,
    examined: 0,
    'signed-by-scanner': 1,
    extracted: 1,
    attested: 2,
    coded: 3,
    accessioned: 4,
    rejected: 0,
    quarantined: 0,
  };
  const at = reached[state];
  return [0, 1, 2, 3].map((step) => ({ state: step < at ? 'done' : step === at ? 'now' : 'later' }));
}
