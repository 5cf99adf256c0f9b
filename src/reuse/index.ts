/** The face of reuse. */
export { aftermathRoutes } from './aftermath-api.ts';
export { Assessor, type ExternalSources, noSources } from './assessment.ts';
export { CertificationChecks } from './certification-check.ts';
export { ConsentQuestions } from './consent-questions.ts';
export { CounterAnswers } from './counter-answers.ts';
export { counterRoutes } from './counter-api.ts';
export { CounterDesk } from './counter-desk.ts';
export { OUTCOMES, type Outcome, type OutcomeKind, outcomeOf } from './outcome.ts';
export { type PaperRequestCount, type PaperRequestLine, PaperRequests } from './paper-requests.ts';
export { Previews } from './previews.ts';
export { Receipts } from './receipts.ts';
export { type Change, type DocumentChange, tellReliers } from './reliance.ts';
export { toReply, toReuseAnswer } from './reuse-answers.ts';
export { reuseRoutes } from './reuse-api.ts';
export { ReuseGate } from './reuse-gate.ts';
export { ReuseRetrieval } from './reuse-retrieval.ts';
export { type ReuseAnswer, ReuseService } from './reuse-service.ts';
export { Statements } from './statements.ts';
