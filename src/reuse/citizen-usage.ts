/** The usage log as its owner reads it: events in the words of the catalogue. */
import { type Catalogue, type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import type { DataRequestService } from '../consent/index.ts';
import type { UsageLine, UsageLog } from '../ledger/index.ts';
import type { UsageEntry, UsageFilter } from '../ledger/usage-pages.tsx';
import type { CitizenUsage, UsagePage } from '../ledger/usage-routes.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { PageInput } from '../web/citizen-page.ts';

/** Lines on one page. */
const PAGE = 50;

export class CitizenUsagePages implements CitizenUsage {
  readonly #parts: {
    usage: UsageLog;
    catalogue: CatalogueService;
    clock: Clock;
    dataRequests: DataRequestService;
  };

  constructor(parts: {
    usage: UsageLog;
    catalogue: CatalogueService;
    clock: Clock;
    dataRequests: DataRequestService;
  }) {
    this.#parts = parts;
  }

  async log(input: PageInput, filter: UsageFilter, after: string | undefined): Promise<UsagePage> {
    const { lines, catalogue } = await this.#read(input, after);
    const entries = lines.filter(isUse).map((line) => toEntry(line, catalogue, input.language));
    const chosen = entries.filter(
      (entry) =>
        (!filter.giay || entry.documents.some(({ id }) => id === filter.giay)) &&
        (!filter.coquan || entry.who === filter.coquan),
    );
    const count = (outcome: UsageEntry['outcome']): number =>
      entries.filter((entry) => entry.outcome === outcome).length;
    return {
      since: lines.at(-1)?.time ?? this.#parts.clock.now(),
      counts: {
        seen: count('seen_full') + count('seen_minimum'),
        asked: count('asked_only'),
        refused: count('refused'),
        blocked: count('blocked'),
      },
      entries: chosen,
      documents: options(
        entries.flatMap(({ documents }) => documents.map(({ id, title }) => [id, title] as const)),
      ),
      agencies: options(entries.map(({ who }) => [who, who] as const)),
      next: lines.length === PAGE ? lines.at(-1)?.eventId : undefined,
    };
  }

  async entry(input: PageInput, id: string): Promise<UsageEntry | undefined> {
    if (input.actor.kind !== 'person') return undefined;
    const line = await this.#parts.usage.line(input.actor, id);
    return line && toEntry(line, await this.#parts.catalogue.current(), input.language);
  }

  async complain(
    input: PageInput,
    id: string,
    complaint: { readonly reason: string; readonly text: string },
  ): Promise<{ readonly code: string; readonly due: Date }> {
    const { dataRequests } = this.#parts;
    const { actor } = input;
    const line = actor.kind === 'person' ? await this.#parts.usage.line(actor, id) : undefined;
    if (!line) {
      throw new Failure('not-found', {
        en: 'This is not in your log.',
        vi: 'Lần này không có trong nhật ký của ông (bà).',
      });
    }
    const made = await dataRequests.make(
      { actor, requestId: input.requestId },
      {
        kind: 'complain',
        aboutEventId: id,
        text: [complaint.reason, complaint.text]
          .filter((part) => part !== '')
          .join(': ')
          .slice(0, 2000),
        // What nobody's agency did is answered by whoever runs the vault.
        ...(line.agencyId ? {} : { addresseeId: await this.#keeper() }),
      },
    );
    return { code: made.code, due: made.acknowledgeBy };
  }

  /** The topmost agency in force: it runs the vault. */
  async #keeper(): Promise<string> {
    const current = await this.#parts.catalogue.current();
    const today = calendarDateAt(this.#parts.clock.now());
    const top = current.entries.agencies.find(
      ({ parent, validFrom, validTo }) =>
        parent === null && validFrom <= today && (validTo === null || today <= validTo),
    );
    return top?.id ?? '';
  }

  async #read(
    input: PageInput,
    after: string | undefined,
  ): Promise<{ lines: UsageLine[]; catalogue: Catalogue }> {
    if (input.actor.kind !== 'person') return { lines: [], catalogue: await this.#parts.catalogue.current() };
    const { lines } = await this.#parts.usage.read(input.actor, { after, limit: PAGE }, input.requestId);
    return { lines, catalogue: await this.#parts.catalogue.current() };
  }
}

/** What the owner did to look at their own list and log is in the ledger, but is no use by anybody else. */
const OWN: readonly string[] = [
  'document.listed',
  'usage.read',
  'session.opened',
  'session.closed',
  'reuse.answered',
];
const isUse = (line: UsageLine): boolean => !OWN.includes(line.action);

function toEntry(line: UsageLine, catalogue: Catalogue, language: 'vi' | 'en'): UsageEntry {
  const day = calendarDateAt(line.time);
  const title = line.documentType
    ? (catalogue.documentType(line.documentType, day)?.names[language] ?? line.documentType)
    : '';
  const agency = line.agencyId && (catalogue.agency(line.agencyId, day)?.names[language] ?? line.agencyId);
  return {
    id: line.eventId,
    at: line.time,
    who: agency ?? WHO[line.actorKind]?.[language] ?? line.actorKind,
    documents: line.documentId === null ? [] : [{ id: line.documentId, title }],
    outcome: outcomeOf(line),
    procedure: line.procedureCode
      ? (catalogue.procedure(line.procedureCode, day)?.names[language] ?? line.procedureCode)
      : undefined,
    dossier: line.dossierCode ?? undefined,
    basis: line.detail.basis === 'legal-duty' ? 'law' : 'consent',
  };
}

function outcomeOf(line: UsageLine): UsageEntry['outcome'] {
  if (line.outcome === 'denied') return 'blocked';
  if (line.action === 'consent.refused') return 'refused';
  if (line.action === 'document.read' || line.action === 'reuse.retrieved') {
    return line.detail.view === 'minimum' ? 'seen_minimum' : 'seen_full';
  }
  return 'asked_only';
}

const WHO: Readonly<Record<string, { vi: string; en: string }>> = {
  person: { vi: 'Chủ giấy tờ', en: 'The owner' },
  anonymous: { vi: 'Người kiểm tra không đăng nhập', en: 'Somebody who verified without signing in' },
  vault: { vi: 'Kho', en: 'The vault' },
};

function options(pairs: readonly (readonly [string, string])[]): { value: string; label: string }[] {
  return [...new Map(pairs)].map(([value, label]) => ({ value, label }));
}
