/**
 * Reuse: a procedure asks the vault instead of the citizen. A request is bound to a dossier of the asking agency and to
 * its applicant; each asking computes the outcomes anew, so that a consent, a revocation or an expiry counts from the
 * instant it happens.
 */
import { parseDossierCode } from '../catalogue/index.ts';
import { type Dossier, findDossier } from '../documents/index.ts';
import type { IdempotencyClaim } from '../http/index.ts';
import { actorKey, type PersonClaim } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { Assessment, Assessor } from './assessment.ts';
import type { CheckDesk } from './check-desk.ts';
import { differing } from './field-match.ts';
import { statementOf, stateNotFound } from './not-found-statement.ts';
import { findApplicant, findParty, type PartyClaim } from './person-match.ts';
import { type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import { mayReuse } from './reuse-policy.ts';
import * as refusals from './reuse-refusals.ts';
import { insertRequest, keepItems, latestRequest } from './reuse-repository.ts';
import type { ReuseRequest } from './reuse-request.ts';

export interface ReuseOrder extends Caller {
  readonly agencyId: string;
  readonly procedureCode: string;
  readonly dossierCode: string;
  readonly owner: PersonClaim;
  readonly parties: readonly PartyClaim[];
  readonly components: readonly string[] | null;
  readonly basis: 'consent' | 'legal-duty';
  readonly article: string | null;
  readonly purpose: string;
  readonly view: 'minimum' | 'full';
  readonly fullViewReason: string | null;
  readonly preview: ReuseRequest['preview'];
  readonly neededUntil: Date | null;
  readonly conditions: ReuseRequest['conditions'];
  readonly hints: ReuseRequest['hints'];
  readonly given: ReuseRequest['given'];
  readonly claim: IdempotencyClaim;
}

export interface ReuseAnswer extends Assessment {
  readonly request: ReuseRequest;
  readonly dossier: Dossier;
  /** What entitles the person to hand in paper, where something was not found. */
  readonly statementId: string | null;
}

export interface ReuseParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly gate: ReuseGate;
  readonly assessor: Assessor;
  /** The short way for systems that ask again; undefined where other systems are asked too. */
  readonly checks?: CheckDesk | undefined;
  /** How the answer is kept for a repeated key: the same status and JSON that are sent. */
  readonly toReply: (answer: ReuseAnswer) => { status: number; body: unknown };
}

export class ReuseService {
  readonly #parts: ReuseParts;

  constructor(parts: ReuseParts) {
    this.#parts = parts;
  }

  async ask(order: ReuseOrder): Promise<ReuseAnswer> {
    const { gate, assessor, toReply } = this.#parts;
    return gate.run(order, 'ask-reuse', async (sql, at) => {
      const started = await this.#open(sql, order);
      if (started instanceof Refused || started instanceof Failure) return started;
      const { dossier, request: draft } = started;
      const request = { ...draft, askedAt: at };
      const assessment = await assessor.assess(sql, request, at);
      if (assessment instanceof Failure)
        return new Refused(assessment, { agencyId: order.agencyId, dossierId: dossier.id });
      await insertRequest(sql, request);
      await gate.tell(sql, order, {
        type: 'reuse.requested',
        at,
        request,
        detail: { procedure: order.procedureCode, basis: order.basis, view: order.view },
      });
      const answer = await this.#answered(sql, order, { request, dossier, assessment, at });
      await order.claim.settle(sql, toReply(answer));
      return answer;
    });
  }

  /** The same request as it stands now. */
  async show(order: Caller & { reuseRequestId: string }): Promise<ReuseAnswer> {
    const { gate, checks } = this.#parts;
    const quick = await checks?.show(order, order.reuseRequestId);
    if (quick) return quick;
    return gate.run(order, 'show-reuse', async (sql, at) => {
      const found = await gate.admit(sql, order, order.reuseRequestId, 'reuse:request');
      if (found instanceof Refused) return found;
      return this.#again(sql, order, found, at);
    });
  }

  /** The newest request of a dossier as it stands now; undefined where nothing was asked yet. */
  async latest(order: Caller & { dossierId: string; agencyId: string }): Promise<ReuseAnswer | undefined> {
    const { gate } = this.#parts;
    return gate.run(order, 'show-reuse', async (sql, at) => {
      const latest = await latestRequest(sql, order);
      if (!latest) return undefined;
      const found = await gate.admit(sql, order, latest.request.id, 'reuse:request');
      if (found instanceof Refused) return found;
      return this.#again(sql, order, found, at);
    });
  }

