/** The owner's questions as pages show them: the grants of one reuse request together, in words of the catalogue. */
import { type Catalogue, type CatalogueService, calendarDateAt, type Procedure } from '../catalogue/index.ts';
import type { ConsentItem, ConsentRequest } from '../consent/consent-pages.tsx';
import type { CitizenConsents } from '../consent/consent-routes.ts';
import { type ConsentService, type Grant, textSha256 } from '../consent/index.ts';
import type { HomePageProps } from '../documents/documents-pages.tsx';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { PageInput } from '../web/citizen-page.ts';
import type { ConsentQuestions } from './consent-questions.ts';
import { minimumFields } from './minimum-view.ts';

type Answers = Readonly<Record<string, 'allow' | 'refuse'>>;

export class CitizenConsentPages implements CitizenConsents {
  readonly #parts: {
    consents: ConsentService;
    questions: ConsentQuestions;
    catalogue: CatalogueService;
    database: Database;
    clock: Clock;
  };

  constructor(parts: {
    consents: ConsentService;
    questions: ConsentQuestions;
    catalogue: CatalogueService;
    database: Database;
    clock: Clock;
  }) {
    this.#parts = parts;
  }

  async waiting(input: PageInput): Promise<number> {
    return input.actor.kind === 'person' ? this.#parts.consents.waiting(input.actor) : 0;
  }

  async next(input: PageInput): Promise<HomePageProps['nextRequest']> {
    const { open } = await this.requests(input);
    return [...open].sort((left, right) => left.due.getTime() - right.due.getTime())[0];
  }

  async requests(input: PageInput): ReturnType<CitizenConsents['requests']> {
    const groups = await this.#groups(input);
    const described = await this.#describeAll(input, groups);
    const count = (grants: readonly Grant[], refused: boolean): number =>
      grants.filter(({ state, answeredAt }) => answeredAt !== null && (state === 'refused') === refused)
        .length;
    const isOpen = ({ grants }: { grants: readonly Grant[] }): boolean =>
      grants.some(({ state }) => state === 'asked');
    return {
      open: described.filter(isOpen).map(({ grants, request }) => ({
        id: request.id,
        agency: request.agency,
        papers: grants.length,
        procedure: request.procedure,
        due: request.until,
      })),
      closed: described
        .filter((each) => !isOpen(each))
        .map(({ grants, request }) => ({
          id: request.id,
          agency: request.agency,
          procedure: request.procedure,
          at: grants[0]?.answeredAt ?? grants[0]?.validUntil ?? request.until,
          outcome: grants.some(({ answeredAt }) => answeredAt !== null)
            ? { allowed: count(grants, false), refused: count(grants, true) }
            : ('expired' as const),
        })),
    };
  }

  async request(input: PageInput, id: string): Promise<ConsentRequest | undefined> {
    const grants = (await this.#grantsOf(input, id)).filter(({ state }) => state === 'asked');
    return grants.length === 0 ? undefined : this.#describe(input, grants);
  }

  async answer(input: PageInput, id: string, answers: Answers): Promise<void> {
    for (const grant of await this.#grantsOf(input, id)) {
      const decision = answers[grant.id];
      if (decision === undefined || grant.state !== 'asked') continue;
      // The page showed what these words say; the hash is taken from the words as they are now, not from the form.
      const text = await this.#parts.questions.textOf(grant);
      await this.#parts.consents.answer({
        actor: input.actor,
        grantId: grant.id,
        decision,
        textSha256: textSha256(text),
        language: input.language,
        requestId: input.requestId,
      });
    }
  }

  async answered(input: PageInput, id: string): ReturnType<CitizenConsents['answered']> {
    const grants = (await this.#grantsOf(input, id)).filter(({ answeredAt }) => answeredAt !== null);
    const [first] = grants;
    if (!first?.answeredAt) return undefined;
    const answers: Answers = Object.fromEntries(
      grants.map((grant) => [grant.id, grant.state === 'refused' ? 'refuse' : 'allow']),
    );
    return {
      request: await this.#describe(input, grants),
      answers,
      receipt: { code: first.requestId.slice(-12).toUpperCase(), at: first.answeredAt },
    };
  }

  async grants(input: PageInput): ReturnType<CitizenConsents['grants']> {
    const given = (await this.#parts.consents.list(input.actor)).filter(({ state }) => state === 'given');
    const seen = await this.#timesSeen(given);
    const described = await this.#describeAll(
      input,
      given.map((grant) => [grant]),
    );
    return described.flatMap(({ grants: [grant], request }) =>
      grant
        ? [
            {
              id: grant.id,
              agency: request.agency,
              procedure: request.procedure,
              dossier: request.dossier,
              title: request.items[0]?.title ?? '',
              view: grant.view,
              givenAt: grant.answeredAt ?? grant.askedAt,
              until: grant.validUntil,
              timesSeen: seen.get(grant.id) ?? 0,
            },
          ]
        : [],
    );
  }

  async withdraw(input: PageInput, grant: string): Promise<void> {
    await this.#parts.consents.withdraw({ actor: input.actor, grantId: grant, requestId: input.requestId });
  }

  async #timesSeen(grants: readonly Grant[]): Promise<Map<string, number>> {
    if (grants.length === 0) return new Map();
    const rows = await this.#parts.database.read<{ consent: string; times: number }>(
      `SELECT e.detail ->> 'consent' AS consent, count(*)::int AS times FROM ledger_event e
       WHERE e.document_id = ANY ($1::uuid[]) AND e.type = 'reuse.retrieved' AND e.detail ->> 'consent' = ANY ($2::text[])
       GROUP BY 1`,
      [grants.map(({ documentId }) => documentId), grants.map(({ id }) => id)],
    );
    return new Map(rows.map(({ consent, times }) => [consent, times]));
  }

  async #groups(input: PageInput): Promise<Grant[][]> {
    if (input.actor.kind !== 'person') return [];
    return [
      ...Map.groupBy(await this.#parts.consents.list(input.actor), ({ requestId }) => requestId).values(),
    ];
  }

  async #grantsOf(input: PageInput, requestId: string): Promise<Grant[]> {
    return /^[0-9a-f-]{36}$/.test(requestId) ? this.#parts.consents.list(input.actor, requestId) : [];
  }

  async #describe(input: PageInput, grants: readonly Grant[]): Promise<ConsentRequest> {
    const [described] = await this.#describeAll(input, [grants]);
    if (!described) throw new Error('a request without a question');
    return described.request;
  }

  /** Groups of grants in the words of the catalogue: one statement for all of them. */
  async #describeAll<G extends readonly Grant[]>(
    input: PageInput,
    groups: readonly G[],
  ): Promise<{ grants: G; request: ConsentRequest }[]> {
    const { catalogue: service, database, clock } = this.#parts;
    const catalogue = await service.current();
    const all = groups.flat() as Grant[];
    if (all.length === 0) return [];
    const rows = await database.read<DescribedRow>(DESCRIBE, [all.map(({ id }) => id)]);
    const about = new Map(rows.map((row) => [row.grant_id, row]));
    const today = calendarDateAt(clock.now());
    return groups.map((grants) => ({
      grants,
      request: requestOf(grants, about, { catalogue, today, language: input.language }),
    }));
  }
}

