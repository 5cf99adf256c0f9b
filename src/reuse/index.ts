/** The face of reuse. */
export { OUTCOMES, type Outcome, type OutcomeKind, outcomeOf } from './outcome.ts';
export { toReuseAnswer } from './reuse-answers.ts';
export { reuseRoutes } from './reuse-api.ts';
export { type ReuseAnswer, ReuseService } from './reuse-service.ts';
