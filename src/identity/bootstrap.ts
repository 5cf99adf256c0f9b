/**
 * The first operator of a new vault. Nobody can grant a role before somebody holds one, so the command line prints a
 * token once; whoever signs in and hands it over within the hour becomes operator. It works only while there is none.
 */
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import type { PersonActor } from './actor.ts';
import { holdsAt, insertAssignment, type RoleAssignment } from './role-repository.ts';
import { newToken, tokenDigest } from './session.ts';

const LIFETIME = 3_600_000;

export class Bootstrap {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { readonly database: Database; readonly clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  /** Makes the token; an earlier one is void. @throws Failure `conflict` when an operator exists. */
  async issue(agencyId: string): Promise<{ token: string; expiresAt: Date }> {
    const now = this.#clock.now();
    const expiresAt = new Date(now.getTime() + LIFETIME);
    const token = newToken();
    await this.#database.transactSql(async (sql) => {
      await refuseSecond(sql, now);
      await sql.query('DELETE FROM bootstrap_token');
      await sql.query(
        `INSERT INTO bootstrap_token (token_sha256, agency_id, expires_at)
         VALUES ($1::bytea, $2::text, $3::timestamptz)`,
        [tokenDigest(token), agencyId, expiresAt],
      );
    });
    return { token, expiresAt };
  }

  /** @throws Failure `forbidden` for a token that is unknown, used or too old. */
  async redeem(actor: PersonActor, token: string, requestId?: string): Promise<RoleAssignment> {
    const now = this.#clock.now();
    return this.#database.transactSql(async (sql) => {
      await refuseSecond(sql, now);
      const [row] = await sql.query<{ agencyId: string }>(
        `DELETE FROM bootstrap_token WHERE token_sha256 = $1::bytea AND expires_at > $2::timestamptz
         RETURNING agency_id AS "agencyId"`,
        [tokenDigest(token) ?? Buffer.alloc(32), now],
      );
      if (!row) throw badToken();
      const assignment = await insertAssignment(sql, {
        accountId: actor.accountId,
        agencyId: row.agencyId,
        role: 'operator',
        kind: 'regular',
        coversId: null,
        validFrom: now,
        validUntil: null,
        reason: 'bootstrap',
        grantedBy: 'vault',
      });
      await appendEvent(sql, {
        type: 'role.granted',
        at: now,
        actor: { kind: 'vault' },
        outcome: 'done',
        agencyId: row.agencyId,
        requestId,
        detail: { assignment: assignment.id, account: actor.accountId, role: 'operator', kind: 'regular' },
      });
      return assignment;
    });
  }
}

async function refuseSecond(sql: Sql, now: Date): Promise<void> {
  // One at a time, so that two people with one token cannot both become operator.
  await sql.query('LOCK TABLE bootstrap_token IN EXCLUSIVE MODE');
  const operators = await sql.query(
    `SELECT 1 AS one FROM role_assignment r WHERE r.role = 'operator' AND ${holdsAt('$1::timestamptz')} LIMIT 1`,
    [now],
  );
  if (operators.length > 0) {
    throw new Failure(
      'conflict',
      {
        en: 'The vault has an operator already; operators give this role to others.',
        vi: 'Kho đã có quản trị hệ thống; người đó giao vai trò này cho người khác.',
      },
      { code: 'operator-exists' },
    );
  }
}

const badToken = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'The token is unknown, used or older than an hour. Print a new one on the command line.',
      vi: 'Mã khởi tạo không đúng, đã dùng hoặc quá một giờ. Hãy in mã mới từ dòng lệnh.',
    },
    { code: 'bootstrap-token' },
  );
