/** Systems of an agency: registered with public keys and scopes, keys rotated, disabled. Each change with its event. */
import { appendEvent, type EventType } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type AnyActor, actorKey, type Scope } from './actor.ts';
import { deciding, type Require } from './decide.ts';
import { canManageClients } from './identity-policy.ts';
import type { MachineClient, PublicJwk } from './machine-client.ts';
import {
  disableMachineClient,
  insertMachineClient,
  machineClientById,
  machineClientsOf,
  replaceKeys,
  replaceScopes,
} from './machine-client-repository.ts';

type Jwks = { readonly keys: readonly PublicJwk[] };

export class ClientAdministration {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { readonly database: Database; readonly clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  async list(actor: AnyActor, agencyId: string, requestId?: string): Promise<MachineClient[]> {
    return this.#deciding(actor, 'listClients', agencyId, requestId, (sql) =>
      machineClientsOf(sql, agencyId),
    );
  }

  /** @throws Failure `conflict` when the id is taken. */
  async register(
    actor: AnyActor,
    client: Omit<MachineClient, 'disabledAt'>,
    requestId?: string,
  ): Promise<MachineClient> {
    return this.#deciding(actor, 'registerClient', client.agencyId, requestId, async (sql) => {
      const key = actorKey(actor);
      const registeredBy = key.actorId ?? key.actorKind;
      if (!(await insertMachineClient(sql, { ...client, registeredBy }, this.#clock.now()))) throw taken();
      await this.#note(sql, actor, 'client.registered', client, requestId, {
        scopes: client.scopes.join(' '),
      });
      return { ...client, disabledAt: null };
    });
  }

  /** Puts new keys in the place of the former ones. For a change without a gap send both, later the new one alone. */
  async rotateKeys(
    actor: AnyActor,
    named: { agencyId: string; clientId: string },
    jwks: Jwks,
    requestId?: string,
  ): Promise<MachineClient> {
    return this.#deciding(actor, 'rotateClientKeys', named.agencyId, requestId, async (sql) => {
      const client = await present(sql, named);
      await replaceKeys(sql, client.clientId, jwks);
      const kids = jwks.keys.map(({ kid }) => kid).join(' ');
      await this.#note(sql, actor, 'client.keys-rotated', client, requestId, { kids });
      return { ...client, jwks };
    });
  }

  /** Tokens that are out lose at once what the client loses. */
  async setScopes(
    actor: AnyActor,
    named: { agencyId: string; clientId: string },
    scopes: readonly Scope[],
    requestId?: string,
  ): Promise<MachineClient> {
    return this.#deciding(actor, 'setClientScopes', named.agencyId, requestId, async (sql) => {
      const client = await present(sql, named);
      await replaceScopes(sql, client.clientId, scopes);
      await this.#note(sql, actor, 'client.registered', client, requestId, { scopes: scopes.join(' ') });
      return { ...client, scopes };
    });
  }

  /** The client's tokens are gone with it. */
  async disable(
    actor: AnyActor,
    named: { agencyId: string; clientId: string },
    requestId?: string,
  ): Promise<void> {
    await this.#deciding(actor, 'disableClient', named.agencyId, requestId, async (sql) => {
      const client = await present(sql, named);
      await disableMachineClient(sql, client.clientId, this.#clock.now());
      await this.#note(sql, actor, 'client.disabled', client, requestId, {});
    });
  }

  #deciding<T>(
    actor: AnyActor,
    operation: string,
    agencyId: string,
    requestId: string | undefined,
    work: (sql: Sql) => Promise<T>,
  ): Promise<T> {
    const about = { actor, operation, at: this.#clock.now(), agencyId, requestId };
    return deciding(this.#database, about, (sql: Sql, require: Require) => {
      require(canManageClients(actor, agencyId));
      return work(sql);
    });
  }

  async #note(
    sql: Sql,
    actor: AnyActor,
    type: EventType,
    client: { clientId: string; agencyId: string },
    requestId: string | undefined,
    detail: Record<string, string>,
  ): Promise<void> {
    await appendEvent(sql, {
      type,
      at: this.#clock.now(),
      actor,
      outcome: 'done',
      agencyId: client.agencyId,
      requestId,
      detail: { client: client.clientId, ...detail },
    });
  }
}

async function present(sql: Sql, named: { agencyId: string; clientId: string }): Promise<MachineClient> {
  const client = await machineClientById(sql, named.clientId);
  if (!client || client.agencyId !== named.agencyId || client.disabledAt !== null) {
    throw new Failure('not-found', {
      en: 'This agency has no open client of that id.',
      vi: 'Cơ quan này không có hệ thống đang mở với mã đó.',
    });
  }
  return client;
}

const taken = (): Failure =>
  new Failure(
    'conflict',
    { en: 'This client id is taken; choose another.', vi: 'Mã hệ thống này đã có; hãy chọn mã khác.' },
    { code: 'client-id-taken' },
  );
