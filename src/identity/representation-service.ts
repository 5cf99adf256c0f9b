/**
 * Who acts for whom: officers record legal representatives, parents, guardians and heirs with the paper these rest on;
 * a legal representative appoints delegates by document type and period. A change of representative ends the delegates.
 */
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type AnyActor, agenciesOf, holds, type PersonActor } from './actor.ts';
import { deciding, type Require } from './decide.ts';
import { claimedPerson } from './find-person.ts';
import { canRecordRepresentation, type Decision } from './identity-policy.ts';
import type { PersonClaim } from './person.ts';
import { personById } from './person-repository.ts';
import { appendRefusal } from './refusal.ts';
import { majorityOf, type Representation, type RepresentationKind } from './representation.ts';
import {
  endRepresentations,
  findOrCreateOrganisation,
  insertRepresentation,
  type Organisation,
  organisationById,
  representationById,
  representationsOf,
  representativesOf,
} from './representation-repository.ts';

export interface RepresentationParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly acceptInvented: boolean;
}

export class Representations {
  readonly #parts: RepresentationParts;

  constructor(parts: RepresentationParts) {
    this.#parts = parts;
  }

  /** For whom the person acts now. */
  async mine(actor: PersonActor): Promise<Representation[]> {
    return this.#parts.database.transactSql((sql) =>
      representationsOf(sql, actor.personId, this.#parts.clock.now()),
    );
  }

