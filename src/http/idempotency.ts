/**
 * `Idempotency-Key`: the same key from the same caller gives one result, whatever happens in between.
 *
 * A claim is taken before the work and settled in the work's own transaction. A crash before that leaves a claim whose
 * work never happened, so another attempt may take it over, at once when the instance that held it is gone; an attempt that lost its claim cannot settle and rolls back.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { type Instance, instanceIsGone } from '../platform/instance.ts';

/** Hand it to the service, which settles it in its last transaction. */
export interface IdempotencyClaim {
  /** Stores the answer. @throws when another attempt took the claim over: the transaction must roll back. */
  settle(sql: Sql, reply: { status: number; body: unknown }): Promise<void>;
}

/** A claim for work that came without a key. */
export const NO_CLAIM: IdempotencyClaim = { settle: async () => undefined };

export type ClaimResult =
  | { readonly kind: 'mine'; readonly claim: IdempotencyClaim; release(): Promise<void> }
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown };

/** An attempt that has not settled after this long is taken for dead, though its instance lives. */
const LEASE_SECONDS = 120;
const WAIT_MS = 100;
const PATIENCE_MS = 20_000;

export interface ClaimRequest {
  readonly caller: string;
  readonly key: string;
  readonly operation: string;
  /** Whatever makes the request this request. */
  readonly fingerprint: readonly string[];
}

export class IdempotencyKeys {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #instance: number | null;

  /** @param instance this process; without it a claim that was left behind waits for the end of its lease */
  constructor(database: Database, clock: Clock, instance?: Instance) {
    this.#database = database;
    this.#clock = clock;
    this.#instance = instance?.number ?? null;
  }

  /** Takes the key, waits for the attempt that holds it, or gives its stored answer. */
  async claim(request: ClaimRequest): Promise<ClaimResult> {
    const sha256 = createHash('sha256')
      .update(JSON.stringify([request.operation, ...request.fingerprint]))
      .digest();
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const token = randomUUID();
      const [row] = await this.#database.read<ClaimRow>(CLAIM, [
        request.caller,
        request.key,
        request.operation,
        sha256,
        token,
        this.#clock.now(),
        LEASE_SECONDS,
        this.#instance,
      ]);
      if (row && !sha256.equals(row.request_sha256)) throw mismatch();
      if (row?.settled_at) return { kind: 'answered', status: row.status ?? 200, body: row.body };
      if (row?.claim_token === token) return this.#mine(request, token);
      if (Date.now() > deadline) throw stillRunning();
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }

  #mine({ caller, key }: ClaimRequest, token: string): ClaimResult {
    return {
      kind: 'mine',
      claim: {
        settle: async (sql, { status, body }) => {
          const settled = await sql.query(SETTLE, [
            caller,
            key,
            token,
            this.#clock.now(),
            status,
            JSON.stringify(body ?? null),
          ]);
          if (settled.length !== 1) throw stillRunning();
        },
      },
      release: async () => {
        await this.#database.read(RELEASE, [caller, key, token]);
      },
    };
  }
}

interface ClaimRow {
  request_sha256: Buffer;
  claim_token: string;
  settled_at: Date | null;
  status: number | null;
  body: unknown;
}

const CLAIM = `
WITH taken AS (
  INSERT INTO idempotency_key (caller, key, operation, request_sha256, claim_token, claimed_at, instance)
  VALUES ($1::text, $2::text, $3::text, $4::bytea, $5::uuid, $6::timestamptz, $8::int)
  ON CONFLICT (caller, key) DO UPDATE SET claim_token = excluded.claim_token, claimed_at = excluded.claimed_at,
    instance = excluded.instance
    WHERE idempotency_key.settled_at IS NULL
      AND idempotency_key.request_sha256 = excluded.request_sha256
      AND (idempotency_key.claimed_at < excluded.claimed_at - make_interval(secs => $7::int)
        OR ${instanceIsGone('idempotency_key.instance')})
  RETURNING request_sha256, claim_token::text, settled_at, status, body
)
SELECT * FROM taken
UNION ALL
SELECT request_sha256, claim_token::text, settled_at, status, body FROM idempotency_key
WHERE caller = $1::text AND key = $2::text AND NOT EXISTS (SELECT 1 FROM taken)`;
const SETTLE = `
UPDATE idempotency_key SET settled_at = $4::timestamptz, status = $5::int, body = $6::jsonb
WHERE caller = $1::text AND key = $2::text AND claim_token = $3::uuid AND settled_at IS NULL RETURNING 1 AS one`;
const RELEASE = `
DELETE FROM idempotency_key WHERE caller = $1::text AND key = $2::text AND claim_token = $3::uuid AND settled_at IS NULL`;

const mismatch = (): Failure =>
  new Failure('idempotency-mismatch', {
    en: 'This Idempotency-Key was used with another request. Use a new key for new content.',
    vi: 'Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Nội dung mới cần khóa mới.',
  });

const stillRunning = (): Failure =>
  new Failure(
    'conflict',
    {
      en: 'The first request with this Idempotency-Key is still running. Ask again in a few seconds.',
      vi: 'Yêu cầu đầu tiên với khóa Idempotency-Key này đang chạy. Hãy hỏi lại sau vài giây.',
    },
    { code: 'request-in-progress', retryAfter: 3 },
  );
