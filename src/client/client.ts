/**
 * The client of a vault for other systems: one method for every operation of its API, typed by name. It fetches and renews
 * its token, proves its key with each request, repeats what may be repeated, and turns problem details into errors.
 */
import { randomUUID } from 'node:crypto';
import { type Credentials, clientAssertion, ProofKey } from './credentials.ts';
import { OPERATIONS, type Operations } from './operations.ts';

export interface VaultClientOptions extends Credentials {
  /** Scheme, host and port of the vault. */
  readonly url: string;
  readonly scopes: readonly string[];
}

type Wish<O extends keyof Operations> = Given<'params', Operations[O]['params']> &
  Given<'query', Operations[O]['query']> &
  Given<'body', Operations[O]['body']> & {
    /** For operations that take one: the same key gives the same answer. One is made where none is given. */
    readonly key?: string;
    readonly signal?: AbortSignal;
  };
type Given<Name extends string, T> = [T] extends [undefined]
  ? unknown
  : Record<never, never> extends T
    ? { readonly [K in Name]?: T }
    : { readonly [K in Name]: T };

/** What the vault refused, in its own words (RFC 9457). */
export class VaultProblem extends Error {
  override readonly name = 'VaultProblem';
  readonly status: number;
  /** Stable word behind `urn:mot-lan:problem:`. */
  readonly code: string;
  /** Says which request it was, when it is reported. */
  readonly instance: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  readonly translations: Readonly<Record<string, { title: string; detail: string }>>;

  constructor(status: number, problem: Record<string, unknown>) {
    super(`${status}: ${String(problem.detail ?? 'the vault gave no reason')}`);
    this.status = status;
    this.code = String(problem.type ?? '').replace('urn:mot-lan:problem:', '');
    this.instance = String(problem.instance ?? '');
    this.errors = (problem.errors as VaultProblem['errors'] | undefined) ?? [];
    this.translations = (problem.translations as VaultProblem['translations'] | undefined) ?? {};
  }
}

const REPEATS = 3;

export class VaultClient {
  readonly #options: VaultClientOptions;
  readonly #proofs = new ProofKey();
  #token: { readonly value: string; readonly until: number } | undefined;

  constructor(options: VaultClientOptions) {
    this.#options = { ...options, url: new URL(options.url).origin };
  }

  /** @returns the parsed answer, or the `Response` where it is bytes. @throws VaultProblem */
  async call<O extends keyof Operations>(operation: O, wish: Wish<O>): Promise<Operations[O]['answer']> {
    const { params, query, body, key, signal } = wish as {
      params?: Record<string, string>;
      query?: Record<string, unknown>;
      body?: unknown;
      key?: string;
      signal?: AbortSignal;
    };
    const [method, path] = OPERATIONS[operation];
    const url = new URL(
      path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params?.[name] ?? '')),
      this.#options.url,
    );
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    // One key over all repetitions: what was done once is not done twice.
    const headers = { 'Idempotency-Key': key ?? randomUUID() };
    for (let repeated = 0; ; repeated += 1) {
      const response = await this.#send(method, url, { body, headers, signal });
      if (response.ok) return (await answerOf(response)) as Operations[O]['answer'];
      const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
      const wait = Number(response.headers.get('retry-after') ?? 1);
      const passing = response.status === 503 || response.status === 429;
      if (!passing || repeated >= REPEATS || wait > 30) throw new VaultProblem(response.status, problem);
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }

  async #send(
    method: string,
    url: URL,
    wish: { body: unknown; headers: Record<string, string>; signal: AbortSignal | undefined },
  ): Promise<Response> {
    const token = await this.#accessToken();
    const raw = wish.body instanceof FormData || wish.body instanceof Uint8Array;
    return fetch(url, {
      method,
      headers: {
        Accept: 'application/json, */*;q=0.5',
        ...wish.headers,
        ...(wish.body === undefined || raw ? {} : { 'Content-Type': 'application/json' }),
        Authorization: `DPoP ${token}`,
        DPoP: this.#proofs.proof(method, url.href, new Date(), token),
      },
      body: wish.body === undefined ? undefined : raw ? (wish.body as BodyInit) : JSON.stringify(wish.body),
      signal: wish.signal,
    });
  }

  /** The token of now; renewed half a minute before its end. */
  async #accessToken(): Promise<string> {
    const now = Date.now();
    if (this.#token && this.#token.until > now + 30_000) return this.#token.value;
    const { url, scopes } = this.#options;
    const endpoint = `${url}/oauth/token`;
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { DPoP: this.#proofs.proof('POST', endpoint, new Date()) },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: scopes.join(' '),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: clientAssertion(this.#options, `${url}/oauth`, new Date()),
      }),
    });
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (!response.ok || typeof answer.access_token !== 'string')
      throw new VaultProblem(response.status, {
        type: `urn:mot-lan:problem:${String(answer.error ?? 'no-token')}`,
        detail: answer.error_description,
      });
    this.#token = { value: answer.access_token, until: now + Number(answer.expires_in) * 1000 };
    return this.#token.value;
  }
}

async function answerOf(response: Response): Promise<unknown> {
  if (/^application\/json/.test(response.headers.get('content-type') ?? '')) return response.json();
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined;
  return response;
}
