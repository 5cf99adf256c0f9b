/** The `motlan` command: one word chooses the task, each task reads its own arguments. */

/** A task: takes the arguments behind its name, returns the exit status. */
type Task = (args: readonly string[]) => Promise<number>;

const output = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
};

/** Loaded when called for, so that a task costs only what it needs. */
const TASKS: Readonly<Record<string, Task>> = {
  fsck: async (args) => (await import('./fsck-task.ts')).fsckTask(args, output),
  identity: async (args) => (await import('./identity-task.ts')).identityTask(args, output),
  log: async (args) => (await import('./ledger/log-command.ts')).logCommand(args, output),
  witness: async (args) => (await import('./ledger/witness-command.ts')).witnessCommand(args, output),
  verify: async (args) => (await import('./verification/verify-command.ts')).verifyCommand(args, output),
};

const [name = '', ...args] = process.argv.slice(2);
const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
if (task === undefined) {
  output.err(name === '' ? 'No task was given.' : `There is no task "${name}".`);
  output.err(`Tasks: ${Object.keys(TASKS).join(', ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = await task(args);
}
