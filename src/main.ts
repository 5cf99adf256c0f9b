/** Starts one vault from the environment and runs it until it is told to stop. */
import { ConfigError, parseConfig } from './config/index.ts';
import { DEMO_PEOPLE } from './identity/index.ts';
import { createVault } from './vault.ts';

try {
  const config = parseConfig(process.env);
  const vault = await createVault(config, { progress: (step) => process.stdout.write(`… ${step}\n`) });
  if (config.seedDemo) printAccounts();
  process.stdout.write(`Một Lần is ready at ${vault.url}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    process.stdout.write('Stopping: running requests are finished first.\n');
    vault.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  // Ctrl-C arrives twice, from the terminal and from the command that started this one.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError || error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}

function printAccounts(): void {
  process.stdout.write('\nDemo accounts (choose one on the sign-in page; no password):\n');
  for (const { subject, fullName, about } of DEMO_PEOPLE)
    process.stdout.write(`  ${subject.padEnd(12)} ${fullName.padEnd(22)} ${about.vi}\n`);
  process.stdout.write('\n');
}
