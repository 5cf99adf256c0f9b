/**
 * Signing in, from "take me to the issuer" to a session. The attempt is tied to the browser by a cookie and used once,
 * so that nobody is signed in with somebody else's answer; what the issuer says decides who it is.
 */
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import {
  type Account,
  accountBySubject,
  bindWaitingAccount,
  insertAccount,
  recordSignIn,
} from './account-repository.ts';
import { findOrCreatePerson } from './find-person.ts';
import type { Person } from './person.ts';
import { completePerson, personById, personByNumber } from './person-repository.ts';
import type { RelyingParty, SignInSecrets, VerifiedIdentity } from './relying-party.ts';
import { safeReturnPath } from './return-path.ts';
import { newToken, tokenDigest } from './session.ts';
import type { OpenedSession, Sessions } from './session-service.ts';

/** Milliseconds the person has at the issuer. */
export const ATTEMPT_LIFETIME = 15 * 60_000;

export interface SignInParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly relyingParty: RelyingParty;
  /** Whether personal numbers of place 000 are taken: development only. */
  readonly acceptInvented: boolean;
}

export interface BegunSignIn {
  readonly location: string;
  /** For the cookie that ties the answer to this browser. */
  readonly attemptToken: string;
}

export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  async begin(asked: {
    readonly returnTo?: unknown;
    readonly personalNumber?: string;
  }): Promise<BegunSignIn> {
    const { url, secrets } = await this.#parts.relyingParty.begin(asked.personalNumber);
    const attemptToken = newToken();
    await this.#parts.database.transactSql(async (sql) => {
      await sql.query(
        `INSERT INTO sign_in_attempt (token_sha256, state, nonce, code_verifier, return_to, expires_at)
         VALUES ($1::bytea, $2::text, $3::text, $4::text, $5::text, $6::timestamptz)`,
        [
          tokenDigest(attemptToken),
          secrets.state,
          secrets.nonce,
          secrets.codeVerifier,
          safeReturnPath(asked.returnTo),
          new Date(this.#parts.clock.now().getTime() + ATTEMPT_LIFETIME),
        ],
      );
    });
    return { location: url.href, attemptToken };
  }

  /** @throws Failure `unauthenticated` when the answer does not hold, `forbidden` for a closed account. */
  async complete(answer: {
    readonly url: URL;
    readonly attemptToken: string | undefined;
    readonly formerSessionToken?: string;
    readonly requestId: string;
  }): Promise<{ session: OpenedSession; returnTo: string }> {
    const attempt = await this.#take(answer.attemptToken);
    if (!attempt) throw attemptGone();
    const identity = await this.#parts.relyingParty.complete(answer.url, attempt);
    const outcome = await this.#parts.database.transactSql((sql) => this.#admit(sql, identity, answer));
    if ('refusal' in outcome) throw outcome.refusal;
    return { session: outcome.session, returnTo: attempt.returnTo };
  }

  async #take(token: string | undefined): Promise<(SignInSecrets & { returnTo: string }) | undefined> {
    const digest = tokenDigest(token);
    if (!digest) return undefined;
    const [row] = await this.#parts.database.transactSql((sql) =>
      sql.query<SignInSecrets & { returnTo: string; expiresAt: Date }>(
        `DELETE FROM sign_in_attempt WHERE token_sha256 = $1::bytea
         RETURNING state, nonce, code_verifier AS "codeVerifier", return_to AS "returnTo", expires_at AS "expiresAt"`,
        [digest],
      ),
    );
    return row && row.expiresAt > this.#parts.clock.now() ? row : undefined;
  }

  /** A refusal is returned, not thrown, so that its event is kept. */
  async #admit(
    sql: Sql,
    identity: VerifiedIdentity,
    request: { readonly formerSessionToken?: string; readonly requestId: string },
  ): Promise<{ session: OpenedSession } | { refusal: Failure }> {
    const now = this.#parts.clock.now();
    const { account, person } = await this.#accountFor(sql, identity, now);
    const reason = reasonToRefuse(account, person, identity);
    if (reason) {
      await appendEvent(sql, {
        type: 'session.refused',
        at: now,
        actor: { kind: 'anonymous' },
        outcome: 'denied',
        ownerIds: [person.id],
        requestId: request.requestId,
        detail: { account: account.id, because: reason },
      });
      return { refusal: closed(reason) };
    }
    await recordSignIn(sql, account.id, now);
    const session = await this.#parts.sessions.open(sql, {
      accountId: account.id,
      personId: person.id,
      assurance: identity.assurance,
      formerToken: request.formerSessionToken,
      requestId: request.requestId,
    });
    return { session };
  }

  async #accountFor(
    sql: Sql,
    identity: VerifiedIdentity,
    now: Date,
  ): Promise<{ account: Account; person: Person }> {
    const { issuer, subject } = identity;
    // Two first sign-ins of one person at once must not make two accounts.
    await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended($1::text, 20))::text AS locked`, [
      `${issuer} ${subject}`,
    ]);
    const known = await accountBySubject(sql, issuer, subject);
    if (known) {
      const person = await personById(sql, known.personId);
      if (!person) throw new Error('an account without a person');
      if (identity.personalNumber !== undefined && person.personalNumber === null) {
        const other = await personByNumber(sql, identity.personalNumber);
        if (!other) await completePerson(sql, person.id, identity);
      }
      return { account: known, person: (await personById(sql, person.id)) ?? person };
    }
    const { person } = await findOrCreatePerson(sql, identity, {
      now,
      acceptInvented: this.#parts.acceptInvented,
    });
    const waiting = await bindWaitingAccount(sql, issuer, person.id, subject);
    if (waiting) return { account: waiting, person };
    const account = await insertAccount(sql, { issuer, subject, personId: person.id }, now);
    await appendEvent(sql, {
      type: 'account.created',
      at: now,
      actor: { kind: 'vault' },
      outcome: 'done',
      ownerIds: [person.id],
      detail: { account: account.id },
    });
    return { account, person };
  }
}

type Refusal = 'account-disabled' | 'person-deceased' | 'number-differs';

function reasonToRefuse(account: Account, person: Person, identity: VerifiedIdentity): Refusal | undefined {
  if (account.status !== 'active') return 'account-disabled';
  if (person.deceasedAt !== null) return 'person-deceased';
  // The issuer now says another number for the same subject: an account changed hands, or a register was mended.
  if (identity.personalNumber !== undefined && identity.personalNumber !== person.personalNumber)
    return 'number-differs';
  return undefined;
}

const REFUSALS: Record<Refusal, { en: string; vi: string }> = {
  'account-disabled': {
    en: 'This account is closed here. The administrator of your agency can open it again.',
    vi: 'Tài khoản này đã bị khóa ở kho. Quản trị của cơ quan ông (bà) có thể mở lại.',
  },
  'person-deceased': {
    en: 'This account is locked after a civil-status record. Take the identity card to a one-stop desk if that is wrong.',
    vi: 'Tài khoản đã bị khóa theo dữ liệu hộ tịch. Nếu có nhầm lẫn, hãy mang thẻ căn cước đến Bộ phận Một cửa.',
  },
  'number-differs': {
    en: 'The personal number of this account has changed. Take the identity card to a one-stop desk to have it compared.',
    vi: 'Số định danh của tài khoản này đã khác trước. Hãy mang thẻ căn cước đến Bộ phận Một cửa để đối chiếu.',
  },
};

const closed = (reason: Refusal): Failure => new Failure('forbidden', REFUSALS[reason], { code: reason });

const attemptGone = (): Failure =>
  new Failure(
    'unauthenticated',
    {
      en: 'This sign-in has run out, was used before, or began in another browser. Begin again from the sign-in page.',
      vi: 'Lượt đăng nhập này đã hết hạn, đã dùng rồi hoặc bắt đầu từ trình duyệt khác. Hãy bắt đầu lại từ trang đăng nhập.',
    },
    { code: 'sign-in-expired' },
  );
