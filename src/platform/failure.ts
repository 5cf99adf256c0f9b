/**
 * Expected failures: what a caller did or met, in one closed vocabulary. Services throw these; the HTTP edge turns
 * each kind into one problem detail (`http/problems.ts`). Policy denials and failed verifications are return values.
 */
export type FailureKind =
  | 'invalid' // the request is well-formed but a value breaks a rule
  | 'unauthenticated'
  | 'forbidden' // includes "you may not know whether it exists"
  | 'not-found'
  | 'conflict' // the state does not allow it, or somebody was faster
  | 'idempotency-mismatch' // the key was used with another body
  | 'gone' // erased, withdrawn or used up
  | 'too-large'
  | 'unsupported' // not a kind of file the vault takes
  | 'unprocessable' // of the right kind, but damaged, locked or dangerous
  | 'precondition' // ETag does not match
  | 'too-many'
  | 'unavailable'; // database, object store or another system is down; nothing was changed

/** A fault at one place of the input. `pointer` is a JSON Pointer (RFC 6901) into body, query or path. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

export interface FailureOptions {
  /** Stable word for programs, such as `grant-withdrawn`; part of the problem's `type`. */
  readonly code?: string;
  readonly faults?: readonly Fault[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** `message` is English and says how to mend it; `vi` says the same to a Vietnamese reader. Neither names a person. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly vi: string;
  readonly code: string | undefined;
  readonly faults: readonly Fault[];
  readonly retryAfter: number | undefined;

  constructor(kind: FailureKind, words: { en: string; vi: string }, options: FailureOptions = {}) {
    super(words.en, { cause: options.cause });
    this.kind = kind;
    this.vi = words.vi;
    this.code = options.code;
    this.faults = options.faults ?? [];
    this.retryAfter = options.retryAfter;
  }
}
