/** The owner's questions as pages show them: the grants of one reuse request together, in words of the catalogue. */
import { type Catalogue, type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import type { ConsentItem, ConsentRequest } from '../consent/consent-pages.tsx';
import type { CitizenConsents } from '../consent/consent-routes.ts';
import { type ConsentService, type Grant, textSha256 } from '../consent/index.ts';
import type { HomePageProps } from '../documents/documents-pages.tsx';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { PageInput } from '../web/citizen-page.ts';
import type { ReuseService } from './reuse-service.ts';

type Answers = Readonly<Record<string, 'allow' | 'refuse'>>;

export class CitizenConsentPages implements CitizenConsents {
  readonly #parts: {
    consents: ConsentService;
    reuse: ReuseService;
    catalogue: CatalogueService;
    database: Database;
    clock: Clock;
  };

  constructor(parts: {
    consents: ConsentService;
    reuse: ReuseService;
    catalogue: CatalogueService;
    database: Database;
    clock: Clock;
  }) {
    this.#parts = parts;
  }

  async waiting(input: PageInput): Promise<number> {
    return (await this.#groups(input)).filter((grants) => grants.some(({ state }) => state === 'asked'))
      .length;
  }

  async next(input: PageInput): Promise<HomePageProps['nextRequest']> {
    const { open } = await this.requests(input);
    return [...open].sort((left, right) => left.due.getTime() - right.due.getTime())[0];
  }

  async requests(input: PageInput): ReturnType<CitizenConsents['requests']> {
    const groups = await this.#groups(input);
    const described = await Promise.all(
      groups.map(async (grants) => ({ grants, request: await this.#describe(input, grants) })),
    );
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
      const text = await this.#parts.reuse.textOf(grant);
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
    const catalogue = await this.#parts.catalogue.current();
    return Promise.all(
      given.map(async (grant) => {
        const { agency, procedure, dossier, items } = await this.#describe(input, [grant], catalogue);
        return {
          id: grant.id,
          agency,
          procedure,
          dossier,
          title: items[0]?.title ?? '',
          view: grant.view,
          givenAt: grant.answeredAt ?? grant.askedAt,
          until: grant.validUntil,
          timesSeen: await this.#timesSeen(grant.id),
        };
      }),
    );
  }

  async withdraw(input: PageInput, grant: string): Promise<void> {
    await this.#parts.consents.withdraw({ actor: input.actor, grantId: grant, requestId: input.requestId });
  }

  async #timesSeen(grantId: string): Promise<number> {
    const [row] = await this.#parts.database.read<{ times: number }>(
      `SELECT count(*)::int AS times FROM ledger_event e JOIN consent_grant g ON g.document_id = e.document_id
       WHERE g.id = $1::uuid AND e.type = 'reuse.retrieved' AND e.detail ->> 'consent' = $1::text`,
      [grantId],
    );
    return row?.times ?? 0;
  }

  async #groups(input: PageInput): Promise<Grant[][]> {
    if (input.actor.kind !== 'person') return [];
    return [
      ...Map.groupBy(await this.#parts.consents.list(input.actor), ({ requestId }) => requestId).values(),
    ];
  }

  async #grantsOf(input: PageInput, requestId: string): Promise<Grant[]> {
    return (await this.#parts.consents.list(input.actor)).filter((grant) => grant.requestId === requestId);
  }

  async #describe(input: PageInput, grants: readonly Grant[], loaded?: Catalogue): Promise<ConsentRequest> {
    const [first] = grants;
    if (!first) throw new Error('a request without a question');
    const { catalogue: service, database, clock } = this.#parts;
    const catalogue = loaded ?? (await service.current());
    const today = calendarDateAt(clock.now());
    const rows = await database.read<DescribedRow>(DESCRIBE, [
      first.requestId,
      grants.map(({ documentId }) => documentId),
    ]);
    const { language } = input;
    const agency = catalogue.agency(first.agencyId, today)?.names[language] ?? first.agencyId;
    const [about] = rows;
    const procedure = about && catalogue.procedure(about.procedure_code, today);
    const items = grants.map((grant): ConsentItem => {
      const row = rows.find(({ id }) => id === grant.documentId);
      const type = row && catalogue.documentType(row.type_code, today);
      const component = procedure?.components.find(({ key }) => key === grant.componentKey);
      const issuer = row?.issuer_id
        ? (catalogue.agencyVersions(row.issuer_id).at(-1)?.names[language] ?? row.issuer_id)
        : '';
      const title = type?.names[language] ?? row?.type_code ?? '';
      return {
        id: grant.id,
        title,
        issuer,
        why: component?.names[language] ?? grant.componentKey,
        view: grant.view,
        seen: grant.view === 'full' ? [title] : (type?.fields ?? []).map(({ labels }) => labels[language]),
        notSeen: [],
        sensitive: type?.sensitive,
      };
    });
    return {
      id: first.requestId,
      agency,
      officer: '',
      office: agency,
      procedure: procedure?.names[language] ?? about?.procedure_code ?? '',
      dossier: about?.code ?? '',
      until: first.validUntil,
      items,
    };
  }
}

interface DescribedRow {
  id: string;
  type_code: string;
  issuer_id: string | null;
  procedure_code: string;
  code: string;
}

const DESCRIBE = `
SELECT d.id::text, d.type_code, d.issuer_id, r.procedure_code, s.code
FROM reuse_request r JOIN dossier s ON s.id = r.dossier_id JOIN document d ON d.id = ANY ($2::uuid[])
WHERE r.id = $1::uuid`;
