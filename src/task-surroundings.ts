/**
 * What a task at the command line needs of a vault: its settings, rows and bytes. Where the embedded database does not
 * run, it is started for the task and stopped after it, under the data directory's lock, so that no vault starts
 * meanwhile.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyRing, type ObjectStore, SealedObjects } from '../storage/index.ts';
import { type Config, ConfigError, parseConfig } from './config/index.ts';
import { type DataPaths, dataPaths, openDataDirectory } from './platform/data-directory.ts';
import { Database } from './platform/database.ts';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from './platform/embedded-postgres.ts';
import { closeObjectStore, openKeyRing, openObjectStore } from './vault-storage.ts';

/** Where a task's lines go. */
export interface TaskOutput {
  out(line: string): void;
  err(line: string): void;
}

export interface Surroundings {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly database: Database;
  readonly store: ObjectStore;
  readonly keys: KeyRing;
  readonly objects: SealedObjects;
}

/**
 * Runs `work` in the surroundings that the environment names.
 * @returns what `work` returns, or 2 with a sentence where the settings are wrong or there is no database
 */
export async function inSurroundings(
  output: TaskOutput,
  work: (surroundings: Surroundings) => Promise<number>,
): Promise<number> {
  await using stack = new AsyncDisposableStack();
  try {
    const config = parseConfig(process.env);
    const paths = dataPaths(config.dataDir);
    const database = stack.use(
      new Database({ url: await databaseUrl(config, stack, output), connections: 4 }),
    );
    const store = await openObjectStore(config, paths);
    stack.defer(() => closeObjectStore(store));
    const keys = openKeyRing(config, paths);
    const objects = new SealedObjects({ store, keys, spoolFolder: join(paths.spool, 'sealed') });
    return await work({ config, paths, database, store, keys, objects });
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof NoVault)) throw error;
    output.err(error.message);
    return 2;
  }
}

/** There is no vault to work on; the message says what to do. */
class NoVault extends Error {}

async function databaseUrl(config: Config, stack: AsyncDisposableStack, output: TaskOutput): Promise<string> {
  if (config.database.kind === 'postgres') return config.database.url.reveal();
  const running = runningEmbeddedPostgres(config.dataDir);
  if (running !== undefined) return running;
  if (!existsSync(join(dataPaths(config.dataDir).keys, 'database-password'))) {
    throw new NoVault(
      `There is no vault in ${dataPaths(config.dataDir).root}. Start one with npm start, or name another directory with VAULT_DATA_DIR.`,
    );
  }
  output.err('The vault does not run; its database is started for this command.');
  const directory = lockedDirectory(config.dataDir);
  stack.defer(() => directory.release());
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir });
  stack.defer(() => server.stop());
  return server.url;
}

function lockedDirectory(path: string): ReturnType<typeof openDataDirectory> {
  try {
    return openDataDirectory(path);
  } catch (error) {
    // The sentence of the lock is for whoever gave the command.
    throw new NoVault(error instanceof Error ? error.message : String(error));
  }
}
