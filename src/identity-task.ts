/** `motlan identity …` with its surroundings: configuration, database (the embedded one must be running), catalogue. */
import { CatalogueService, calendarDateAt } from './catalogue/index.ts';
import { ConfigError, parseConfig } from './config/index.ts';
import { identityCommand } from './identity/identity-command.ts';
import { systemClock } from './platform/clock.ts';
import { dataPaths } from './platform/data-directory.ts';
import { Database } from './platform/database.ts';
import { runningEmbeddedPostgres } from './platform/embedded-postgres.ts';

interface Output {
  out(line: string): void;
  err(line: string): void;
}

/** @returns the exit status: 0 done, 1 refused, 2 wrong use or no database. */
export async function identityTask(args: readonly string[], output: Output): Promise<number> {
  let url: string | undefined;
  let keyFolder: string;
  try {
    const config = parseConfig(process.env);
    keyFolder = dataPaths(config.dataDir).keys;
    url =
      config.database.kind === 'embedded'
        ? runningEmbeddedPostgres(config.dataDir)
        : config.database.url.reveal();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    output.err(error.message);
    return 2;
  }
  if (url === undefined) {
    output.err(
      'The embedded database does not run. Start the vault with npm start, then repeat this command.',
    );
    return 2;
  }
  await using database = new Database({ url, connections: 2 });
  const catalogue = new CatalogueService(database);
  return await identityCommand(args, {
    database,
    clock: systemClock,
    keyFolder,
    agencyExists: async (agencyId) =>
      (await catalogue.current()).agency(agencyId, calendarDateAt(systemClock.now())) !== undefined,
    print: output.out,
  });
}
