/** What an officer does at the desk, step by step, in the terms of its forms. Services decide; this puts them together. */
import { type CatalogueService, calendarDateAt, parseDossierCode } from '../catalogue/index.ts';
import { type Grant, latestGrants, textSha256 } from '../consent/index.ts';
import { type DossierService, findDossier } from '../documents/index.ts';
import { NO_CLAIM } from '../http/index.ts';
import { holds, type Person } from '../identity/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { ConsentQuestions } from './consent-questions.ts';
import type { CounterAnswers, Proof } from './counter-answers.ts';
import type { CounterDesk } from './counter-desk.ts';
import type { CounterSession } from './counter-session.ts';
import type { PaperRequests } from './paper-requests.ts';
import type { Previews } from './previews.ts';
import type { Receipts } from './receipts.ts';
import { type Caller, Refused, type ReuseGate } from './reuse-gate.ts';
import type { ReuseRetrieval } from './reuse-retrieval.ts';
import type { ReuseAnswer, ReuseService } from './reuse-service.ts';
import type { Statements } from './statements.ts';

export interface DeskParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly catalogue: CatalogueService;
  readonly gate: ReuseGate;
  readonly desk: CounterDesk;
  readonly reuse: ReuseService;
  readonly questions: ConsentQuestions;
  readonly answers: CounterAnswers;
  readonly retrieval: ReuseRetrieval;
  readonly papers: PaperRequests;
  readonly previews: Previews;
  readonly receipts: Receipts;
  readonly statements: Statements;
  /** Records a dossier that no system has recorded yet. */
  readonly dossiers: DossierService;
  /** The links to other systems as they are now. */
  readonly links: () => Promise<
    readonly {
      readonly title: { readonly vi: string; readonly en: string };
      readonly state: 'up' | 'down' | 'not-set-up';
      readonly since: Date | null;
      readonly waiting: number;
    }[]
  >;
}

export interface Opening {
  readonly dossierCode: string;
  readonly procedureCode: string;
  readonly person: { readonly personalNumber: string; readonly fullName: string; readonly birthDate: string };
}

export interface OpenDossier {
  readonly answer: ReuseAnswer;
  readonly session: CounterSession;
  readonly person: Person;
  readonly grants: readonly Grant[];
  readonly taken: ReadonlyMap<string, Date>;
}

export class DeskWork {
  readonly parts: DeskParts;

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  /** Opens the dossier and asks once for all its components. @returns the dossier's id */
  async open(caller: Caller, opening: Opening): Promise<string> {
    const { desk, reuse, database, clock, dossiers } = this.parts;
    const { actor } = caller;
    const code = parseDossierCode(opening.dossierCode);
    const agencyId = code.ok ? code.value.unit : '';
    const dossierCode = code.ok ? code.value.code : opening.dossierCode;
    const known = code.ok ? await database.transactSql((sql) => findDossier(sql, dossierCode)) : undefined;
    // A desk officer records what no system has recorded; a post-office clerk opens what is there.
    if (code.ok && !known && holds(actor, ['desk-officer', 'civil-status-officer'], agencyId)) {
      await dossiers.record({
        actor,
        agencyId,
        code: dossierCode,
        procedureCode: opening.procedureCode,
        owner: { kind: 'person', ...opening.person },
        state: 'received',
        receivedAt: clock.now(),
        dueAt: null,
        finishedAt: null,
        requestId: caller.requestId,
      });
    }
    const session = await desk.open({
      ...caller,
      agencyId,
      dossierCode,
      person: opening.person,
      identityChecked: true,
    });
    const before = await reuse.latest({ ...caller, dossierId: session.dossierId, agencyId });
    if (!before) await this.#ask(caller, { dossierCode, agencyId, opening }, { view: 'minimum' });
    return session.dossierId;
  }

