/** The addresses of the log's pages: its state for anybody, an agency's ledger and its CSV for that agency's auditor. */
import { z } from 'zod';
import type { Language } from '../http/index.ts';
import { type Route, type RouteReply, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import type { PageInput } from '../web/citizen-page.ts';
import {
  type Fault,
  type Frame,
  formatDateTime,
  type OfficePageParts,
  paths,
  renderPage,
  rolesOf,
} from '../web/index.ts';
import { EVENT_TYPES } from './event.ts';
import type { LedgerBrowser } from './ledger-browser.ts';
import { logContent } from './log-content.ts';
import type { LogFacts } from './log-facts.ts';
import {
  type LedgerFilter,
  type LedgerLine,
  LedgerPage,
  OUTCOMES,
  PublicLogPage,
  queryOf,
} from './log-pages.tsx';

export interface LogRouteParts extends OfficePageParts {
  readonly frame: (input: PageInput) => Frame;
  readonly facts: () => Promise<LogFacts>;
  /** Where the vault answers, without a slash behind. */
  readonly address: string;
  readonly browser: LedgerBrowser;
}

const PAGE = 50;
const CSV_PAGE = 500;
const page = { page: true } as const;
const word = z
  .string()
  .max(40)
  .optional()
  .transform((text) => text?.trim() || undefined);
const query = z.object({ viec: word, ketqua: word, tu: word, den: word, sau: z.uuid().optional() });
const office = {
  method: 'get',
  tag: 'ledger',
  auth: { kind: 'office', roles: rolesOf('ledger') },
  page: true,
  query,
} as const;

export function logRoutes(parts: LogRouteParts): Route[] {
  const { browser } = parts;
  return [
    route(
      {
        method: 'get',
        path: paths.publicLog,
        operationId: 'showLog',
        summary: 'The state of the log in plain words',
        tag: 'ledger',
        auth: { kind: 'public' },
        page: true,
        responses: { 200: page },
      },
      async (input) => {
        const props = { frame: parts.frame(input), facts: await parts.facts(), address: parts.address };
        return { status: 200, body: renderPage(PublicLogPage(props)) };
      },
    ),
    route(
      {
        ...office,
        path: paths.ledger,
        operationId: 'showLedger',
        summary: "The agency's events, newest first",
        responses: { 200: page, 422: page },
      },
      async (input): Promise<RouteReply> => {
        const { filter, faults, typed } = readFilter(input.query, input.language);
        const lines =
          faults.length > 0
            ? []
            : await browser.read({ ...orderOf(input), filter, after: input.query.sau, limit: PAGE });
        const last = lines.length === PAGE ? lines.at(-1) : undefined;
        const props = {
          ...(await parts.office(input, 'ledger')),
          lines,
          filter,
          typed,
          faults,
          csv: paths.ledgerCsv,
          older: last && `${paths.ledger}?${queryOf({ ...filter, sau: last.id })}`,
        };
        return { status: faults.length > 0 ? 422 : 200, body: renderPage(LedgerPage(props)) };
      },
    ),
    route(
      {
        ...office,
        path: paths.ledgerCsv,
        operationId: 'exportLedger',
        summary: "The agency's events as CSV",
        ratePerMinute: 10,
        responses: { 200: { bytes: 'text/csv; charset=utf-8' } },
      },
      async (input) => {
        const { filter, faults } = readFilter(input.query, input.language);
        if (faults.length > 0) {
          const text = { en: logContent.en.browser.badDate, vi: logContent.vi.browser.badDate };
          throw new Failure('invalid', text);
        }
        return {
          status: 200,
          headers: { 'Content-Disposition': 'attachment; filename="so-nhat-ky.csv"' },
          stream: csvOf(
            (after) => browser.read({ ...orderOf(input), filter, after, limit: CSV_PAGE }),
            input.language,
          ),
        };
      },
    ),
  ];
}

function orderOf(input: PageInput) {
  const { actor, requestId } = input;
  if (actor.kind !== 'person') {
    throw new Failure('forbidden', {
      en: 'The ledger is read by an auditor in person.',
      vi: 'Sổ nhật ký chỉ dành cho kiểm soát viên.',
    });
  }
  return { actor, requestId };
}

function readFilter(
  given: z.output<typeof query>,
  language: Language,
): { filter: LedgerFilter; typed: { tu?: string; den?: string }; faults: Fault[] } {
  const faults: Fault[] = [];
  const day = (field: 'tu' | 'den'): string | undefined => {
    const text = given[field];
    if (text === undefined || z.iso.date().safeParse(text).success) return text;
    faults.push({ field, text: logContent[language].browser.badDate });
    return undefined;
  };
  const filter = {
    viec: EVENT_TYPES.find((known) => known === given.viec),
    ketqua: OUTCOMES.find((known) => known === given.ketqua),
    tu: day('tu'),
    den: day('den'),
  };
  return { filter, typed: { tu: given.tu, den: given.den }, faults };
}

/** Spreadsheets run a cell that begins with one of these as a formula. */
const cell = (value: string): string => {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
};

/** RFC 4180 with a byte order mark; page by page, never whole in memory. */
async function* csvOf(
  read: (after: string | undefined) => Promise<LedgerLine[]>,
  language: Language,
): AsyncGenerator<Uint8Array> {
  const t = logContent[language].browser;
  const line = (cells: readonly string[]): Uint8Array => Buffer.from(`${cells.map(cell).join(',')}\r\n`);
  yield Buffer.from('\uFEFF');
  yield line([t.when, t.type, t.outcome, t.actor, 'id', t.paper, t.dossier, t.place]);
  for (let after: string | undefined; ; ) {
    const lines = await read(after);
    for (const one of lines) {
      yield line([
        formatDateTime(one.at),
        one.type,
        one.outcome,
        `${one.actorKind} ${one.actorId ?? ''}`.trim(),
        one.id,
        one.documentId ?? '',
        one.dossier ?? '',
        one.index === null ? '' : String(one.index),
      ]);
    }
    after = lines.at(-1)?.id;
    if (lines.length < CSV_PAGE) return;
  }
}
