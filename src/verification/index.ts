/** The face of verification. */

export type * from './report.ts';
export { VERDICTS } from './report.ts';
export { createTrustSet, readTrustPem, type TrustSet } from './trust.ts';
export { isGood, rank, VERDICT_TABLE, verdictOf } from './verdict-table.ts';
export { malformedReport, type VerifyOptions, verify } from './verify.ts';
