/** `motlan identity …` in the surroundings of a vault. */
import { CatalogueService, calendarDateAt } from './catalogue/index.ts';
import { identityCommand } from './identity/identity-command.ts';
import { systemClock } from './platform/clock.ts';
import { inSurroundings, type TaskOutput } from './task-surroundings.ts';

/** @returns the exit status: 0 done, 1 refused, 2 wrong use or no vault. */
export const identityTask = (args: readonly string[], output: TaskOutput): Promise<number> =>
  inSurroundings(output, ({ database, paths }) => {
    const catalogue = new CatalogueService(database);
    return identityCommand(args, {
      database,
      clock: systemClock,
      keyFolder: paths.keys,
      agencyExists: async (agencyId) =>
        (await catalogue.current()).agency(agencyId, calendarDateAt(systemClock.now())) !== undefined,
      print: output.out,
    });
  });
