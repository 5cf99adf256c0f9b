/** What the handlers of digitisation's pages share: the officer, the frame, where a paper stands, what it is called. */
import { type Catalogue, calendarDateAt } from '../catalogue/index.ts';
import type { RouteReply } from '../http/index.ts';
import type { PageInput } from '../web/citizen-page.ts';
import { type Frame, type Language, renderPage, type Step, type Tab } from '../web/index.ts';
import { content } from './content.ts';
import type { DigitisationServices } from './digitisation-services.ts';
import type { Scan, ScanState } from './scan.ts';
import { type DigitisationPage, digitisePaths } from './start-pages.tsx';
import type { TextSearch } from './text-search.ts';

export interface OfficerContext {
  readonly frame: Frame;
  readonly officer: { readonly name: string; readonly office: string };
  /** Tabs of the officer's other work; those of digitisation are put before them. */
  readonly tabs?: readonly Tab[];
}

export interface DigitisationPageParts {
  readonly services: DigitisationServices;
  readonly search: TextSearch;
  readonly officer: (input: PageInput) => Promise<OfficerContext>;
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
  const { frame, officer, tabs = [] } = await parts.officer(input);
  const t = content[frame.language].tabs;
  return {
    frame,
    officer,
    tabs: [
      ...tabs,
      { href: '/so-hoa', label: t.digitise, current: current === 'digitise' },
      { href: digitisePaths.search, label: t.search, current: current === 'search' },
    ],
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
