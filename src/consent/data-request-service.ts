/** Requests of data subjects and complaints: received, acknowledged, answered; each step an event, each with a clock. */
import { type Actor, agenciesOf, type PersonActor, type Role, representationsOf } from '../identity/index.ts';
import { appendEvent } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';
import {
  ACKNOWLEDGE_WORKING_DAYS,
  type DataRequest,
  type DataRequestKind,
  type DataRequestState,
  FINISH_DAYS,
  mayMove,
} from './data-request.ts';
import { afterDays, afterWorkingDays, loadCalendar } from './working-days.ts';

/** Who answers at an agency. */
export const ANSWERING_ROLES: readonly Role[] = ['desk-officer', 'civil-status-officer', 'manager'];

export interface NewDataRequest {
  readonly kind: DataRequestKind;
  /** Left out: the agency of what it is about. */
  readonly addresseeId?: string;
  readonly onBehalfOf?: string;
  readonly aboutEventId?: string;
  readonly aboutDocumentId?: string;
  readonly aboutGrantId?: string;
  readonly text: string;
}

interface Caller {
  readonly actor: Actor;
  readonly requestId: string;
}

export class DataRequestService {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(parts: { database: Database; clock: Clock }) {
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  /** @throws Failure `not-found` where what it is about is not this person's */
  async make(caller: Caller, wish: NewDataRequest): Promise<DataRequest> {
    const person = personOf(caller.actor);
    const outcome = await this.#database.transactSql(async (sql) => {
      const at = this.#clock.now();
      const addressee = await addresseeOf(sql, person, wish, at);
      if (addressee instanceof Failure) {
        await this.#deny(sql, caller, 'make-data-request', at);
        return addressee;
      }
      const calendar = await loadCalendar(sql, at);
      const id = newId();
      const request: DataRequest = {
        id,
        code: id.slice(-12).toUpperCase(),
        personId: person.personId,
        onBehalfOf: wish.onBehalfOf ?? null,
        kind: wish.kind,
        addresseeId: addressee,
        aboutEventId: wish.aboutEventId ?? null,
        aboutDocumentId: wish.aboutDocumentId ?? null,
        aboutGrantId: wish.aboutGrantId ?? null,
        text: wish.text,
        state: 'received',
        receivedAt: at,
        acknowledgeBy: afterWorkingDays(calendar, at, ACKNOWLEDGE_WORKING_DAYS),
        finishBy: afterDays(calendar, at, FINISH_DAYS),
        acknowledgedAt: null,
        finishedAt: null,
        answer: null,
      };
      await insert(sql, request);
      await this.#tell(
        sql,
        caller,
        wish.kind === 'complain' ? 'usage.complained' : 'rights.received',
        request,
        at,
      );
      await publish(sql, {
        type: 'rights.received.v1',
        at,
        subject: id,
        agency: addressee,
        data: { kind: wish.kind, acknowledgeBy: request.acknowledgeBy.toISOString() },
      });
      return request;
    });
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  }

  /** The person's own, newest first. */
  async mine(actor: Actor): Promise<DataRequest[]> {
    return this.#database.read<DataRequest>(
      `${SELECT} WHERE person_id = $1::uuid ORDER BY received_at DESC, data_request.id DESC LIMIT 200`,
      [personOf(actor).personId],
    );
  }

  /** What an agency has to answer, the earliest clock first. */
  async ofAgency(actor: Actor, options: { open: boolean }): Promise<DataRequest[]> {
    const agencies = agenciesOf(actor, ANSWERING_ROLES);
    if (actor.kind !== 'person' || agencies.length === 0) throw noSuchRequest();
    return this.#database.read<DataRequest>(
      `${SELECT} WHERE addressee_id = ANY ($1::text[]) AND (state IN ('received', 'acknowledged')) = $2::bool
       ORDER BY CASE WHEN state = 'received' THEN acknowledge_by ELSE finish_by END, data_request.id LIMIT 200`,
      [agencies, options.open],
    );
  }

  async move(
    caller: Caller,
    step: {
      readonly id: string;
      readonly to: Exclude<DataRequestState, 'received'>;
      readonly answer: string | null;
    },
  ): Promise<DataRequest> {
    const outcome = await this.#database.transactSql(async (sql) => {
      const at = this.#clock.now();
      const [request] = await sql.query<DataRequest>(`${SELECT} WHERE id = $1::uuid FOR UPDATE`, [step.id]);
      if (!request || !agenciesOf(caller.actor, ANSWERING_ROLES).includes(request.addresseeId)) {
        await this.#deny(sql, caller, 'answer-data-request', at);
        return noSuchRequest();
      }
      if (request.state === step.to) return request;
      if (!mayMove(request.state, step.to)) return settled();
      if (step.to !== 'acknowledged' && step.answer === null) return answerNeeded();
      const [moved] = await sql.query<DataRequest>(
        `UPDATE data_request SET state = $2::text, acknowledged_at = coalesce(acknowledged_at, $3::timestamptz),
                finished_at = CASE WHEN $2::text = 'acknowledged' THEN NULL ELSE $3::timestamptz END,
                answer = coalesce($4::text, answer), answered_by = $5::text
         WHERE id = $1::uuid RETURNING ${COLUMNS}`,
        [step.id, step.to, at, step.answer, caller.actor.kind === 'person' ? caller.actor.personId : ''],
      );
      if (!moved) throw new Error('a locked request vanished');
      await this.#tell(
        sql,
        caller,
        step.to === 'acknowledged' ? 'rights.acknowledged' : 'rights.answered',
        moved,
        at,
      );
      await publish(sql, {
        type: 'rights.answered.v1',
        at,
        subject: moved.id,
        person: moved.personId,
        data: { state: step.to },
      });
      return moved;
    });
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  }

  async #tell(
    sql: Sql,
    caller: Caller,
    type: 'rights.received' | 'rights.acknowledged' | 'rights.answered' | 'usage.complained',
    request: DataRequest,
    at: Date,
  ): Promise<void> {
    await appendEvent(sql, {
      type,
      at,
      actor: caller.actor,
      outcome: 'done',
      agencyId: request.addresseeId,
      documentId: request.aboutDocumentId,
      ownerIds: [...new Set([request.personId, ...(request.onBehalfOf ? [request.onBehalfOf] : [])])],
      requestId: caller.requestId,
      detail: { request: request.id, kind: request.kind, state: request.state, about: request.aboutEventId },
    });
  }

  async #deny(sql: Sql, caller: Caller, operation: string, at: Date): Promise<void> {
    await appendEvent(sql, {
      type: 'access.denied',
      at,
      actor: caller.actor,
      outcome: 'denied',
      requestId: caller.requestId,
      detail: { operation, because: 'not-yours' },
    });
  }
}

