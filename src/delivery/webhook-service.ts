/**
 * Webhook endpoints as integrators and managers use them: register, change, rotate, look at attempts, send again, try.
 * A system sees its own endpoints; a manager those of the agency; nobody learns whether another's exists.
 */
import type { KeyRing } from '../../storage/index.ts';
import { type Actor, holds } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { OutboxType } from '../platform/outbox.ts';
import { allowedTarget, OutboundError, type OutboundPolicy } from './outbound.ts';
import { type NewSecret, newSecret, SECRET_KINDS, webhookBody } from './webhook.ts';
import { secretFacts } from './webhook-dispatch.ts';
import {
  type Attempt,
  attemptsOf,
  changeEndpoint,
  type Endpoint,
  endpointsOf,
  expireSecrets,
  findEndpoint,
  findMessage,
  insertEndpoint,
  insertMessage,
  insertSecret,
  type Message,
  type MessageState,
  messagesOf,
  resendMessage,
  secretsOf,
} from './webhook-repository.ts';

export interface WebhookParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly outbound: OutboundPolicy;
}

/** Shown once, when they are made. */
export interface ShownSecrets {
  readonly hmac: string;
  readonly ed25519: string;
}

export interface Asking {
  readonly actor: Actor;
  readonly requestId: string;
}

const MAX_ENDPOINTS = 10;
/** Hours for which the former secrets sign along after a rotation. */
export const OVERLAP_HOURS = { usual: 24, most: 168 } as const;

export class WebhookService {
  readonly #parts: WebhookParts;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  async register(
    order: Asking & { url: string; types: readonly OutboxType[]; description: string },
  ): Promise<{ endpoint: Endpoint; secrets: ShownSecrets }> {
    const { actor } = order;
    if (actor.kind !== 'system' || actor.onBehalfOf) throw systemsOnly();
    this.#checkTarget(order.url);
    return this.#parts.database.transactSql(async (sql) => {
      const at = this.#parts.clock.now();
      if ((await endpointsOf(sql, { clientId: actor.clientId })).length >= MAX_ENDPOINTS) throw tooMany();
      const endpoint: Endpoint = {
        id: newId(),
        clientId: actor.clientId,
        agencyId: actor.agencyId,
        url: order.url,
        types: order.types,
        description: order.description,
        state: 'active',
        createdAt: at,
        failingSince: null,
      };
      await insertEndpoint(sql, endpoint);
      const secrets = await this.#makeSecrets(sql, endpoint, at);
      await this.#tell(sql, order, endpoint, 'registered');
      return { endpoint, secrets };
    });
  }

  async list({ actor }: Asking): Promise<Endpoint[]> {
    return this.#parts.database.transactSql((sql) =>
      actor.kind === 'system'
        ? endpointsOf(sql, { clientId: actor.clientId })
        : endpointsOf(sql, { agencyIds: managedBy(actor) }),
    );
  }

  async change(
    order: Asking & {
      endpointId: string;
      url?: string;
      types?: readonly OutboxType[];
      description?: string;
      state?: 'active' | 'paused' | 'ended';
    },
  ): Promise<Endpoint> {
    if (order.url !== undefined) this.#checkTarget(order.url);
    return this.#own(order, async (sql, endpoint) => {
      const changed = {
        ...endpoint,
        url: order.url ?? endpoint.url,
        types: order.types ?? endpoint.types,
        description: order.description ?? endpoint.description,
        state: order.state ?? endpoint.state,
      };
      await changeEndpoint(sql, endpoint.id, changed);
      await this.#tell(sql, order, changed, 'changed');
      return changed;
    });
  }

  /** New secrets at once; the former ones sign along for the overlap, so that no receiver misses a message. */
  async rotate(order: Asking & { endpointId: string; overlapHours: number }): Promise<ShownSecrets> {
    return this.#own(order, async (sql, endpoint) => {
      const at = this.#parts.clock.now();
      await expireSecrets(sql, endpoint.id, new Date(at.getTime() + order.overlapHours * 3_600_000));
      const secrets = await this.#makeSecrets(sql, endpoint, at);
      await this.#tell(sql, order, endpoint, 'secrets-rotated');
      return secrets;
    });
  }

  /** Public keys that sign now, newest first. */
  async publicKeys(order: Asking & { endpointId: string }): Promise<{ key: string; until: Date | null }[]> {
    return this.#own(order, async (sql, endpoint) =>
      (await secretsOf(sql, endpoint.id, this.#parts.clock.now())).flatMap(({ publicKey, expiresAt }) =>
        publicKey === null ? [] : [{ key: publicKey, until: expiresAt }],
      ),
    );
  }

  async messages(
    order: Asking & { endpointId: string; state: MessageState | null; before: string | null },
  ): Promise<Message[]> {
    return this.#own(order, (sql, { id }) => messagesOf(sql, { ...order, endpointId: id, limit: 50 }));
  }

  async message(
    order: Asking & { endpointId: string; messageId: string },
  ): Promise<{ message: Message; attempts: Attempt[] }> {
    return this.#own(order, async (sql, endpoint) => {
      const message = await findMessage(sql, endpoint.id, order.messageId);
      if (!message) throw nothingHere();
      return { message, attempts: await attemptsOf(sql, message.id) };
    });
  }

  /** The same id and body again, whatever became of it. */
  async resend(order: Asking & { endpointId: string; messageId: string }): Promise<void> {
    await this.#own(order, async (sql, endpoint) => {
      const message = await findMessage(sql, endpoint.id, order.messageId);
      if (!message) throw nothingHere();
      await resendMessage(sql, message.id, this.#parts.clock.now());
      await this.#tell(sql, order, endpoint, 'message-sent-again');
    });
  }

  /** An event of no meaning, to this endpoint alone. @returns the message's id, to look at its attempts */
  async tryOut(order: Asking & { endpointId: string }): Promise<string> {
    return this.#own(order, async (sql, endpoint) => {
      const at = this.#parts.clock.now();
      const event = {
        type: 'webhook.tried.v1',
        subject: endpoint.id,
        agencyId: endpoint.agencyId,
        data: {},
        occurredAt: at,
      } as const;
      const made = { endpointId: endpoint.id, eventId: newId(), type: event.type, body: webhookBody(event) };
      return insertMessage(sql, made, at);
    });
  }

  #checkTarget(url: string): void {
    try {
      allowedTarget(this.#parts.outbound, url);
    } catch (error) {
      if (error instanceof OutboundError) throw notAllowed(error);
      throw error;
    }
  }

  async #makeSecrets(sql: Sql, endpoint: Endpoint, at: Date): Promise<ShownSecrets> {
    const shown: Partial<Record<NewSecret['kind'], string>> = {};
    for (const kind of SECRET_KINDS) {
      const secret = newSecret(kind);
      const row = { id: newId(), endpointId: endpoint.id, kind };
      await insertSecret(sql, {
        ...row,
        masterKeyId: this.#parts.keys.currentId,
        wrapped: this.#parts.keys.wrap(secret.bytes, secretFacts(row)),
        publicKey: kind === 'ed25519' ? secret.shown : null,
        createdAt: at,
        expiresAt: null,
      });
      shown[kind] = secret.shown;
    }
    return { hmac: shown.hmac ?? '', ed25519: shown.ed25519 ?? '' };
  }

  async #own<T>(
    order: Asking & { endpointId: string },
    work: (sql: Sql, endpoint: Endpoint) => Promise<T>,
  ): Promise<T> {
    const done = await this.#parts.database.transactSql(async (sql) => {
      const endpoint = await findEndpoint(sql, order.endpointId);
      if (endpoint && manages(order.actor, endpoint)) return { result: await work(sql, endpoint) };
      await appendEvent(sql, {
        type: 'access.denied',
        at: this.#parts.clock.now(),
        actor: order.actor,
        outcome: 'denied',
        requestId: order.requestId,
        detail: { operation: 'webhook-endpoint', because: endpoint ? 'not-yours' : 'no-such-endpoint' },
      });
      return undefined;
    });
    if (!done) throw nothingHere();
    return done.result;
  }

  async #tell(sql: Sql, order: Asking, endpoint: Endpoint, change: string): Promise<void> {
    await appendEvent(sql, {
      type: 'webhook.changed',
      at: this.#parts.clock.now(),
      actor: order.actor,
      outcome: 'done',
      agencyId: endpoint.agencyId,
      requestId: order.requestId,
      detail: { endpoint: endpoint.id, client: endpoint.clientId, change, state: endpoint.state },
    });
  }
}

