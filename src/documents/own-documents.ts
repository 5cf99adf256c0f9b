/**
 * What people do with their own papers and with those of whom they represent: list, look, open. A system comes here in
 * the name of a person who allowed it. Each look is an event in the owner's usage log.
 */
import type { ByteRange } from '../../storage/index.ts';
import {
  type Actor,
  appendRefusal,
  organisationById,
  type Principal,
  personById,
  representationsOf,
  standingOf,
  standingOver,
  typesOpenTo,
} from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { DocumentFacts } from './document.ts';
import { findDocument, listOwned, type VersionEntry, versionsOf } from './document-repository.ts';
import { mayRead, type Reading, type ReadingWish, readerOf } from './documents-policy.ts';
import { nothingHere, type RetrievalService, type Retrieved } from './retrieval-service.ts';

export interface OwnListOrder {
  readonly actor: Actor;
  /** Whose papers: an owner whom the caller represents; the caller's own where it is left out. */
  readonly of?: string;
  /** The dossier for which a system was allowed to read. */
  readonly dossier?: string;
  readonly after?: string;
  readonly limit: number;
  readonly requestId: string;
}

export interface OwnLook {
  readonly actor: Actor;
  readonly documentId: string;
  readonly dossier?: string;
  readonly requestId: string;
}

export interface RepresentedOwner extends Principal {
  readonly name: string;
}

export class OwnDocuments {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #retrieval: RetrievalService;

  constructor(parts: { database: Database; clock: Clock; retrieval: RetrievalService }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
    this.#retrieval = parts.retrieval;
  }