  /** Records an organisation with its legal representative; a former representative and their delegates end. */
  async registerOrganisation(
    actor: AnyActor,
    wish: {
      readonly registrationNumber: string;
      readonly taxNumber?: string;
      readonly name: string;
      readonly representative: PersonClaim;
      readonly basis: string;
    },
    requestId?: string,
  ): Promise<{ organisation: Organisation; representation: Representation }> {
    const now = this.#parts.clock.now();
    return this.#deciding(actor, 'registerOrganisation', requestId, async (sql, require) => {
      require(canRecordRepresentation(actor, 'legal'));
      const { organisation } = await findOrCreateOrganisation(sql, wish, now);
      const person = await this.#person(sql, wish.representative, now);
      for (const former of await representativesOf(sql, organisation.id, now)) {
        if (former.kind !== 'legal') continue;
        if (former.representativeId === person.id) return { organisation, representation: former };
        await this.#end(sql, actor, former, 'representative-changed', requestId);
      }
      const representation = await this.#add(sql, actor, requestId, {
        principalKind: 'organisation',
        principalId: organisation.id,
        representativeId: person.id,
        kind: 'legal',
        documentTypes: [],
        validFrom: now,
        validUntil: null,
        basis: wish.basis,
        appointedBy: null,
      });
      return { organisation, representation };
    });
  }

  /** The legal representative appoints somebody for some types of document until a day. */
  async appointDelegate(
    actor: PersonActor,
    wish: {
      readonly organisationId: string;
      readonly delegate: PersonClaim;
      readonly documentTypes: readonly string[];
      readonly until: Date;
      readonly basis: string;
    },
    requestId?: string,
  ): Promise<Representation> {
    const now = this.#parts.clock.now();
    if (wish.until <= now) throw pastEnd();
    return this.#deciding(actor, 'appointDelegate', requestId, async (sql, require) => {
      const organisation = await organisationById(sql, wish.organisationId);
      const standing = (await representationsOf(sql, actor.personId, now)).find(
        ({ principalId, kind }) => principalId === wish.organisationId && kind === 'legal',
      );
      require(standing && organisation ? { allowed: true } : NOT_REPRESENTATIVE);
      if (!standing) throw notFound();
      const person = await this.#person(sql, wish.delegate, now);
      return this.#add(sql, actor, requestId, {
        principalKind: 'organisation',
        principalId: wish.organisationId,
        representativeId: person.id,
        kind: 'delegate',
        documentTypes: [...wish.documentTypes],
        validFrom: now,
        validUntil: wish.until,
        basis: wish.basis,
        appointedBy: standing.id,
      });
    });
  }

  /** A parent, guardian or heir, recorded by civil status. Parents and guardians of a child act until it is of age. */
  async recordFamily(
    actor: AnyActor,
    wish: {
      readonly kind: Exclude<RepresentationKind, 'legal' | 'delegate'>;
      readonly principalId: string;
      readonly representative: PersonClaim;
      readonly until?: Date;
      readonly basis: string;
    },
    requestId?: string,
  ): Promise<Representation> {
    const now = this.#parts.clock.now();
    return this.#deciding(actor, 'recordRepresentation', requestId, async (sql, require) => {
      require(canRecordRepresentation(actor, wish.kind));
      const principal = await personById(sql, wish.principalId);
      if (!principal) throw notFound();
      if (wish.kind === 'heir' && principal.deceasedAt === null) throw stillAlive();
      const person = await this.#person(sql, wish.representative, now);
      const ofAge =
        wish.kind === 'parent' && principal.birthDate !== null ? majorityOf(principal.birthDate) : undefined;
      if (ofAge && ofAge <= now) throw alreadyOfAge();
      const ends = [wish.until, ofAge].filter((end) => end !== undefined);
      return this.#add(sql, actor, requestId, {
        principalKind: 'person',
        principalId: principal.id,
        representativeId: person.id,
        kind: wish.kind,
        documentTypes: [],
        validFrom: now,
        validUntil: ends.length === 0 ? null : new Date(Math.min(...ends.map((end) => end.getTime()))),
        basis: wish.basis,
        appointedBy: null,
      });
    });
  }

  /**
   * By the representative, the one who appointed, or the office that records this kind.
   * @throws Failure `not-found` for whoever is none of these, as where there is no such representation
   */
  async end(actor: PersonActor, id: string, requestId?: string): Promise<Representation[]> {
    const now = this.#parts.clock.now();
    const ended = await this.#parts.database.transactSql(async (sql) => {
      const representation = await representationById(sql, id);
      const because =
        representation?.endedAt === null ? await this.#mayEnd(sql, actor, representation) : undefined;
      if (representation && because) return this.#end(sql, actor, representation, because, requestId);
      const refused = { actor, requestId, operation: 'endRepresentation', agencyId: agencyOf(actor) };
      await appendRefusal(sql, now, { ...refused, because: representation ? 'not-yours' : 'none-in-force' });
      return undefined;
    });
    if (!ended) throw notFound();
    return ended;
  }

  async #mayEnd(
    sql: Sql,
    actor: PersonActor,
    representation: Representation,
  ): Promise<'laid-down' | 'withdrawn' | undefined> {
    if (representation.representativeId === actor.personId) return 'laid-down';
    const standing = await representationsOf(sql, actor.personId, this.#parts.clock.now());
    const appointed = standing.some(({ id }) => id === representation.appointedBy);
    return appointed || canRecordRepresentation(actor, representation.kind).allowed ? 'withdrawn' : undefined;
  }

  #deciding<T>(
    actor: AnyActor,
    operation: string,
    requestId: string | undefined,
    work: (sql: Sql, require: Require) => Promise<T>,
  ): Promise<T> {
    const at = this.#parts.clock.now();
    return deciding(
      this.#parts.database,
      { actor, operation, at, requestId, agencyId: agencyOf(actor) },
      work,
    );
  }

  #person(sql: Sql, claim: PersonClaim, now: Date) {
    return claimedPerson(sql, claim, { now, acceptInvented: this.#parts.acceptInvented });
  }

  async #add(
    sql: Sql,
    actor: AnyActor,
    requestId: string | undefined,
    wish: Omit<Representation, 'id' | 'endedAt'>,
  ): Promise<Representation> {
    const given = await insertRepresentation(sql, wish);
    await this.#note(sql, actor, 'representation.granted', given, requestId);
    return given;
  }

  async #end(
    sql: Sql,
    actor: AnyActor,
    representation: Representation,
    because: string,
    requestId: string | undefined,
  ): Promise<Representation[]> {
    const ended = await endRepresentations(sql, representation.id, because, this.#parts.clock.now());
    for (const each of ended) await this.#note(sql, actor, 'representation.ended', each, requestId);
    return ended;
  }

  async #note(
    sql: Sql,
    actor: AnyActor,
    type: 'representation.granted' | 'representation.ended',
    about: Representation,
    requestId: string | undefined,
  ): Promise<void> {
    await appendEvent(sql, {
      type,
      at: this.#parts.clock.now(),
      actor,
      outcome: 'done',
      agencyId: agencyOf(actor),
      ownerIds: [...new Set([about.principalId, about.representativeId])],
      requestId,
      detail: { representation: about.id, kind: about.kind, until: about.validUntil?.toISOString() ?? null },
    });
  }
}

const NOT_REPRESENTATIVE: Decision = { allowed: false, reason: 'not-representative' };

/** The office in whose name an officer records; undefined for a citizen. */
const agencyOf = (actor: AnyActor): string | undefined =>
  holds(actor, ['desk-officer', 'civil-status-officer', 'manager'])
    ? agenciesOf(actor, ['desk-officer', 'civil-status-officer', 'manager'])[0]
    : undefined;

const notFound = (): Failure =>
  new Failure('not-found', {
    en: 'There is no such person, organisation or representation in force.',
    vi: 'Không có người, tổ chức hoặc việc đại diện còn hiệu lực như vậy.',
  });

const pastEnd = (): Failure =>
  new Failure(
    'invalid',
    { en: 'The last day must lie ahead.', vi: 'Ngày kết thúc phải ở phía trước.' },
    { code: 'empty-period' },
  );

const stillAlive = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'Heirs are recorded after the death is registered.',
      vi: 'Chỉ ghi người thừa kế sau khi đã đăng ký khai tử.',
    },
    { code: 'person-alive' },
  );

const alreadyOfAge = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The person is of age and acts alone; a guardian needs a court decision.',
      vi: 'Người này đã đủ 18 tuổi và tự quyết định; giám hộ phải có quyết định của tòa án.',
    },
    { code: 'of-age' },
  );
