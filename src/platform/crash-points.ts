/**
 * Named places where a power cut hurts most. A harness arms one (`MOTLAN_CRASH_AT`) and the process dies there, as by
 * kill -9. Unarmed, a point is a comparison with undefined.
 */
const armed = process.env.MOTLAN_CRASH_AT;

export const CRASH_POINTS = [
  'deposit.before-original',
  'deposit.after-original',
  'deposit.after-intent',
  'deposit.after-seal',
  'deposit.before-commit',
  'deposit.after-commit',
  'retrieval.before-event',
  'retrieval.after-event',
  'retrieval.in-answer',
  'status.before-commit',
  'status.after-commit',
  'batch.after-reserve',
  'batch.after-signing',
  'batch.after-keeping',
  'sequencer.after-decision',
  'sequencer.after-tiles',
  'sequencer.after-signing',
  'sequencer.before-publishing',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

export function crashPoint(name: CrashPoint): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