/** The agency that answers: the one named, or that of the event, the grant or the paper; a failure for another's. */
async function addresseeOf(
  sql: Sql,
  person: PersonActor,
  wish: NewDataRequest,
  at: Date,
): Promise<string | Failure> {
  const principals = (await representationsOf(sql, person.personId, at)).map(
    ({ principalId }) => principalId,
  );
  const own = [person.personId, ...principals];
  if (wish.onBehalfOf !== undefined && !own.includes(wish.onBehalfOf)) return noSuchRequest();
  const found: (string | null)[] = [];
  const look = async (text: string, id: string | undefined): Promise<boolean> => {
    if (id === undefined) return true;
    const [row] = await sql.query<{ agency: string | null }>(text, [id, own]);
    if (row) found.push(row.agency);
    return row !== undefined;
  };
  const theirs =
    (await look(
      `SELECT e.agency_id AS agency FROM ledger_event e JOIN event_subject u ON u.event_id = e.id
       WHERE e.id = $1::uuid AND u.owner_id = ANY ($2::uuid[]) LIMIT 1`,
      wish.aboutEventId,
    )) &&
    (await look(
      'SELECT agency_id AS agency FROM consent_grant WHERE id = $1::uuid AND owner_id = ANY ($2::uuid[])',
      wish.aboutGrantId,
    )) &&
    (await look(
      `SELECT coalesce(d.depositor_id, d.issuer_id) AS agency FROM document d JOIN document_owner w ON w.document_id = d.id
       WHERE d.id = $1::uuid AND w.owner_id = ANY ($2::uuid[]) LIMIT 1`,
      wish.aboutDocumentId,
    ));
  if (!theirs) return noSuchRequest();
  return wish.addresseeId ?? found.find((agency) => agency !== null) ?? addresseeNeeded();
}

async function insert(sql: Sql, request: DataRequest): Promise<void> {
  await sql.query(
    `INSERT INTO data_request (id, code, person_id, on_behalf_of, kind, addressee_id, about_event_id, about_document_id,
                               about_grant_id, text, state, received_at, acknowledge_by, finish_by)
     VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, $6::text, $7::uuid, $8::uuid, $9::uuid, $10::text, $11::text,
             $12::timestamptz, $13::timestamptz, $14::timestamptz)`,
    [
      request.id,
      request.code,
      request.personId,
      request.onBehalfOf,
      request.kind,
      request.addresseeId,
      request.aboutEventId,
      request.aboutDocumentId,
      request.aboutGrantId,
      request.text,
      request.state,
      request.receivedAt,
      request.acknowledgeBy,
      request.finishBy,
    ],
  );
}

const COLUMNS = `id::text AS id, code, person_id::text AS "personId", on_behalf_of::text AS "onBehalfOf", kind,
  addressee_id AS "addresseeId", about_event_id::text AS "aboutEventId", about_document_id::text AS "aboutDocumentId",
  about_grant_id::text AS "aboutGrantId", text, state, received_at AS "receivedAt", acknowledge_by AS "acknowledgeBy",
  finish_by AS "finishBy", acknowledged_at AS "acknowledgedAt", finished_at AS "finishedAt", answer`;
const SELECT = `SELECT ${COLUMNS} FROM data_request`;

function personOf(actor: Actor): PersonActor {
  if (actor.kind === 'person') return actor;
  throw noSuchRequest();
}

const noSuchRequest = (): Failure =>
  new Failure(
    'not-found',
    {
      en: 'There is nothing of yours there. Begin from your own papers, consents or log.',
      vi: 'Không có gì của ông (bà) ở đây. Hãy bắt đầu từ giấy tờ, sự đồng ý hoặc nhật ký của mình.',
    },
    { code: 'data-request-unknown' },
  );

const addresseeNeeded = (): Failure =>
  new Failure(
    'invalid',
    { en: 'Name the agency that is to answer.', vi: 'Hãy chọn cơ quan phải trả lời.' },
    { code: 'addressee-needed', faults: [{ pointer: '/body/addressee', detail: 'Needed here.' }] },
  );

const settled = (): Failure =>
  new Failure(
    'conflict',
    { en: 'This request has been answered.', vi: 'Yêu cầu này đã được trả lời.' },
    { code: 'data-request-settled' },
  );

const answerNeeded = (): Failure =>
  new Failure(
    'invalid',
    {
      en: 'Say what was done, or which law does not let it be done.',
      vi: 'Hãy ghi đã làm gì, hoặc luật nào không cho làm.',
    },
    { code: 'answer-needed', faults: [{ pointer: '/body/answer', detail: 'Needed to settle a request.' }] },
  );
