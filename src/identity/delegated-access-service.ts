/**
 * A person answers what a system asks: over the browser (an interaction of the authorisation server) or over the back
 * channel. The event of an answer is kept before any token can exist; a withdrawal takes grant, tokens and event in one
 * transaction, so that no answer begins after it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import { appendEvent, type EventType } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type AccessRequest, accessRequestsOf, takeAccessRequest } from './access-request-repository.ts';
import type { PersonActor } from './actor.ts';
import { cutDown, type DocumentAccess, readDocumentAccess } from './document-access.ts';
import type { MachineClient } from './machine-client.ts';
import { machineClientById } from './machine-client-repository.ts';

export interface DelegatedAccessParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly provider: Provider;
  /** `apiAudience` of the vault. */
  readonly audience: string;
}

/** What a page shows before the person answers. */
export interface AskedAccess {
  readonly uid: string;
  readonly client: MachineClient;
  readonly details: readonly DocumentAccess[];
  readonly scope: string;
  /** Where the answer leads in the end. */
  readonly redirectUri: string;
}

export interface GivenAccess {
  /** Hexadecimal; names the grant without opening anything. */
  readonly id: string;
  readonly clientId: string;
  readonly details: readonly DocumentAccess[];
  readonly expiresAt: Date;
}

export class DelegatedAccessService {
  readonly #parts: DelegatedAccessParts;

  constructor(parts: DelegatedAccessParts) {
    this.#parts = parts;
  }

  /** The request behind an interaction of this browser. @throws Failure `gone` when there is none. */
  async asked(request: IncomingMessage, response: ServerResponse, uid: string): Promise<AskedAccess> {
    const interaction = await this.#parts.provider
      .interactionDetails(request, response)
      .catch(() => undefined);
    if (interaction?.uid !== uid) throw requestGone();
    const { client_id, authorization_details, scope, redirect_uri } = interaction.params;
    const client = await this.#parts.database.transactSql((sql) => machineClientById(sql, String(client_id)));
    if (!client || client.disabledAt !== null) throw requestGone();
    return {
      uid,
      client,
      details: readDocumentAccess(parseJson(authorization_details)),
      scope: typeof scope === 'string' ? scope : '',
      redirectUri: String(redirect_uri),
    };
  }

  /** Answers an interaction. @returns where the browser goes next. */
  async answer(
    exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
    actor: PersonActor,
    asked: AskedAccess,
    ticked: readonly string[],
    requestId?: string,
  ): Promise<string> {
    const allowed = cutDown(asked.details, ticked);
    const { provider } = this.#parts;
    const { request, response } = exchange;
    await this.#parts.database.transactSql((sql) => this.#note(sql, actor, asked.client, allowed, requestId));
    if (allowed.length === 0) {
      const refusal = { error: 'access_denied', error_description: 'the person refused' };
      return provider.interactionResult(request, response, refusal, { mergeWithLastSubmission: false });
    }
    const grantId = await this.#grant(actor.personId, asked.client.clientId, asked.scope, allowed);
    return provider.interactionResult(
      request,
      response,
      { login: { accountId: actor.personId, remember: false }, consent: { grantId } },
      { mergeWithLastSubmission: false },
    );
  }

  /** What waits for this person's answer. */
  async waiting(actor: PersonActor): Promise<AccessRequest[]> {
    return this.#parts.database.transactSql((sql) =>
      accessRequestsOf(sql, actor.personId, this.#parts.clock.now()),
    );
  }

