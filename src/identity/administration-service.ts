/**
 * Roles of an agency's people: first operator, new agency's manager, joiners, leave cover, emergencies, leavers. Each
 * change is one transaction with its event; the policies decide, nothing here does.
 */
import { appendEvent, type EventType } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type Account, accountById, accountsOfPerson, insertAccount } from './account-repository.ts';
import type { AnyActor, PersonActor, Role } from './actor.ts';
import { actorKey } from './actor.ts';
import { deciding, type Require } from './decide.ts';
import { claimedPerson } from './find-person.ts';
import { canBreakGlass, canEndRole, canGrantRole, canReadRoles } from './identity-policy.ts';
import type { PersonClaim } from './person.ts';
import {
  assignmentById,
  assignmentsAt,
  assignmentsOfAccount,
  endAssignment,
  insertAssignment,
  type NewAssignment,
  type RoleAssignment,
} from './role-repository.ts';
import { deleteSessionsOfAccount } from './session-repository.ts';

export interface AdministrationParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Issuer at which joiners will sign in. */
  readonly issuer: string;
  readonly acceptInvented: boolean;
  /** Whether the catalogue knows the agency today. */
  readonly agencyExists: (agencyId: string) => Promise<boolean>;
}

/** The person who gets a role: somebody who has an account, or a joiner named as on the identity card. */
export type Receiver = { readonly accountId: string } | { readonly person: PersonClaim };

export interface RoleGrant {
  readonly agencyId: string;
  readonly role: Role;
  readonly receiver: Receiver;
  readonly from?: Date;
  readonly until?: Date;
  readonly reason: string;
}

/** Milliseconds: an emergency role lasts an hour at most, leave cover ninety days. */
export const EMERGENCY_LIMIT = 3_600_000;
export const COVER_LIMIT = 90 * 86_400_000;

export class Administration {
  readonly #parts: AdministrationParts;

  constructor(parts: AdministrationParts) {
    this.#parts = parts;
  }

