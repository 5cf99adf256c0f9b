/**
 * The hottest question of reuse, “how does this request stand now?”, for systems that ask it over and over: what decides
 * is read for many requests with three statements, judged in memory, and told with one statement that writes each event
 * only where what was judged still holds at that instant (dossier open, consents still given, standings unchanged).
 * Where anything is out of the ordinary it answers undefined, nothing was told, and the transaction decides.
 */
import { type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import { type Grant, latestGrantsOf } from '../consent/index.ts';
import { type DocumentFacts, ownedPapers, type WantedPapers } from '../documents/index.ts';
import { appendEventsIf, type GuardedEvent } from '../ledger/index.ts';
import { Batched } from '../platform/batched.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { chosen, judgeAll, wantedPapers } from './assessment.ts';
import type { Caller } from './reuse-gate.ts';
import { mayReuse } from './reuse-policy.ts';
import {
  type Found,
  foundOf,
  REQUEST_COLUMNS,
  type RequestRow,
  type Surroundings,
} from './reuse-repository.ts';
import type { ReuseAnswer } from './reuse-service.ts';

interface Looked extends Found {
  readonly revision: number;
  readonly around: Surroundings;
  readonly granted: boolean;
  /** The last answer of each component: outcome and paper. */
  readonly items: Readonly<Record<string, string>>;
  readonly statements: readonly { readonly id: string; readonly missing: readonly string[] }[];
}

export class CheckDesk {
  readonly #catalogue: CatalogueService;
  readonly #clock: Clock;
  readonly #looking: Batched<string, Looked | undefined>;
  readonly #papers: Batched<WantedPapers, DocumentFacts[]>;
  readonly #grants: Batched<string, Grant[]>;
  readonly #writing: Batched<GuardedEvent, string | undefined>;

  constructor(parts: { database: Database; clock: Clock; catalogue: CatalogueService }) {
    const { hot } = parts.database;
    this.#catalogue = parts.catalogue;
    this.#clock = parts.clock;
    this.#looking = new Batched({
      ask: async (ids) => lookedOf(await hot.query<LookedRow>(LOOK, [[...ids]]), ids.length),
    });
    this.#papers = new Batched({ ask: (wanted) => ownedPapers(hot, wanted) });
    this.#grants = new Batched({ ask: (ids) => latestGrantsOf(hot, ids) });
    this.#writing = new Batched({ ask: (events) => appendEventsIf(hot, STILL_HOLDS, events) });
  }

  /** The answer, its event durable; undefined where the transaction has to decide. */
  async show(caller: Caller, reuseRequestId: string): Promise<ReuseAnswer | undefined> {
    const { actor } = caller;
    if (actor.kind !== 'system') return undefined;
    const looked = await this.#looking.ask(reuseRequestId);
    if (!looked || !mayReuse(actor, looked.request.agencyId, 'reuse:request')) return undefined;
    const { request, dossier } = looked;
    const catalogue = this.#catalogue.held(looked.revision);
    const at = this.#clock.now();
    const procedure = catalogue?.procedure(request.procedureCode, calendarDateAt(at));
    if (!catalogue || !procedure || dossier.state === 'closed') return undefined;
    const components = chosen(procedure, request.components);
    if (components instanceof Failure) return undefined;
    const wanted = wantedPapers(request, components);
    const [lists, grants] = await Promise.all([
      Promise.all(wanted.map((each) => this.#papers.ask(each))),
      looked.granted ? this.#grants.ask(request.id) : [],
    ]);
    const assessment = judgeAll(request, {
      catalogue,
      procedure,
      components,
      at,
      papers: new Map(wanted.map(({ ownerId }, index) => [ownerId, lists[index] ?? []])),
      around: looked.around,
      grants,
      awaited: [],
    });
    const missing = assessment.outcomes.filter(({ kind }) => kind === 'not_found');
    const statement = looked.statements.find((each) =>
      missing.every(({ componentKey }) => each.missing.includes(componentKey)),
    );
    // A changed answer is kept and a new statement made by the transaction.
    const changed = assessment.outcomes.some(
      ({ componentKey, kind, document }) => looked.items[componentKey] !== `${kind} ${document?.id ?? ''}`,
    );
    if (changed || (missing.length > 0 && !statement)) return undefined;
    const answer: ReuseAnswer = {
      ...assessment,
      request,
      dossier,
      statementId: missing.length > 0 ? (statement?.id ?? null) : null,
    };
    const told = await this.#writing.ask(eventOf(caller, answer, grants, at));
    return told === undefined ? undefined : answer;
  }
}

function eventOf(caller: Caller, answer: ReuseAnswer, grants: readonly Grant[], at: Date): GuardedEvent {
  const { request, outcomes, owners } = answer;
  const given = grants.filter(({ state }) => state === 'given').map(({ id }) => id);
  const standings = outcomes.flatMap(({ document }) =>
    document ? [`${document.id}:${document.status.number}`] : [],
  );
  const subjects = new Set([...owners.values()].map(({ id }) => id));
  if (request.ownerId) subjects.add(request.ownerId);
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return {
    event: {
      type: 'reuse.answered',
      at,
      actor: caller.actor,
      outcome: 'done',
      agencyId: request.agencyId,
      dossierId: request.dossierId,
      ownerIds: [...subjects],
      requestId: caller.requestId,
      detail: { reuse: request.id, ...counts },
    },
    facts: {
      given: given.join(','),
      count: given.length,
      standings: standings.join(','),
      at: at.toISOString(),
    },
  };
}

const STILL_HOLDS = `EXISTS (SELECT FROM dossier s WHERE s.id = g.dossier_id AND s.state <> 'closed')
  AND (g.facts->>'count')::int = (
    SELECT count(*) FROM consent_grant c LEFT JOIN representation r ON r.id = c.representation_id
    WHERE c.id = ANY (string_to_array(g.facts->>'given', ',')::uuid[]) AND c.state = 'given'
      AND coalesce(least(r.ended_at, r.valid_until) > (g.facts->>'at')::timestamptz, true))
  AND NOT EXISTS (
    SELECT FROM unnest(string_to_array(g.facts->>'standings', ',')) AS pair
    WHERE split_part(pair, ':', 2)::int <> (
      SELECT max(e.number) FROM status_event e WHERE e.document_id = split_part(pair, ':', 1)::uuid))`;

const LOOK = `
SELECT q.place::int, (SELECT revision FROM catalogue_revision WHERE id = 1) AS revision, ${REQUEST_COLUMNS},
       EXISTS (SELECT FROM consent_grant c WHERE c.request_id = r.id) AS granted,
       (SELECT jsonb_object_agg(i.component_key, i.outcome || ' ' || coalesce(i.document_id::text, ''))
        FROM reuse_item i WHERE i.request_id = r.id) AS items,
       (SELECT jsonb_agg(jsonb_build_object('componentKey', v.component_key, 'documentId', v.document_id, 'decision', v.decision))
        FROM reuse_preview v WHERE v.request_id = r.id) AS previews,
       (SELECT jsonb_agg(jsonb_build_object('componentKey', t.component_key, 'expectedAt', t.expected_at))
        FROM digitisation_task t WHERE t.dossier_id = r.dossier_id AND t.state = 'in-work') AS awaited,
       (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'oldNumbers', p.old_numbers, 'deceased', p.deceased_at IS NOT NULL))
        FROM person p WHERE p.id = ANY (array_append(ARRAY(
          SELECT (party->'owner'->>'id')::uuid FROM jsonb_array_elements(r.parties) AS party
          WHERE jsonb_typeof(party->'owner') = 'object'), r.owner_id))) AS holders,
       (SELECT jsonb_agg(jsonb_build_object('id', n.id, 'missing',
          (SELECT jsonb_agg(m->>'component') FROM jsonb_array_elements(n.body->'missing') AS m)) ORDER BY n.id DESC)
        FROM not_found_statement n WHERE n.request_id = r.id) AS statements
FROM unnest($1::uuid[]) WITH ORDINALITY AS q (id, place)
JOIN reuse_request r ON r.id = q.id JOIN dossier s ON s.id = r.dossier_id`;

interface LookedRow extends RequestRow {
  readonly place: number;
  readonly revision: number;
  readonly granted: boolean;
  readonly items: Record<string, string> | null;
  readonly previews: Surroundings['previews'] | null;
  readonly awaited: { componentKey: string; expectedAt: string | null }[] | null;
  readonly holders: Surroundings['holders'] | null;
  readonly statements: Looked['statements'] | null;
}

function lookedOf(rows: readonly LookedRow[], count: number): (Looked | undefined)[] {
  const looked: (Looked | undefined)[] = new Array(count).fill(undefined);
  for (const row of rows) {
    looked[row.place - 1] = {
      ...foundOf(row),
      revision: row.revision,
      granted: row.granted,
      items: row.items ?? {},
      statements: row.statements ?? [],
      around: {
        previews: row.previews ?? [],
        holders: row.holders ?? [],
        awaited: (row.awaited ?? []).map(({ componentKey, expectedAt }) => ({
          componentKey,
          expectedAt: expectedAt === null ? null : new Date(expectedAt),
        })),
      },
    };
  }
  return looked;
}