function requestOf(
  grants: readonly Grant[],
  about: ReadonlyMap<string, DescribedRow>,
  words: { catalogue: Catalogue; today: string; language: 'vi' | 'en' },
): ConsentRequest {
  const { catalogue, today, language } = words;
  const [first] = grants;
  if (!first) throw new Error('a request without a question');
  const row = about.get(first.id);
  const agency = catalogue.agency(first.agencyId, today)?.names[language] ?? first.agencyId;
  const procedure = row && catalogue.procedure(row.procedure_code, today);
  return {
    id: first.requestId,
    agency,
    officer: '',
    office: agency,
    procedure: procedure?.names[language] ?? row?.procedure_code ?? '',
    dossier: row?.code ?? '',
    until: first.validUntil,
    fullViewReason: row?.full_view_reason ?? undefined,
    items: grants.map((grant) => itemOf(grant, about.get(grant.id), procedure, words)),
  };
}

function itemOf(
  grant: Grant,
  row: DescribedRow | undefined,
  procedure: Procedure | undefined,
  { catalogue, today, language }: { catalogue: Catalogue; today: string; language: 'vi' | 'en' },
): ConsentItem {
  const type = catalogue.documentType(grant.documentType, today);
  const component = procedure?.components.find(({ key }) => key === grant.componentKey);
  const issuer = row?.issuer_id
    ? (catalogue.agencyVersions(row.issuer_id).at(-1)?.names[language] ?? row.issuer_id)
    : '';
  const title = type?.names[language] ?? grant.documentType;
  const needed = type && component ? minimumFields(type, component) : [];
  const labels = (wanted: boolean): string[] =>
    (type?.fields ?? [])
      .filter(({ name }) => needed.includes(name) === wanted)
      .map((field) => field.labels[language]);
  const picture = language === 'vi' ? 'Ảnh giấy' : 'The picture of the paper';
  return {
    id: grant.id,
    title,
    issuer,
    why: component?.names[language] ?? grant.componentKey,
    view: grant.view,
    seen: grant.view === 'full' ? [title] : labels(true),
    notSeen: grant.view === 'full' ? [] : [...labels(false), picture],
    sensitive: type?.sensitive,
  };
}

interface DescribedRow {
  grant_id: string;
  issuer_id: string | null;
  procedure_code: string;
  code: string;
  full_view_reason: string | null;
}

const DESCRIBE = `
SELECT g.id::text AS grant_id, d.issuer_id, r.procedure_code, s.code, r.full_view_reason
FROM consent_grant g JOIN reuse_request r ON r.id = g.request_id JOIN dossier s ON s.id = g.dossier_id
JOIN document d ON d.id = g.document_id
WHERE g.id = ANY ($1::uuid[])`;
