/** The idempotency key of one request: claimed at most once, given up when the request ends without settling it. */
import { Failure } from '../platform/failure.ts';
import { type ClaimResult, type IdempotencyKeys, NO_CLAIM } from './idempotency.ts';
import type { KeyClaim } from './route.ts';

export interface ClaimTerms {
  readonly caller: string;
  readonly key: string | undefined;
  readonly operation: string;
  readonly need: 'required' | 'optional' | undefined;
}

export class RequestClaims implements AsyncDisposable {
  readonly #keys: IdempotencyKeys;
  readonly #terms: ClaimTerms;
  #held: (ClaimResult & { kind: 'mine' }) | undefined;

  constructor(keys: IdempotencyKeys, terms: ClaimTerms) {
    this.#keys = keys;
    this.#terms = terms;
  }

  /** @param fingerprint whatever makes this request this request: its parsed input, digests of its files */
  async take(fingerprint: readonly string[]): Promise<KeyClaim> {
    const { need, key, caller, operation } = this.#terms;
    if (need === undefined || (need === 'optional' && key === undefined))
      return { kind: 'mine', claim: NO_CLAIM };
    if (key === undefined || !/^[\x21-\x7e]{8,128}$/.test(key)) throw badKey();
    const claimed = await this.#keys.claim({ caller, key, operation, fingerprint });
    if (claimed.kind === 'answered') {
      return {
        kind: 'answered',
        reply: { status: claimed.status, body: claimed.body, headers: { 'Idempotent-Replayed': 'true' } },
      };
    }
    this.#held = claimed;
    return { kind: 'mine', claim: claimed.claim };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // When the database is away the lease ends the claim instead.
    await this.#held?.release().catch(() => undefined);
  }
}

const badKey = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'Send an Idempotency-Key header of 8 to 128 printable characters, a new one for each new request.',
      vi: 'Hãy gửi tiêu đề Idempotency-Key dài 8 đến 128 ký tự, mỗi yêu cầu mới một khóa mới.',
    },
    { code: 'idempotency-key-needed' },
  );
