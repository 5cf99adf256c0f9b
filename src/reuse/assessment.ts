/**
 * The outcomes of a request at one instant: its components from the catalogue, the papers of each holder, what owners
 * decided, what is under way. Reads and judges; writes nothing. Four statements however many components there are.
 */
import {
  type Catalogue,
  type CatalogueService,
  type Component,
  calendarDateAt,
  type Procedure,
} from '../catalogue/index.ts';
import { type Grant, latestGrants } from '../consent/index.ts';
import { type DocumentFacts, type OwnerRef, ownedPapers, type WantedPapers } from '../documents/index.ts';
import type { Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { differing } from './field-match.ts';
import { personCorrection } from './match-words.ts';
import { answer, type Case, judge, type Outcome, outcomeOf } from './outcome.ts';
import * as words from './outcome-words.ts';
import * as refusals from './reuse-refusals.ts';
import { type Surroundings, surroundingsOf } from './reuse-repository.ts';
import { type Holder, partyOf, type ReuseRequest } from './reuse-request.ts';

export interface Assessment {
  readonly catalogue: Catalogue;
  readonly procedure: Procedure;
  readonly outcomes: readonly Outcome[];
  /** By component: whose paper it is. */
  readonly owners: ReadonlyMap<string, OwnerRef>;
}

/** What is asked of other systems and not yet answered; `delivery` knows. */
export interface ExternalSources {
  /** Components for which an answer of another system is awaited. */
  awaited(
    sql: Sql,
    question: {
      readonly dossierId: string;
      readonly components: readonly { key: string; typeCodes: readonly string[] }[];
    },
  ): Promise<
    readonly {
      readonly componentKey: string;
      readonly expectedAt: Date | null;
      readonly words: words.Words;
    }[]
  >;
}

export const noSources: ExternalSources = { awaited: async () => [] };

export class Assessor {
  readonly #catalogue: CatalogueService;
  readonly #sources: ExternalSources;

  constructor(parts: { catalogue: CatalogueService; sources?: ExternalSources }) {
    this.#catalogue = parts.catalogue;
    this.#sources = parts.sources ?? noSources;
  }

  /** @param only these components; undefined for those of the request */
  async assess(
    sql: Sql,
    request: ReuseRequest,
    at: Date,
    only: readonly string[] = request.components,
  ): Promise<Assessment | Failure> {
    const catalogue = await this.#catalogue.snapshot(sql);
    const today = calendarDateAt(at);
    const procedure = catalogue.procedure(request.procedureCode, today);
    if (!procedure) return refusals.unknownProcedure(catalogue.replacementOf(request.procedureCode, today));
    const components = chosen(procedure, only);
    if (components instanceof Failure) return components;
    const wanted = wantedPapers(request, components);
    const lists = await ownedPapers(sql, wanted);
    const around = await surroundingsOf(
      sql,
      request,
      wanted.map(({ ownerId }) => ownerId),
    );
    const grants = await latestGrants(sql, request.id);
    const awaited = await this.#sources.awaited(sql, {
      dossierId: request.dossierId,
      components: components.map((component) => ({ key: component.key, typeCodes: typesFor([component]) })),
    });
    const papers = new Map(wanted.map(({ ownerId }, index) => [ownerId, lists[index] ?? []]));
    return judgeAll(request, { catalogue, procedure, components, at, papers, around, grants, awaited });
  }

  /** What one paper is good for now, for a component: nothing but this paper is looked at. */
  async judgePaper(
    sql: Sql,
    request: ReuseRequest,
    about: { componentKey: string; paper: DocumentFacts; grant: Grant | undefined; at: Date },
  ): Promise<Outcome | undefined> {
    const { at, paper, grant } = about;
    const catalogue = await this.#catalogue.snapshot(sql);
    const component = catalogue
      .procedure(request.procedureCode, calendarDateAt(at))
      ?.components.find(({ key, reusable }) => reusable && key === about.componentKey);
    if (!component) return undefined;
    const around = await surroundingsOf(
      sql,
      request,
      paper.owners.map(({ id }) => id),
    );
    const ownerId = ownersOf(request, [component]).get(component.key)?.id;
    if (!paper.owners.some(({ id }) => id === ownerId)) return undefined;
    const facts = caseOf(request, component, { catalogue, at, around, papers: [paper], grant, ownerId });
    return judge(paper, facts);
  }
}

/** Everything that decides, gathered. */
export interface Gathered {
  readonly catalogue: Catalogue;
  readonly procedure: Procedure;
  readonly components: readonly Component[];
  readonly at: Date;
  /** By owner. */
  readonly papers: ReadonlyMap<string, readonly DocumentFacts[]>;
  readonly around: Surroundings;
  /** The newest of each component. */
  readonly grants: readonly Grant[];
  readonly awaited: Awaited<ReturnType<ExternalSources['awaited']>>;
}

