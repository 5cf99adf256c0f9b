/** The owner's side of consent: what waits, the answer, the withdrawal. In force with the commit. */
import type { Actor } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { CONSENT_STATES, type Grant, stateAt } from './consent.ts';
import { answerGrant, findGrant, grantsOfOwner, withdrawGrant } from './consent-repository.ts';

export class ConsentService {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { database: Database; clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  /** All questions and answers of the person, newest first, each in its state of now. */
  async list(actor: Actor): Promise<Grant[]> {
    const personId = personOf(actor);
    const grants = await this.#database.transactSql((sql) =>
      grantsOfOwner(sql, { ownerId: personId, states: CONSENT_STATES, limit: 200 }),
    );
    const now = this.#clock.now();
    return grants.map((grant) => ({ ...grant, state: stateAt(grant, now) }));
  }

  /** One question, only for the person it is put to. */
  async show(actor: Actor, grantId: string): Promise<Grant> {
    const personId = personOf(actor);
    const grant = await this.#database.transactSql((sql) => findGrant(sql, grantId));
    if (grant?.ownerId !== personId) throw noSuchConsent();
    return { ...grant, state: stateAt(grant, this.#clock.now()) };
  }

  /** @param order.textSha256 hash of the text that was shown: an answer to other words is no answer */
  async answer(order: {
    actor: Actor;
    grantId: string;
    decision: 'allow' | 'refuse';
    textSha256: string;
    language: 'vi' | 'en';
    requestId: string;
  }): Promise<Grant> {
    const personId = personOf(order.actor);
    const state = order.decision === 'allow' ? 'given' : 'refused';
    return this.#settle(order, personId, async (sql, grant, at) => {
      if (grant.textSha256 !== order.textSha256) return otherText();
      if (grant.state === state) return grant;
      const { grantId: id, language } = order;
      if (!(await answerGrant(sql, { id, state, at, method: 'login', answeredBy: personId, language })))
        return noLongerOpen();
      await this.#tell(sql, order, grant, state === 'given' ? 'consent.given' : 'consent.refused', at);
      return findGrant(sql, grant.id);
    });
  }

  /** After this resolves no answer begins under the consent, and a running one is cut at its next check. */
  async withdraw(order: { actor: Actor; grantId: string; requestId: string }): Promise<Grant> {
    return this.#settle(order, personOf(order.actor), async (sql, grant, at) => {
      if (grant.state === 'withdrawn') return grant;
      if (!(await withdrawGrant(sql, grant.id, at))) return noLongerOpen();
      await this.#tell(sql, order, grant, 'consent.withdrawn', at);
      return findGrant(sql, grant.id);
    });
  }

  async #settle(
    order: { actor: Actor; grantId: string; requestId: string },
    personId: string,
    work: (sql: Sql, grant: Grant, at: Date) => Promise<Grant | Failure | undefined>,
  ): Promise<Grant> {
    const outcome = await this.#database.transactSql(async (sql) => {
      const at = this.#clock.now();
      const grant = await findGrant(sql, order.grantId, { lock: true });
      if (grant?.ownerId === personId) return work(sql, grant, at);
      await appendEvent(sql, {
        type: 'access.denied',
        at,
        actor: order.actor,
        outcome: 'denied',
        requestId: order.requestId,
        detail: { operation: 'answer-consent', because: grant ? 'not-the-owner' : 'no-such-consent' },
      });
      return noSuchConsent();
    });
    if (outcome instanceof Failure) throw outcome;
    if (!outcome) throw new Error('a locked consent vanished');
    return outcome;
  }

  async #tell(
    sql: Sql,
    order: { actor: Actor; requestId: string },
    grant: Grant,
    type: 'consent.given' | 'consent.refused' | 'consent.withdrawn',
    at: Date,
  ): Promise<void> {
    await appendEvent(sql, {
      type,
      at,
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
      },
    });
  }
}

function personOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.personId;
  throw noSuchConsent();
}

const noSuchConsent = (): Failure =>
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
