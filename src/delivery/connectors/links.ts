/**
 * Asking other systems. `ask` answers within three seconds or says that the link is down and since when; it never throws
 * for what the other side did, so that no desk waits for it. `later` queues the question in the caller's transaction and
 * asks until there is an answer. Three failures in a row open the circuit for all instances; then one try at a time, at
 * growing distances, finds out when the system is back.
 */
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Sql } from '../../platform/database.ts';
import { newId } from '../../platform/ids.ts';
import { OutboundError, type OutboundPolicy, sendOut } from '../outbound.ts';
import { retryDelay } from '../webhook.ts';
import {
  CONNECTORS,
  LINK_NAMES,
  type LinkName,
  type LinksFile,
  operationOf,
  type Words,
} from './contract.ts';
import {
  claimJobs,
  insertJob,
  type LinkJob,
  type LinkState,
  linkState,
  linkStates,
  noteAnswer,
  noteFailure,
  settleJob,
  waitingCounts,
} from './link-repository.ts';

type OperationName<L extends LinkName> = keyof (typeof CONNECTORS)[L]['operations'] & string;
type OperationAt<L extends LinkName, O extends OperationName<L>> = (typeof CONNECTORS)[L]['operations'][O];
export type AskOf<L extends LinkName, O extends OperationName<L>> =
  OperationAt<L, O> extends { ask: infer A extends z.ZodType } ? z.input<A> : never;
export type AnswerOf<L extends LinkName, O extends OperationName<L>> =
  OperationAt<L, O> extends { answer: infer A extends z.ZodType } ? z.output<A> : never;

export type Asked<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  /** The other side says that the question is wrong. */
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'down'; readonly since: Date; readonly fault: string }
  | { readonly kind: 'not-set-up' };

/** What a link's job has brought; runs in the transaction that settles it. */
export type JobTaker = (sql: Sql, job: LinkJob, answer: unknown, now: Date) => Promise<void>;

export interface LinkParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly outbound: OutboundPolicy;
  readonly where: LinksFile;
  /** By `link/operation`. */
  readonly takers?: Readonly<Record<string, JobTaker>>;
  readonly random?: () => number;
}

/** A link as the desk and operators see it. */
export interface ShownLink {
  readonly name: LinkName;
  readonly title: Words;
  readonly state: 'up' | 'down' | 'not-set-up';
  readonly since: Date | null;
  readonly lastAnswerAt: Date | null;
  readonly nextTryAt: Date | null;
  readonly waiting: number;
  readonly stillWorks: Words;
}

const LEASE_MS = 30_000;
const LONGEST_PAUSE_S = 120;

export class Links {
  readonly #parts: LinkParts;

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  isSetUp(link: LinkName): boolean {
    return this.#parts.where[link] !== undefined;
  }

  /** Now or not at all. `key`: the same question keeps its key over repetitions. */
  async ask<L extends LinkName, O extends OperationName<L>>(
    link: L,
    operation: O,
    question: AskOf<L, O>,
    key: string = newId(),
  ): Promise<Asked<AnswerOf<L, O>>> {
    const asked = await this.#ask(link, operation, question, key);
    return asked as Asked<AnswerOf<L, O>>;
  }

