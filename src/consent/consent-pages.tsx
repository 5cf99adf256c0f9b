/** The pages of consent. */
export * from './consent-answer-pages.tsx';
export * from './consent-request-pages.tsx';
