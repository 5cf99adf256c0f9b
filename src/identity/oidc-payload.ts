/**
 * What an authorisation server remembers, in PostgreSQL, for any number of instances. Ids are bearer values (tokens,
 * codes, cookies): only their SHA-256 is kept, so that a copy of the database opens nothing.
 */
import { hash } from 'node:crypto';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';

export const payloadDigest = (id: string): Buffer => hash('sha256', id, 'buffer');

/** Notes an id for some time. @returns false when it was noted before: a replay, also when two instances race. */
export async function rememberOnce(sql: Sql, model: string, id: string, until: Date): Promise<boolean> {
  const rows = await sql.query(
    `INSERT INTO oidc_payload (model, id_sha256, payload, expires_at)
     VALUES ($1::text, $2::bytea, '{}'::jsonb, $3::timestamptz)
     ON CONFLICT (model, id_sha256) DO NOTHING RETURNING model`,
    [model, payloadDigest(id), until],
  );
  return rows.length === 1;
}

export interface PayloadParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Put before the names of models, so that two servers share the table and nothing else. */
  readonly prefix?: string;
}

/** The adapter of one model of oidc-provider. */
export class PayloadAdapter implements Adapter {
  readonly #name: string;
  readonly #model: string;
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(name: string, { database, clock, prefix = '' }: PayloadParts) {
    this.#name = name;
    this.#model = `${prefix}${name}`;
    this.#database = database;
    this.#clock = clock;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const until = expiresIn === undefined ? null : new Date(this.#clock.now().getTime() + expiresIn * 1000);
    if (this.#name === 'ReplayDetection') {
      // Looking first and writing later would let two instances accept one assertion.
      const limit = until ?? new Date(this.#clock.now().getTime() + 600_000);
      const fresh = await this.#database.transactSql((sql) => rememberOnce(sql, this.#model, id, limit));
      if (!fresh) throw new errors.InvalidClientAuth('an assertion or proof is used once');
      return;
    }
    const { jti: _, ...kept } = payload;
    await this.#database.read(
      `INSERT INTO oidc_payload (model, id_sha256, payload, grant_sha256, uid_sha256, user_code_sha256, expires_at)
       VALUES ($1::text, $2::bytea, $3::jsonb, $4::bytea, $5::bytea, $6::bytea, $7::timestamptz)
       ON CONFLICT (model, id_sha256) DO UPDATE SET payload = excluded.payload, grant_sha256 = excluded.grant_sha256,
         uid_sha256 = excluded.uid_sha256, user_code_sha256 = excluded.user_code_sha256,
         expires_at = excluded.expires_at`,
      [
        this.#model,
        payloadDigest(id),
        JSON.stringify(kept),
        digestOrNull(payload.grantId),
        digestOrNull(payload.uid),
        digestOrNull(payload.userCode),
        until,
      ],
    );
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = await this.#find('id_sha256', id);
    return found && { ...found, jti: id };
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#find('uid_sha256', uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#find('user_code_sha256', userCode);
  }

  async consume(id: string): Promise<void> {
    await this.#database.read(
      `UPDATE oidc_payload SET consumed_at = $3::timestamptz
       WHERE model = $1::text AND id_sha256 = $2::bytea AND consumed_at IS NULL`,
      [this.#model, payloadDigest(id), this.#clock.now()],
    );
  }

  async destroy(id: string): Promise<void> {
    await this.#database.read('DELETE FROM oidc_payload WHERE model = $1::text AND id_sha256 = $2::bytea', [
      this.#model,
      payloadDigest(id),
    ]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#database.read(
      'DELETE FROM oidc_payload WHERE model = $1::text AND grant_sha256 = $2::bytea',
      [this.#model, payloadDigest(grantId)],
    );
  }

  async #find(
    column: 'id_sha256' | 'uid_sha256' | 'user_code_sha256',
    value: string,
  ): Promise<AdapterPayload | undefined> {
    const [row] = await this.#database.read<{ payload: AdapterPayload; consumed: number | null }>(
      `SELECT payload, floor(extract(epoch FROM consumed_at))::int AS consumed FROM oidc_payload
       WHERE model = $1::text AND ${column} = $2::bytea AND (expires_at IS NULL OR expires_at > $3::timestamptz)`,
      [this.#model, payloadDigest(value), this.#clock.now()],
    );
    if (!row) return undefined;
    return row.consumed === null ? row.payload : { ...row.payload, consumed: row.consumed };
  }
}

const digestOrNull = (value: unknown): Buffer | null =>
  typeof value === 'string' ? payloadDigest(value) : null;