  /** Everyone who holds a role at the agency now. */
  async roles(actor: AnyActor, agencyId: string, requestId?: string): Promise<RoleAssignment[]> {
    return this.#deciding(actor, 'listRoles', agencyId, requestId, async (sql, require) => {
      require(canReadRoles(actor, agencyId));
      return assignmentsAt(sql, agencyId, this.#parts.clock.now());
    });
  }

  /** Gives a role; makes a waiting account for a joiner who has none. */
  async grantRole(actor: AnyActor, grant: RoleGrant, requestId?: string): Promise<RoleAssignment> {
    const now = this.#parts.clock.now();
    const from = grant.from ?? now;
    if (grant.until && grant.until <= from) throw emptyPeriod();
    if (!(await this.#parts.agencyExists(grant.agencyId))) throw unknownAgency();
    return this.#deciding(actor, 'grantRole', grant.agencyId, requestId, async (sql, require) => {
      const account = await this.#receiver(sql, grant.receiver, now);
      const roles = await assignmentsOfAccount(sql, account.id, now);
      require(canGrantRole(actor, grant, { accountId: account.id, roles }));
      if (roles.some((held) => held.role === grant.role && held.agencyId === grant.agencyId))
        throw heldAlready();
      return this.#assign(sql, actor, requestId, {
        accountId: account.id,
        agencyId: grant.agencyId,
        role: grant.role,
        kind: 'regular',
        coversId: null,
        validFrom: from,
        validUntil: grant.until ?? null,
        reason: grant.reason,
      });
    });
  }

  /** Somebody stands in for a colleague on leave; ends by itself, and with the role that is covered. */
  async coverLeave(
    actor: AnyActor,
    cover: {
      readonly agencyId: string;
      readonly assignmentId: string;
      readonly accountId: string;
      readonly from: Date;
      readonly until: Date;
      readonly reason: string;
    },
    requestId?: string,
  ): Promise<RoleAssignment> {
    const now = this.#parts.clock.now();
    if (cover.until <= cover.from || cover.until <= now) throw emptyPeriod();
    if (cover.until.getTime() - cover.from.getTime() > COVER_LIMIT) throw coverTooLong();
    return this.#deciding(actor, 'coverLeave', cover.agencyId, requestId, async (sql, require) => {
      const covered = await held(sql, actor, require, cover);
      if (covered.kind !== 'regular') throw noAssignment();
      const account = await this.#receiver(sql, cover, now);
      const roles = await assignmentsOfAccount(sql, account.id, now);
      require(canGrantRole(actor, covered, { accountId: account.id, roles }));
      return this.#assign(sql, actor, requestId, {
        accountId: account.id,
        agencyId: covered.agencyId,
        role: covered.role,
        kind: 'leave-cover',
        coversId: covered.id,
        validFrom: cover.from,
        validUntil: cover.until,
        reason: cover.reason,
      });
    });
  }

  /** Takes a role at once, for an hour at most, in sight of the managers and auditors. */
  async breakGlass(
    actor: PersonActor,
    wish: { agencyId: string; role: Role; reason: string },
    requestId?: string,
  ): Promise<RoleAssignment> {
    const now = this.#parts.clock.now();
    return this.#deciding(actor, 'breakGlass', wish.agencyId, requestId, async (sql, require) => {
      require(canBreakGlass(actor, wish));
      const held = await assignmentsOfAccount(sql, actor.accountId, now);
      if (held.some(({ kind }) => kind === 'break-glass')) throw heldAlready();
      return this.#assign(
        sql,
        actor,
        requestId,
        {
          ...wish,
          accountId: actor.accountId,
          kind: 'break-glass',
          coversId: null,
          validFrom: now,
          validUntil: new Date(now.getTime() + EMERGENCY_LIMIT),
        },
        'role.break-glass',
      );
    });
  }

  /** @returns the ids of all roles that ended: the one named and its covers. */
  async endRole(
    actor: AnyActor,
    named: { readonly agencyId: string; readonly assignmentId: string },
    requestId?: string,
  ): Promise<string[]> {
    return this.#deciding(actor, 'endRole', named.agencyId, requestId, async (sql, require) => {
      const assignment = await held(sql, actor, require, named);
      require(canEndRole(actor, assignment));
      return this.#end(sql, actor, assignment, requestId);
    });
  }

  /** A leaver: every role at the agency ends and every session of the account closes. @returns the ended roles. */
  async leave(
    actor: AnyActor,
    leaver: { agencyId: string; accountId: string },
    requestId?: string,
  ): Promise<string[]> {
    const now = this.#parts.clock.now();
    return this.#deciding(actor, 'leave', leaver.agencyId, requestId, async (sql, require) => {
      const held = (await assignmentsOfAccount(sql, leaver.accountId, now)).filter(
        ({ agencyId }) => agencyId === leaver.agencyId,
      );
      if (held.length === 0) throw noAssignment();
      const ended: string[] = [];
      for (const assignment of held) {
        require(canEndRole(actor, assignment));
        ended.push(...(await this.#end(sql, actor, assignment, requestId)));
      }
      await deleteSessionsOfAccount(sql, leaver.accountId);
      return ended;
    });
  }

  #deciding<T>(
    actor: AnyActor,
    operation: string,
    agencyId: string | undefined,
    requestId: string | undefined,
    work: (sql: Sql, require: Require) => Promise<T>,
  ): Promise<T> {
    const at = this.#parts.clock.now();
    return deciding(this.#parts.database, { actor, operation, at, agencyId, requestId }, work);
  }

  async #receiver(sql: Sql, receiver: Receiver, now: Date): Promise<Account> {
    if ('accountId' in receiver) {
      const account = await accountById(sql, receiver.accountId);
      if (account?.status !== 'active') throw noAccount();
      return account;
    }
    const { issuer, acceptInvented } = this.#parts;
    const person = await claimedPerson(sql, receiver.person, { now, acceptInvented });
    const [present] = (await accountsOfPerson(sql, person.id)).filter(
      (account) => account.issuer === issuer && account.status === 'active',
    );
    return present ?? insertAccount(sql, { issuer, subject: null, personId: person.id }, now);
  }

  async #assign(
    sql: Sql,
    actor: AnyActor,
    requestId: string | undefined,
    assignment: Omit<NewAssignment, 'grantedBy'>,
    type: EventType = 'role.granted',
  ): Promise<RoleAssignment> {
    const key = actorKey(actor);
    const given = await insertAssignment(sql, { ...assignment, grantedBy: key.actorId ?? key.actorKind });
    await appendEvent(sql, {
      type,
      at: this.#parts.clock.now(),
      actor,
      outcome: 'done',
      agencyId: given.agencyId,
      requestId,
      detail: {
        assignment: given.id,
        account: given.accountId,
        role: given.role,
        kind: given.kind,
        until: given.validUntil?.toISOString() ?? null,
      },
    });
    return given;
  }

  async #end(
    sql: Sql,
    actor: AnyActor,
    assignment: RoleAssignment,
    requestId: string | undefined,
  ): Promise<string[]> {
    const now = this.#parts.clock.now();
    const key = actorKey(actor);
    const ended = await endAssignment(sql, assignment.id, key.actorId ?? key.actorKind, now);
    for (const id of ended) {
      await appendEvent(sql, {
        type: 'role.ended',
        at: now,
        actor,
        outcome: 'done',
        agencyId: assignment.agencyId,
        requestId,
        detail: { assignment: id, role: assignment.role },
      });
    }
    return ended;
  }
}

/** A role held at the agency now. Whether there is one of this id is told to those only who may read who holds what. */
async function held(
  sql: Sql,
  actor: AnyActor,
  require: Require,
  named: { readonly agencyId: string; readonly assignmentId: string },
): Promise<RoleAssignment> {
  const assignment = await assignmentById(sql, named.assignmentId);
  if (assignment?.endedAt === null && assignment.agencyId === named.agencyId) return assignment;
  require(canReadRoles(actor, named.agencyId));
  throw noAssignment();
}

const emptyPeriod = (): Failure =>
  new Failure(
    'invalid',
    { en: 'The end must come after the beginning.', vi: 'Ngày kết thúc phải sau ngày bắt đầu.' },
    { code: 'empty-period' },
  );

const coverTooLong = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'Leave cover lasts 90 days at most. Grant the role itself for a longer time.',
      vi: 'Thay người nghỉ tối đa 90 ngày. Nếu lâu hơn, hãy giao hẳn vai trò.',
    },
    { code: 'cover-too-long' },
  );

const unknownAgency = (): Failure =>
  new Failure('not-found', {
    en: 'The catalogue knows no such agency today. Import it first.',
    vi: 'Danh mục hiện không có cơ quan này. Hãy nhập cơ quan vào danh mục trước.',
  });

const heldAlready = (): Failure =>
  new Failure(
    'conflict',
    { en: 'The person holds this role already.', vi: 'Người này đang giữ vai trò đó rồi.' },
    { code: 'role-held' },
  );

const noAssignment = (): Failure =>
  new Failure('not-found', {
    en: 'No such role is held now; it may have ended.',
    vi: 'Hiện không có vai trò này; có thể đã kết thúc.',
  });

const noAccount = (): Failure =>
  new Failure('not-found', {
    en: 'There is no open account of this id.',
    vi: 'Không có tài khoản đang mở với mã này.',
  });
