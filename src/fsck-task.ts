/** `motlan fsck`: rows, objects and ledger held against each other; each fault is named, none is mended. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SealedObjects } from '../storage/index.ts';
import { ConfigError, parseConfig } from './config/index.ts';
import { examineObjects } from './documents/objects-fsck.ts';
import { examineLog, type LogFault, LogObjects, openLogKey } from './ledger/index.ts';
import { systemClock } from './platform/clock.ts';
import { dataPaths } from './platform/data-directory.ts';
import { Database } from './platform/database.ts';
import { runningEmbeddedPostgres } from './platform/embedded-postgres.ts';
import { openKeyRing, openObjectStore } from './vault-storage.ts';

interface Output {
  out(line: string): void;
  err(line: string): void;
}

/** @returns the exit status: 0 nothing found, 1 faults, 2 wrong use or no database. */
export async function fsckTask(args: readonly string[], output: Output): Promise<number> {
  if (args.length > 0) {
    output.err('Usage: motlan fsck');
    return 2;
  }
  const config = readConfig(output);
  if (!config) return 2;
  const url =
    config.database.kind === 'embedded'
      ? runningEmbeddedPostgres(config.dataDir)
      : config.database.url.reveal();
  if (url === undefined) {
    output.err(
      'The embedded database does not run. Start the vault with npm start, then repeat this command.',
    );
    return 2;
  }
  const paths = dataPaths(config.dataDir);
  await using database = new Database({ url, connections: 2 });
  const store = await openObjectStore(config, paths);
  const objects = new SealedObjects({
    store,
    keys: openKeyRing(config, paths),
    spoolFolder: join(paths.spool, 'sealed'),
  });
  const ledgerKey = config.ledger.key;
  const { log } = await openLogKey(
    config.ledger.origin,
    ledgerKey.kind === 'file' ? ledgerKey.file : join(paths.keys, 'log.pem'),
    false,
  );
  const sql = { query: <Row>(text: string, values?: readonly unknown[]) => database.read<Row>(text, values) };
  let faults = 0;
  const tell = (fault: { where: string; what: string }): void => {
    faults += 1;
    output.out(`${fault.where}: ${fault.what}`);
  };
  for await (const fault of examineObjects({ sql, store, objects, now: systemClock.now() })) tell(fault);
  for (const fault of await standingFaults(() => examineLog({ sql, objects: new LogObjects(store), log })))
    tell(fault);
  output.out(faults === 0 ? 'Rows, objects and log agree.' : `${faults} faults.`);
  return faults === 0 ? 0 : 1;
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

function readConfig(output: Output): ReturnType<typeof parseConfig> | undefined {
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    output.err(error.message);
    return undefined;
  }
}
