/** `motlan catalogue import …` in the surroundings of a vault. */
import { catalogueImportCommand } from './catalogue/catalogue-command.ts';
import { systemClock } from './platform/clock.ts';
import { inSurroundings, type TaskOutput } from './task-surroundings.ts';

/** @returns the exit status: 0 kept, 1 faults in the files, 2 wrong use or no vault. */
export const catalogueTask = (args: readonly string[], output: TaskOutput): Promise<number> =>
  inSurroundings(output, ({ database }) =>
    catalogueImportCommand(args, { database, clock: systemClock, print: output.out }),
  );
