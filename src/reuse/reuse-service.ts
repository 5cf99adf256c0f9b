/**
 * Reuse: a procedure asks the vault instead of the citizen. A request is bound to a dossier of the asking agency; each
 * asking computes the outcomes anew, so that a consent, a revocation or an expiry counts from the instant it happens.
 */
import type { ByteRange } from '../../storage/index.ts';
import { type CatalogueService, type Component, calendarDateAt, type Procedure } from '../catalogue/index.ts';
import {
  CONSENT_TEXT_VERSION,
  consentText,
  type Grant,
  insertGrant,
  latestGrant,
  markUsed,
  stateAt,
  textSha256,
  useOf,
} from '../consent/index.ts';
import {
  type Dossier,
  findDossier,
  listOwned,
  type OwnerRef,
  type RetrievalService,
  type Retrieved,
} from '../documents/index.ts';
import type { IdempotencyClaim } from '../http/index.ts';
import { type Actor, actorKey, findPerson, type PersonClaim } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { mayReuse, type PaperReason } from './reuse-policy.ts';
import {
  findRequest,
  insertPaperRequest,
  insertRequest,
  keepItems,
  type ReuseRequest,
  recordReliance,
} from './reuse-repository.ts';

export interface ReuseOrder {
  readonly actor: Actor;
  readonly agencyId: string;
  readonly procedureCode: string;
  readonly dossierCode: string;
  readonly owner: PersonClaim;
  readonly components: readonly string[] | null;
  readonly basis: 'consent' | 'legal-duty';
  readonly article: string | null;
  readonly purpose: string;
  readonly view: 'minimum' | 'full';
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly requestId: string;
  readonly claim: IdempotencyClaim;
}

export interface ReuseAnswer {
  readonly request: ReuseRequest;
  readonly dossier: Dossier;
  readonly outcomes: readonly Outcome[];
}

export interface ReuseParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly catalogue: CatalogueService;
  readonly retrieval: RetrievalService;
  /** How the answer is kept for a repeated key: the same JSON that is sent. */
  readonly toJson: (answer: ReuseAnswer) => unknown;
}

/** Days for which a question and the consent given to it hold, unless the dossier is due earlier. */
const CONSENT_DAYS = 30;

export class ReuseService {
  readonly #parts: ReuseParts;

  constructor(parts: ReuseParts) {
    this.#parts = parts;
  }

