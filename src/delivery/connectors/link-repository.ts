/** Rows of links: how each stands, for all instances together, and the questions that wait. */
import type { Sql } from '../../platform/database.ts';
import type { LinkName } from './contract.ts';

export interface LinkState {
  readonly name: LinkName;
  readonly state: 'up' | 'down';
  /** Since when it is in this state. */
  readonly since: Date;
  readonly lastAnswerAt: Date | null;
  readonly fault: string | null;
  /** In a row. */
  readonly failures: number;
  /** Nobody asks before. */
  readonly nextTryAt: Date;
}

export interface LinkJob {
  readonly id: string;
  readonly link: LinkName;
  readonly operation: string;
  readonly ask: unknown;
  readonly agencyId: string | null;
  readonly state: 'waiting' | 'answered' | 'refused';
  readonly attempts: number;
  readonly fault: string | null;
  readonly answer: unknown;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

const STATE = `name, state, since, last_answer_at AS "lastAnswerAt", fault, failures, next_try_at AS "nextTryAt"`;

export const linkStates = (sql: Sql): Promise<LinkState[]> => sql.query(`SELECT ${STATE} FROM link_state`);

export async function linkState(sql: Sql, name: LinkName): Promise<LinkState | undefined> {
  const [row] = await sql.query<LinkState>(`SELECT ${STATE} FROM link_state WHERE name = $1::text`, [name]);
  return row;
}

export async function noteAnswer(sql: Sql, name: LinkName, now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO link_state (name, state, since, last_answer_at, failures, next_try_at)
     VALUES ($1::text, 'up', $2::timestamptz, $2::timestamptz, 0, $2::timestamptz)
     ON CONFLICT (name) DO UPDATE SET state = 'up', failures = 0, fault = NULL, last_answer_at = $2::timestamptz,
       next_try_at = $2::timestamptz,
       since = CASE WHEN link_state.state = 'up' THEN link_state.since ELSE $2::timestamptz END`,
    [name, now],
  );
}

/** Down from the third failure in a row; `since` is then the first of them. */
export async function noteFailure(
  sql: Sql,
  name: LinkName,
  failure: { readonly fault: string; readonly at: Date; readonly nextTryAt: Date },
): Promise<void> {
  await sql.query(
    `INSERT INTO link_state (name, state, since, fault, failures, next_try_at)
     VALUES ($1::text, 'up', $2::timestamptz, $3::text, 1, $2::timestamptz)
     ON CONFLICT (name) DO UPDATE SET fault = $3::text, failures = link_state.failures + 1,
       since = CASE WHEN link_state.failures = 0 THEN $2::timestamptz ELSE link_state.since END,
       state = CASE WHEN link_state.failures + 1 >= 3 THEN 'down' ELSE link_state.state END,
       next_try_at = CASE WHEN link_state.failures + 1 >= 3 THEN $4::timestamptz ELSE link_state.next_try_at END`,
    [name, failure.at, failure.fault, failure.nextTryAt],
  );
}

const JOB = `j.id::text AS id, j.link, j.operation, j.ask, j.agency_id AS "agencyId", j.state, j.attempts, j.fault, j.answer,
  j.created_at AS "createdAt", j.settled_at AS "settledAt"`;

/** Once for each key. @returns the id of the job that stands for the key */
export async function insertJob(
  sql: Sql,
  job: Pick<LinkJob, 'id' | 'link' | 'operation' | 'ask' | 'agencyId'> & {
    readonly key: string;
    readonly at: Date;
  },
): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `INSERT INTO link_job (id, link, operation, ask, key, agency_id, state, attempts, next_at, created_at)
     VALUES ($1::uuid, $2::text, $3::text, $4::jsonb, $5::text, $6::text, 'waiting', 0, $7::timestamptz, $7::timestamptz)
     ON CONFLICT (link, key) DO UPDATE SET key = link_job.key RETURNING id::text`,
    [job.id, job.link, job.operation, JSON.stringify(job.ask), job.key, job.agencyId, job.at],
  );
  return row?.id ?? job.id;
}

export async function claimJobs(
  sql: Sql,
  claim: {
    readonly links: readonly LinkName[];
    readonly now: Date;
    readonly leaseUntil: Date;
    readonly limit: number;
    /** One job only. */
    readonly only: string | null;
  },
): Promise<LinkJob[]> {
  return sql.query<LinkJob>(
    `UPDATE link_job j SET next_at = $2::timestamptz, attempts = j.attempts + 1
     FROM (SELECT w.id FROM link_job w WHERE w.state = 'waiting' AND w.next_at <= $1::timestamptz
             AND w.link = ANY ($3::text[]) AND ($5::uuid IS NULL OR w.id = $5::uuid)
             AND NOT EXISTS (SELECT 1 FROM link_state s WHERE s.name = w.link AND s.state = 'down'
                             AND s.next_try_at > $1::timestamptz)
           ORDER BY w.next_at LIMIT $4::int FOR UPDATE SKIP LOCKED) due
     WHERE j.id = due.id RETURNING ${JOB}`,
    [claim.now, claim.leaseUntil, [...claim.links], claim.limit, claim.only],
  );
}

/** A settled question is not kept: it may name a person. */
export async function settleJob(
  sql: Sql,
  id: string,
  settled: {
    readonly state: LinkJob['state'];
    readonly nextAt: Date;
    readonly fault: string | null;
    readonly answer: unknown;
    readonly at: Date;
  },
): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE link_job SET state = $2::text, next_at = $3::timestamptz, fault = $4::text, answer = $5::jsonb,
       settled_at = CASE WHEN $2::text = 'waiting' THEN NULL ELSE $6::timestamptz END,
       ask = CASE WHEN $2::text = 'waiting' THEN ask ELSE '{}'::jsonb END
     WHERE id = $1::uuid AND state = 'waiting' RETURNING 1 AS one`,
    [id, settled.state, settled.nextAt, settled.fault, JSON.stringify(settled.answer ?? null), settled.at],
  );
  return rows.length === 1;
}

export async function findJob(sql: Sql, id: string): Promise<LinkJob | undefined> {
  const [row] = await sql.query<LinkJob>(`SELECT ${JOB} FROM link_job j WHERE j.id = $1::uuid`, [id]);
  return row;
}

export const waitingCounts = (sql: Sql): Promise<{ link: LinkName; n: number }[]> =>
  sql.query(`SELECT link, count(*)::int AS n FROM link_job WHERE state = 'waiting' GROUP BY link`);

/** The cursor of a link that is read in order. */
export async function cursorOf(sql: Sql, name: LinkName): Promise<string | null> {
  const [row] = await sql.query<{ cursor: string | null }>(
    'SELECT cursor FROM link_cursor WHERE name = $1::text FOR UPDATE',
    [name],
  );
  return row?.cursor ?? null;
}

export async function keepCursor(sql: Sql, name: LinkName, cursor: string): Promise<void> {
  await sql.query(
    `INSERT INTO link_cursor (name, cursor) VALUES ($1::text, $2::text)
     ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor`,
    [name, cursor],
  );
}