  async #again(
    sql: Sql,
    order: Caller,
    found: { request: ReuseRequest; dossier: Dossier },
    at: Date,
  ): Promise<ReuseAnswer | Failure> {
    const assessment = await this.#parts.assessor.assess(sql, found.request, at);
    if (assessment instanceof Failure) return assessment;
    return this.#answered(sql, order, { ...found, assessment, at });
  }

  /** The dossier, its applicant and the people of the case, or why it may not be asked. */
  async #open(
    sql: Sql,
    order: ReuseOrder,
  ): Promise<{ dossier: Dossier; request: ReuseRequest } | Refused | Failure> {
    if (!mayReuse(order.actor, order.agencyId, 'reuse:request')) return refusals.noSuchRequest();
    const code = parseDossierCode(order.dossierCode);
    if (!code.ok) return refusals.malformedDossier(code.problem);
    const dossier = await findDossier(sql, order.dossierCode);
    if (dossier?.agencyId !== order.agencyId) return refusals.unknownDossier();
    const about = { agencyId: order.agencyId, dossierId: dossier.id, ownerIds: [dossier.owner.id] };
    if (dossier.procedureCode !== order.procedureCode) return new Refused(refusals.otherProcedure(), about);
    if (dossier.state === 'closed') return new Refused(refusals.closedDossier(), about);
    const session = await this.#parts.gate.session(sql, order.actor, dossier.id);
    if (session instanceof Failure) return new Refused(session, about);
    const applicant = await findApplicant(sql, order.owner);
    if (applicant?.person.id !== dossier.owner.id) {
      return new Refused(refusals.otherPerson(), { agencyId: order.agencyId, dossierId: dossier.id });
    }
    if (applicant.person.deceasedAt) return new Refused(refusals.deceased(), about);
    const parties = [];
    for (const claim of order.parties) parties.push(await findParty(sql, claim));
    const { actorKind, actorId } = actorKey(order.actor);
    return {
      dossier,
      request: {
        id: newId(),
        agencyId: order.agencyId,
        procedureCode: order.procedureCode,
        dossierId: dossier.id,
        ownerId: differing(applicant.match).length === 0 ? applicant.person.id : null,
        basis: order.basis,
        article: order.article,
        purpose: order.purpose,
        view: order.view,
        fullViewReason: order.fullViewReason,
        preview: order.preview,
        neededUntil: order.neededUntil,
        conditions: order.conditions,
        components: order.components ?? [],
        match: applicant.match,
        parties,
        hints: order.hints,
        given: order.given,
        actorKind,
        actorId: actorId ?? '',
        sessionId: session?.id ?? null,
        askedAt: this.#parts.clock.now(),
      },
    };
  }

  async #answered(
    sql: Sql,
    caller: Caller,
    facts: { request: ReuseRequest; dossier: Dossier; assessment: Assessment; at: Date },
  ): Promise<ReuseAnswer> {
    const { request, dossier, assessment, at } = facts;
    const { outcomes, owners } = assessment;
    await keepItems(
      sql,
      request.id,
      outcomes.map(({ componentKey, kind, document }) => ({
        componentKey,
        outcome: kind,
        documentId: document?.id ?? null,
      })),
      at,
    );
    const missing = outcomes.filter(({ kind }) => kind === 'not_found');
    const stated =
      missing.length === 0
        ? null
        : ((await statementOf(sql, request.id, missing)) ??
          (await stateNotFound(sql, this.#parts.gate, caller, { request, dossier, assessment, at })));
    const counts = Object.fromEntries(
      outcomes.map(({ kind }) => [kind, outcomes.filter((other) => other.kind === kind).length]),
    );
    const subjects = new Set([...owners.values()].map(({ id }) => id));
    if (request.ownerId) subjects.add(request.ownerId);
    await this.#parts.gate.tell(sql, caller, {
      type: 'reuse.answered',
      at,
      request,
      ownerIds: [...subjects],
      detail: counts,
    });
    return { ...assessment, request, dossier, statementId: stated };
  }
}
