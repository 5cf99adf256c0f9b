/** `motlan fsck`: rows, objects and ledger held against each other; each fault is named, none is mended. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { examineObjects } from './documents/objects-fsck.ts';
import { examineLog, type LogFault, LogObjects, openLogKey } from './ledger/index.ts';
import { systemClock } from './platform/clock.ts';
import { inSurroundings, type Surroundings, type TaskOutput } from './task-surroundings.ts';

export const FSCK_USAGE = `Usage: fsck
  Reads every row, object and entry of the log and names what does not fit together; nothing is changed. Works beside a
  running vault and without one.`;

/** @returns the exit status: 0 nothing found, 1 faults, 2 wrong use or no vault. */
export async function fsckTask(args: readonly string[], output: TaskOutput): Promise<number> {
  if (args.length > 0) {
    output.err(FSCK_USAGE);
    return 2;
  }
  return inSurroundings(output, async (surroundings) => {
    let faults = 0;
    const tell = (fault: { where: string; what: string }): void => {
      faults += 1;
      output.out(`${fault.where}: ${fault.what}`);
    };
    const sql = readerOf(surroundings);
    const { store, objects } = surroundings;
    for await (const fault of examineObjects({ sql, store, objects, now: systemClock.now() })) tell(fault);
    for (const fault of await standingFaults(await logExamination(surroundings))) tell(fault);
    output.out(faults === 0 ? 'Rows, objects and log agree.' : `${faults} faults.`);
    return faults === 0 ? 0 : 1;
  });
}

const readerOf = ({ database }: Surroundings) => ({
  query: <Row>(text: string, values?: readonly unknown[]) => database.read<Row>(text, values),
});

async function logExamination(surroundings: Surroundings): Promise<() => AsyncGenerator<LogFault>> {
  const { config, paths, store } = surroundings;
  const { origin, key } = config.ledger;
  const { log } = await openLogKey(
    origin,
    key.kind === 'file' ? key.file : join(paths.keys, 'log.pem'),
    false,
  );
  return () => examineLog({ sql: readerOf(surroundings), objects: new LogObjects(store), log });
}

/** A running vault moves on between two statements: what is a fault stands in three examinations. */
async function standingFaults(examine: () => AsyncGenerator<LogFault>): Promise<LogFault[]> {
  let standing = await Array.fromAsync(examine());
  for (let again = 0; again < 2 && standing.length > 0; again += 1) {
    await sleep(1500);
    const now = await Array.fromAsync(examine());
    standing = standing.filter(({ where, what }) =>
      now.some((fault) => fault.where === where && fault.what === what),
    );
  }
  return standing;
}
