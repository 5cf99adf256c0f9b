/**
 * The owner's side of consent: what waits, the answer, the withdrawal, for oneself or for whom one acts. In force with
 * the commit.
 */
import {
  type Actor,
  type PersonActor,
  personById,
  type Representation,
  representationsOf,
} from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { publish } from '../platform/outbox.ts';
import { type ConsentMethod, type Grant, stateAt } from './consent.ts';
import { isChild, type Standing, standingOf } from './consent-policy.ts';
import { answerGrant, countWaiting, findGrant, grantsOfOwners, withdrawGrant } from './consent-repository.ts';

/** What an answer at a counter rests on, beside the words that were read. */
export interface Assistance {
  readonly officerId: string;
  readonly sessionId: string;
  readonly evidenceId: string | null;
}

export interface AnswerOrder {
  readonly grantId: string;
  readonly decision: 'allow' | 'refuse';
  /** Hash of the text that was shown or read out: an answer to other words is no answer. */
  readonly textSha256: string;
  readonly language: 'vi' | 'en';
  readonly requestId: string;
}

export class ConsentService {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { database: Database; clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  /** All questions and answers of the person and of whom they act for, newest first, each in its state of now. */
  async list(actor: Actor, requestId?: string): Promise<Grant[]> {
    const person = personOf(actor);
    const now = this.#clock.now();
    return this.#database.transactSql(async (sql) => {
      const context = await this.#context(sql, person, now);
      const grants = await grantsOfOwners(sql, {
        ownerIds: context.ownerIds,
        ...(requestId === undefined ? {} : { requestId }),
        limit: 200,
      });
      return grants
        .filter((grant) => context.sees(grant))
        .map((grant) => ({ ...grant, state: stateAt(grant, now) }));
    });
  }

  /** How many requests wait for the person: one statement, for the badge on every page. */
  async waiting(actor: Actor): Promise<number> {
    const person = personOf(actor);
    const now = this.#clock.now();
    return this.#database.transactSql(async (sql) => {
      const { ownerIds } = await this.#context(sql, person, now);
      return countWaiting(sql, ownerIds, now);
    });
  }

  /** One question, only for those it is put to. */
  async show(actor: Actor, grantId: string): Promise<Grant> {
    const person = personOf(actor);
    const now = this.#clock.now();
    const grant = await this.#database.transactSql(async (sql) => {
      const found = await findGrant(sql, grantId);
      return found && (await this.#context(sql, person, now)).sees(found) ? found : undefined;
    });
    if (!grant) throw noSuchConsent();
    return { ...grant, state: stateAt(grant, now) };
  }

  /** By the owner's own login, or that of somebody who acts for them. */
  async answer(order: AnswerOrder & { actor: Actor }): Promise<Grant> {
    return this.#settle(order.actor, order, (sql, grant, at, standing) =>
      this.answerIn(sql, grant, { ...order, at, standing, method: 'login' }),
    );
  }

  /**
   * The answer itself, in the caller's transaction and under the grant's lock: who may answer and how it was shown that
   * they did is decided before. @returns a failure where it may no longer be answered
   */
  async answerIn(
    sql: Sql,
    grant: Grant,
    answer: AnswerOrder & {
      actor: Actor;
      at: Date;
      standing: Standing & { may: true };
      method: ConsentMethod;
      personId?: string;
      assistance?: Assistance;
    },
  ): Promise<Grant | Failure> {
    const state = answer.decision === 'allow' ? 'given' : 'refused';
    if (grant.textSha256 !== answer.textSha256) return otherText();
    if (grant.state === state) return grant;
    const { assistance, method, at, standing } = answer;
    const answeredBy = answer.personId ?? personOf(answer.actor).personId;
    const taken = await answerGrant(sql, {
      id: grant.id,
      state,
      at,
      method,
      answeredBy,
      language: answer.language,
      representationId: standing.representationId,
      assistedBy: assistance?.officerId ?? null,
      sessionId: assistance?.sessionId ?? null,
      evidenceId: assistance?.evidenceId ?? null,
    });
    if (!taken) return noLongerOpen();
    await this.#tell(sql, answer, grant, state === 'given' ? 'consent.given' : 'consent.refused', {
      method,
      ...(standing.representationId === null ? {} : { representation: standing.representationId }),
      ...(assistance ? { assisted: true, session: assistance.sessionId } : {}),
    });
    return (await findGrant(sql, grant.id)) ?? grant;
  }

  /** After this resolves no answer begins under the consent, and a running one is cut at its next check. */
  async withdraw(order: { actor: Actor; grantId: string; requestId: string }): Promise<Grant> {
    return this.#settle(order.actor, order, async (sql, grant, at) => {
      return this.withdrawIn(sql, grant, { ...order, at, by: personOf(order.actor).personId });
    });
  }

  /** The withdrawal in the caller's transaction and under the grant's lock. */
  async withdrawIn(
    sql: Sql,
    grant: Grant,
    order: { actor: Actor; at: Date; by: string; requestId: string; assistance?: Assistance },
  ): Promise<Grant | Failure> {
    if (grant.state === 'withdrawn') return grant;
    if (!(await withdrawGrant(sql, { id: grant.id, at: order.at, by: order.by }))) return noLongerOpen();
    await this.#tell(sql, order, grant, 'consent.withdrawn', {
      ...(order.assistance ? { assisted: true, session: order.assistance.sessionId } : {}),
    });
    return (await findGrant(sql, grant.id)) ?? grant;
  }

  /** Whether a person may answer this question now. */
  async standing(sql: Sql, personId: string, grant: Grant, now: Date): Promise<Standing> {
    return (await this.#context(sql, { personId }, now)).standing(grant);
  }

  async #settle(
    actor: Actor,
    order: { grantId: string; requestId: string },
    work: (sql: Sql, grant: Grant, at: Date, standing: Standing & { may: true }) => Promise<Grant | Failure>,
  ): Promise<Grant> {
    const person = personOf(actor);
    const outcome = await this.#database.transactSql(async (sql) => {
      const at = this.#clock.now();
      const grant = await findGrant(sql, order.grantId, { lock: true });
      const standing = grant && (await this.standing(sql, person.personId, grant, at));
      const refusal = refusalOf(standing);
      const result =
        refusal ?? (grant && standing?.may ? await work(sql, grant, at, standing) : noSuchConsent());
      if (!(result instanceof Failure)) return result;
      await appendEvent(sql, {
        type: 'access.denied',
        at,
        actor,
        outcome: 'denied',
        ownerIds: grant && standing?.may ? [grant.ownerId] : [],
        requestId: order.requestId,
        detail: {
          operation: 'answer-consent',
          because: standing?.may === false ? standing.because : (result.code ?? 'no-such-consent'),
        },
      });
      return result;
    });
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  }

  async #context(
    sql: Sql,
    person: Pick<PersonActor, 'personId'>,
    now: Date,
  ): Promise<{
    ownerIds: string[];
    sees: (grant: Grant) => boolean;
    standing: (grant: Grant) => Standing;
  }> {
    const representations: Representation[] = await representationsOf(sql, person.personId, now);
    const self = await personById(sql, person.personId);
    const ownIsChild = isChild(self?.birthDate ?? null, now);
    const standing = (grant: Grant): Standing =>
      standingOf(person.personId, grant, { representations, ownIsChild, now });
    return {
      ownerIds: [person.personId, ...new Set(representations.map(({ principalId }) => principalId))],
      standing,
      sees: (grant) => {
        const held = standing(grant);
        return held.may || held.because !== 'not-the-owner';
      },
    };
  }

  async #tell(
    sql: Sql,
    order: { actor: Actor; at: Date; requestId: string },
    grant: Grant,
    type: 'consent.given' | 'consent.refused' | 'consent.withdrawn',
    more: Readonly<Record<string, string | boolean>>,
  ): Promise<void> {
    await appendEvent(sql, {
      type,
      at: order.at,
      actor: order.actor,
      outcome: 'done',
      agencyId: grant.agencyId,
      documentId: grant.documentId,
      dossierId: grant.dossierId,
      ownerIds: [grant.ownerId],
      requestId: order.requestId,
      detail: {
        consent: grant.id,
        component: grant.componentKey,
        view: grant.view,
        text: grant.textSha256,
        textVersion: grant.textVersion,
        ...more,
      },
    });
    await publish(sql, {
      type: `${type}.v1`,
      at: order.at,
      subject: grant.id,
      agency: grant.agencyId,
      data: { reuseRequest: grant.requestId, component: grant.componentKey },
    });
  }
}