  async ask(order: ReuseOrder): Promise<ReuseAnswer> {
    return this.#transact(order.actor, order.requestId, async (sql, at) => {
      if (!mayReuse(order.actor, order.agencyId, 'reuse:request')) return 'not-of-this-agency';
      const dossier = await findDossier(sql, order.dossierCode);
      if (dossier?.agencyId !== order.agencyId) return unknownDossier();
      if (dossier.procedureCode !== order.procedureCode) return otherProcedure();
      if (dossier.state === 'closed') return closedDossier();
      const found = await findPerson(sql, order.owner);
      const match: Record<string, string> = found ? matchWords(found.match) : {};
      const agreed = found !== undefined && !Object.values(match).includes('differs');
      const { actorKind, actorId } = actorKey(order.actor);
      const request: ReuseRequest = {
        id: newId(),
        agencyId: order.agencyId,
        procedureCode: order.procedureCode,
        dossierId: dossier.id,
        ownerId: agreed ? found.person.id : null,
        basis: order.basis,
        article: order.article,
        purpose: order.purpose,
        view: order.view,
        conditions: order.conditions,
        match,
        actorKind,
        actorId: actorId ?? '',
        askedAt: at,
      };
      if (agreed && found.person.deceasedAt) return deceased();
      await insertRequest(sql, request);
      const outcomes = await this.#evaluate(sql, request, order.components, at);
      if (outcomes instanceof Failure) return outcomes;
      await this.#tell(sql, order, 'reuse.requested', request, {
        procedure: order.procedureCode,
        basis: order.basis,
        view: order.view,
      });
      await this.#answered(sql, order, request, outcomes, at);
      const answer = { request, dossier, outcomes };
      await order.claim.settle(sql, { status: 200, body: this.#parts.toJson(answer) });
      return answer;
    });
  }

  /** The same request as it stands now. */
  async show(order: { actor: Actor; reuseRequestId: string; requestId: string }): Promise<ReuseAnswer> {
    return this.#transact(order.actor, order.requestId, async (sql, at) => {
      const found = await this.#own(sql, order, 'reuse:request');
      if (typeof found === 'string') return found;
      const outcomes = await this.#evaluate(sql, found.request, null, at);
      if (outcomes instanceof Failure) return outcomes;
      await this.#answered(sql, order, found.request, outcomes, at);
      return { ...found, outcomes };
    });
  }

  /** Puts the question to the owner, once for each component that waits for consent. */
  async askConsent(order: {
    actor: Actor;
    reuseRequestId: string;
    components: readonly string[];
    requestId: string;
  }): Promise<Grant[]> {
    return this.#transact(order.actor, order.requestId, async (sql, at) => {
      const found = await this.#own(sql, order, 'reuse:request');
      if (typeof found === 'string') return found;
      const { request, dossier } = found;
      const outcomes = await this.#evaluate(sql, request, order.components, at);
      if (outcomes instanceof Failure) return outcomes;
      const grants: Grant[] = [];
      for (const outcome of outcomes) {
        const key = { requestId: request.id, componentKey: outcome.componentKey };
        const latest = await latestGrant(sql, key, { lock: true });
        if (
          latest &&
          (stateAt(latest, at) === 'asked' || stateAt(latest, at) === 'given') &&
          latest.documentId === outcome.document?.id
        ) {
          grants.push(latest);
          continue;
        }
        if (outcome.kind !== 'consent_required' || !outcome.document || !request.ownerId)
          return nothingToAsk(outcome.componentKey);
        const validUntil = endOfConsent(at, dossier);
        const words = await this.#words(
          sql,
          { ...request, documentTypeCode: outcome.document.typeCode, dossierCode: dossier.code, validUntil },
          at,
        );
        const grant = {
          id: newId(),
          ...key,
          ownerId: request.ownerId,
          documentId: outcome.document.id,
          agencyId: request.agencyId,
          dossierId: dossier.id,
          view: request.view,
          singleUse: false,
          askedAt: at,
          validUntil,
          textVersion: CONSENT_TEXT_VERSION,
          textSha256: textSha256(words),
        };
        await insertGrant(sql, grant);
        await this.#tell(
          sql,
          order,
          'consent.asked',
          request,
          { consent: grant.id, component: key.componentKey },
          outcome.document.id,
        );
        grants.push({ ...grant, state: 'asked', answeredAt: null, withdrawnAt: null });
      }
      return grants;
    });
  }

  /** The exact words of a question, made again from what it is about; their hash stands in the grant. */
  async textOf(grant: Grant): Promise<string> {
    return this.#parts.database.transactSql(async (sql) => {
      const request = await findRequest(sql, grant.requestId);
      const [row] = await sql.query<{ code: string; type_code: string }>(
        `SELECT s.code, d.type_code FROM dossier s, document d WHERE s.id = $1::uuid AND d.id = $2::uuid`,
        [grant.dossierId, grant.documentId],
      );
      if (!request || !row) throw new Error('a consent without its request');
      return this.#words(
        sql,
        { ...request, documentTypeCode: row.type_code, dossierCode: row.code, validUntil: grant.validUntil },
        grant.askedAt,
      );
    });
  }

  /** The bytes for one component; what permits them is decided in the transaction of the answer. */
  async retrieve(order: {
    actor: Actor;
    reuseRequestId: string;
    componentKey: string;
    range?: ByteRange;
    requestId: string;
    signal: AbortSignal;
  }): Promise<Retrieved> {
    const { database, clock, retrieval } = this.#parts;
    const located = await this.#transact(order.actor, order.requestId, async (sql, at) => {
      const found = await this.#own(sql, order, 'reuse:retrieve');
      if (typeof found === 'string') return found;
      const outcomes = await this.#evaluate(sql, found.request, [order.componentKey], at);
      if (outcomes instanceof Failure) return outcomes;
      const [outcome] = outcomes;
      if (outcome?.kind === 'available' && outcome.document) return { ...found, document: outcome.document };
      await appendEvent(sql, {
        type: 'access.denied',
        at,
        actor: order.actor,
        outcome: 'denied',
        agencyId: found.request.agencyId,
        dossierId: found.dossier.id,
        documentId: outcome?.document?.id ?? null,
        ownerIds: found.request.ownerId ? [found.request.ownerId] : [],
        requestId: order.requestId,
        detail: {
          operation: 'retrieve',
          because: outcome?.kind ?? 'not-needed',
          component: order.componentKey,
        },
      });
      return new Denied(notAvailable(outcome?.kind ?? 'not_found'));
    });
    const { request, dossier, document } = located;
    let grantId: string | null = null;
    return retrieval.open({
      actor: order.actor,
      documentId: document.id,
      kind: 'handed-out',
      range: order.range,
      requestId: order.requestId,
      signal: order.signal,
      permit: async (sql, facts) => {
        const at = clock.now();
        const key = { requestId: request.id, componentKey: order.componentKey };
        const grant = await latestGrant(sql, key, { lock: true });
        const outcomes = await this.#evaluate(sql, request, [order.componentKey], at);
        const outcome = outcomes instanceof Failure ? undefined : outcomes[0];
        if (outcome?.kind !== 'available' || outcome.document?.id !== facts.id) {
          return {
            allowed: false,
            reason: outcome?.kind ?? 'not-needed',
            failure: notAvailable(outcome?.kind ?? 'not_found'),
          };
        }
        const use = { agencyId: request.agencyId, dossierId: dossier.id, documentId: facts.id };
        if (grant && useOf(grant, use, at).usable) {
          await markUsed(sql, grant, at);
          grantId = grant.id;
        }
        await recordReliance(sql, {
          ...use,
          componentKey: order.componentKey,
          versionId: facts.version.id,
          grantId,
          at,
        });
        return {
          allowed: true,
          event: 'reuse.retrieved',
          agencyId: request.agencyId,
          dossierId: dossier.id,
          detail: {
            reuse: request.id,
            component: order.componentKey,
            consent: grantId,
            basis: request.basis,
            article: request.article,
            view: request.view,
          },
        };
      },
      stillPermitted: async () => {
        if (grantId === null) return true;
        const [row] = await database.read<{ state: string }>(
          `SELECT state FROM consent_grant WHERE id = $1::uuid AND valid_until > $2::timestamptz`,
          [grantId, clock.now()],
        );
        return row?.state === 'given' || row?.state === 'used-up';
      },
    });
  }

  /** Paper asked for in spite of an answer: a reason of the law, seen by the owner, counted by agency. */
  async askPaper(order: {
    actor: Actor;
    reuseRequestId: string;
    componentKey: string;
    reason: PaperReason;
    note: string | null;
    requestId: string;
  }): Promise<{ id: string }> {
    return this.#transact(order.actor, order.requestId, async (sql, at) => {
      const found = await this.#own(sql, order, 'reuse:request');
      if (typeof found === 'string') return found;
      const id = newId();
      const { actorId } = actorKey(order.actor);
      await insertPaperRequest(sql, {
        id,
        requestId: found.request.id,
        componentKey: order.componentKey,
        agencyId: found.request.agencyId,
        reasonCode: order.reason,
        note: order.note,
        actorId: actorId ?? '',
        at,
      });
      await this.#tell(sql, order, 'reuse.paper-asked', found.request, {
        component: order.componentKey,
        reason: order.reason,
      });
      return { id };
    });
  }

  async #evaluate(
    sql: Sql,
    request: ReuseRequest,
    only: readonly string[] | null,
    at: Date,
  ): Promise<Outcome[] | Failure> {
    const catalogue = await this.#parts.catalogue.snapshot(sql);
    const today = calendarDateAt(at);
    const procedure = catalogue.procedure(request.procedureCode, today);
    if (!procedure) return unknownProcedure();
    const components = chosen(procedure, only);
    if (components instanceof Failure) return components;
    if (request.ownerId === null)
      return components.map((component) => withoutOwner(component, request.match));
    const types = [
      ...new Set(
        components.flatMap(({ alternatives }) => alternatives.map(({ documentType }) => documentType)),
      ),
    ];
    const papers =
      types.length === 0
        ? []
        : await listOwned(sql, { ownerId: request.ownerId, typeCodes: types, limit: 100 });
    const outcomes: Outcome[] = [];
    for (const component of components) {
      const fitting = papers.filter((paper) =>
        component.alternatives.some(({ documentType }) => documentType === paper.typeCode),
      );
      const grant =
        fitting.length === 0
          ? undefined
          : await latestGrant(sql, { requestId: request.id, componentKey: component.key });
      const outcome = outcomeOf({
        catalogue,
        today,
        now: at,
        component,
        conditions: request.conditions,
        papers: fitting,
        basis: request.basis,
        grant,
      });
      if (outcome) outcomes.push(outcome);
    }
    return outcomes;
  }

  async #own(
    sql: Sql,
    order: { actor: Actor; reuseRequestId: string },
    scope: 'reuse:request' | 'reuse:retrieve',
  ): Promise<{ request: ReuseRequest; dossier: Dossier } | 'not-of-this-agency'> {
    const request = await findRequest(sql, order.reuseRequestId);
    if (!request || !mayReuse(order.actor, request.agencyId, scope)) return 'not-of-this-agency';
    const [row] = await sql.query<{ code: string }>('SELECT code FROM dossier WHERE id = $1::uuid', [
      request.dossierId,
    ]);
    const dossier = row && (await findDossier(sql, row.code));
    if (!dossier) throw new Error('a request without its dossier');
    return { request, dossier };
  }

  async #words(
    sql: Sql,
    about: {
      agencyId: string;
      procedureCode: string;
      view: 'minimum' | 'full';
      documentTypeCode: string;
      dossierCode: string;
      validUntil: Date;
    },
    at: Date,
  ): Promise<string> {
    const catalogue = await this.#parts.catalogue.snapshot(sql);
    const day = calendarDateAt(at);
    return consentText({
      agency: catalogue.agency(about.agencyId, day)?.names.vi ?? about.agencyId,
      document: catalogue.documentType(about.documentTypeCode, day)?.names.vi ?? about.documentTypeCode,
      procedure: catalogue.procedure(about.procedureCode, day)?.names.vi ?? about.procedureCode,
      dossier: about.dossierCode,
      view: about.view,
      until: calendarDateAt(about.validUntil).split('-').reverse().join('/'),
    });
  }

  async #answered(
    sql: Sql,
    order: { actor: Actor; requestId: string },
    request: ReuseRequest,
    outcomes: readonly Outcome[],
    at: Date,
  ): Promise<void> {
    const items = outcomes.map(({ componentKey, kind, document }) => ({
      componentKey,
      outcome: kind,
      documentId: document?.id ?? null,
    }));
    await keepItems(sql, request.id, items, at);
    const counts = Object.fromEntries(
      outcomes.map(({ kind }) => [kind, outcomes.filter((other) => other.kind === kind).length]),
    );
    await this.#tell(sql, order, 'reuse.answered', request, counts);
  }

  async #tell(
    sql: Sql,
    order: { actor: Actor; requestId: string },
    type: 'reuse.requested' | 'reuse.answered' | 'reuse.paper-asked' | 'consent.asked',
    request: ReuseRequest,
    detail: Readonly<Record<string, string | number>>,
    documentId: string | null = null,
  ): Promise<void> {
    await appendEvent(sql, {
      type,
      at: this.#parts.clock.now(),
      actor: order.actor,
      outcome: 'done',
      agencyId: request.agencyId,
      dossierId: request.dossierId,
      documentId,
      ownerIds: request.ownerId ? [request.ownerId] : [],
      requestId: order.requestId,
      detail: { reuse: request.id, ...detail },
    });
  }

  /** One transaction. A failure returned rolls everything back; a denial commits its event first. */
  async #transact<T>(
    actor: Actor,
    requestId: string,
    work: (sql: Sql, at: Date) => Promise<T | Failure | Denied | 'not-of-this-agency'>,
  ): Promise<T> {
    const outcome = await this.#parts.database.transactSql(async (sql) => {
      const at = this.#parts.clock.now();
      const result = await work(sql, at);
      if (result instanceof Failure) throw result;
      if (result !== 'not-of-this-agency') return result;
      await appendEvent(sql, {
        type: 'access.denied',
        at,
        actor,
        outcome: 'denied',
        requestId,
        detail: { operation: 'reuse', because: 'other-agency' },
      });
      return new Denied(noSuchRequest());
    });
    if (outcome instanceof Denied) throw outcome.failure;
    return outcome as T;
  }
}