  /** One that waits, with the system that asks. @throws Failure `gone` when it was answered or is another's */
  async waitingOne(
    actor: PersonActor,
    id: string,
  ): Promise<{ readonly request: AccessRequest; readonly client: MachineClient }> {
    return this.#parts.database.transactSql(async (sql) => {
      const waiting = await accessRequestsOf(sql, actor.personId, this.#parts.clock.now());
      const request = waiting.find((each) => each.id === id);
      const client = request && (await machineClientById(sql, request.clientId));
      if (!request || !client || client.disabledAt !== null) throw requestGone();
      return { request, client };
    });
  }

  /** Answers a request of the back channel; nothing ticked refuses it. @throws Failure `gone` when it was answered. */
  async decide(
    actor: PersonActor,
    id: string,
    ticked: readonly string[],
    requestId?: string,
  ): Promise<DocumentAccess[]> {
    const { request, allowed } = await this.#parts.database.transactSql(async (sql) => {
      const taken = await takeAccessRequest(sql, id, actor.personId, this.#parts.clock.now());
      const client = taken && (await machineClientById(sql, taken.clientId));
      if (!taken || !client || client.disabledAt !== null) throw requestGone();
      const cut = cutDown(taken.details, ticked);
      await this.#note(sql, actor, client, cut, requestId);
      return { request: taken, allowed: cut };
    });
    const { provider } = this.#parts;
    if (allowed.length === 0) {
      await provider.backchannelResult(request.authReqId, new errors.AccessDenied('the person refused'));
      return [];
    }
    const grantId = await this.#grant(actor.personId, request.clientId, request.scope, allowed);
    await provider.backchannelResult(request.authReqId, grantId, { rar: allowed });
    return allowed;
  }

  /** What this person has allowed and can still withdraw. */
  async given(actor: PersonActor): Promise<GivenAccess[]> {
    const rows = await this.#parts.database.read<{
      id: string;
      clientId: string;
      rar: unknown;
      expiresAt: Date;
    }>(
      `SELECT encode(id_sha256, 'hex') AS id, payload->>'clientId' AS "clientId", payload->'rar' AS rar,
              expires_at AS "expiresAt"
       FROM oidc_payload WHERE model = 'Grant' AND payload->>'accountId' = $1::text
         AND expires_at > $2::timestamptz ORDER BY expires_at DESC LIMIT 100`,
      [actor.personId, this.#parts.clock.now()],
    );
    return rows.map(({ rar, ...row }) => ({ ...row, details: readDocumentAccess(rar) }));
  }

  /** Ends a consent; the next request with its tokens is refused. @throws Failure `not-found`. */
  async withdraw(actor: PersonActor, id: string, requestId?: string): Promise<void> {
    await this.#parts.database.transactSql(async (sql) => {
      const [grant] = await sql.query<{ clientId: string }>(
        `DELETE FROM oidc_payload WHERE model = 'Grant' AND id_sha256 = decode($1::text, 'hex')
           AND payload->>'accountId' = $2::text RETURNING payload->>'clientId' AS "clientId"`,
        [id, actor.personId],
      );
      const client = grant && (await machineClientById(sql, grant.clientId));
      if (!client)
        throw new Failure('not-found', { en: 'There is no such consent.', vi: 'Không có sự đồng ý này.' });
      await sql.query(`DELETE FROM oidc_payload WHERE grant_sha256 = decode($1::text, 'hex')`, [id]);
      await this.#event(sql, 'consent.withdrawn', actor, client, { grant: id }, requestId);
    });
  }

  async #grant(
    personId: string,
    clientId: string,
    scope: string,
    allowed: readonly DocumentAccess[],
  ): Promise<string> {
    const grant = new this.#parts.provider.Grant({ accountId: personId, clientId });
    // The provider looks for scopes that it knows itself in both places.
    grant.addOIDCScope(`openid ${scope}`);
    grant.addResourceScope(this.#parts.audience, scope);
    for (const detail of allowed) grant.addRar(detail);
    return grant.save();
  }

  async #note(
    sql: Sql,
    actor: PersonActor,
    client: MachineClient,
    allowed: readonly DocumentAccess[],
    requestId: string | undefined,
  ): Promise<void> {
    const [first] = allowed;
    const type = first ? 'consent.given' : 'consent.refused';
    const detail: Record<string, string> = first
      ? {
          procedure: first.procedure,
          dossier: first.dossier,
          types: allowed.flatMap(({ datatypes }) => datatypes).join(' '),
        }
      : {};
    await this.#event(sql, type, actor, client, detail, requestId);
  }

  async #event(
    sql: Sql,
    type: EventType,
    actor: PersonActor,
    client: MachineClient,
    detail: Record<string, string>,
    requestId: string | undefined,
  ): Promise<void> {
    await appendEvent(sql, {
      type,
      at: this.#parts.clock.now(),
      actor,
      outcome: type === 'consent.refused' ? 'denied' : 'done',
      agencyId: client.agencyId,
      ownerIds: [actor.personId],
      requestId,
      detail: { client: client.clientId, ...detail },
    });
  }
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    return undefined;
  }
}

const requestGone = (): Failure =>
  new Failure(
    'gone',
    {
      en: 'This request has run out, was answered, or belongs to another browser. Ask the office to send it again.',
      vi: 'Yêu cầu này đã hết hạn, đã được trả lời hoặc thuộc trình duyệt khác. Hãy nhờ nơi yêu cầu gửi lại.',
    },
    { code: 'request-gone' },
  );
