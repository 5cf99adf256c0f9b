/** Reuse and consent as the vault runs them: the services put together, and the routes of their API. */
import type { CatalogueService } from './catalogue/index.ts';
import { ConsentService, consentRoutes } from './consent/index.ts';
import type { RetrievalService } from './documents/index.ts';
import type { Route } from './http/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import {
  Assessor,
  ConsentQuestions,
  PaperRequests,
  ReuseGate,
  ReuseRetrieval,
  ReuseService,
  reuseRoutes,
  toReply,
} from './reuse/index.ts';

export interface ReuseSettings {
  readonly database: Database;
  readonly clock: Clock;
  readonly catalogue: CatalogueService;
  readonly retrieval: RetrievalService;
}

export interface OpenedReuse {
  readonly routes: readonly Route[];
  readonly reuse: ReuseService;
  readonly consents: ConsentService;
  readonly questions: ConsentQuestions;
}

export function openReuse(settings: ReuseSettings): OpenedReuse {
  const { database } = settings;
  const gate = new ReuseGate(settings);
  const assessor = new Assessor(settings);
  const consents = new ConsentService(settings);
  const questions = new ConsentQuestions({ ...settings, gate, assessor });
  const reuse = new ReuseService({ ...settings, gate, assessor, toReply });
  return {
    reuse,
    consents,
    questions,
    routes: [
      ...reuseRoutes({
        reuse,
        questions,
        retrieval: new ReuseRetrieval({ ...settings, gate, assessor }),
        papers: new PaperRequests({ gate, database }),
      }),
      ...consentRoutes({ consents, textOf: (grant) => questions.textOf(grant) }),
    ],
  };
}
