/** Putting questions to owners: once for each component that waits for consent, with words that can be made again. */
import { type CatalogueService, calendarDateAt } from '../catalogue/index.ts';
import {
  CONSENT_TEXT_VERSION,
  consentText,
  type Grant,
  insertGrant,
  isChild,
  latestGrant,
  stateAt,
  textSha256,
} from '../consent/index.ts';
import type { Dossier, OwnerRef } from '../documents/index.ts';
import { personById, representativesOf } from '../identity/index.ts';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import { publish } from '../platform/outbox.ts';
import type { Assessor } from './assessment.ts';
import { type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import * as refusals from './reuse-refusals.ts';
import { findRequest } from './reuse-repository.ts';
import type { ReuseRequest } from './reuse-request.ts';

/** Days for which a question and the consent given to it hold, unless the dossier is due or needed earlier. */
const CONSENT_DAYS = 30;
/** Days after the end of a consent by which the recipient has to have erased what it took. */
const ERASE_DAYS = 30;
const DAY = 86_400_000;

export interface Question {
  readonly grant: Grant;
  /** The exact words; their hash stands in the grant. */
  readonly text: string;
}

export class ConsentQuestions {
  readonly #parts: {
    database: Database;
    catalogue: CatalogueService;
    gate: ReuseGate;
    assessor: Assessor;
  };

  constructor(parts: {
    database: Database;
    catalogue: CatalogueService;
    gate: ReuseGate;
    assessor: Assessor;
  }) {
    this.#parts = parts;
  }

  /** Asking again gives the same question. */
  async ask(
    order: Caller & { reuseRequestId: string; components: readonly string[] },
  ): Promise<readonly Grant[]> {
    const { gate, assessor } = this.#parts;
    return gate.run(order, 'ask-consent', async (sql, at) => {
      const found = await gate.admit(sql, order, order.reuseRequestId, 'reuse:request');
      if (found instanceof Refused) return found;
      const { request, dossier } = found;
      const assessment = await assessor.assess(sql, request, at, order.components);
      if (assessment instanceof Failure) return assessment;
      const grants: Grant[] = [];
      for (const outcome of assessment.outcomes) {
        const key = { requestId: request.id, componentKey: outcome.componentKey };
        const latest = await latestGrant(sql, key, { lock: true });
        const state = latest && stateAt(latest, at);
        if (
          latest &&
          (state === 'asked' || state === 'given') &&
          latest.documentId === outcome.document?.id
        ) {
          grants.push(latest);
          continue;
        }
        const owner = assessment.owners.get(outcome.componentKey);
        const { document } = outcome;
        if (outcome.kind !== 'consent_required' || !document || !owner)
          return refusals.nothingToAsk(outcome.componentKey);
        if (!(await someoneAnswers(sql, owner, at))) return refusals.noRepresentative();
        grants.push(
          await this.#put(sql, order, {
            request,
            dossier,
            key,
            owner,
            at,
            typeCode: document.typeCode,
            documentId: document.id,
          }),
        );
      }
      return grants;
    });
  }

  async #put(
    sql: Sql,
    caller: Caller,
    about: {
      request: ReuseRequest;
      dossier: Dossier;
      key: { requestId: string; componentKey: string };
      owner: OwnerRef;
      documentId: string;
      typeCode: string;
      at: Date;
    },
  ): Promise<Grant> {
    const { request, dossier, key, owner, documentId, typeCode, at } = about;
    const validUntil = endOfConsent(at, dossier, request.neededUntil);
    const words = await this.#words(
      sql,
      { ...request, documentTypeCode: typeCode, dossierCode: dossier.code, validUntil },
      at,
    );
    const grant = {
      id: newId(),
      ...key,
      ownerId: owner.id,
      documentId,
      agencyId: request.agencyId,
      dossierId: dossier.id,
      view: request.view,
      singleUse: false,
      askedAt: at,
      validUntil,
      eraseBy: new Date(validUntil.getTime() + ERASE_DAYS * DAY),
      textVersion: CONSENT_TEXT_VERSION,
      textSha256: textSha256(words),
    };
    await insertGrant(sql, grant);
    await this.#parts.gate.tell(sql, caller, {
      type: 'consent.asked',
      at,
      request,
      documentId,
      ownerIds: [owner.id],
      detail: { consent: grant.id, component: key.componentKey },
    });
    for (const person of await whoIsTold(sql, owner, at)) {
      await publish(sql, {
        type: 'consent.asked.v1',
        at,
        subject: grant.id,
        person,
        data: { agency: request.agencyId, dossier: dossier.id },
      });
    }
    return {
      ...grant,
      state: 'asked',
      answeredAt: null,
      withdrawnAt: null,
      documentType: typeCode,
      method: null,
      answeredBy: null,
      representationId: null,
      representationEnds: null,
      assistedBy: null,
    };
  }

  /** The exact words of a question, made again from what it is about. */
  async textOf(grant: Grant): Promise<string> {
    return this.#parts.database.transactSql((sql) => this.textIn(sql, grant));
  }

  /** The same in the caller's transaction. */
  async textIn(sql: Sql, grant: Grant): Promise<string> {
    const found = await findRequest(sql, grant.requestId);
    if (!found) throw new Error('a consent without its request');
    const about = {
      ...found.request,
      documentTypeCode: grant.documentType,
      dossierCode: found.dossier.code,
      validUntil: grant.validUntil,
    };
    return this.#words(sql, about, grant.askedAt);
  }

  async #words(
    sql: Sql,
    about: {
      agencyId: string;
      procedureCode: string;
      view: 'minimum' | 'full';
      fullViewReason: string | null;
      documentTypeCode: string;
      dossierCode: string;
      validUntil: Date;
    },
    at: Date,
  ): Promise<string> {
    const catalogue = await this.#parts.catalogue.snapshot(sql);
    const day = calendarDateAt(at);
    return consentText({
      agency: catalogue.agency(about.agencyId, day)?.names.vi ?? about.agencyId,
      document: catalogue.documentType(about.documentTypeCode, day)?.names.vi ?? about.documentTypeCode,
      procedure: catalogue.procedure(about.procedureCode, day)?.names.vi ?? about.procedureCode,
      dossier: about.dossierCode,
      view: about.view,
      why: about.fullViewReason,
      until: calendarDateAt(about.validUntil).split('-').reverse().join('/'),
    });
  }
}

/** A child and an organisation answer through somebody; without one nobody could. */
async function someoneAnswers(sql: Sql, owner: OwnerRef, at: Date): Promise<boolean> {
  const alone = owner.kind === 'person' && !isChild((await personById(sql, owner.id))?.birthDate ?? null, at);
  return alone || (await representativesOf(sql, owner.id, at)).some(({ kind }) => kind !== 'heir');
}

/** The owner where they answer alone, otherwise those who act for them. */
async function whoIsTold(sql: Sql, owner: OwnerRef, at: Date): Promise<string[]> {
  const alone = owner.kind === 'person' && !isChild((await personById(sql, owner.id))?.birthDate ?? null, at);
  if (alone) return [owner.id];
  const representatives = await representativesOf(sql, owner.id, at);
  return [
    ...new Set(representatives.filter(({ kind }) => kind !== 'heir').map((each) => each.representativeId)),
  ];
}

function endOfConsent(at: Date, dossier: Dossier, neededUntil: Date | null): Date {
  const ends = [new Date(at.getTime() + CONSENT_DAYS * DAY), dossier.dueAt, neededUntil].filter(
    (end): end is Date => end !== null && end > at,
  );
  return new Date(Math.min(...ends.map((end) => end.getTime())));
}