const managedBy = (actor: Actor): string[] =>
  actor.kind === 'person'
    ? actor.roles.filter(({ role }) => role === 'manager').map(({ agencyId }) => agencyId)
    : [];

const manages = (actor: Actor, endpoint: Endpoint): boolean =>
  actor.kind === 'system'
    ? actor.clientId === endpoint.clientId && actor.onBehalfOf === undefined
    : holds(actor, ['manager'], endpoint.agencyId);

const nothingHere = (): Failure =>
  new Failure('not-found', {
    en: 'There is no such endpoint or message of yours.',
    vi: 'Không có địa chỉ nhận hoặc tin nhắn nào như vậy thuộc hệ thống này.',
  });

const systemsOnly = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'A system registers its own endpoint, with its own token. The manager may change or end it.',
      vi: 'Hệ thống tự đăng ký địa chỉ nhận bằng mã truy cập của mình. Lãnh đạo quản lý được sửa hoặc kết thúc.',
    },
    { code: 'systems-only' },
  );

const tooMany = (): Failure =>
  new Failure(
    'conflict',
    {
      en: `A system has ${MAX_ENDPOINTS} endpoints at most. End one first.`,
      vi: `Mỗi hệ thống có nhiều nhất ${MAX_ENDPOINTS} địa chỉ nhận. Hãy kết thúc bớt một địa chỉ.`,
    },
    { code: 'too-many-endpoints' },
  );

const notAllowed = (error: OutboundError): Failure =>
  new Failure(
    'invalid',
    error.fault === 'plain-http'
      ? { en: 'Use the https address.', vi: 'Hãy dùng địa chỉ https.' }
      : error.fault === 'host-not-allowed'
        ? {
            en: 'The host is not on the list of this vault (DELIVERY_HOSTS). Ask its operator to add it.',
            vi: 'Máy chủ này chưa có trong danh sách được gửi tới (DELIVERY_HOSTS). Hãy đề nghị quản trị hệ thống thêm vào.',
          }
        : {
            en: 'This is no web address. Write https://host/path, without user name and password.',
            vi: 'Đây không phải địa chỉ web. Hãy viết https://máy-chủ/đường-dẫn, không kèm tên và mật khẩu.',
          },
    { code: error.fault, faults: [{ pointer: '/body/url', detail: error.fault }], cause: error },
  );