/** A refusal whose event was written: thrown only after the commit. */
class Denied {
  readonly failure: Failure;
  constructor(failure: Failure) {
    this.failure = failure;
  }
}

function chosen(procedure: Procedure, only: readonly string[] | null): Component[] | Failure {
  const reusable = procedure.components.filter(({ reusable }) => reusable);
  if (only === null) return reusable;
  const unknown = only.filter((key) => !reusable.some((component) => component.key === key));
  if (unknown.length > 0) {
    return new Failure(
      'invalid',
      {
        en: 'The procedure has no such reusable component.',
        vi: 'Thủ tục không có thành phần tái sử dụng nào như vậy.',
      },
      {
        code: 'unknown-component',
        faults: unknown.map((key) => ({
          pointer: '/body/components',
          detail: `Unknown: ${key.slice(0, 80)}`,
        })),
      },
    );
  }
  return reusable.filter(({ key }) => only.includes(key));
}

/** The number is not known, or the words differ: nothing is said of papers. */
function withoutOwner(component: Component, match: Readonly<Record<string, string>>): Outcome {
  const differing = Object.keys(match).filter((field) => match[field] === 'differs');
  return {
    componentKey: component.key,
    kind: differing.length > 0 ? 'mismatch' : 'not_found',
    document: null,
    parameter: null,
    successorId: null,
    reason:
      differing.length > 0
        ? {
            vi: `Thông tin khác nhau: ${differing.join(', ')}. Tờ khai sai thì sửa tại đây; kho sai thì cải chính tại UBND cấp xã nơi đăng ký.`,
            en: `These differ: ${differing.join(', ')}. If the form is wrong, mend it here; if the vault is, the commune that registered it corrects it.`,
          }
        : {
            vi: 'Chưa có giấy tờ nào mang số này trong kho.',
            en: 'The vault has no papers under this number yet.',
          },
  };
}