  /** Queues the question in the caller's transaction; once for each key. @returns the job's id */
  async later<L extends LinkName, O extends OperationName<L>>(
    sql: Sql,
    order: {
      readonly link: L;
      readonly operation: O;
      readonly ask: AskOf<L, O>;
      readonly key: string;
      readonly agencyId: string | null;
    },
  ): Promise<string> {
    return insertJob(sql, { ...order, id: newId(), at: this.#parts.clock.now() });
  }

  /** Asks what is due, or the one job now. @returns how many questions were put */
  async work(signal?: AbortSignal, only: string | null = null): Promise<number> {
    const { database, clock } = this.#parts;
    let put = 0;
    while (!signal?.aborted) {
      const now = clock.now();
      const links = LINK_NAMES.filter((name) => this.isSetUp(name));
      const due = await database.transactSql((sql) =>
        claimJobs(sql, { links, now, leaseUntil: new Date(now.getTime() + LEASE_MS), limit: 4, only }),
      );
      if (due.length === 0) break;
      await Promise.all(due.map((job) => this.#work(job)));
      put += due.length;
    }
    return put;
  }

  /** Asks every link for its health, unless its pause is not over. */
  async probe(): Promise<void> {
    for (const name of LINK_NAMES) {
      if (!this.isSetUp(name) || (await this.#paused(name))) continue;
      const { url, headers } = this.#place(name, 'health', newId());
      await this.#send(name, () =>
        sendOut(this.#parts.outbound, url, { method: 'GET', headers, milliseconds: 3_000 }),
      );
    }
  }

  async show(): Promise<ShownLink[]> {
    const [states, counts] = await this.#parts.database.transactSql(
      async (sql) => [await linkStates(sql), await waitingCounts(sql)] as const,
    );
    return LINK_NAMES.map((name) => {
      const state = states.find((row) => row.name === name);
      const { title, stillWorks } = CONNECTORS[name];
      const waiting = counts.find(({ link }) => link === name)?.n ?? 0;
      const times = { since: state?.since ?? null, lastAnswerAt: state?.lastAnswerAt ?? null };
      if (!this.isSetUp(name))
        return {
          name,
          title,
          stillWorks,
          waiting,
          state: 'not-set-up',
          since: null,
          lastAnswerAt: null,
          nextTryAt: null,
        };
      return {
        name,
        title,
        stillWorks,
        waiting,
        state: state?.state ?? 'up',
        ...times,
        nextTryAt: state?.state === 'down' ? state.nextTryAt : null,
      };
    });
  }

  async #paused(link: LinkName): Promise<LinkState | undefined> {
    const state = await this.#parts.database.transactSql((sql) => linkState(sql, link));
    return state?.state === 'down' && state.nextTryAt > this.#parts.clock.now() ? state : undefined;
  }

  async #ask(link: LinkName, name: string, question: unknown, key: string): Promise<Asked<unknown>> {
    const operation = operationOf(link, name);
    if (!operation) throw new Error(`the link ${link} has no operation ${name}`);
    if (!this.isSetUp(link)) return { kind: 'not-set-up' };
    const paused = await this.#paused(link);
    if (paused) return { kind: 'down', since: paused.since, fault: paused.fault ?? 'not-reached' };
    const { url, headers } = this.#place(link, name, key);
    const body = JSON.stringify(operation.ask.parse(question));
    const sent = await this.#send(
      link,
      () =>
        sendOut(this.#parts.outbound, url, {
          method: 'POST',
          headers,
          body,
          milliseconds: 3_000,
          maximumBytes: 1_000_000,
        }),
      operation.answer,
    );
    if (sent.kind !== 'fault') return sent;
    const state = await this.#parts.database.transactSql((sql) => linkState(sql, link));
    return { kind: 'down', since: state?.since ?? this.#parts.clock.now(), fault: sent.fault };
  }

  /** Sends, judges the answer, notes how the link fares. */
  async #send(
    link: LinkName,
    send: () => ReturnType<typeof sendOut>,
    schema?: z.ZodType,
  ): Promise<Exclude<Asked<unknown>, { kind: 'down' | 'not-set-up' }> | { kind: 'fault'; fault: string }> {
    const judged = await judge(send, schema);
    const { database, clock } = this.#parts;
    const at = clock.now();
    await database.transactSql(async (sql) => {
      if (judged.kind !== 'fault') return noteAnswer(sql, link, at);
      const state = await linkState(sql, link);
      const seconds = Math.min(
        retryDelay(Math.max((state?.failures ?? 0) - 1, 1), this.#random()),
        LONGEST_PAUSE_S,
      );
      return noteFailure(sql, link, {
        fault: judged.fault,
        at,
        nextTryAt: new Date(at.getTime() + seconds * 1000),
      });
    });
    return judged;
  }

  async #work(job: LinkJob): Promise<void> {
    const asked = await this.#ask(job.link, job.operation, job.ask, job.id);
    const { database, clock, takers = {} } = this.#parts;
    const at = clock.now();
    await database.transactSql(async (sql) => {
      if (asked.kind === 'answer') {
        const fresh = await settleJob(sql, job.id, {
          state: 'answered',
          nextAt: at,
          fault: null,
          answer: asked.answer,
          at,
        });
        // A lease that ran out may bring the same answer twice; it is taken once.
        if (fresh) await takers[`${job.link}/${job.operation}`]?.(sql, job, asked.answer, at);
        return;
      }
      const refused = asked.kind === 'refused';
      const seconds = retryDelay(Math.min(job.attempts, 7), this.#random());
      await settleJob(sql, job.id, {
        state: refused ? 'refused' : 'waiting',
        nextAt: new Date(at.getTime() + seconds * 1000),
        fault: refused ? `status-${asked.status}` : asked.kind === 'down' ? asked.fault : 'not-set-up',
        answer: null,
        at,
      });
    });
  }

  #place(link: LinkName, operation: string, key: string): { url: string; headers: Record<string, string> } {
    const own = this.#parts.where[link];
    const through = own?.via === 'lgsp' ? this.#parts.where.lgsp : undefined;
    const base = (through ?? own)?.url.replace(/\/$/, '') ?? '';
    const token = (through ?? own)?.token;
    return {
      url: through ? `${base}/services/${link}/${operation}` : `${base}/${operation}`,
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'Idempotency-Key': key,
        'X-Sent-By': 'mot-lan',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
    };
  }

  #random(): number {
    return (this.#parts.random ?? Math.random)();
  }
}

async function judge(
  send: () => ReturnType<typeof sendOut>,
  schema: z.ZodType | undefined,
): Promise<
  { kind: 'answer'; answer: unknown } | { kind: 'refused'; status: number } | { kind: 'fault'; fault: string }
> {
  const sent = await send().catch((error: unknown) => {
    if (error instanceof OutboundError) return error;
    throw error;
  });
  if (sent instanceof OutboundError) return { kind: 'fault', fault: sent.fault };
  const { status, body } = sent;
  if (status >= 200 && status < 300) {
    if (!schema) return { kind: 'answer', answer: null };
    const parsed = schema.safeParse(json(body));
    // An answer that does not fit is no answer: nothing of it is used.
    return parsed.success
      ? { kind: 'answer', answer: parsed.data }
      : { kind: 'fault', fault: 'answer-does-not-fit' };
  }
  const ours = status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status);
  return ours ? { kind: 'refused', status } : { kind: 'fault', fault: `status-${status}` };
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
