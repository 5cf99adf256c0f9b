/** The face of verification. */

export {
  type ExplainedLine,
  type ExplainedSignature,
  type Explanation,
  explain,
  type Repair,
} from './explain.ts';
export type * from './report.ts';
export { VERDICTS } from './report.ts';
export { reportToJson } from './report-json.ts';
export { createTrustSet, readTrustPem, type TrustSet } from './trust.ts';
export { readTrustPath } from './trust-files.ts';
export { isGood, rank, VERDICT_TABLE, verdictOf } from './verdict-table.ts';
export { readVerificationCode } from './verification-code.ts';
export { malformedReport, type VerifyOptions, verify } from './verify.ts';
export { type ChildVerification, verifyInChild } from './verify-child.ts';
export { type CommandOutput, VERIFY_USAGE, verifyCommand } from './verify-command.ts';
