/** The addresses of the usage log: the log with its filters, its export, a question or complaint about one entry. */
import { z } from 'zod';
import { type Route, type RouteReply, route } from '../http/route.ts';
import { Failure } from '../platform/failure.ts';
import { type CitizenPageParts, citizenPage, type PageInput, seeOther } from '../web/citizen-page.ts';
import { formatDateTime, type Option, paths, renderPage } from '../web/index.ts';
import { content } from './content.ts';
import {
  ComplaintPage,
  type ComplaintReason,
  ComplaintSentPage,
  complaintReasons,
  nothingChosen,
  type UsageEntry,
  type UsageFilter,
  UsageLogPage,
} from './usage-pages.tsx';

/** One page of a person's log. */
export interface UsagePage {
  readonly since: Date;
  readonly counts: {
    readonly seen: number;
    readonly asked: number;
    readonly refused: number;
    readonly blocked: number;
  };
  /** Newest first. */
  readonly entries: readonly UsageEntry[];
  readonly documents: readonly Option[];
  readonly agencies: readonly Option[];
  /** Where the older ones begin, if there are any: opaque. */
  readonly next?: string;
}

/** A person's own log. Each method knows the caller from `input.actor`; reading it is an event too. */
export interface CitizenUsage {
  log(input: PageInput, filter: UsageFilter, after: string | undefined): Promise<UsagePage>;
  /** One entry of this person's log, or undefined. */
  entry(input: PageInput, id: string): Promise<UsageEntry | undefined>;
  complain(
    input: PageInput,
    id: string,
    complaint: { readonly reason: ComplaintReason; readonly text: string },
  ): Promise<{ readonly code: string; readonly due: Date }>;
}

const page = { page: true } as const;
const common = { ...citizenPage, tag: 'usage' } as const;
const byId = z.object({ id: z.string().min(1).max(100) });
const word = z.string().max(100).optional();
const filterQuery = z.object({
  giay: word,
  coquan: word,
  thoigian: word,
  sau: z.string().max(500).optional(),
});
const complainPath = `${paths.log}/{id}/hoi`;
const sentPath = `${complainPath}/da-gui`;

export function usageRoutes({ citizen, usage }: CitizenPageParts & { usage: CitizenUsage }): Route[] {
  const shown = (body: string, status = 200): RouteReply => ({ status, body });

  async function find(input: PageInput, id: string): Promise<UsageEntry> {
    const entry = await usage.entry(input, id);
    if (entry === undefined) throw nothing();
    return entry;
  }

  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.log,
        operationId: 'showUsageLog',
        summary: 'Who looked',
        query: filterQuery,
        responses: { 200: page },
      },
      async (input) => {
        const filter = readFilter(input.query);
        const { next, ...log } = await usage.log(input, filter, input.query.sau);
        const older = next === undefined ? undefined : `${paths.log}?${queryOf(filter, next)}`;
        return shown(renderPage(UsageLogPage({ ...(await citizen(input)), ...log, filter, older })));
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: paths.logExport,
        operationId: 'exportUsageLog',
        summary: 'The whole log as CSV',
        ratePerMinute: 10,
        responses: { 200: { bytes: 'text/csv; charset=utf-8' } },
      },
      async (input) => ({
        status: 200,
        headers: { 'Content-Disposition': 'attachment; filename="ai-da-xem.csv"' },
        stream: csvOf(input, usage),
      }),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: complainPath,
        operationId: 'showComplaint',
        summary: 'A question about one entry',
        params: byId,
        responses: { 200: page },
      },
      async (input) => {
        const entry = await find(input, input.params.id);
        return shown(renderPage(ComplaintPage({ ...(await citizen(input)), entry })));
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: complainPath,
        operationId: 'sendComplaint',
        summary: 'Sends a question or complaint',
        params: byId,
        body: z.object({ viec: word, them: z.string().max(5_000).optional() }),
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const entry = await find(input, input.params.id);
        const reason = complaintReasons.find((known) => known === input.body.viec);
        const text = (input.body.them ?? '').trim();
        if (reason === undefined) {
          const faults = [nothingChosen(input.language)];
          return shown(
            renderPage(ComplaintPage({ ...(await citizen(input)), entry, values: { them: text }, faults })),
            422,
          );
        }
        const { code, due } = await usage.complain(input, entry.id, { reason, text });
        const query = new URLSearchParams({ ma: code, han: due.toISOString() });
        return seeOther(`${paths.logComplain(entry.id)}/da-gui?${query}`);
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: sentPath,
        operationId: 'showSentComplaint',
        summary: 'The tracking code of a complaint',
        params: byId,
        query: z.object({ ma: z.string().max(40), han: z.iso.datetime() }),
        responses: { 200: page },
      },
      async (input) => {
        const entry = await find(input, input.params.id);
        const sent = { agency: entry.who, code: input.query.ma, due: new Date(input.query.han) };
        return shown(renderPage(ComplaintSentPage({ ...(await citizen(input)), ...sent })));
      },
    ),
  ];
}

function readFilter(query: z.output<typeof filterQuery>): UsageFilter {
  const periods = ['month', 'year', 'all'] as const;
  return {
    giay: query.giay || undefined,
    coquan: query.coquan || undefined,
    thoigian: periods.find((known) => known === query.thoigian),
  };
}

function queryOf(filter: UsageFilter, after: string): string {
  const pairs = Object.entries({ ...filter, sau: after }).filter(([, value]) => value !== undefined);
  return new URLSearchParams(pairs as [string, string][]).toString();
}

/** Spreadsheets run a cell that begins with one of these as a formula. */
const cell = (value: string): string => {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
};

/** RFC 4180 with a byte order mark, so that spreadsheets read the Vietnamese; page by page, never whole in memory. */
async function* csvOf(input: PageInput, usage: CitizenUsage): AsyncGenerator<Uint8Array> {
  const t = content[input.language];
  const line = (cells: readonly string[]): Uint8Array => Buffer.from(`${cells.map(cell).join(',')}\r\n`);
  yield Buffer.from('\uFEFF');
  yield line(t.csv);
  let after: string | undefined;
  do {
    const { entries, next } = await usage.log(input, { thoigian: 'all' }, after);
    for (const entry of entries) {
      yield line([
        formatDateTime(entry.at),
        entry.who,
        entry.officer ?? '',
        entry.documents.map(({ title }) => title).join('; '),
        entry.outcome,
        entry.procedure ?? '',
        entry.dossier ?? '',
        entry.basis,
      ]);
    }
    after = next;
  } while (after !== undefined);
}

const nothing = (): Failure =>
  new Failure('not-found', { en: 'There is nothing at this address.', vi: 'Không có gì ở địa chỉ này.' });
