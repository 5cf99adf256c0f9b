/**
 * Answers given at the counter: the person shows that it is they who answer by a code sent to them, by a code their own
 * account shows, by a signed form, or by a thumbprint with a witness. The officer is recorded as the one who helped.
 */
import type { SealedObjects } from '../../storage/index.ts';
import {
  type ConsentMethod,
  type ConsentService,
  findGrant,
  type Grant,
  noSuchConsent,
  type SecretSender,
  sendCode,
  stateAt,
  tryCode,
  useCode,
  wrongCode,
} from '../consent/index.ts';
import { insertStoredObject } from '../documents/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { CounterSession } from './counter-session.ts';
import { aboutOf, type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import * as refusals from './reuse-refusals.ts';
import type { ReuseRequest } from './reuse-request.ts';

export interface GivenAnswer {
  readonly grantId: string;
  readonly decision: 'allow' | 'refuse';
  /** Of the words that were read out. */
  readonly textSha256: string;
}

/** A signed or thumb-marked form, scanned. */
export interface SignedForm {
  readonly kind: 'signed-form' | 'thumbprint';
  readonly bytes: Uint8Array;
  readonly mediaType: 'application/pdf' | 'image/jpeg' | 'image/png';
  readonly witness: { readonly name: string; readonly personalNumber: string | null } | null;
}

export type Proof =
  | { readonly method: 'one-time-code' | 'qr'; readonly secret: string }
  | { readonly method: 'signed-form' | 'thumbprint'; readonly form: SignedForm };

export interface CounterAnswerOrder extends Caller {
  readonly reuseRequestId: string;
  readonly answers: readonly GivenAnswer[];
  readonly proof: Proof;
  readonly language: 'vi' | 'en';
}

const FORM_BYTES = 20_000_000;

export class CounterAnswers {
  readonly #parts: {
    database: Database;
    clock: Clock;
    gate: ReuseGate;
    consents: ConsentService;
    objects: SealedObjects;
    sender: SecretSender;
  };

  constructor(parts: {
    database: Database;
    clock: Clock;
    gate: ReuseGate;
    consents: ConsentService;
    objects: SealedObjects;
    sender: SecretSender;
  }) {
    this.#parts = parts;
  }

  /** Sends a one-time code to the person at the counter. The code itself is nowhere in the answer. */
  async sendCode(
    order: Caller & { reuseRequestId: string; language: 'vi' | 'en' },
  ): Promise<{ sent: boolean; to: string | null; expiresAt: Date }> {
    const { gate, sender } = this.#parts;
    return gate.run(order, 'send-consent-code', async (sql, at) => {
      const found = await gate.admit(sql, order, order.reuseRequestId, 'reuse:request');
      if (found instanceof Refused) return found;
      const { session, request } = found;
      if (!session) return new Refused(refusals.sessionNeeded(), aboutOf(found));
      const sending = await sendCode(sql, sender, {
        personId: session.ownerId,
        requestId: request.id,
        at,
        language: order.language,
      });
      await gate.tell(sql, order, {
        type: 'consent.code-sent',
        at,
        request: { ...request, sessionId: session.id },
        ownerIds: [session.ownerId],
        detail: { sent: sending.sent },
      });
      return { sent: sending.sent, to: sending.sent ? sending.to : null, expiresAt: sending.expiresAt };
    });
  }

  async answer(order: CounterAnswerOrder): Promise<readonly Grant[]> {
    const { gate, clock } = this.#parts;
    const opened = await gate.run(order, 'answer-at-counter', async (sql) => {
      const found = await gate.admit(sql, order, order.reuseRequestId, 'reuse:request');
      if (found instanceof Refused) return found;
      return found.session ? { request: found.request, session: found.session } : refusals.sessionNeeded();
    });
    const { request, session } = opened;
    const { proof } = order;
    const secretId =
      'secret' in proof
        ? await tryCode(this.#parts.database, {
            purpose: proof.method,
            personId: session.ownerId,
            requestId: request.id,
            given: proof.secret,
            at: clock.now(),
          })
        : undefined;
    const keepForm = 'form' in proof ? await this.#writeForm(proof.form, request) : undefined;
    return gate.run(order, 'answer-at-counter', async (sql, at) => {
      if ('secret' in proof && (secretId === undefined || !(await useCode(sql, secretId, at))))
        return new Refused(wrongCode(), aboutOf({ request }));
      const evidenceId = keepForm ? await keepForm(sql, order, at) : null;
      const grants: Grant[] = [];
      for (const given of order.answers) {
        const answered = await this.#one(sql, order, { given, request, session, evidenceId, at });
        if (answered instanceof Failure) return new Refused(answered, aboutOf({ request }));
        grants.push(answered);
      }
      return grants;
    });
  }

  /** A withdrawal at the counter: as effective as the person's own. */
  async withdraw(order: Caller & { reuseRequestId: string; grantId: string }): Promise<Grant> {
    const { gate, consents } = this.#parts;
    return gate.run(order, 'withdraw-at-counter', async (sql, at) => {
      const found = await gate.admit(sql, order, order.reuseRequestId, 'reuse:request');
      if (found instanceof Refused) return found;
      const { session } = found;
      if (!session) return refusals.sessionNeeded();
      const grant = await findGrant(sql, order.grantId, { lock: true });
      const standing = grant && (await consents.standing(sql, session.ownerId, grant, at));
      if (!grant || !standing?.may) return noSuchConsent();
      return consents.withdrawIn(sql, grant, {
        ...order,
        at,
        by: session.ownerId,
        assistance: { officerId: session.officerId, sessionId: session.id, evidenceId: null },
      });
    });
  }

  async #one(
    sql: Sql,
    order: CounterAnswerOrder,
    about: {
      given: GivenAnswer;
      request: ReuseRequest;
      session: CounterSession;
      evidenceId: string | null;
      at: Date;
    },
  ): Promise<Grant | Failure> {
    const { consents } = this.#parts;
    const { given, request, session, evidenceId, at } = about;
    const grant = await findGrant(sql, given.grantId, { lock: true });
    if (grant?.requestId !== request.id || stateAt(grant, at) === 'expired') return noSuchConsent();
    const standing = await consents.standing(sql, session.ownerId, grant, at);
    if (!standing.may) return standing.because === 'child' ? refusals.noRepresentative() : noSuchConsent();
    return consents.answerIn(sql, grant, {
      ...given,
      actor: order.actor,
      requestId: order.requestId,
      language: order.language,
      at,
      standing,
      method: order.proof.method satisfies ConsentMethod,
      personId: session.ownerId,
      assistance: { officerId: session.officerId, sessionId: session.id, evidenceId },
    });
  }

  /** Bytes before rows: the form is durable before anything says that it exists. */
  async #writeForm(
    form: SignedForm,
    request: ReuseRequest,
  ): Promise<(sql: Sql, caller: Caller, at: Date) => Promise<string>> {
    if (form.kind === 'thumbprint' && form.witness === null) throw witnessNeeded();
    const id = newId();
    const boundTo = `consent:${id}/form`;
    const stored = await this.#parts.objects.writeObject(form.bytes, { boundTo, maxBytes: FORM_BYTES });
    return async (sql, caller, at) => {
      await insertStoredObject(sql, stored, { boundTo, at });
      await sql.query(
        `INSERT INTO consent_evidence (id, kind, request_id, object_id, sha256, media_type, witness_name, witness_number, taken_by, taken_at)
         VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, $6::text, $7::text, $8::text, $9::text, $10::timestamptz)`,
        [
          id,
          form.kind,
          request.id,
          stored.objectId,
          stored.sha256,
          form.mediaType,
          form.witness?.name ?? null,
          form.witness?.personalNumber ?? null,
          caller.actor.kind === 'person' ? caller.actor.personId : '',
          at,
        ],
      );
      return id;
    };
  }
}

export const witnessNeeded = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'A thumbprint counts with one witness: give the name as on their identity card.',
      vi: 'Điểm chỉ phải có một người làm chứng: hãy ghi họ tên như trên thẻ căn cước của người đó.',
    },
    { code: 'witness-needed' },
  );
