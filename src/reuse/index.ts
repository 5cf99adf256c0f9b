/** The face of reuse. */
export { Assessor, type ExternalSources, noSources } from './assessment.ts';
export { ConsentQuestions } from './consent-questions.ts';
export { OUTCOMES, type Outcome, type OutcomeKind, outcomeOf } from './outcome.ts';
export { type PaperRequestCount, type PaperRequestLine, PaperRequests } from './paper-requests.ts';
export { type Change, type DocumentChange, tellReliers } from './reliance.ts';
export { toReply, toReuseAnswer } from './reuse-answers.ts';
export { reuseRoutes } from './reuse-api.ts';
export { ReuseGate } from './reuse-gate.ts';
export { ReuseRetrieval } from './reuse-retrieval.ts';
export { type ReuseAnswer, ReuseService } from './reuse-service.ts';