function matchWords(match: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(match).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function endOfConsent(at: Date, dossier: Dossier): Date {
  const days = new Date(at.getTime() + CONSENT_DAYS * 86_400_000);
  return dossier.dueAt && dossier.dueAt > at && dossier.dueAt < days ? dossier.dueAt : days;
}

export type { OwnerRef };

const refusal = (
  kind: 'invalid' | 'conflict' | 'not-found' | 'forbidden',
  code: string,
  en: string,
  vi: string,
): Failure => new Failure(kind, { en, vi }, { code });

const noSuchRequest = (): Failure =>
  refusal(
    'not-found',
    'reuse-request-unknown',
    'Your agency has no such reuse request.',
    'Cơ quan của ông (bà) không có yêu cầu tái sử dụng này.',
  );
const unknownDossier = (): Failure =>
  refusal(
    'invalid',
    'dossier-unknown',
    'Your agency has no dossier of this code. Record the dossier first.',
    'Cơ quan chưa có hồ sơ mang mã này. Hãy ghi nhận hồ sơ trước.',
  );
const otherProcedure = (): Failure =>
  refusal(
    'invalid',
    'dossier-of-another-procedure',
    'The dossier belongs to another procedure.',
    'Hồ sơ thuộc thủ tục khác.',
  );
const closedDossier = (): Failure =>
  refusal(
    'conflict',
    'dossier-closed',
    'The dossier is closed; its access ended with it.',
    'Hồ sơ đã đóng; quyền xem đã hết cùng hồ sơ.',
  );
const unknownProcedure = (): Failure =>
  refusal(
    'invalid',
    'unknown-procedure',
    'No procedure of this code is in force today.',
    'Hôm nay không có thủ tục nào mang mã này.',
  );
const deceased = (): Failure =>
  refusal(
    'conflict',
    'owner-deceased',
    'The person is recorded as deceased. Heirs ask the agency that keeps the register.',
    'Người này đã được ghi là đã mất. Người thừa kế xin tại cơ quan giữ sổ gốc.',
  );
const nothingToAsk = (component: string): Failure =>
  refusal(
    'conflict',
    'no-consent-needed',
    `Component ${component} does not wait for consent now. Ask for the outcomes again.`,
    'Thành phần này hiện không cần xin đồng ý. Hãy hỏi lại kết quả.',
  );
const notAvailable = (outcome: string): Failure =>
  refusal(
    'forbidden',
    `outcome-${outcome.replaceAll('_', '-')}`,
    `The paper may not be opened now: its outcome is ${outcome}.`,
    'Hiện chưa được mở giấy này. Hãy xem kết quả của thành phần và việc tiếp theo.',
  );