/** The outcomes from what was gathered. Pure. */
export function judgeAll(request: ReuseRequest, gathered: Gathered): Assessment {
  const { catalogue, procedure, components, at, around, grants, awaited } = gathered;
  const owners = ownersOf(request, components);
  const outcomes = components.flatMap((component) => {
    const owner = owners.get(component.key);
    const party = partyOf(request, component.holder);
    if (party && party.owner === null)
      return [differentPerson(component, party.match, catalogue, calendarDateAt(at))];
    const facts = caseOf(request, component, {
      catalogue,
      at,
      around,
      papers: gathered.papers.get(owner?.id ?? '') ?? [],
      grant: grants.find(({ componentKey }) => componentKey === component.key),
      ownerId: owner?.id,
      external: awaited.find(({ componentKey }) => componentKey === component.key),
    });
    const outcome = outcomeOf(facts);
    // Not named, and the applicant has no such paper: whose is it?
    const unnamed = outcome?.kind === 'not_found' && component.holder !== 'applicant' && !party;
    if (outcome && unnamed) {
      return [
        answer(component, 'need_more', {
          parameter: `party-${component.holder}`,
          reason: words.whose(component.holder),
        }),
      ];
    }
    return outcome ? [outcome] : [];
  });
  return { catalogue, procedure, outcomes, owners };
}

/** The papers to look for: one entry an owner with all types that would do for their components. */
export function wantedPapers(request: ReuseRequest, components: readonly Component[]): WantedPapers[] {
  const owners = ownersOf(request, components);
  const distinct = new Set([...owners.values()].map(({ id }) => id));
  return [...distinct].map((ownerId) => ({
    ownerId,
    typeCodes: typesFor(components.filter(({ key }) => owners.get(key)?.id === ownerId)),
  }));
}

/** Whose paper each component is; a holder who is not named is looked for among the applicant's own papers. */
function ownersOf(request: ReuseRequest, components: readonly Component[]): Map<string, OwnerRef> {
  const owners = new Map<string, OwnerRef>();
  for (const { key, holder } of components) {
    const party = partyOf(request, holder as Holder);
    const owner = party ? party.owner : partyOf(request, 'applicant')?.owner;
    if (owner) owners.set(key, owner);
  }
  return owners;
}

function caseOf(
  request: ReuseRequest,
  component: Component,
  facts: {
    catalogue: Catalogue;
    at: Date;
    around: Surroundings;
    papers: readonly DocumentFacts[];
    grant: Grant | undefined;
    ownerId: string | undefined;
    external?: { expectedAt: Date | null; words: words.Words } | undefined;
  },
): Case {
  const { at, around, external } = facts;
  const fitting = facts.papers.filter((paper) =>
    component.alternatives.some(({ documentType }) => documentType === paper.typeCode),
  );
  const task = around.awaited.find(({ componentKey }) => componentKey === component.key);
  const holder = around.holders.find(({ id }) => id === facts.ownerId);
  return {
    catalogue: facts.catalogue,
    today: calendarDateAt(at),
    now: at,
    component,
    conditions: request.conditions,
    papers: fitting,
    basis: request.basis,
    grant: facts.grant,
    previewNeeded: request.preview === 'required',
    previewed: (documentId) =>
      around.previews.find((seen) => seen.componentKey === component.key && seen.documentId === documentId)
        ?.decision,
    issuerHint: request.hints[component.key]?.issuer,
    given: request.given[component.key] ?? {},
    oldNumbers: holder?.oldNumbers ?? [],
    awaited: task
      ? { at: task.expectedAt, words: words.DIGITISING }
      : external && { at: external.expectedAt, words: external.words },
    holderDeceased: holder?.deceased ?? false,
  };
}

export function chosen(procedure: Procedure, only: readonly string[]): Component[] | Failure {
  const reusable = procedure.components.filter((component) => component.reusable);
  const unknown = only.filter((key) => !reusable.some((component) => component.key === key));
  if (unknown.length > 0) return refusals.unknownComponents(unknown);
  return only.length === 0 ? reusable : reusable.filter(({ key }) => only.includes(key));
}

const typesFor = (components: readonly Component[]): string[] => [
  ...new Set(components.flatMap(({ alternatives }) => alternatives.map(({ documentType }) => documentType))),
];

/** The words differ from what is known of the person: nothing is said of papers. */
function differentPerson(
  component: Component,
  match: ReuseRequest['match'],
  catalogue: Catalogue,
  today: string,
): Outcome {
  const fields = differing(match);
  return answer(component, 'mismatch', {
    match,
    reason: words.differ(fields.length > 0 ? fields : ['number']),
    correction: personCorrection(catalogue, today),
  });
}