  /** @throws Failure `not-found` for an owner whom the caller does not represent, as for none */
  async list(order: OwnListOrder): Promise<DocumentFacts[]> {
    const { actor, requestId } = order;
    const page = await this.#database.transactSql(async (sql) => {
      const at = this.#clock.now();
      const open = await this.#openTo(sql, order, at);
      if (!open) {
        await appendRefusal(sql, at, { actor, requestId, operation: 'list', because: 'not-represented' });
        return undefined;
      }
      const { principal, types } = open;
      const found = await listOwned(sql, {
        ownerId: principal.id,
        typeCodes: types === 'all' ? [] : types,
        after: order.after,
        limit: order.limit,
      });
      await appendEvent(sql, {
        type: 'document.listed',
        at,
        actor,
        outcome: 'permitted',
        ownerIds: [principal.id],
        requestId,
        detail: { count: found.length, as: principal.id === readerOf(actor) ? 'owner' : 'representative' },
      });
      return found;
    });
    if (!page) throw nothingHere();
    return page;
  }

  /** Those for whom the person acts now, by name; the person's own business, so no event. */
  async represented(actor: Actor): Promise<RepresentedOwner[]> {
    if (actor.kind !== 'person') return [];
    return this.#database.transactSql(async (sql) => {
      const found = new Map<string, RepresentedOwner>();
      for (const { principalId: id, principalKind: kind } of await representationsOf(
        sql,
        actor.personId,
        this.#clock.now(),
      )) {
        if (found.has(id)) continue;
        const name =
          kind === 'person' ? (await personById(sql, id))?.fullName : (await organisationById(sql, id))?.name;
        if (name !== undefined) found.set(id, { id, kind, name });
      }
      return [...found.values()];
    });
  }

  /** Whose papers of which types; undefined where none. */
  async #openTo(
    sql: Sql,
    order: OwnListOrder,
    now: Date,
  ): Promise<{ principal: Principal; types: 'all' | readonly string[] } | undefined> {
    const reader = readerOf(order.actor);
    if (reader === undefined) return undefined;
    const of = order.of ?? reader;
    const represented = of === reader ? [] : await representationsOf(sql, reader, now);
    const kind = represented.find(({ principalId }) => principalId === of)?.principalKind ?? 'person';
    const principal: Principal = { kind, id: of };
    const types = typesOpenTo(reader, principal, represented, { access: 'view', now });
    const ticked = tickedFor(order.actor, order.dossier);
    const both =
      ticked === 'all' ? types : types === 'all' ? ticked : types.filter((t) => ticked.includes(t));
    return both === 'all' || both.length > 0 ? { principal, types: both } : undefined;
  }

  /** @throws Failure `not-found` for another's paper as for none */
  async show(order: OwnLook): Promise<DocumentFacts> {
    return await this.#look(order, 'show', async (_sql, document) => document);
  }

  /** @throws Failure `not-found` for another's paper as for none */
  async versions(order: OwnLook): Promise<VersionEntry[]> {
    return this.#look(order, 'list-versions', (sql, document) => versionsOf(sql, document.id));
  }

  async #look<T>(
    order: OwnLook,
    operation: string,
    give: (sql: Sql, document: DocumentFacts) => Promise<T>,
  ): Promise<T> {
    const { actor, requestId } = order;
    const given = await this.#database.transactSql(async (sql) => {
      const at = this.#clock.now();
      const document = await findDocument(sql, order.documentId);
      const reading = document && (await this.#mayRead(sql, order, document, 'view'));
      const ownerIds = document?.owners.map(({ id }) => id) ?? [];
      const documentId = document?.id ?? null;
      if (!document || !reading?.allowed) {
        const because = document ? 'not-owner' : 'no-such-document';
        await appendRefusal(sql, at, { actor, requestId, documentId, ownerIds, operation, because });
        return undefined;
      }
      await appendEvent(sql, {
        type: 'document.listed',
        at,
        actor,
        outcome: 'permitted',
        documentId,
        ownerIds,
        requestId,
        detail: { operation, as: reading.as, grant: reading.grantId },
      });
      return { value: await give(sql, document) };
    });
    if (!given) throw nothingHere();
    return given.value;
  }

  /** The bytes, as retrieval gives them; representation and consent are asked in the transaction of the answer. */
  async open(
    order: OwnLook & {
      readonly kind: 'handed-out' | 'original';
      readonly position?: number;
      readonly version?: number;
      readonly range?: ByteRange;
      readonly signal: AbortSignal;
    },
  ): Promise<Retrieved> {
    return this.#retrieval.open({
      ...order,
      permitByFacts: (document) => {
        const { actor } = order;
        if (actor.kind !== 'person') return undefined;
        const standing = standingOver(actor.personId, document, [], {
          access: 'act',
          now: this.#clock.now(),
        });
        const reading = mayRead(actor, document, standing, {
          action: 'download',
          dossier: order.dossier ?? null,
        });
        return reading.allowed
          ? { allowed: true, event: 'document.read', detail: { as: reading.as, grant: reading.grantId } }
          : undefined;
      },
      permit: async (sql, document) => {
        const reading = await this.#mayRead(sql, order, document, 'download');
        if (reading.allowed) {
          const { as, grantId } = reading;
          return { allowed: true, event: 'document.read', detail: { as, grant: grantId } };
        }
        return {
          allowed: false,
          reason: reading.reason,
          failure: reading.reason === 'assurance' ? levelTwoNeeded() : nothingHere(),
        };
      },
    });
  }

  async #mayRead(
    sql: Sql,
    order: OwnLook,
    document: DocumentFacts,
    action: ReadingWish['action'],
  ): Promise<Reading> {
    const reader = readerOf(order.actor);
    // Whoever may only view (an heir) does not take the file along.
    const access = action === 'download' ? 'act' : 'view';
    const standing =
      document.erasedAt === null && reader !== undefined
        ? await standingOf(sql, reader, document, { access, now: this.#clock.now() })
        : undefined;
    return mayRead(order.actor, document, standing, { action, dossier: order.dossier ?? null });
  }
}

/** What a person ticked for a system and this dossier; a person's own list is not cut down. */
function tickedFor(actor: Actor, dossier: string | undefined): 'all' | readonly string[] {
  if (actor.kind !== 'system') return 'all';
  const details = actor.onBehalfOf?.details ?? [];
  return details
    .filter((detail) => detail.dossier === dossier && detail.actions.includes('view'))
    .flatMap(({ datatypes }) => datatypes);
}

const levelTwoNeeded = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'Opening a paper needs an electronic identity account of level 2.',
      vi: 'Mở giấy tờ cần tài khoản định danh điện tử mức độ 2.',
    },
    { code: 'assurance-too-low' },
  );
