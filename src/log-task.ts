/**
 * `motlan log …`: what needs the vault's own surroundings (why the log refuses, letting it go on) here, and everything
 * that outsiders can do by themselves in the ledger's own command.
 */
import { appendEvent, clearRefusals, logRefusals } from './ledger/index.ts';
import { LOG_USAGE, logCommand } from './ledger/log-command.ts';
import { systemClock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import { inSurroundings, type TaskOutput } from './task-surroundings.ts';

/** @returns the exit status: 0 done, 1 something does not hold, 2 wrong use or no vault */
export async function logTask(args: readonly string[], output: TaskOutput): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'refusals' && verb !== 'clear-refusal') return logCommand(args, output);
  if (rest.length > 0) {
    output.err(LOG_USAGE);
    return 2;
  }
  return inSurroundings(output, ({ database }) =>
    verb === 'refusals' ? tellRefusals(database, output) : clear(database, output),
  );
}

async function tellRefusals(database: Database, output: TaskOutput): Promise<0 | 1> {
  const reasons = await logRefusals({ query: (text, values) => database.read(text, values) });
  for (const { kind, detail, raisedAt } of reasons)
    output.out(`${raisedAt.toISOString()} ${kind}: ${detail}`);
  if (reasons.length === 0) {
    output.out('The log accepts.');
    return 0;
  }
  output.out('The log refuses writes. Mend what is named, then run "log clear-refusal".');
  return 1;
}

/** The reasons go and their events come in one transaction: nothing is cleared without a trace in the log itself. */
async function clear(database: Database, output: TaskOutput): Promise<0> {
  const cleared = await database.transactSql(async (sql) => {
    const gone = await clearRefusals(sql);
    for (const { kind, detail } of gone) {
      await appendEvent(sql, {
        type: 'ledger.refusal-cleared',
        at: systemClock.now(),
        actor: { kind: 'vault' },
        outcome: 'done',
        detail: { kind, found: detail },
      });
    }
    return gone;
  });
  for (const { kind, detail } of cleared) output.out(`cleared ${kind}: ${detail}`);
  output.out(
    cleared.length === 0
      ? 'There was nothing to clear.'
      : 'The log accepts again. What was not mended is found again, at the next start at the latest.',
  );
  return 0;
}
