/** The `motlan` command: one word chooses the task, each task reads its own arguments. */
import { helpTask, TASKS, unknownTask } from './tasks.ts';

const output = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
};

const [name = '', ...args] = process.argv.slice(2);
const entry = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
if (['help', '--help', '-h'].includes(name)) {
  process.exitCode = await helpTask(args, output);
} else if (entry === undefined) {
  output.err(unknownTask(name));
  process.exitCode = 2;
} else if (args.some((arg) => arg === '--help' || arg === '-h')) {
  process.exitCode = await helpTask([name], output);
} else {
  process.exitCode = await (await entry.load()).run(args, output);
}