function personOf(actor: Actor): PersonActor {
  if (actor.kind === 'person') return actor;
  throw noSuchConsent();
}

/** Who may not even know of the question is told that there is none. */
function refusalOf(standing: Standing | undefined): Failure | undefined {
  if (standing?.may) return undefined;
  if (standing?.because === 'child') return childNeedsGuardian();
  return standing?.because === 'read-only' ? readOnly() : noSuchConsent();
}

export const noSuchConsent = (): Failure =>
  new Failure('not-found', {
    en: 'No such question was put to you.',
    vi: 'Không có yêu cầu nào như vậy gửi tới ông (bà).',
  });

const noLongerOpen = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'This can no longer be answered or withdrawn: it was answered, used up, withdrawn or has expired.',
      vi: 'Yêu cầu này không trả lời hay rút lại được nữa: đã trả lời, đã dùng, đã rút hoặc đã hết hạn.',
    },
    { code: 'consent-not-open' },
  );

const otherText = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The question has other words now. Read it again before you answer.',
      vi: 'Nội dung xin đồng ý đã khác. Hãy đọc lại trước khi trả lời.',
    },
    { code: 'consent-text-changed' },
  );

export const childNeedsGuardian = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'A person under 16 does not answer alone: their parent or guardian answers from their own account or at the counter.',
      vi: 'Người dưới 16 tuổi không tự trả lời: cha, mẹ hoặc người giám hộ trả lời bằng tài khoản của mình hoặc tại quầy.',
    },
    { code: 'child-needs-representative' },
  );

const readOnly = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'Heirs may read the papers; they do not consent for the dead. The agency asks on a duty of law.',
      vi: 'Người thừa kế được xem giấy tờ nhưng không đồng ý thay người đã mất. Cơ quan cần căn cứ luật định.',
    },
    { code: 'heirs-read-only' },
  );
