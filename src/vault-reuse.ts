/** Reuse and consent as the vault runs them: the services put together, the routes of their API and of their pages. */
import type { SealedObjects } from '../storage/index.ts';
import type { CatalogueService } from './catalogue/index.ts';
import {
  ConsentService,
  consentRoutes,
  DataRequestService,
  dataRequestRoutes,
  noSecretSender,
  type SecretSender,
} from './consent/index.ts';
import { rightsRoutes } from './consent/rights-routes.ts';
import type { DossierService, RetrievalService, Sealing } from './documents/index.ts';
import type { Route } from './http/index.ts';
import type { LogProofs } from './ledger/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import { deskRoutes } from './reuse/desk-routes.ts';
import { type DeskParts, DeskWork } from './reuse/desk-work.ts';
import {
  Assessor,
  aftermathRoutes,
  CertificationChecks,
  CheckDesk,
  ConsentQuestions,
  CounterAnswers,
  CounterDesk,
  counterRoutes,
  type ExternalSources,
  PaperRequests,
  Previews,
  Receipts,
  ReuseGate,
  ReuseRetrieval,
  ReuseService,
  reuseRoutes,
  Statements,
  toReply,
} from './reuse/index.ts';
import { previewRoutes } from './reuse/preview-routes.ts';
import type { CitizenPageParts } from './web/citizen-page.ts';
import type { OfficePageParts } from './web/index.ts';

export interface ReuseSettings {
  readonly database: Database;
  readonly clock: Clock;
  readonly catalogue: CatalogueService;
  readonly objects: SealedObjects;
  readonly retrieval: RetrievalService;
  readonly sealing: Sealing;
  readonly dossiers: DossierService;
  readonly proofs: LogProofs;
  readonly spoolFolder: string;
  /** Sends one-time codes; without it the desk offers the other ways. */
  readonly sender?: SecretSender;
  /** Answers of other systems that are waited for. */
  readonly sources?: ExternalSources;
  /** Links to other systems and since when they are down. */
  readonly links?: DeskParts['links'];
}

export interface OpenedReuse {
  readonly routes: readonly Route[];
  readonly consents: ConsentService;
  readonly questions: ConsentQuestions;
  readonly dataRequests: DataRequestService;
  /** Before the pages of consent: their addresses are more particular. */
  readonly pages: (frames: CitizenPageParts & OfficePageParts) => Route[];
}

export function openReuse(settings: ReuseSettings): OpenedReuse {
  const { catalogue, clock, database, spoolFolder } = settings;
  const gate = new ReuseGate(settings);
  const assessor = new Assessor(settings);
  const common = { ...settings, gate, assessor };
  const consents = new ConsentService(settings);
  const questions = new ConsentQuestions(common);
  const reuse = new ReuseService({
    ...common,
    toReply,
    checks: settings.sources ? undefined : new CheckDesk(settings),
  });
  const retrieval = new ReuseRetrieval(common);
  const papers = new PaperRequests(common);
  const previews = new Previews(common);
  const desk = new CounterDesk(common);
  const answers = new CounterAnswers({ ...common, consents, sender: settings.sender ?? noSecretSender });
  // A proof that is not there yet is no failure of the receipt.
  const proofs = {
    of: (eventId: string) => settings.proofs.ofEvent(eventId, ['paper', 'use']).catch(() => undefined),
  };
  const statements = new Statements({ ...common, proofs });
  const receipts = new Receipts({ gate, proofs });
  const dataRequests = new DataRequestService(settings);
  const links = settings.links ?? (async () => []);
  const work = new DeskWork({
    ...common,
    desk,
    reuse,
    questions,
    answers,
    retrieval,
    papers,
    previews,
    receipts,
    statements,
    links,
  });
  return {
    consents,
    questions,
    dataRequests,
    routes: [
      ...reuseRoutes({ reuse, questions, retrieval, papers }),
      ...counterRoutes({ desk, answers, previews, reuse, gate, spoolFolder }),
      ...aftermathRoutes({
        gate,
        statements,
        papers,
        receipts,
        certifications: new CertificationChecks(common),
      }),
      ...consentRoutes({ consents, textOf: (grant) => questions.textOf(grant) }),
      ...dataRequestRoutes({ requests: dataRequests }),
    ],
    pages: (frames) => [
      ...deskRoutes({ ...frames, work, spoolFolder }),
      ...previewRoutes({ ...frames, previews, catalogue, clock }),
      ...rightsRoutes({ ...frames, requests: dataRequests, catalogue, database, clock }),
    ],
  };
}