  /** The whole paper instead of the minimum: a new request, with its reason, and new questions to the owner. */
  async askFull(caller: Caller, dossierId: string, reason: string): Promise<void> {
    const { answer, person } = await this.show(caller, dossierId);
    await this.#ask(
      caller,
      {
        dossierCode: answer.dossier.code,
        agencyId: answer.dossier.agencyId,
        opening: {
          dossierCode: answer.dossier.code,
          procedureCode: answer.request.procedureCode,
          person: {
            personalNumber: person.personalNumber ?? '',
            fullName: person.fullName,
            birthDate: person.birthDate ?? '',
          },
        },
      },
      { view: 'full', fullViewReason: reason, conditions: answer.request.conditions },
    );
  }

  async #ask(
    caller: Caller,
    about: { dossierCode: string; agencyId: string; opening: Opening },
    how: {
      view: 'minimum' | 'full';
      fullViewReason?: string;
      conditions?: ReuseAnswer['request']['conditions'];
    },
  ): Promise<void> {
    const { catalogue, clock, reuse } = this.parts;
    const { procedureCode, person } = about.opening;
    const procedure = (await catalogue.current()).procedure(procedureCode, calendarDateAt(clock.now()));
    const { birthDate, ...named } = person;
    await reuse.ask({
      ...caller,
      agencyId: about.agencyId,
      procedureCode,
      dossierCode: about.dossierCode,
      owner: birthDate === '' ? named : person,
      parties: [],
      components: null,
      basis: 'consent',
      article: null,
      purpose: procedure?.names.vi ?? procedureCode,
      view: how.view,
      fullViewReason: how.fullViewReason ?? null,
      preview: 'offered',
      neededUntil: null,
      conditions: how.conditions ?? {},
      hints: {},
      given: {},
      claim: NO_CLAIM,
    });
  }

  /** The dossier as its page shows it. @throws Failure without an open session of this officer on it */
  async show(caller: Caller, dossierId: string): Promise<OpenDossier> {
    const { gate, desk, reuse, database } = this.parts;
    const session = UUID.test(dossierId) ? await desk.current(caller.actor, dossierId) : undefined;
    const person = session && (await desk.person(session));
    if (!session || !person) {
      return gate.run(caller, 'show-desk', async (sql) => {
        const missing = await gate.session(sql, caller.actor, NO_DOSSIER);
        return missing instanceof Error
          ? new Refused(missing)
          : Promise.reject(new Error('no person at the counter'));
      });
    }
    const answer = await reuse.latest({ ...caller, dossierId, agencyId: session.agencyId });
    if (!answer) throw new Error('a session whose dossier was not asked for');
    const { grants, taken } = await database.transactSql(async (sql) => ({
      grants: await latestGrants(sql, answer.request.id),
      taken: await sql.query<{ component_key: string; added_at: Date }>(
        `SELECT component_key, added_at FROM dossier_paper
         WHERE dossier_id = $1::uuid AND "group" = 'component' AND component_key IS NOT NULL`,
        [dossierId],
      ),
    }));
    return {
      answer,
      session,
      person,
      grants,
      taken: new Map(taken.map((row) => [row.component_key, row.added_at])),
    };
  }

  /** Puts the paper into the dossier; its fields are read and its reliance recorded on the way. */
  async take(caller: Caller, open: OpenDossier, componentKey: string): Promise<void> {
    const { retrieval, gate } = this.parts;
    const { request, dossier } = open.answer;
    const seen = await retrieval.minimum({ ...caller, reuseRequestId: request.id, componentKey });
    await gate.run(caller, 'take-paper', async (sql, at) => {
      await sql.query(
        `INSERT INTO dossier_paper (dossier_id, document_id, "group", component_key, result_code, added_at)
         VALUES ($1::uuid, $2::uuid, 'component', $3::text, NULL, $4::timestamptz) ON CONFLICT DO NOTHING`,
        [dossier.id, seen.documentId, componentKey, at],
      );
      await gate.tell(sql, caller, {
        type: 'reuse.relied',
        at,
        request,
        documentId: seen.documentId,
        detail: { component: componentKey, retrieved: seen.eventId },
      });
      return undefined;
    });
  }

  /** The question for a component, put now if it was not put before. */
  async ask(caller: Caller, open: OpenDossier, componentKey: string): Promise<Grant> {
    const [grant] = await this.parts.questions.ask({
      ...caller,
      reuseRequestId: open.answer.request.id,
      components: [componentKey],
    });
    if (!grant) throw new Error('a question that was not put');
    return grant;
  }

  async answer(
    caller: Caller & { language: 'vi' | 'en' },
    open: OpenDossier,
    given: { componentKey: string; decision: 'allow' | 'refuse'; proof: Proof },
  ): Promise<void> {
    const grant = await this.ask(caller, open, given.componentKey);
    const text = await this.parts.questions.textOf(grant);
    await this.parts.answers.answer({
      ...caller,
      reuseRequestId: open.answer.request.id,
      answers: [{ grantId: grant.id, decision: given.decision, textSha256: textSha256(text) }],
      proof: given.proof,
    });
  }

  /** The first link that is down, for the notice at the top. */
  async down(language: 'vi' | 'en'): Promise<{ system: string; since: Date; waiting: number } | undefined> {
    const links = await this.parts.links();
    const [first] = links.flatMap(({ title, state, since, waiting }) =>
      state === 'down' && since ? [{ system: title[language], since, waiting }] : [],
    );
    return first;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NO_DOSSIER = '00000000-0000-0000-0000-000000000000';
